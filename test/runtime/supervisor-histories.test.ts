/*
 * Random histories of a supervisor against a model that knows nothing but the rules: ends of every
 * kind, several at the same moment, restarts that fail, and the words by which children are
 * started, terminated, restarted and deleted.
 */
import { describe, expect, it } from 'vitest'
import {
  deleteChild,
  restartChild,
  startChild,
  terminateChild,
  type AutoShutdown,
  type Body,
  type ChildSpec,
  type ChildStarted,
  type Done,
  type Pid,
  type Restart,
  type Strategy,
} from '../../src/runtime'
import type { Random } from '../support/random'
import { forSeeds, type World } from '../support/simulation'
import { child, news, pidOf, Top } from '../support/supervised-worker'
import { SupervisorModel, type ModelSpec } from '../support/supervisor-model'
import { end } from '../support/worker.process'

const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one']
const allIds = [...'abcdefgh']

describe('random histories', () => {
  for (const strategy of strategies) {
    it(`${strategy}: go as the model says`, () => {
      forSeeds(400, (world) => compare(world, strategy))
    })
  }
})

function compare(world: World, strategy: Strategy): void {
  const { random } = world
  const history = new History(world, strategy)
  const { model, top } = history
  for (let turn = 0; turn < 25 && !model.ended; turn++) {
    world.runFor(random.chance(0.3) ? 0 : random.below(2_500))
    const place = `turn ${turn}`
    if (random.chance(0.4)) {
      const [said, expected] = history.speak()
      expect(said, place).toBe(expected)
    } else history.strike()
    expect(news(world), place).toBe(model.news())
    expect(top.reason, place).toBe(model.ended ? 'shutdown' : 'it lives')
    const seen = top
      .lines()
      ?.map(({ id, pid, restarting }) => ({ id, alive: pid !== undefined, restarting }))
    expect(seen, place).toEqual(model.ended ? undefined : model.lines())
  }
}

/** What befalls a supervisor and its model alike. */
class History {
  readonly top: Top
  readonly model: SupervisorModel
  private readonly world: World
  private readonly random: Random
  private readonly specs: ReadonlyMap<string, ModelSpec>
  private readonly attempts = new Map<string, number>()
  private readonly fails: (id: string, attempt: number) => boolean

  constructor(world: World, strategy: Strategy) {
    this.world = world
    const random = (this.random = world.random)
    const autoShutdown = random.pick<AutoShutdown>([
      'never',
      'any_significant',
      'all_significant',
      'all_significant',
    ])
    this.specs = new Map(
      allIds.map((id) => {
        const restart = random.pick<Restart>(['permanent', 'permanent', 'transient', 'temporary'])
        const isOpen = restart !== 'permanent' && autoShutdown !== 'never'
        return [id, { id, restart, significant: isOpen && random.chance(0.5) }]
      }),
    )
    const failing = random.chance(0.5) ? 0.15 : 0
    const plans = new Map(
      allIds.map((id) => [id, Array.from({ length: 200 }, () => random.chance(failing))]),
    )
    // The first start of each always succeeds; which later ones fail is decided beforehand.
    this.fails = (id, attempt) => attempt > 0 && plans.get(id)![attempt]!
    const limit = { intensity: random.below(7), periodSeconds: random.between(1, 5) }
    const first = allIds.slice(0, random.between(1, 6)).map((id) => this.specs.get(id)!)
    const rules = { strategy, autoShutdown, ...limit, fails: this.fails }
    this.model = new SupervisorModel(rules, first)
    const children = first.map((spec) => this.childOf(spec))
    this.top = new Top(world, { strategy, autoShutdown, ...limit, children })
  }

  /** One word to the supervisor: what it says, and what the model says. */
  speak(): [said: string, expected: string] {
    const { model, random } = this
    const id = random.pick(allIds)
    const spec = this.specs.get(id)!
    switch (random.below(4)) {
      case 0:
        return [this.ask((pid) => startChild(pid, this.childOf(spec))), model.startChild(spec)]
      case 1:
        return [this.ask((pid) => terminateChild(pid, id)), model.terminateChild(id)]
      case 2:
        return [this.ask((pid) => restartChild(pid, id)), model.restartChild(id)]
      default:
        return [this.ask((pid) => deleteChild(pid, id)), model.deleteChild(id)]
    }
  }

  /** One end by a reason, or several kills at the same moment. */
  strike(): void {
    const { model, random, world } = this
    const alive = model.alive()
    if (alive.length > 0 && random.chance(0.3)) {
      const struck = random.shuffle(alive).slice(0, random.between(1, 3))
      for (const id of struck) world.runtime.exit(pidOf(world, id), 'kill')
      model.endAll(struck, 'killed', world.nowMs)
    } else if (alive.length > 0) {
      const id = random.pick(alive)
      const reason = random.pick(['normal', 'shutdown', 'boom', 'boom', 'killed'])
      world.runtime.send(id, end(reason))
      model.endAll([id], reason, world.nowMs)
    }
    world.settle()
  }

  private ask(question: (pid: Pid) => Body<Done | ChildStarted>): string {
    const answer = this.top.ask(question)!
    if (answer.ok) return 'ok'
    return Array.isArray(answer.reason) ? String(answer.reason[0]) : String(answer.reason)
  }

  private childOf({ id, restart, significant }: ModelSpec): ChildSpec {
    const fails = () => {
      const attempt = this.attempts.get(id) ?? 0
      this.attempts.set(id, attempt + 1)
      return this.fails(id, attempt) ? 'no luck' : undefined
    }
    return child(id, { restart, significant }, { fails })
  }
}
