/*
 * Runs one plan: several hosts in one thread, under one clock and one source of choices. First the
 * faults, then healing: the world's deeds end, what loops for ever is ended, 60 virtual seconds
 * pass, and everything must be as it should. Last, all trees are asked to stop, and nothing of them
 * may be left.
 */
import { send, type Pid } from '../../src/runtime'
import { Random } from '../support/random'
import { Choices } from './choices'
import { Crowd } from './crowd'
import { Forest } from './forest'
import { Hall } from './hall'
import { actorsAtFirst, faultsEndMs, type Deed, type Operation, type Plan } from './plan'
import { chatter, endless as endlessLoop } from './scene.process'
import { Service } from './service'
import { isUpgrade, Upgrades } from './upgrades'
import { Violation, Witness, type Counts } from './witness'

/** So long after the last fault everything must be healed. */
const healMs = 60_000
/** More slices or turns than this in one run mean that it does not come to rest. */
const mostSlices = 60_000
/** How a run fails that goes on and on. */
export const endless = 'this run does not come to rest'
/** Turns of hosts that never rest, before their clock moves all the same. */
const turnsUnderLoad = 2

export interface Outcome {
  /** What was broken; undefined: nothing. */
  readonly failure: string | undefined
  readonly hash: string
  readonly choices: readonly number[]
}

export const noCounts = (): Counts => ({ slices: 0, events: 0, checks: 0, fired: new Map() })

/** Runs a plan, with the choices given or by its own seed. */
export function simulate(plan: Plan, counts: Counts, given?: readonly number[]): Outcome {
  const run = new Run(plan, counts, given)
  let failure: string | undefined
  try {
    run.whole()
  } catch (error) {
    failure = error instanceof Violation ? error.message : (error as Error).stack!
  }
  return { failure, hash: run.hash, choices: run.choices.made }
}

class Run {
  readonly choices: Choices
  private readonly plan: Plan
  private readonly counts: Counts
  private readonly chance: Random
  private readonly hosts: Host[] = []
  private readonly gone: Host[] = []
  private nowMs = 0
  private turns = 0
  private readonly slicesBefore: number
  private sinceMove = 0

  constructor(plan: Plan, counts: Counts, given: readonly number[] | undefined) {
    this.plan = plan
    this.counts = counts
    this.slicesBefore = counts.slices
    this.chance = new Random(plan.seed ^ 0x5bd1e995)
    this.choices = new Choices(new Random(plan.seed + 0x1000000), given)
    for (let host = 0; host < plan.hosts; host++) this.hosts.push(this.boot(host, 0))
  }

  get hash(): string {
    const all = [...this.gone, ...this.hosts].map(({ witness }) => witness.hash.toString(16))
    return all.join('.')
  }

  whole(): void {
    const deeds = this.plan.operations
      .filter((operation) => operation.of === 'world')
      .sort((one, other) => one.atMs - other.atMs)
    for (const deed of deeds) {
      this.approach(deed.atMs)
      this.perform(deed)
    }
    this.runUntil(faultsEndMs)
    this.heal()
    this.runUntil(this.nowMs + healMs)
    for (const host of this.hosts) host.hall?.ask()
    this.settle()
    for (const host of this.hosts) host.healed()
    for (const host of this.hosts) host.forest.stopAll()
    this.runUntil(this.nowMs + healMs)
    for (const host of this.hosts) host.stopped()
  }

  /** Deeds of one moment fall on hosts at rest, or in the midst of what the one before has begun. */
  private approach(atMs: number): void {
    if (atMs > this.nowMs || this.choices.below(2) === 0) this.runUntil(atMs)
    else this.turn(this.hosts[this.choices.below(this.hosts.length)]!)
  }

  /** What was wished in the last moment may count for ever too. */
  private heal(): void {
    do {
      for (const host of this.hosts) host.heal()
      this.settle()
    } while (this.hosts.some(({ isLoaded }) => isLoaded))
  }

  private boot(number: number, life: number): Host {
    const mine = this.plan.operations.filter((operation) => operation.host === number)
    const random = () => this.chance.next()
    const nowMs = () => this.nowMs
    const witness = new Witness(number, this.plan.order, this.choices, random, nowMs, this.counts)
    return new Host(life, witness, mine)
  }

  private perform(operation: Operation & { of: 'world' }): void {
    const host = this.hosts[operation.host]!
    if (operation.do !== 'killHost') return host.perform(operation)
    host.witness.fire('kill_host')
    host.witness.isGone = true
    this.gone.push(host)
    this.hosts[operation.host] = this.boot(operation.host, host.life + 1)
  }

  /** Runs until the clock says so, and all that was due by then has happened. */
  private runUntil(untilMs: number): void {
    for (;;) {
      const next = this.settle()
      if (next === undefined || next > untilMs) break
      this.nowMs = next
    }
    this.nowMs = Math.max(this.nowMs, untilMs)
    this.settle()
  }

  /**
   * Runs hosts by turns until none has work now, and gives when the next has; hosts that never rest
   * are left for a moment, since their clock moves too.
   */
  private settle(): number | undefined {
    const waits = this.hosts.map(() => 0 as number | undefined)
    this.sinceMove = 0
    while (waits.includes(0)) {
      const at = this.choices.below(this.hosts.length)
      waits[at] = this.turn(this.hosts[at]!)
      for (const [other, wait] of waits.entries()) {
        if (wait === 0 && other !== at) waits[other] = this.turn(this.hosts[other]!)
      }
      if (++this.sinceMove > turnsUnderLoad && this.hosts.some(({ isLoaded }) => isLoaded)) break
    }
    for (const [at, wait] of waits.entries()) {
      if (wait !== 0 && this.choices.below(4) === 0) this.hosts[at]!.witness.rest()
    }
    const next = waits.filter((wait) => wait !== undefined)
    if (next.length === 0) return undefined
    const soonest = this.nowMs + Math.max(Math.min(...next), 0)
    return soonest > this.nowMs ? soonest : this.nowMs + this.leap()
  }

  private turn(host: Host): number | undefined {
    const isTooMuch =
      ++this.turns > mostSlices || this.counts.slices - this.slicesBefore > mostSlices
    if (isTooMuch) throw new Violation(endless)
    return host.witness.runtime.turn()
  }

  /** The clock moves while hosts are busy: now and then by far. */
  private leap(): number {
    for (const { witness } of this.hosts) witness.leaps++
    const leaps = [30, 1, 2, 200]
    const ms = leaps[this.choices.below(leaps.length)]!
    if (ms === 200) this.hosts[0]!.witness.fire('clock_leap')
    return ms
  }
}

/** One life of a host, with all that plays in it. */
class Host {
  readonly witness: Witness
  readonly life: number
  readonly forest: Forest
  readonly hall: Hall | undefined
  private readonly crowd: Crowd
  private readonly service: Service
  private readonly upgrades: Upgrades
  private readonly hogs: Pid[] = []

  constructor(life: number, witness: Witness, operations: readonly Operation[]) {
    this.life = life
    this.witness = witness
    this.crowd = new Crowd(witness, operations)
    this.forest = new Forest(witness, operations)
    this.service = new Service(witness, operations)
    this.upgrades = new Upgrades(witness)
    witness.judge(this.crowd)
    witness.judge(this.forest)
    witness.judge(this.service)
    if (operations.some(isUpgrade)) witness.judge(this.upgrades)
    if (operations.some(isVisit)) {
      this.hall = new Hall(witness)
      witness.judge(this.hall)
    }
    this.start(operations)
  }

  private start(operations: readonly Operation[]): void {
    this.crowd.start(actorsAtFirst)
    for (const operation of operations) {
      if (operation.of === 'host') this.forest.plant(operation.tree)
    }
    if (operations.some(({ of }) => of === 'client')) this.service.start()
    if (operations.some(isUpgrade)) this.upgrades.start()
    this.hall?.open()
  }

  /** Whether something in it never rests. */
  get isLoaded(): boolean {
    return this.hogs.length > 0 || this.hall?.isCounting === true
  }

  perform(deed: Deed): void {
    switch (deed.do) {
      case 'killActor':
        return this.crowd.kill(deed.to, deed.cause)
      case 'killSupervised':
        return this.forest.kill(deed.nth, deed.cause)
      case 'stopTree':
        return this.forest.stop(deed.nth)
      case 'killDesk':
        return this.service.killDesk(deed.nth)
      case 'endless':
        this.witness.fire('endless')
        this.hogs.push(this.witness.runtime.spawn(endlessLoop))
        return
      case 'chatter':
        return this.chat()
      case 'load':
      case 'purge':
      case 'softPurge':
      case 'tellReader':
        return this.upgrades.act(deed)
      default:
        this.hall?.act(deed)
    }
  }

  private chat(): void {
    this.witness.fire('chatter')
    const pass = (to: Pid, word: unknown) => send(to, word)
    const partner = this.witness.runtime.spawn(chatter, undefined, pass)
    this.hogs.push(partner, this.witness.runtime.spawn(chatter, partner, pass))
  }

  /** Faults end. */
  heal(): void {
    for (const pid of this.hogs.splice(0)) this.witness.kill(pid, 'kill')
    this.hall?.heal()
  }

  healed(): void {
    this.witness.rest()
    this.forest.healed()
    this.service.healed()
    this.hall?.healed()
  }

  stopped(): void {
    this.witness.rest()
    this.forest.stopped()
  }
}

const isVisit = (operation: Operation): boolean =>
  operation.of === 'world' && ['wish', 'follow', 'killDemo'].includes(operation.do)
