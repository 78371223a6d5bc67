/*
 * Sees in what sessions say that a visitor has triggered a planted bug: a number below 1 was taken,
 * so it will be counted up for ever; 13 has crashed; a huge number still calculates after a while.
 * Once the bugs are repaired none of that happens any more, so nothing is found.
 */
import { pause } from '../host/turn'
import { sessionStream } from '../protocol/envelope'
import { huntStream, type FindBug } from '../protocol/hunt'
import { isPassing } from '../protocol/refusals'
import type { SumEvent } from '../protocol/sum'
import { growingDelayMs } from '../source/growing-delay'
import type { Streams } from './streams'

/** Tells what a visitor has found; told again each time that it is triggered. */
export type OnFound = (visitor: string, find: FindBug) => void

/** From here on adding up one by one takes seconds on any machine, and the formula none. */
const hugeDigits = 9
export const hugeAfterMs = 2_000
/** Sums that are looked after at a time: what is beyond counts when somebody tries again. */
const mostWatched = 5_000

export class HuntWatch {
  private readonly onFound: OnFound
  private readonly after: (ms: number, act: () => void) => void
  /** Sums that may still show a bug, by visitor and id. */
  private readonly watched = new Map<string, FindBug['bug']>()

  /** @param after calls once, so many milliseconds from now */
  constructor(onFound: OnFound, after: (ms: number, act: () => void) => void) {
    this.onFound = onFound
    this.after = after
  }

  /** Events that a host tells. It may be broken by the audience and say anything. */
  hear(stream: string, events: readonly unknown[]): void {
    const prefix = sessionStream('')
    if (!stream.startsWith(prefix)) return
    const visitor = stream.slice(prefix.length)
    for (const event of events) {
      const { type, id, number } = (event ?? {}) as Partial<Extract<SumEvent, { number: string }>>
      const key = `${visitor} ${String(id)}`
      if (type === 'sum_started' && typeof number === 'string') this.start(visitor, key, number)
      else this.end(visitor, key, String(type))
    }
  }

  private start(visitor: string, key: string, number: string): void {
    if (number.startsWith('-') || number === '0') {
      this.tell(visitor, 'negative', number === '0')
    } else if (number === '13') {
      this.watch(key, 'thirteen')
    } else if (number.length >= hugeDigits) {
      this.watch(key, 'huge')
      this.after(hugeAfterMs, () => {
        if (this.watched.delete(key)) this.tell(visitor, 'huge')
      })
    }
  }

  private end(visitor: string, key: string, type: string): void {
    const bug = this.watched.get(key)
    if (bug === undefined || !this.watched.delete(key)) return
    if (bug === 'thirteen' && type === 'sum_failed') this.tell(visitor, 'thirteen')
  }

  private watch(key: string, bug: FindBug['bug']): void {
    if (this.watched.size < mostWatched) this.watched.set(key, bug)
  }

  private tell(visitor: string, bug: FindBug['bug'], isShadow = false): void {
    this.onFound(visitor, { type: 'find_bug', bug, isShadow })
  }
}

/** A host that is killed again and again is back between two tries. */
const mostTries = 20

/** A watch that tells the hunt's book what is found, until that has it. */
export function watchHunt(streams: Streams): HuntWatch {
  const report: OnFound = (visitor, find) => void reportTo(streams, visitor, find)
  return new HuntWatch(report, (ms, act) => void setTimeout(act, ms))
}

async function reportTo(streams: Streams, visitor: string, find: FindBug): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    // The book knows by visitor and bug what it has: the id says no more than that.
    const wish = { id: `found-${find.bug}`, stream: huntStream, command: find }
    const answer = await streams.wish(wish, visitor, 'presenter')
    if (answer.ok || !isPassing(answer.refusal)) return
    await pause(growingDelayMs(tries))
  }
}
