/*
 * Holds one real supervisor to its model. All that is seen of it is what its runtime shows: whom it
 * starts, who ends and why, and which messages it has taken out of its mailbox at which moment. An
 * end that was brought about by nobody else is the supervisor's own doing, and must be its next
 * step.
 */
import { isAlive, type ExitReason, type Pid } from '../../src/runtime'
import { isTree } from './make-plan'
import type { TreePlan, WorkerPlan } from './plan'
import { SupervisorModel } from './supervisor-model'
import { world, type Witness } from './witness'

/** Something that lies in the supervisor's mailbox and will be taken up. */
interface Matter {
  readonly kind: 'ended' | 'failed' | 'retry'
  readonly id: string
  readonly pid: Pid
  readonly reason: ExitReason
}

export class TreeWatch {
  readonly plan: TreePlan
  readonly pid: Pid
  readonly parent: TreeWatch | undefined
  readonly model: SupervisorModel
  private readonly witness: Witness
  /** The living children. */
  private readonly current = new Map<Pid, string>()
  /** Whom the supervisor takes for its child of that id. */
  private readonly known = new Map<string, Pid>()
  private starting: Pid | undefined
  /** As it did when it was last looked at. */
  private traps = false
  private matters: Matter[] = []
  /** That it is to stop has lain in its mailbox so many times at once. */
  private stopsSeen = 0
  private stepSinceMs = 0
  private stepSinceLeaps = 0

  constructor(witness: Witness, plan: TreePlan, pid: Pid, parent: TreeWatch | undefined) {
    this.witness = witness
    this.plan = plan
    this.pid = pid
    this.parent = parent
    this.model = new SupervisorModel(
      plan,
      plan.children.map((child) => ({ id: child.id, restart: restartOf(child) })),
    )
    this.stepBegins()
  }

  has(id: string): boolean {
    return this.plan.children.some((child) => child.id === id)
  }

  /** It starts a child. */
  spawned(id: string, pid: Pid): void {
    this.takeUp()
    const step = this.model.steps[0]
    if (step?.do !== 'start' || step.id !== id) return this.wrong(`starts ${id}`)
    this.current.set(pid, id)
    this.known.set(id, pid)
    this.witness.event('child_started')
    const child = this.childOf(id)
    if (isTree(child) || child.announces) this.starting = pid
    else this.didStep(() => this.model.started())
  }

  /** A child says that it has started. */
  announced(pid: Pid): void {
    if (this.starting !== pid) return
    this.starting = undefined
    this.didStep(() => this.model.started())
  }

  isStarting(pid: Pid): boolean {
    return this.starting === pid
  }

  /** A child has died; `byItself`: or by somebody else than its supervisor. */
  childDied(pid: Pid, reason: ExitReason, byItself: boolean): void {
    const id = this.current.get(pid)
    if (id === undefined) return
    this.takeUp()
    this.current.delete(pid)
    this.witness.event('child_died')
    if (this.isKilled) return
    if (this.starting === pid) return this.startFailed(id, pid, reason)
    const first = this.model.steps[0]
    const isFirst = first?.do === 'stop' && first.id === id
    if (byItself) {
      // One that is told to stop is no longer linked: its end is told by its monitor alone.
      if (!this.tells(pid) && !isFirst) return this.wrong(`is not told that ${id} ended`)
      const isStopped = this.model.steps.some((step) => step.do === 'stop' && step.id === id)
      if (!isStopped) this.matters.push({ kind: 'ended', id, pid, reason })
      return this.didStep(() => this.model.fell(id))
    }
    if (!isFirst) return this.wrong(`stops ${id}`)
    this.checkStop(id, reason)
    this.didStep(() => this.model.fell(id))
  }

  /** Its children fall with it, and that may be told before its own end is. */
  private get isKilled(): boolean {
    return (
      !isAlive(this.pid) && (this.witness.isCaused(this.pid) || !this.witness.isAlive(this.pid))
    )
  }

  private startFailed(id: string, pid: Pid, reason: ExitReason): void {
    this.starting = undefined
    this.witness.fire('start_fails')
    this.matters.unshift({ kind: 'failed', id, pid, reason })
  }

  /** It has died itself. */
  died(reason: ExitReason, byItself: boolean): void {
    // One that has just been started does not trap exits yet, and falls with its parent.
    const fell = !this.traps && this.parent && !isAlive(this.parent.pid)
    if (byItself || fell) return
    this.takeUpLast()
    const step = this.model.steps[0]
    if (step?.do !== 'end') return this.wrong(`ends with ${JSON.stringify(reason)}`)
    const isFailure = Array.isArray(reason) && JSON.stringify(reason).includes('failed_to_start')
    if (step.reason === 'failed_to_start' && !isFailure) this.wrong(`ends with ${String(reason)}`)
    const isOrphan = this.parent && !isAlive(this.parent.pid)
    const isOwn = step.reason === 'shutdown' && !this.witness.isAsked(this.pid) && !isOrphan
    if (isOwn && reason !== 'shutdown') this.wrong(`ends with ${String(reason)}`)
    if (this.model.gaveUp) this.witness.fire('gives_up')
  }

  /** What no longer lies in its mailbox was taken up, at this moment of the clock. */
  takeUp(): void {
    const info = this.witness.runtime.info(this.pid)
    if (!info) return this.isKilled ? undefined : this.takeUpLast()
    const { messages } = info
    this.traps = info.trapsExits
    this.takeStop(messages)
    while (this.matters[0] && !this.lies(this.matters[0], messages)) {
      this.takeUpOne(this.matters.shift()!)
      this.takeStop(messages)
    }
  }

  /** Once it has taken out that it is to stop, it takes up nothing else. */
  private takeStop(messages: readonly unknown[]): void {
    const asker = this.parent?.pid ?? world
    const lying = messages.filter((message) => isExitOf(message, asker)).length
    this.stopsSeen = Math.max(this.stopsSeen, lying)
    if (lying === this.stopsSeen || this.model.steps.length > 0) return
    this.model.shutdown()
    this.stepBegins()
  }

  /** It died in its last slice: what it took up there is known by what it did. */
  private takeUpLast(): void {
    while (this.matters[0]) {
      const isBusy = this.model.steps.length > 0 || this.stopsSeen > 0
      if (isBusy && this.matters[0].kind !== 'failed') break
      this.takeUpOne(this.matters.shift()!)
    }
    this.takeStop([])
  }

  private takeUpOne(matter: Matter): void {
    const { model, witness } = this
    const { kind, id, pid, reason } = matter
    witness.checked()
    if (kind === 'failed') {
      model.failed()
      this.stepBegins()
      // It tells itself to try again, behind all that lies there already.
      if (model.steps.length === 0) this.matters.push({ ...matter, kind: 'retry' })
      return
    }
    // What fell with its neighbours meanwhile was stopped with them, and restarted with them.
    if (kind === 'ended' && this.known.get(id) !== pid) return
    if (model.steps.some((step) => step.do === 'end')) return
    if (model.steps.length > 0) return this.wrong(`takes up the end of ${id}`)
    this.stepBegins()
    if (kind === 'retry') model.retry(id, witness.nowMs())
    else model.ended(id, reason, witness.nowMs())
    for (const each of model.group) if (!model.isUp(each.id)) this.known.delete(each.id)
  }

  /** Whether it still lies in the mailbox, where further tries of the same child may lie too. */
  private lies({ kind, id, pid }: Matter, messages: readonly unknown[]): boolean {
    if (kind !== 'retry') return messages.some((message) => isExitOf(message, pid))
    const tries = messages.filter((message) => isTryOf(message, id)).length
    return tries >= this.matters.filter((each) => each.kind === kind && each.id === id).length
  }

  private tells(pid: Pid): boolean {
    const messages = this.witness.runtime.info(this.pid)?.messages ?? []
    return messages.some((message) => isExitOf(message, pid))
  }

  private checkStop(id: string, reason: ExitReason): void {
    const child = this.childOf(id)
    const isKilled = reason === 'killed'
    const shutdown = isTree(child) ? 'infinity' : child.shutdown
    if (shutdown === 'brutal_kill') {
      if (!isKilled) this.wrong(`stops ${id} with ${String(reason)} instead of killing it`)
    } else if (isKilled) {
      const tookMs = this.witness.nowMs() - this.stepSinceMs
      if (shutdown === 'infinity' || tookMs < shutdown) this.wrong(`kills ${id} after ${tookMs} ms`)
      this.witness.fire('stop_exceeds_limit')
    } else if (reason !== 'shutdown') this.wrong(`stops ${id} with ${String(reason)}`)
    else if (shutdown !== 'infinity') this.checkLimit(id, shutdown)
  }

  /** Nobody may take longer than its limit, but for the time that the host was busy. */
  private checkLimit(id: string, shutdownMs: number): void {
    const tookMs = this.witness.nowMs() - this.stepSinceMs
    const wasBusy = this.witness.leaps !== this.stepSinceLeaps
    if (!wasBusy && tookMs > shutdownMs + 2) this.wrong(`lets ${id} take ${tookMs} ms to stop`)
  }

  private stepBegins(): void {
    this.stepSinceMs = this.witness.nowMs()
    this.stepSinceLeaps = this.witness.leaps
  }

  private didStep(step: () => void): void {
    const [before] = this.model.steps
    step()
    if (this.model.steps[0] !== before) this.stepBegins()
  }

  private childOf(id: string): WorkerPlan | TreePlan {
    return this.plan.children.find((child) => child.id === id)!
  }

  private wrong(what: string): void {
    const steps = this.model.steps.map((step) => ('id' in step ? `${step.do} ${step.id}` : step.do))
    const must = steps.length > 0 ? steps.join(', ') : 'nothing'
    this.witness.fail(`supervisor ${this.plan.id} ${what}; it must do: ${must}`)
  }

  /** When all is quiet: who must be up is up. */
  rest(): void {
    this.takeUp()
    if (this.model.steps.length > 0) this.wrong('rests')
    if (this.matters.length > 0) this.wrong(`never takes up the end of ${this.matters[0]!.id}`)
    const up = [...this.current.values()]
    for (const { id, restart } of this.model.wanted) {
      const isUp = up.includes(id)
      if (isUp !== this.model.isUp(id)) this.wrong(`has ${id} ${isUp ? 'up' : 'down'}`)
      if (restart === 'permanent' && !isUp) this.wrong(`leaves ${id} down`)
    }
  }
}

function isExitOf(message: unknown, pid: Pid): boolean {
  const { type, from } = message as Record<string, unknown>
  return type === 'exit' && from === pid
}

/** What a supervisor tells itself after a start that failed. */
function isTryOf(message: unknown, id: string): boolean {
  const { type, request } = message as { type: string; request?: { type?: string; id?: string } }
  return type === 'cast' && request?.type === 'try_again' && request.id === id
}

const restartOf = (child: WorkerPlan | TreePlan) => (isTree(child) ? 'permanent' : child.restart)
