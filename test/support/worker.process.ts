/*
 * A child for supervisors: tells the test when it starts and when it is stopped, and ends as it is
 * told.
 */
import {
  announcing,
  exit,
  receive,
  self,
  send,
  sleep,
  started,
  trapExits,
  type Body,
  type ExitMessage,
  type ExitReason,
} from '../../src/runtime'

export interface Traits {
  /** How long its set-up takes. */
  readonly startMs?: number
  /** Asked at each start: a reason makes that start fail. */
  readonly fails?: () => ExitReason
  /** How long it takes to stop when asked. */
  readonly stopMs?: number
  /** Dies of the exit signal itself, without a word. */
  readonly quiet?: boolean
}

/** Ends with `reason` who is sent it. */
export interface End {
  readonly type: 'end'
  readonly reason: ExitReason
}

export const end = (reason: ExitReason): End => ({ type: 'end', reason })

function* work(id: string, traits: Traits = {}): Body {
  const { startMs = 0, stopMs = 0, fails, quiet = false } = traits
  trapExits(!quiet)
  send('test', `start ${id}`)
  yield* sleep(startMs)
  const reason = fails?.()
  if (reason !== undefined) exit(reason)
  send('test', `started ${id}`)
  started()
  const word = yield* receive<End | ExitMessage>(isWord)
  if (word.type === 'end') exit(word.reason)
  send('test', `stop ${id}`)
  yield* sleep(stopMs)
  send('test', `stopped ${id}`)
  exit(word.reason)
}

/** An announcing worker: has started when its set-up is done. */
export const worker = announcing(work)

/** A worker that takes no notice of being asked to stop. */
export function* deafWorker(id: string): Body {
  trapExits(true)
  send('test', `start ${id} ${String(self())}`)
  for (;;) yield* receive()
}

const isWord = (message: unknown): boolean =>
  ['end', 'exit'].includes((message as { type?: string } | null)?.type ?? '')
