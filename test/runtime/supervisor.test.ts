/*
 * Supervisors held to OTP's 'supervisor': order of start and stop, who is restarted, when one gives up; each
 * rule by itself, and then random histories against a model that knows nothing but the rules.
 */
import { describe, expect, it } from 'vitest'
import {
  isAlive,
  receive,
  register,
  send,
  sleep,
  spawn,
  spawnMonitor,
  supervisor,
  whichChildren,
  type ChildLine,
  type ChildSpec,
  type Down,
  type ExitReason,
  type Pid,
  type Restart,
  type Strategy,
  type SupervisorSpec,
} from '../../src/runtime'
import { Random } from '../support/random'
import { forSeeds, mayYield, World } from '../support/simulation'
import { deafWorker, end, worker, type Traits } from '../support/worker.process'

const seeds = 200
const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one']

const child = (id: string, spec: Partial<ChildSpec> = {}, traits: Traits = {}): ChildSpec => ({
  id,
  name: id,
  start: [worker, id, traits],
  ...spec,
})

const children = (ids: string, spec: Partial<ChildSpec> = {}): ChildSpec[] =>
  [...ids].map((id) => child(id, spec))

/** Starts a supervisor from outside, and watches its end. */
function startTop(world: World, spec: SupervisorSpec): { pid: Pid; end: () => ExitReason } {
  const pid = world.spawn(...supervisor('top', spec).start)
  let reason: ExitReason = 'it lives'
  world.spawn(function* () {
    const { start } = supervisor('top', spec)
    expect(start).toHaveLength(3)
    const { monitor } = yield* imported()
    monitor(pid)
    reason = (yield* receive<Down>()).reason
  })
  return { pid, end: () => reason }
}

function* imported() {
  const { monitor } = runtime
  return { monitor }
}
