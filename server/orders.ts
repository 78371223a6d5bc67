/*
 * Every word between the root and a host, over the channel that Node lays at the fork.
 *
 * root → host (orders)
 *   stop   {}              end in order; after the host's `shutdownMs` it is killed
 *   word   { word }        something for the host itself
 * host → root (reports)
 *   beat   { rssMb, cpuMs, processes }  the event loop turns; each 100 ms
 *   ready  { details }     serves from now on
 *   fail   { sentence }    cannot start or go on, and why, for people; the host ends itself
 *   word   { word }        something for the root
 *
 * A host may be broken by the audience and say anything, so the root reads reports like a
 * stranger's message: shape first, and never deeper than what the root may safely write to its log.
 */
import { literal, maxLength, number, object, optional, pipe, safeParse, string } from 'valibot'
import { unknown, variant, type InferOutput } from 'valibot'
import { isShallow } from '../src/protocol/wire'

/** The environment's name under which a host finds the root's pid. */
export const rootPidName = 'ROOT_PID'

export type Order = { readonly type: 'stop' } | { readonly type: 'word'; readonly word: unknown }

const report = variant('type', [
  object({
    type: literal('beat'),
    rssMb: number(),
    cpuMs: number(),
    processes: optional(number()),
  }),
  object({ type: literal('ready'), details: optional(unknown()) }),
  object({ type: literal('fail'), sentence: pipe(string(), maxLength(500)) }),
  object({ type: literal('word'), word: unknown() }),
])

export type Report = InferOutput<typeof report>

/** The report in a raw value, or undefined when it is none (at most 8 deep, at most 64 parts). */
export function readReport(raw: unknown): Report | undefined {
  const read = isShallow(raw) ? safeParse(report, raw) : undefined
  return read?.success ? read.output : undefined
}
