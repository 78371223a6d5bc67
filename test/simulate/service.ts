/*
 * Clients of a host and the desks that they call: what comes of each call is held to what was
 * asked and how long it took, and no answer may come that nobody waits for.
 */
import {
  CallFailed,
  dynamicSupervisor,
  self,
  supervisor,
  type ExitReason,
  type Pid,
} from '../../src/runtime'
import { clients, desks, type CallErrand, type Errand, type Operation } from './plan'
import { client, desk, type ClientScene } from './scene.process'
import type { Judge, Witness } from './witness'

const mostTasks = 2
/** Longer than any desk takes, however many wait before it. */
const longMs = 5_000

export class Service implements Judge {
  private readonly witness: Witness
  private readonly scripts: Errand[][] = Array.from({ length: clients }, () => [])
  private readonly clients = new Set<Pid>()
  /** Clients in the middle of a call or task, and how often the clock had leapt when it began. */
  private readonly calling = new Map<Pid, number>()
  /** The last cast of each client that each desk heard. */
  private readonly heardLast = new Map<string, number>()
  private readonly deskPids = new Set<Pid>()
  private readonly tasks = new Set<Pid>()

  constructor(witness: Witness, operations: readonly Operation[]) {
    this.witness = witness
    for (const operation of operations) {
      if (operation.of === 'client') this.scripts[operation.slot]!.push(operation)
    }
  }

  start(): void {
    const { runtime } = this.witness
    const scene = this.scene()
    const children = Array.from({ length: desks }, (_, nth) => ({
      id: `desk${nth}`,
      name: `desk${nth}`,
      start: [desk, scene.heard] as const,
    }))
    const tasks = dynamicSupervisor('tasks', {
      name: 'tasks',
      restart: 'temporary',
      maxChildren: mostTasks,
    })
    const spec = { intensity: 1_000, children: [...children, tasks] }
    runtime.spawn(...supervisor('desks', spec).start)
    this.scripts.forEach((script, slot) => {
      if (script.length > 0) runtime.spawn(client, scene, slot)
    })
  }

  private scene(): ClientScene {
    return {
      script: (slot) => this.scripts[slot]!,
      desk: (nth) => `desk${nth}`,
      calls: (number) => {
        const me = self()
        if (number === undefined) this.calling.delete(me)
        else this.calling.set(me, this.witness.leaps)
        this.checkMailbox(me)
      },
      called: (errand, number, beganMs, outcome) => this.called(errand, number, beganMs, outcome),
      tasked: (ends, number, outcome) => this.tasked(ends, number, outcome),
      heard: (from, number) => this.heard(from, number),
    }
  }

  spawned(pid: Pid, parent: Pid | undefined, initialCall: string): void {
    if (initialCall === client.name) this.clients.add(pid)
    if (initialCall === desk.name) this.deskPids.add(pid)
    if (parent && parent === this.witness.runtime.registry.find('tasks')) this.tasks.add(pid)
    if (this.tasks.size > mostTasks) this.witness.fail(`${parent} has more tasks than it may`)
  }

  died(pid: Pid, reason: ExitReason): void {
    this.tasks.delete(pid)
    this.deskPids.delete(pid)
    if (this.clients.has(pid)) this.witness.fail(`client ${pid} died of ${String(reason)}`)
  }

  killDesk(nth: number): void {
    const all = [...this.deskPids]
    const pid = all[nth % Math.max(all.length, 1)]
    if (!pid) return
    this.witness.fire('kill_desk')
    this.witness.kill(pid, 'kill')
  }

  begins(pid: Pid): void {
    if (this.clients.has(pid)) this.checkMailbox(pid)
  }

  /** Who waits for nothing finds nothing; who waits finds one thing. */
  private checkMailbox(pid: Pid): void {
    this.witness.checked()
    const { messages } = this.witness.runtime.info(pid)!
    if (!this.calling.has(pid) && messages.length > 0)
      this.witness.fail(`${pid} finds ${JSON.stringify(messages[0])} that it does not wait for`)
    const answers = messages.filter((message) => (message as { type: string }).type === 'answer')
    if (answers.length > 1) this.witness.fail(`${pid} is answered twice`)
  }

  private called(
    { desk: nth, how, limitMs }: CallErrand,
    number: number,
    beganMs: number,
    outcome: unknown,
  ): void {
    const { witness } = this
    const tookMs = witness.nowMs() - beganMs
    witness.event('called')
    if (!isFailure(outcome)) {
      if (how === 'never' || how === 'crash' || how === 'stop' || nth >= desks)
        witness.fail(`a call that is not answered (${how}) gives ${String(outcome)}`)
      if (outcome !== 2 * number) witness.fail(`call ${number} is given ${String(outcome)}`)
      if ((how === 'slow' || how === 'later') && tookMs < 20)
        witness.fail(`a ${how} answer comes after ${tookMs} ms`)
      return
    }
    const { reason } = (outcome as { reason: CallFailed }).reason
    if (reason !== 'timeout') return witness.fire('call_fails')
    if (tookMs < limitMs) witness.fail(`a call of ${limitMs} ms gives up after ${tookMs}`)
    const wasBusy = witness.leaps !== this.calling.get(self())
    if (how !== 'never' && limitMs === longMs && !wasBusy)
      witness.fail(`a ${how} call hears of nothing for ${tookMs} ms`)
    witness.fire(how === 'never' ? 'never_answered' : 'late_reply')
  }

  private tasked(ends: string, number: number, outcome: unknown): void {
    const { witness } = this
    if (isFailure(outcome) || outcome instanceof CallFailed) return witness.fire('task_refused')
    const { type, value, reason } = outcome as Record<string, unknown>
    witness.fire(`task_${String(type)}`)
    if (type === 'result') {
      if (ends !== 'crash' && value === 2 * number) return
      witness.fail(`a task to ${ends} gives ${String(value)}`)
    }
    const isOwn = ends === 'crash' && reason instanceof Error
    if (!isOwn && !['shutdown', 'killed', 'noproc'].includes(reason as string))
      witness.fail(`a task to ${ends} ends with ${String(reason)}`)
  }

  private heard(from: Pid, number: number): void {
    const key = `${from} ${self()}`
    if (number <= (this.heardLast.get(key) ?? 0))
      this.witness.fail(`cast ${number} of ${from} comes after its next one, or twice`)
    this.heardLast.set(key, number)
    this.witness.event('cast')
  }

  rest(): void {
    for (const pid of this.clients) this.checkMailbox(pid)
  }

  /** With no faults left, all errands end. */
  healed(): void {
    const [waiting] = this.calling.keys()
    if (waiting) this.witness.fail(`${waiting} waits for ever in its call`)
  }
}

const isFailure = (outcome: unknown): boolean =>
  (outcome as { reason?: unknown } | null)?.reason instanceof CallFailed
