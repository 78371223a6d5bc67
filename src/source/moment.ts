/*
 * A moment of a recording, as far as a running system can go on from it: the walls of the boards
 * with their notes, the load that was wanted, and which code ran. A recording has no authors and no
 * source texts, so neither has a moment.
 *
 * It may come from a stranger's recording, by way of a browser's memory. So whatever of it is unfit
 * is left out, there is an end to everything, and the rest is a moment all the same.
 */
import {
  array,
  boolean,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  nonEmpty,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  safeParse,
  string,
  unknown,
  type GenericSchema,
  type InferOutput,
} from 'valibot'
import { plantedBugs } from '../compile/repairs'
import { maxShown } from '../protocol/board'
import { maxTarget } from '../protocol/load'
import { maxNoteUnits } from '../protocol/note-text'

/** Of one note: more than any audience has hands. */
const maxVotes = 1_000_000
/** Of all notes together, since each vote is an entry in a log. */
const maxVotesInAll = 20_000
const maxBoards = 20
const dayMs = 24 * 60 * 60_000

const count = (most: number) => pipe(number(), integer(), minValue(0), maxValue(most))

const note = object({
  id: count(Number.MAX_SAFE_INTEGER),
  text: pipe(string(), nonEmpty(), maxLength(maxNoteUnits)),
  votes: count(maxVotes),
  pinned: boolean(),
})
export type MomentNote = InferOutput<typeof note>

const wall = object({
  question: pipe(string(), nonEmpty(), maxLength(1_000)),
  open: boolean(),
  wasOpened: boolean(),
  approveFirst: boolean(),
  slowSeconds: count(600),
  blank: boolean(),
  /** The note that fills the wall, or null. */
  spotlight: optional(unknown()),
  notes: array(unknown()),
})

const board = object({ id: pipe(string(), regex(/^[a-z0-9_-]{1,60}$/)), wall })

const load = object({ target: count(maxTarget), playHosts: count(1_000) })

const code = object({
  version: pipe(count(1_000_000), minValue(1)),
  /** What of the planted bugs it had repaired; missing where the recording does not say. */
  repairs: optional(
    object({
      repaired: pipe(array(picklist(plantedBugs)), maxLength(plantedBugs.length)),
      hasMore: boolean(),
    }),
  ),
})

const moment = object({
  moment: literal(1),
  title: pipe(string(), maxLength(200)),
  atMs: pipe(number(), minValue(0), maxValue(dayMs)),
  boards: optional(unknown()),
  /** The board of the slide that was on. */
  board: optional(unknown()),
  load: optional(unknown()),
  code: optional(unknown()),
})

export interface MomentWall extends Omit<InferOutput<typeof wall>, 'spotlight' | 'notes'> {
  readonly notes: readonly MomentNote[]
  /** Id of the note that fills the wall. */
  readonly spotlight?: number
}

export interface MomentBoard {
  readonly id: string
  readonly wall: MomentWall
}

export interface Moment {
  /** Version of this shape. */
  readonly moment: 1
  /** What the recorded talk is called. */
  readonly title: string
  /** Its place in the recording. */
  readonly atMs: number
  readonly boards: readonly MomentBoard[]
  /** Id of the board that the slide asked to which was on. */
  readonly board?: string
  readonly load: InferOutput<typeof load>
  readonly code: InferOutput<typeof code>
}

/** Reads a moment, and leaves out what of it is unfit; undefined when it is none at all. */
export function readMoment(raw: unknown): Moment | undefined {
  const read = safeParse(moment, raw)
  if (!read.success) return undefined
  const { title, atMs } = read.output
  const on = fit(board.entries.id, read.output.board)
  const boards = fitAmong(board, read.output.boards, maxBoards)
  return {
    ...{ moment: 1, title, atMs },
    boards: withVotesBounded(boards.map(({ id, wall }) => ({ id, wall: fitWall(wall) }))),
    ...(on !== undefined && { board: on }),
    load: fit(load, read.output.load) ?? { target: 0, playHosts: 1 },
    code: fit(code, read.output.code) ?? { version: 1 },
  }
}

function fitWall({ spotlight, notes: raw, ...face }: InferOutput<typeof wall>): MomentWall {
  const byId = new Map(fitAmong(note, raw, maxShown).map((note) => [note.id, note]))
  const notes = [...byId.values()].sort((one, other) => one.id - other.id)
  const lit = notes.find(({ id }) => id === spotlight)
  return { ...face, notes, ...(lit && { spotlight: lit.id }) }
}

/** What votes are beyond the bound, the later notes do without. */
function withVotesBounded(boards: readonly MomentBoard[]): MomentBoard[] {
  let left = maxVotesInAll
  return boards.map(({ id, wall }) => {
    const notes = wall.notes.map((note) => {
      const votes = Math.min(note.votes, left)
      left -= votes
      return { ...note, votes }
    })
    return { id, wall: { ...wall, notes } }
  })
}

function fit<Schema extends GenericSchema>(schema: Schema, raw: unknown) {
  const read = safeParse(schema, raw)
  return read.success ? read.output : undefined
}

/** The fit ones among the first of a list; none where there is no list. */
function fitAmong<Schema extends GenericSchema>(schema: Schema, raw: unknown, most: number) {
  const all = Array.isArray(raw) ? raw.slice(0, most) : []
  return all.flatMap((part) => {
    const read = safeParse(schema, part)
    return read.success ? [read.output] : []
  })
}
