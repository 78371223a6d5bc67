/*
 * A plan from a seed. Each seed leaves out half of the kinds of operations (swarm testing): what is
 * rare beside everything is common beside little.
 */
import { Random } from '../support/random'
import type { HotWord } from './hot-version'
import {
  actorsAtFirst,
  clients,
  desks,
  faultsEndMs,
  slots,
  visitors,
  type Cause,
  type Deed,
  type Errand,
  type Operation,
  type Plan,
  type TreePlan,
  type Treatment,
  type Which,
  type Word,
  type WorkerPlan,
} from './plan'
import type { Order } from './schedule'

const causes: readonly Cause[] = [
  ...['normal', 'shutdown', 'shutdown tuple', 'kill', 'word'],
  ...['error', 'nothing', 'list', 'uncopiable', 'hostile'],
] as Cause[]

const words: readonly Word['do'][] = [
  ...['send', 'link', 'unlink', 'monitor', 'demonitor', 'exit', 'die', 'trap', 'register'],
  ...['sendName', 'sendAfter', 'cancel', 'spawn', 'receive', 'sleep', 'spin', 'overrun'],
  ...['uncopiable', 'lastWords', 'priority'],
] as Word['do'][]

/** Words that most scripts need, or end too many of them: said oftener, or more seldom. */
const weights: Partial<Record<Word['do'], number>> = {
  send: 3,
  receive: 4,
  monitor: 2,
  link: 2,
  trap: 2,
  sendAfter: 2,
  priority: 0.5,
  die: 0.3,
  overrun: 0.1,
  lastWords: 0.2,
}

export function makePlan(seed: number): Plan {
  const random = new Random(seed)
  const order = random.pick<Order>(['free', 'free', 'priorities', 'priorities', 'fair'])
  const hosts = random.pick([1, 1, 1, 2, 3])
  const operations: Operation[] = []
  for (let host = 0; host < hosts; host++) {
    const maker = new HostMaker(random, host, operations)
    if (random.chance(0.75)) maker.actors()
    if (random.chance(0.75)) maker.trees()
    if (random.chance(0.5)) maker.clients()
    if (random.chance(0.5)) maker.visitors()
    if (random.chance(0.4)) maker.upgrades()
    if (order === 'fair' || random.chance(0.3)) maker.hogs(order)
    if (random.chance(hosts > 1 ? 0.3 : 0.1)) maker.deed({ do: 'killHost' })
  }
  return { seed, order, hosts, operations }
}

class HostMaker {
  private readonly random: Random
  private readonly host: number
  private readonly operations: Operation[]

  constructor(random: Random, host: number, operations: Operation[]) {
    this.random = random
    this.host = host
    this.operations = operations
  }

  actors(): void {
    const { random, host } = this
    const some = words.filter(() => random.chance(0.6))
    const kinds = some.flatMap((word) => Array<Word['do']>(10 * (weights[word] ?? 1)).fill(word))
    if (kinds.length === 0) return
    const sent = causes.filter(() => random.chance(0.5))
    const told = sent.length > 0 ? sent : causes
    for (let slot = 0; slot < slots; slot++) {
      const count = random.between(2, 20)
      for (let n = 0; n < count; n++) {
        const word = this.word(random.pick(kinds), told)
        this.operations.push({ of: 'actor', host, slot, ...word })
      }
    }
    for (let n = random.below(4); n > 0; n--) {
      this.deed({ do: 'killActor', to: random.below(slots), cause: random.pick(told) })
    }
  }

  private word(kind: Word['do'], told: readonly Cause[]): Word {
    const { random } = this
    const to = random.below(slots)
    switch (kind) {
      case 'send':
      case 'link':
      case 'unlink':
      case 'monitor':
      case 'lastWords':
      case 'uncopiable':
        return { do: kind, to }
      case 'demonitor':
      case 'cancel':
        return { do: kind, nth: random.below(4) }
      case 'exit':
        return { do: kind, to, cause: random.pick(told) }
      case 'die':
        return { do: kind, cause: random.pick(told) }
      case 'trap':
        return { do: kind, traps: random.chance(0.7) }
      case 'priority':
        return { do: kind, priority: random.pick(['high', 'normal', 'low', 'low']) }
      case 'register':
      case 'sendName':
        return { do: kind, name: random.pick(['ann', 'ben']) }
      case 'sendAfter':
        return { do: kind, to, ms: random.pick([0, 1, 1.5, 20, 20, 31, 33, 400, 1_100]) }
      case 'spawn':
        return {
          do: kind,
          to: random.between(actorsAtFirst, slots - 1),
          how: random.pick(['plain', 'link', 'monitor']),
        }
      case 'receive':
        return {
          do: kind,
          which: random.pick<Which>(['any', 'any', 'odd', 'exit', 'down']),
          limitMs: random.pick([0, 0, 1, 20, 20.5, 300, 700]),
        }
      case 'sleep':
        return { do: kind, ms: random.pick([0, 1, 2.5, 20, 32, 150]) }
      case 'spin':
        return { do: kind, steps: random.pick([5, 100, 3_000, 9_000]) }
      case 'overrun':
        return { do: kind, caught: random.chance(0.4) }
    }
  }

  trees(): void {
    const { random, host } = this
    const count = random.between(1, 2)
    for (let n = 0; n < count; n++) {
      const tree = this.tree(`t${n}`, random.between(0, 2))
      this.operations.push({ of: 'host', host, do: 'tree', tree })
      const workers = workersOf(tree)
      const some = causes.filter(() => random.chance(0.4))
      for (let lives = random.between(0, 10); lives > 0 && workers.length > 0; lives--) {
        this.operations.push({
          of: 'worker',
          host,
          do: 'life',
          worker: random.pick(workers).id,
          fails: random.chance(0.25),
          afterMs: random.pick([0, 0, 5, 40, 40, 600, 990, 1_000, 2_400]),
          cause: random.pick(some.length > 0 ? some : causes),
        })
      }
      for (let kills = random.between(0, 5); kills > 0; kills--) {
        this.deed({
          do: 'killSupervised',
          nth: random.below(30),
          cause: random.pick(['kill', 'kill', ...causes] as Cause[]),
        })
      }
      if (random.chance(0.2)) this.deed({ do: 'stopTree', nth: n })
    }
  }

  private tree(id: string, depth: number): TreePlan {
    const { random } = this
    const children = Array.from({ length: random.between(1, 4) }, (_, at) => {
      const name = `${id}.${at}`
      return depth > 0 && random.chance(0.35) ? this.tree(name, depth - 1) : this.worker(name)
    })
    return {
      id,
      strategy: random.pick(['one_for_one', 'one_for_all', 'rest_for_one']),
      intensity: random.pick([0, 1, 1, 2, 3, 10]),
      periodSeconds: random.pick([1, 1, 2, 5]),
      children,
    }
  }

  private worker(id: string): WorkerPlan {
    const { random } = this
    return {
      id,
      restart: random.pick(['permanent', 'permanent', 'transient', 'temporary']),
      shutdown: random.pick([0, 10, 100, 5_000, 'infinity', 'brutal_kill']),
      announces: random.chance(0.5),
      traps: random.chance(0.5),
      startMs: random.pick([0, 0, 0, 5, 30]),
      stopMs: random.pick([0, 0, 1, 20, 60]),
    }
  }

  clients(): void {
    const { random, host } = this
    for (let slot = 0; slot < clients; slot++) {
      for (let count = random.between(3, 12); count > 0; count--) {
        this.operations.push({ of: 'client', host, slot, ...this.errand() })
      }
    }
    for (let n = random.below(3); n > 0; n--)
      this.deed({ do: 'killDesk', nth: random.below(desks) })
  }

  private errand(): Errand {
    const { random } = this
    const desk = random.below(desks + 1)
    switch (random.below(6)) {
      case 0:
        return { do: 'cast', desk }
      case 1:
        return { do: 'task', ends: random.pick(['value', 'value', 'crash', 'long']) }
      case 2:
        return { do: 'pause', ms: random.pick([0, 10, 100]) }
    }
    const often: Treatment[] = ['now', 'now', 'slow', 'later', 'never', 'crash', 'stop', 'leave']
    const limitMs = random.pick([1, 10, 20, 21, 50, 5_000])
    return { do: 'call', desk, how: random.pick(often), limitMs }
  }

  visitors(): void {
    const { random } = this
    // Some type what counts for ever, too.
    const short = ['5', '13', '1', '1000', 'garbage', '5.5', '', '+7']
    const typed = random.chance(0.4) ? [...short, '-5', '0', '9'.repeat(38)] : short
    for (let visitor = 0; visitor < visitors; visitor++) {
      for (let count = random.below(6); count > 0; count--) {
        this.deed({ do: 'wish', visitor, text: random.pick(typed) })
        if (random.chance(0.3)) this.deed({ do: 'again', visitor })
        if (random.chance(0.3)) this.deed({ do: 'follow', visitor })
      }
    }
    const whom = ['sum', 'session', 'reception', 'sums', 'sessions'] as const
    for (let kills = random.below(4); kills > 0; kills--) {
      this.deed({ do: 'killDemo', whom: random.pick(whom) })
    }
  }

  /** Many at the same moments, so that a reader is often between two versions. */
  upgrades(): void {
    const { random } = this
    for (let count = random.between(4, 20); count > 0; count--) {
      const word = random.pick<HotWord>(['turn', 'turn', 'again', 'call', 'end'])
      const what = random.pick(['load', 'load', 'purge', 'softPurge', 'word', 'word'] as const)
      const nth = random.below(8)
      this.deed(what === 'word' ? { do: 'tellReader', nth, word } : { do: what })
    }
  }

  /** Who keeps the processor: loops without end, and pairs that never let go of a word. */
  hogs(order: Order): void {
    for (let count = this.random.between(1, 2); count > 0; count--) this.deed({ do: 'endless' })
    if (order === 'fair') this.deed({ do: 'chatter' })
  }

  deed(deed: Deed): void {
    const atMs = this.random.pick([0, 1, 30, 31, 500, 1_000, 2_000, faultsEndMs - 1])
    const moment = this.random.chance(0.5) ? atMs : this.random.below(faultsEndMs)
    this.operations.push({ of: 'world', host: this.host, atMs: moment, ...deed })
  }
}

export const isTree = (child: WorkerPlan | TreePlan): child is TreePlan => 'strategy' in child

export const workersOf = (tree: TreePlan): WorkerPlan[] =>
  tree.children.flatMap((child) => (isTree(child) ? workersOf(child) : [child]))
