/*
 * What the root says of hot code to play hosts, to the spare and to the canary, and what they
 * answer. Code travels as files in the folder of this run, so a word of it is small. What is
 * answered is judged: who loads new code may be broken by it.
 */
import { array, literal, maxLength, minValue, number, object } from 'valibot'
import { optional, picklist, pipe, safeInteger, safeParse, string, variant } from 'valibot'
import type { InferOutput } from 'valibot'
import { hotModules, type HotModule, type Sources } from './upgrades'
import { isShallow } from './wire'

/** The file of each hot module; none for the one that was built. */
export type HotFiles = Readonly<Partial<Record<HotModule, string>>>

export type CodeWord =
  | {
      readonly type: 'code'
      /** Names the question; the answer has it too. */
      readonly ref: number
      readonly files: HotFiles
      /** Nobody is asked any more: a host that cannot take it ends, and begins anew with it. */
      readonly isSettled: boolean
    }
  /** Ends whoever runs old code. */
  | { readonly type: 'purge_code'; readonly ref: number }

/** root → canary, once. */
export interface TryWord {
  readonly type: 'try_code'
  /** What is to be tried. */
  readonly sources: Sources
  /** An empty folder of its own, for what is compiled. */
  readonly folder: string
  /** What runs everywhere now. */
  readonly current: HotFiles
}

const count = pipe(number(), safeInteger(), minValue(0))
const text = (length: number) => pipe(string(), maxLength(length))

const fromPlay = variant('type', [
  object({ type: literal('code_loaded'), ref: count }),
  object({ type: literal('code_refused'), ref: count, sentence: text(400) }),
  /** How it is since the last load (`HostCode`). */
  object({ type: literal('code_state'), lingering: count, running: count, lost: count }),
  object({ type: literal('code_purged'), ref: count, count }),
])
export type FromPlay = InferOutput<typeof fromPlay>

const fromCanary = variant('type', [
  object({
    type: literal('code_tried'),
    tries: array(text(200)),
    // Where there is no folder for them.
    files: optional(object({ sum: optional(string()), session: optional(string()) })),
  }),
  object({
    type: literal('code_problem'),
    problem: object({
      sentence: text(400),
      module: optional(picklist(hotModules)),
      line: optional(count),
      column: optional(count),
    }),
  }),
])
export type FromCanary = InferOutput<typeof fromCanary>

/** A play host's word on its code, or undefined when it is none. */
export function readFromPlay(raw: unknown): FromPlay | undefined {
  const read = isShallow(raw) ? safeParse(fromPlay, raw) : undefined
  return read?.success ? read.output : undefined
}

/** The canary's word, or undefined when it is none. */
export function readFromCanary(raw: unknown): FromCanary | undefined {
  const read = isShallow(raw) ? safeParse(fromCanary, raw) : undefined
  return read?.success ? read.output : undefined
}
