/*
 * Wishes on their way. Each has an id from the start and is sent, and sent again with that same id,
 * until it is answered by something other than a passing refusal; its writer grants each id once
 * (envelope.ts), so it does not matter how often it travels, nor which of its copies is answered.
 *
 * One wish per stream is under way at a time: that keeps their order, whatever is lost on the way.
 */
import { refused, type Answer, type Wish } from '../protocol/envelope'
import { isPassing, refuse } from '../protocol/refusals'
import { growingDelayMs } from './growing-delay'
import type { Stop } from './source'
import { newWishId } from './wish-id'

export interface WishQueueDoors {
  /** Sends a wish. `answered` gets undefined when no answer came in time; a lost line is silent. */
  send(wish: Wish, answered: (answer: Answer | undefined) => void): void
  after(afterMs: number, act: () => void): Stop
}

export interface WishQueue {
  /** Resolves with the answer; never rejects. */
  wish(stream: string, command: unknown, id?: string): Promise<Answer>
  /** Sends again what waits for an answer: the line is back, or a host is. */
  resume(): void
}

/** The wishes to one stream, the first of them under way. */
interface Lane {
  readonly wishes: { readonly wish: Wish; readonly resolve: (answer: Answer) => void }[]
  sent: number
  tries: number
  stopRetry: Stop
}

/** In UTF-8: room for the texts of an upgrade, and safely below what the gateway takes. */
const maxCommandBytes = 15_000

export function createWishQueue({ send, after }: WishQueueDoors): WishQueue {
  const lanes = new Map<string, Lane>()

  function sendFirst(stream: string, lane: Lane) {
    lane.stopRetry()
    const first = lane.wishes[0]
    if (!first) return void lanes.delete(stream)
    const mine = ++lane.sent
    send(first.wish, (answer) => {
      if (lane.wishes[0] !== first) return
      if (answer === undefined || (!answer.ok && isPassing(answer.refusal))) {
        // Of an earlier copy: a later one is under way already.
        if (mine !== lane.sent) return
        lane.stopRetry = after(growingDelayMs(lane.tries++), () => sendFirst(stream, lane))
        return
      }
      lane.tries = 0
      lane.wishes.shift()
      first.resolve(answer)
      sendFirst(stream, lane)
    })
  }

  return {
    wish: (stream, command, id = newWishId()) =>
      new Promise((resolve) => {
        // The gateway would cut the line instead of answering, and the wish would be sent for ever.
        if (new TextEncoder().encode(JSON.stringify(command)).length > maxCommandBytes) {
          return resolve(refused(refuse('too_long')))
        }
        const known = lanes.get(stream)
        const lane = known ?? { wishes: [], sent: 0, tries: 0, stopRetry: () => {} }
        lane.wishes.push({ wish: { id, stream, command }, resolve })
        if (known) return
        lanes.set(stream, lane)
        sendFirst(stream, lane)
      }),
    resume() {
      for (const [stream, lane] of [...lanes]) sendFirst(stream, lane)
    },
  }
}
