/*
 * A supervisor under the test's hand, with workers that tell what befalls them.
 */
import {
  isAlive,
  receive,
  sendExit,
  spawnMonitor,
  supervisor,
  whichChildren,
  type Body,
  type ChildLine,
  type ChildSpec,
  type Down,
  type ExitReason,
  type Pid,
  type SupervisorSpec,
} from '../../src/runtime'
import type { World } from './simulation'
import { end, worker, type End, type Traits } from './worker.process'

/** A worker with a name like its id. */
export const child = (
  id: string,
  spec: Partial<ChildSpec> = {},
  traits: Traits = {},
): ChildSpec => ({ id, name: id, start: [worker, id, traits], ...spec })

/** One worker for each letter. */
export const children = (ids: string, spec: Partial<ChildSpec> = {}): ChildSpec[] =>
  [...ids].map((id) => child(id, spec))

/** The parent passes on what the test wants, and keeps how the supervisor ended. */
export class Top {
  pid: Pid | undefined
  reason: ExitReason = 'it lives'
  private readonly world: World
  private readonly parent: Pid

  constructor(world: World, spec: SupervisorSpec) {
    this.world = world
    const [body, ...args] = supervisor('top', spec).start
    this.parent = world.spawn(() => this.watch(body, args))
    world.settle()
  }

  private *watch(body: ChildSpec['start'][0], args: unknown[]): Body {
    const { pid } = spawnMonitor(body, ...args)
    this.pid = pid
    for (;;) {
      const word = yield* receive<Down | End>()
      if (word.type === 'end') sendExit(pid, word.reason)
      else return void (this.reason = word.reason)
    }
  }

  stop(reason: ExitReason): void {
    this.world.runtime.send(this.parent, end(reason))
  }

  /** Asks it from a process of its own; undefined while there is no answer. */
  ask<Answer>(question: (pid: Pid) => Body<Answer>): Answer | undefined {
    let answer: Answer | undefined
    const { pid } = this
    if (!pid || !isAlive(pid)) return undefined
    this.world.spawn(function* () {
      answer = yield* question(pid)
    })
    this.world.settle()
    return answer
  }

  /** Its children as it tells them; undefined when it does not live. */
  lines(): readonly ChildLine[] | undefined {
    return this.ask(whichChildren)
  }
}

/** What was told since the last look. */
export const news = (world: World): string => world.told.splice(0).join(', ')

export const pidOf = (world: World, name: string): Pid => world.runtime.registry.find(name)!

/** Makes a worker end itself by `reason`. */
export function crash(world: World, name: string, reason: ExitReason = 'boom'): void {
  world.runtime.send(name, end(reason))
  world.settle()
}
