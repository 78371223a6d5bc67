/*
 * All histories of a few processes and a few signals: every step of every process, in every order,
 * done to the runtime and to the model of the manual, and compared after each. A step is a word of
 * one process to another: link, unlink, monitor, demonitor, exit signals, trapping, its own end.
 * Signals within a host take effect as they are sent, so the orders of steps are all orders there
 * are.
 *
 * Two reductions make that possible, and lose nothing. Processes have no face: states that differ
 * in names only are one (symmetry). And histories that lead to the same state go on alike, so each
 * state is gone on from once; what lies in a mailbox is compared, and is no part of the state but
 * for what a later demonitor may take out. The histories counted are those up to names.
 */
import {
  demonitor,
  exit,
  isAlive,
  link,
  monitor,
  Runtime,
  sendExit,
  trapExits,
  unlink,
  type Body,
  type Pid,
  type Process,
  type Ref,
  type RunQueue,
} from '../../src/runtime'
import { inRealOrder, type Read } from './mailbox-check'
import { SignalsModel } from './signals-model'
import { Violation } from './witness'

export type Deed =
  | 'link'
  | 'unlink'
  | 'monitor'
  | 'demonitor'
  | 'exit normal'
  | 'exit kill'
  | 'exit boom'
  | 'end normal'
  | 'end boom'
  | 'end kill'
  | 'trap'
  | 'trap no more'
  | 'die and link'

interface Step {
  readonly who: number
  readonly deed: Deed
  readonly to: number
}

export interface Found {
  /** Histories of at most that length, but for the names of processes. */
  readonly histories: number
  /** Histories that were really played, and compared at their end. */
  readonly played: number
  readonly states: number
}

const toOthers: readonly Deed[] = [
  ...['link', 'unlink', 'monitor', 'demonitor', 'exit normal', 'exit kill', 'exit boom'],
  'die and link',
] as Deed[]
const alone: readonly Deed[] = ['end normal', 'end boom', 'end kill', 'trap', 'trap no more']

interface State {
  readonly steps: readonly Step[]
  /** Who may do something next, and to whom: of those alike, one. */
  readonly pairs: readonly (readonly [who: number, to: readonly number[]])[]
  readonly traps: readonly boolean[]
  /** Where each step from here leads; undefined: nobody has gone on from here yet. */
  next: State[] | undefined
}

/** Checks all histories of up to `signals` steps of `processes` processes. */
export function searchAll(processes: number, signals: number): Found {
  const tables = new Tables(processes)
  const states = new Map<string, State>()
  const first = tables.play([], states)
  let times = new Map<State, number>([[first, 1]])
  let [histories, played] = [0, 0]
  for (let length = 1; length <= signals; length++) {
    const after = new Map<State, number>()
    for (const [state, count] of times) {
      state.next ??= stepsFrom(state).map((step) => {
        played++
        return tables.play([...state.steps, step], states)
      })
      for (const next of state.next) {
        histories += count
        after.set(next, (after.get(next) ?? 0) + count)
      }
    }
    times = after
  }
  return { histories, played, states: states.size }
}

function stepsFrom({ pairs, traps }: State): Step[] {
  return pairs.flatMap(([who, whom]) => {
    const own = alone.filter((deed) => deed !== (traps[who] ? 'trap' : 'trap no more'))
    const others = whom.flatMap((to) => toOthers.map((deed) => ({ who, deed, to })))
    return [...own.map((deed) => ({ who, deed, to: who })), ...others]
  })
}

/** Lets exactly the process that the search wants take its next step. */
class Turns implements RunQueue {
  readonly all = new Map<Pid, Process>()
  wanted: Pid | undefined

  get length(): number {
    return 0
  }

  add(process: Process): void {
    this.all.set(process.pid, process)
  }

  next(): Process | undefined {
    const process = this.wanted && this.all.get(this.wanted)
    this.wanted = undefined
    return process?.status === 'exited' ? undefined : process
  }

  /** One step, so that a body gives way at its next check. */
  slice(): number {
    return 1
  }

  ran(): void {}
}

/** Plays histories, each among processes of its own. */
class Tables {
  private readonly processes: number
  private readonly turns = new Turns()
  private readonly runtime = new Runtime({
    now: () => 0,
    random: () => 0,
    log: () => {},
    queue: this.turns,
  })
  private model = new SignalsModel<Pid>()
  private pids: readonly Pid[] = []
  private refs: { holder: Pid; ref: Ref; to: Pid }[] = []
  private step: Step | undefined

  constructor(processes: number) {
    this.processes = processes
  }

  /** Plays a history, compares its end, and gives the state that it leads to. */
  play(steps: readonly Step[], states: Map<string, State>): State {
    this.model = new SignalsModel<Pid>()
    this.refs = []
    this.turns.all.clear()
    this.pids = Array.from({ length: this.processes }, () => {
      const pid = this.runtime.spawn(puppet, () => this.act())
      this.model.spawn(pid)
      return pid
    })
    for (const step of steps) {
      this.step = step
      this.turns.wanted = this.pids[step.who]!
      this.runtime.turn()
    }
    try {
      this.pids.forEach((pid, at) => this.compareOne(pid, at))
    } catch (error) {
      const history = steps.map(({ who, deed, to }) => `${who} ${deed} ${to}`).join(', ')
      throw new Violation(`after ${history}: ${(error as Error).message}`)
    }
    // What the dead held is of no account.
    this.refs = this.refs.filter(({ holder }) => this.model.isAlive(holder))
    const state = this.stateAfter(steps, states)
    for (const pid of this.pids) this.runtime.exit(pid, 'kill')
    return state
  }

  private stateAfter(steps: readonly Step[], states: Map<string, State>): State {
    const { pids, model } = this
    const blank = pids.map((pid) => this.isBlank(pid))
    const met = [...pids.keys()].filter((at) => !blank[at])
    const key = nameless(
      met.map((at) => [this.lookOf(at), at]),
      (names) => this.tell(names),
    )
    const known = states.get(key)
    if (known) return known
    const traps = pids.map((pid) => model.traps(pid))
    const state = { steps, pairs: this.pairsOf(blank), traps, next: undefined }
    states.set(key, state)
    return state
  }

  /** The dead do nothing; of those that are blank the first acts, on itself or on the second. */
  private pairsOf(blank: readonly boolean[]): State['pairs'] {
    const { pids, model } = this
    const [first, second] = [...pids.keys()].filter((at) => blank[at])
    const isOver = (at: number) => !model.isAlive(pids[at]!) && !this.isAwaited(pids[at]!)
    // One of the dead can be acted on as well as another, while nobody is told of them.
    const dead = [...pids.keys()].find(isOver)
    const others = [...pids.keys()].filter((at) => !blank[at] && (!isOver(at) || at === dead))
    const whom = first === undefined ? others : [...others, first]
    return whom
      .filter((who) => model.isAlive(pids[who]!))
      .map((who) => [who, who === first && second !== undefined ? [...whom, second] : whom])
  }

  /** Whether nothing tells it from one that has just been started. */
  private isBlank(pid: Pid): boolean {
    const { model } = this
    if (!model.isAlive(pid) || model.traps(pid) || model.linksOf(pid).size > 0) return false
    return !this.refs.some(({ holder, to }) => holder === pid || to === pid)
  }

  /** Whether somebody alive holds a monitor on it, or the `down` of one. */
  private isAwaited(pid: Pid): boolean {
    return this.refs.some(({ to }) => to === pid)
  }

  /** What is to be said of a process without naming others. */
  private lookOf(at: number): string {
    const pid = this.pids[at]!
    if (!this.model.isAlive(pid)) return 'dead'
    const held = this.refs.filter(({ holder }) => holder === pid).length
    const watched = this.refs.filter(({ to }) => to === pid).length
    return [this.model.traps(pid), this.model.linksOf(pid).size, held, watched].join()
  }

  /** The state, with processes named by their place in `names`. */
  private tell(names: readonly number[]): string {
    const { pids, model } = this
    const nameOf = (pid: Pid) => names.indexOf(pids.indexOf(pid))
    return names
      .map((at) => {
        const pid = pids[at]!
        if (!model.isAlive(pid)) return 'dead'
        const links = [...model.linksOf(pid)].map(nameOf).sort()
        const refs = this.refs.filter(({ holder }) => holder === pid).map(({ to }) => nameOf(to))
        return `${model.traps(pid)} ${links.join()} ${refs.sort().join()}`
      })
      .join('|')
  }

  private act(): void {
    const { who, deed, to } = this.step!
    const [me, other] = [this.pids[who]!, this.pids[to]!]
    const { model } = this
    const [word, reason] = deed.split(' ')
    switch (word) {
      case 'link':
        model.link(me, other)
        return link(other)
      case 'unlink':
        model.unlink(me, other)
        return unlink(other)
      case 'monitor':
        return this.watch(me, other)
      case 'demonitor': {
        const held = this.refs.find((each) => each.holder === me && each.to === other)
        if (!held) return
        this.refs = this.refs.filter((each) => each !== held)
        model.demonitor(me, held.ref)
        return demonitor(held.ref)
      }
      case 'exit':
        model.signalExit(me, other, reason)
        return sendExit(other, reason)
      case 'end':
        model.exit(me, reason)
        return exit(reason)
      case 'trap':
        model.trap(me, reason === undefined)
        return void trapExits(reason === undefined)
      case 'die':
        return this.dieAnd(me, other)
    }
  }

  private watch(me: Pid, other: Pid): void {
    const ref = monitor(other)
    this.refs.push({ holder: me, ref, to: other })
    this.model.monitor(me, ref, other)
  }

  /** Ends itself, and tries to go on within the same step. */
  private dieAnd(me: Pid, other: Pid): void {
    this.model.signalExit(me, me, 'kill')
    sendExit(me, 'kill')
    link(other)
    monitor(other)
    sendExit(other, 'kill')
  }

  private compareOne(pid: Pid, at: number): void {
    const { model } = this
    const info = this.runtime.info(pid)
    if (isAlive(pid) !== model.isAlive(pid) || (info !== undefined) !== model.isAlive(pid))
      throw new Error(`${at} is ${model.isAlive(pid) ? 'dead' : 'alive'}`)
    if (!info) return
    if (info.trapsExits !== model.traps(pid)) throw new Error(`${at} traps otherwise`)
    this.same(at, 'links', info.links, [...model.linksOf(pid)])
    this.same(at, 'monitors', info.monitors, model.watchedBy(pid))
    const watchers = this.pids.flatMap((holder) => {
      return model.watchedBy(holder).flatMap((watched) => (watched === pid ? [holder] : []))
    })
    this.same(at, 'watchers', info.monitoredBy, watchers)
    inRealOrder(info.messages.map(read), model.mailboxOf(pid))
  }

  private same(at: number, what: string, real: readonly Pid[], modelled: readonly Pid[]): void {
    const names = (pids: readonly Pid[]) => pids.map((pid) => this.pids.indexOf(pid)).sort()
    const [found, expected] = [names(real).join(), names(modelled).join()]
    if (found !== expected) throw new Error(`${at} has the ${what} ${found} instead of ${expected}`)
  }
}

/** The least of what `tell` says, under all orders of names that go by their looks. */
function nameless(
  looks: readonly (readonly [look: string, at: number])[],
  tell: (names: readonly number[]) => string,
): string {
  const sorted = [...looks].sort(([one], [other]) => (one < other ? -1 : 1))
  let orders: number[][] = [[]]
  while (sorted.length > 0) {
    const [look] = sorted[0]!
    const count = sorted.filter((each) => each[0] === look).length
    const alike = sorted.splice(0, count).map(([, at]) => at)
    // The dead say nothing of themselves, and others name them: their order matters too.
    orders = orders.flatMap((order) => ordersOf(alike).map((more) => [...order, ...more]))
  }
  return orders.map(tell).sort()[0]!
}

function ordersOf(names: readonly number[]): number[][] {
  if (names.length <= 1) return [[...names]]
  return names.flatMap((first) => {
    return ordersOf(names.filter((each) => each !== first)).map((rest) => [first, ...rest])
  })
}

/** Takes one step each time that it runs. */
function* puppet(act: () => void): Body {
  for (;;) {
    act()
    yield [puppetPlace]
  }
}

const puppetPlace = {
  kind: 'turn',
  file: 'test/simulate/exhaustive.ts',
  function: 'puppet',
  line: 1,
  column: 1,
  names: [],
} as const

function read(message: unknown): Read {
  const { type, from, ref, pid, reason } = message as Record<string, unknown>
  if (type === 'exit') return { kind: 'exit', from, name: undefined, reason }
  return { kind: 'down', from: pid, name: ref, reason }
}
