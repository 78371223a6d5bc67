/*
 * What the lab's root, which is the page, and its hosts, which are workers, say to each other. In
 * Node the same is said over a leash and local sockets (server/orders.ts, server/host-link).
 *
 * page → worker
 *   begin   { host, life, boards, log }  become this host; what its log has kept
 *   word    { word }                 the root's word (src/protocol/host-words.ts)
 *   call    { whom, port }           somebody calls: `gateway` or `load`
 *   gone    { home }                 whoever lived there lives no more
 * worker → page
 *   beat    { processes, busyMs }    I live; my loop was busy so long since the last beat
 *   ready   { details }              I serve from now on
 *   say     { word }                 a word to the root
 *   fail    { sentence }             I cannot go on
 *   log     { record }               for the system's log
 *   call    { address, port }        I call that host
 *   kept    { stream, entries }, checkpoint { stream, checkpoint }   my log has kept that
 */
import {
  array,
  check,
  instance,
  is,
  literal,
  looseObject,
  number,
  object,
  picklist,
  pipe,
  string,
  unknown,
  variant,
  type InferOutput,
} from 'valibot'
import type { DeclaredBoard } from '../protocol/board'
import type { Checkpoint, Entry } from '../protocol/log'

/** What a log has kept, by stream: it outlives its host. */
export type KeptStreams = ReadonlyMap<
  string,
  { readonly entries: readonly Entry[]; readonly checkpoint?: Checkpoint | undefined }
>

export type ToWorker =
  | {
      readonly type: 'begin'
      readonly host: string
      /** Which life of that host this is, from 1. */
      readonly life: number
      /** The boards that there are. */
      readonly boards: readonly DeclaredBoard[]
      readonly log: KeptStreams
    }
  | { readonly type: 'word'; readonly word: unknown }
  | { readonly type: 'call'; readonly whom: string; readonly port: MessagePort }
  | { readonly type: 'gone'; readonly home: string }

const count = pipe(
  number(),
  check((value) => Number.isFinite(value) && value >= 0),
)

const fromWorker = variant('type', [
  object({ type: literal('beat'), processes: count, busyMs: count }),
  object({ type: literal('ready'), details: unknown() }),
  object({ type: literal('say'), word: unknown() }),
  object({ type: literal('fail'), sentence: string() }),
  object({
    type: literal('log'),
    record: looseObject({ level: picklist(['info', 'warn', 'error']), event: string() }),
  }),
  object({ type: literal('call'), address: string(), port: instance(MessagePort) }),
  object({
    type: literal('kept'),
    stream: string(),
    entries: array(object({ key: string(), event: unknown() })),
  }),
  object({
    type: literal('checkpoint'),
    stream: string(),
    checkpoint: object({ seq: count, view: unknown() }),
  }),
])
export type FromWorker = InferOutput<typeof fromWorker>

/** Whether that is a word of a host: what a learner writes runs there, and may say anything. */
export const isFromWorker = (raw: unknown): raw is FromWorker => is(fromWorker, raw)

export const beatEveryMs = 100
