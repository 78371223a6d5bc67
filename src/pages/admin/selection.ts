/*
 * Which note the keys act upon. It is chosen by its id and never by its place, so notes may come
 * and go around it. It moves by a key or a tap alone, with one exception that everybody waits for:
 * when nothing was left to judge, the next note that waits is chosen as it comes.
 *
 * When the chosen note goes by itself (its author took it back), nothing is chosen, so that a key
 * that was on its way to that note falls on no other.
 */
import type { Note } from '../../protocol/board'

/** A note's id; `next`: the next one that waits; undefined: none. */
export type Chosen = number | 'next' | undefined

export interface Selection {
  readonly chosen: Chosen
  /** The note beside the chosen one: from there the arrows go on when that is gone. */
  readonly near: number | undefined
}

export const atStart: Selection = { chosen: 'next', near: undefined }

type Rows = readonly Pick<Note, 'id'>[]

/** The selection after the notes changed. `rows` are all that can be seen, in their order. */
export function settled({ chosen, near }: Selection, waiting: Rows, rows: Rows): Selection {
  const id = chosen === 'next' ? waiting[0]?.id : chosen
  if (id === undefined) return { chosen, near }
  const at = rows.findIndex((row) => row.id === id)
  if (at === -1) return { chosen: undefined, near }
  return { chosen: id, near: rows[at + 1]?.id ?? rows[at - 1]?.id }
}

/** The selection one place up or down. */
export function stepped({ chosen, near }: Selection, rows: Rows, by: 1 | -1): Selection {
  const at = rows.findIndex(({ id }) => id === chosen)
  const beside = rows.findIndex(({ id }) => id === near)
  // The note beside stands where the chosen one stood: down is that note, up the one before.
  const to = at >= 0 ? at + by : by === 1 ? beside : beside - 1
  const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]
  return row ? { chosen: row.id, near } : { chosen, near }
}

/**
 * What is chosen once a note was judged: the next of those that waited behind it and still wait, or
 * the oldest.
 */
export function afterJudging(judged: number, waited: Rows, waiting: Rows): Chosen {
  const left = waiting.filter(({ id }) => id !== judged)
  const at = waited.findIndex(({ id }) => id === judged)
  const behind = at === -1 ? [] : waited.slice(at + 1)
  const next = behind.find((row) => left.some(({ id }) => id === row.id)) ?? left[0]
  return next?.id ?? 'next'
}
