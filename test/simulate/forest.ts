/*
 * The supervision trees of a host, each supervisor under its model: what the watches must know of
 * births, deaths and their causes comes through here.
 */
import {
  announcing,
  self,
  server,
  supervisor,
  type Body,
  type ChildSpec,
  type ExitReason,
  type Pid,
} from '../../src/runtime'
import { isCopiable, reasonOf } from './causes'
import { isTree, workersOf } from './make-plan'
import type { Cause, Life, Operation, TreePlan, WorkerPlan } from './plan'
import { workerBody, type WorkerScene } from './scene.process'
import { TreeWatch } from './tree-watch'
import { world, type Judge, type Witness } from './witness'

export class Forest implements Judge {
  private readonly witness: Witness
  private readonly lives = new Map<string, Life[]>()
  private readonly watches = new Map<Pid, TreeWatch>()
  private readonly roots: TreeWatch[] = []
  private readonly trees = new Map<string, TreePlan>()
  private readonly workers = new Map<string, WorkerPlan>()
  /** Which process is a child of which supervisor. */
  private readonly parents = new Map<Pid, TreeWatch>()
  private readonly workerOf = new Map<Pid, WorkerPlan>()
  private readonly scene: WorkerScene

  constructor(witness: Witness, operations: readonly Operation[]) {
    this.witness = witness
    for (const operation of operations) {
      if (operation.of === 'worker') this.livesOf(operation.worker).push(operation)
    }
    this.scene = {
      nextLife: (worker) => this.livesOf(worker).shift(),
      announces: () => this.parents.get(self())?.announced(self()),
      dies: (cause) => this.dies(cause),
      obeys: (message) => this.obeys(message.from),
    }
  }

  plant(plan: TreePlan): void {
    for (const tree of treesOf(plan)) this.trees.set(tree.id, tree)
    for (const worker of workersOf(plan)) this.workers.set(worker.id, worker)
    const [body, ...args] = this.specOf(plan).start
    this.witness.runtime.spawn(body, ...args)
  }

  private specOf(plan: TreePlan): ChildSpec {
    const { id, strategy, intensity, periodSeconds, children } = plan
    const spec = supervisor(id, {
      strategy,
      intensity,
      periodSeconds,
      children: children.map((child) => (isTree(child) ? this.specOf(child) : this.childOf(child))),
    })
    // The supervisor itself, in a body named by its id.
    const [, ...args] = spec.start as unknown as [unknown, ...Parameters<typeof server>]
    const named = {
      *[id](): Body {
        yield* server(...args)
      },
    }[id]!
    return { ...spec, start: [announcing(named)] }
  }

  private childOf(plan: WorkerPlan): ChildSpec {
    const { id, restart, shutdown } = plan
    return { id, restart, shutdown, start: [workerBody(plan, this.scene)] }
  }

  spawned(pid: Pid, parentPid: Pid | undefined, initialCall: string): void {
    const parent = parentPid && this.watches.get(parentPid)
    const tree = this.trees.get(initialCall)
    const worker = this.workers.get(initialCall)
    if (!tree && !worker) return
    if (worker) this.workerOf.set(pid, worker)
    if (parent) {
      this.parents.set(pid, parent)
      parent.spawned(initialCall, pid)
    }
    if (!tree) return
    const watch = new TreeWatch(this.witness, tree, pid, parent)
    this.watches.set(pid, watch)
    if (!parent) this.roots.push(watch)
  }

  died(pid: Pid, reason: ExitReason): void {
    const parent = this.parents.get(pid)
    const watch = this.watches.get(pid)
    if (!parent && !watch) return
    const isCaused = this.witness.isCaused(pid)
    if (watch) this.takeUpStart(watch)
    watch?.died(reason, isCaused)
    parent?.childDied(pid, reason, isCaused || watch?.model.gaveUp === true)
    this.parents.delete(pid)
  }

  /** Before and after each slice: what a supervisor has taken up, it has taken up now. */
  begins(pid: Pid): void {
    this.watches.get(pid)?.takeUp()
  }

  ran(pid: Pid): void {
    const watch = this.watches.get(pid)
    if (!watch) return
    watch.takeUp()
    this.takeUpStart(watch)
  }

  /** A supervisor has started when it has told its parent so. */
  private takeUpStart({ pid, parent }: TreeWatch): void {
    if (!parent?.isStarting(pid)) return
    const messages = this.witness.runtime.info(parent.pid)?.messages ?? []
    if (messages.some((message) => isStarted(message, pid))) parent.announced(pid)
  }

  kill(nth: number, cause: Cause): void {
    const all = [...this.watches.keys(), ...this.workerOf.keys()]
    const living = all.filter((pid) => this.witness.isAlive(pid))
    if (living.length === 0 || !isCopiable(cause)) return
    const pid = living[nth % living.length]!
    const reason = reasonOf(cause)
    const traps = this.witness.runtime.info(pid)!.trapsExits
    const isFatal = cause === 'kill' || (cause !== 'normal' && !traps)
    if (isFatal) this.witness.cause(pid)
    const isRoot = this.roots.some((root) => root.pid === pid)
    if (isRoot && traps && !isFatal) this.witness.ask(pid)
    this.firePoint(pid, isFatal)
    this.witness.kill(pid, reason)
  }

  private firePoint(pid: Pid, isFatal: boolean): void {
    const { witness } = this
    const parent = this.parents.get(pid)
    if (this.watches.has(pid)) witness.fire(isFatal ? 'kill_supervisor' : 'ask_supervisor')
    else witness.fire(isFatal ? 'kill_worker' : 'ask_worker')
    if (parent?.isStarting(pid)) witness.fire('kill_starting')
    if (parent?.model.steps.some((step) => step.do === 'stop')) witness.fire('kill_while_stopping')
  }

  /** Asks a whole tree to stop, as its host would. */
  stop(nth: number): void {
    const roots = this.roots.filter(({ pid }) => this.witness.isAlive(pid))
    const root = roots[nth % Math.max(roots.length, 1)]
    if (!root) return
    this.witness.fire('stop_tree')
    this.ask(root)
  }

  /** One that has not begun does not trap exits yet, and just ends. */
  private ask({ pid }: TreeWatch): void {
    if (this.witness.runtime.info(pid)!.trapsExits) this.witness.ask(pid)
    else this.witness.cause(pid)
    this.witness.kill(pid, 'shutdown')
  }

  stopAll(): void {
    while (this.roots.some(({ pid }) => this.witness.isAlive(pid) && !this.witness.isAsked(pid))) {
      this.ask(
        this.roots.find(({ pid }) => this.witness.isAlive(pid) && !this.witness.isAsked(pid))!,
      )
    }
  }

  /** When faults have ended and time has passed: all supervisors and their children as they must. */
  healed(): void {
    for (const watch of this.watches.values()) {
      if (this.witness.isAlive(watch.pid)) watch.rest()
      else if (watch.model.gaveUp) this.checkReport(watch)
    }
    for (const [pid, parent] of this.parents) {
      if (!this.witness.isAlive(parent.pid))
        this.witness.fail(`${pid} lives on without its supervisor ${parent.plan.id}`)
    }
  }

  /** When all trees were asked to stop, and time has passed. */
  stopped(): void {
    for (const [pid] of [...this.watches, ...this.parents]) {
      if (this.witness.isAlive(pid)) this.witness.fail(`${pid} lives on after its tree was stopped`)
    }
  }

  private checkReport({ pid, plan }: TreeWatch): void {
    const found = this.witness.records.some((record) => {
      return record.event === 'gave_up' && record['supervisor'] === pid
    })
    if (!found) this.witness.fail(`supervisor ${plan.id} gave up without a report`)
  }

  private dies(cause: Cause): never {
    this.witness.cause(self())
    return this.witness.end(cause, reasonOf(cause))
  }

  /** Told to stop by somebody else than its supervisor, it ends by that one's doing. */
  private obeys(from: Pid): void {
    if (from === world) this.witness.cause(self())
  }

  private livesOf(worker: string): Life[] {
    const lives = this.lives.get(worker) ?? []
    this.lives.set(worker, lives)
    return lives
  }
}

function isStarted(message: unknown, pid: Pid): boolean {
  const word = message as { type?: string; pid?: Pid }
  return word.type === 'started' && word.pid === pid
}

const treesOf = (tree: TreePlan): TreePlan[] => [
  tree,
  ...tree.children.filter(isTree).flatMap(treesOf),
]
