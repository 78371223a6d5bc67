/*
 * What the lab's root, which is the page, and its hosts, which are workers, say to each other. In
 * Node the same is said over a leash and local sockets (server/orders.ts, server/host-link).
 *
 * page → worker
 *   begin   { host, life, log }      become this host; what its log has kept
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
import type { Checkpoint, Entry } from '../protocol/log'
import type { HostRecord } from '../protocol/log-record'

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
      readonly log: KeptStreams
    }
  | { readonly type: 'word'; readonly word: unknown }
  | { readonly type: 'call'; readonly whom: string; readonly port: MessagePort }
  | { readonly type: 'gone'; readonly home: string }

export type FromWorker =
  | { readonly type: 'beat'; readonly processes: number; readonly busyMs: number }
  | { readonly type: 'ready'; readonly details: unknown }
  | { readonly type: 'say'; readonly word: unknown }
  | { readonly type: 'fail'; readonly sentence: string }
  | { readonly type: 'log'; readonly record: HostRecord }
  | { readonly type: 'call'; readonly address: string; readonly port: MessagePort }
  | { readonly type: 'kept'; readonly stream: string; readonly entries: readonly Entry[] }
  | { readonly type: 'checkpoint'; readonly stream: string; readonly checkpoint: Checkpoint }

export const beatEveryMs = 100
