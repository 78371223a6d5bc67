/*
 * A crowd of real pages' sources through random times: events come in bursts, the writer skips,
 * restarts under its epoch or another, its line breaks, phones come, leave, and are cut off. In the
 * end every phone has the writer's list, and none was ever told an event twice or one too early:
 * each folds numbers, and any other than the next is written down.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FromHost, ToHost } from '../../src/protocol/envelope'
import type { Fold } from '../../src/protocol/fold'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { Random } from '../support/random'
import { until } from '../support/until'
import { createHost, openHall, type Hall, type StandInHost } from './hall'

const stream = 'boards/board/tools'
const steps = 150
const phones = 40

interface Counted {
  readonly last: number
  readonly wrong: readonly string[]
}

const counting: Fold<Counted, number> = {
  empty: { last: 0, wrong: [] },
  fold: ({ last, wrong }, number) => {
    const isNext = number === last + 1
    return { last: number, wrong: isNext ? wrong : [...wrong, `${number} after ${last}`] }
  },
}

let host: StandInHost
let hall: Hall
let crowd: Phone[]

beforeEach(async () => {
  host = await createHost()
  hall = await openHall({
    hosts: { boards: host },
    windowMs: (followers) => followers / 4,
    cap: { all: 1_000, ofOne: 1_000 },
  })
})
afterEach(async () => {
  crowd.forEach(({ source }) => source.close())
  await hall.close()
})

/** A stream's writer: its events are the numbers from 1 on. */
class Writer {
  private seq = 0
  private life = 1

  say(count: number): void {
    const events = Array.from({ length: count }, () => ++this.seq)
    host.say(this.word(events))
  }

  /** Goes on and tells nobody. */
  skip(count: number): void {
    this.seq += count
  }

  /** Tells how far it is, as one does that was restarted and lost nothing. */
  place(): void {
    host.say(this.word([]))
  }

  restart(): void {
    this.life++
    this.seq = 0
    host.say({ type: 'snapshot', ...this.snapshot() })
  }

  show(word: ToHost): void {
    if (word.type !== 'follow') return
    const { ref, epoch, after } = word
    const isKnown = epoch === this.epoch && after !== undefined && after <= this.seq
    host.say({ type: 'answer', ref, answer: { ok: true } })
    if (!isKnown) return host.say({ type: 'snapshot', ref, ...this.snapshot() })
    const events = Array.from({ length: this.seq - after }, (_, at) => after + 1 + at)
    host.say({ ...this.word(events), ref } as FromHost)
  }

  get state() {
    return { epoch: this.epoch, view: { last: this.seq, wrong: [] } }
  }

  private get epoch(): string {
    return `e${this.life}`
  }

  private snapshot() {
    return { stream, epoch: this.epoch, seq: this.seq, view: { last: this.seq, wrong: [] } }
  }

  private word(events: readonly number[]): FromHost {
    return { type: 'events', stream, epoch: this.epoch, seq: this.seq, events }
  }
}

interface Phone {
  readonly source: LiveSource
  state: unknown
  stop: () => void
}

function join(visitor: number): Phone {
  const source = createLiveSource({
    url: hall.url,
    wakes: () => () => {},
    cookie: `visitor${visitor}`,
  })
  const phone: Phone = { source, state: undefined, stop: () => {} }
  follow(phone)
  return phone
}

function follow(phone: Phone): void {
  phone.stop()
  phone.stop = phone.source.follow(stream, counting, (now) => (phone.state = now))
}

test.each([1, 2, 3, 4])('all have all, each once and in order (seed %i)', async (seed) => {
  const random = new Random(seed)
  const writer = new Writer()
  host.onWord = (word) => writer.show(word)
  crowd = Array.from({ length: phones / 2 }, (_, at) => join(at))
  const acts: readonly [weight: number, act: () => void][] = [
    [60, () => writer.say(random.between(1, 5))],
    [8, () => crowd.length < phones && crowd.push(join(crowd.length))],
    [8, () => follow(random.pick(crowd))],
    [4, () => void writer.skip(random.between(1, 3))],
    [4, () => writer.place()],
    [2, () => writer.restart()],
    [3, () => host.hangUp()],
    [2, () => host.calls.at(-1)?.destroy()],
  ]
  const all = acts.flatMap(([weight, act]) => Array.from({ length: weight }, () => act))
  for (let step = 0; step < steps; step++) {
    random.pick(all)()
    if (random.chance(0.3)) await nextTurn()
    if (random.chance(0.2)) await pause(random.between(1, 20))
  }
  await until(() => expect(host.calls.at(-1)!.destroyed).toBe(false))
  // What was skipped last is shown by what comes after it.
  await until(() => {
    writer.place()
    expect(crowd.map(({ state }) => state)).toEqual(crowd.map(() => writer.state))
  })
})
