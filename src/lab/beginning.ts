/*
 * Where the lab begins: with the boards of its deck, no load and the built code; or where a
 * recorded talk was at a moment, as far as a page can go on from there.
 */
import { repair } from '../compile/repairs'
import type { HotTexts } from '../host/upgrades'
import { boardStream, type DeclaredBoard } from '../protocol/board'
import type { Entry } from '../protocol/log'
import type { Moment } from '../source/moment'
import { builtTexts } from './built-texts'
import { entriesOf } from './kept-wall'

export interface Beginning {
  readonly boards: readonly DeclaredBoard[]
  /** Whose pages are shown, if there is any board. */
  readonly board?: string | undefined
  /** It has never been open, so nobody could write on it. */
  readonly isBoardToOpen: boolean
  /** What the boards' log has kept, by stream. */
  readonly entries: ReadonlyMap<string, readonly Entry[]>
  /** How many virtual clients there shall be. */
  readonly target: number
  /** What runs instead of the built code. */
  readonly release?: { readonly version: number; readonly texts: HotTexts }
  /** What of the moment could not be taken along, one sentence each. */
  readonly lacks: readonly string[]
}

/** A tab with more of them would not live to say so. */
const maxClients = 100_000

export const freshBeginning = (boards: readonly DeclaredBoard[]): Beginning => ({
  ...{ boards, board: boards[0]?.id, isBoardToOpen: true },
  ...{ entries: new Map(), target: 0, lacks: [] },
})

/** @param nowMs in milliseconds since the epoch */
export function beginningAt(
  moment: Moment,
  declared: readonly DeclaredBoard[],
  nowMs: number,
): Beginning {
  const walls = new Map(moment.boards.map(({ id, wall }) => [id, wall]))
  const boards = declared.map((board) => {
    // What was asked then is asked on: a board whose deck says otherwise would change it.
    const question = walls.get(board.id)?.question ?? board.question
    return { ...board, question }
  })
  const known = boards.filter(({ id }) => walls.has(id))
  const board = boardOf(moment, known) ?? boards[0]?.id
  const release = releaseOf(moment)
  return {
    ...{ boards, board, isBoardToOpen: walls.get(board ?? '')?.wasOpened !== true },
    entries: new Map(
      known.map(({ id }) => [boardStream(id), entriesOf(walls.get(id)!, nowMs)] as const),
    ),
    target: Math.min(moment.load.target, maxClients),
    ...(release && { release }),
    lacks: lacksOf(moment, known),
  }
}

/** The one that the slide asked to; else the one with the most notes. */
function boardOf({ board, boards }: Moment, known: readonly DeclaredBoard[]): string | undefined {
  const among = boards.filter(({ id }) => known.some((one) => one.id === id))
  const fullest = among.toSorted((one, other) => other.wall.notes.length - one.wall.notes.length)
  return among.find(({ id }) => id === board)?.id ?? fullest[0]?.id
}

/** The built sources with the repairs that ran then; undefined when none did, or none is known. */
function releaseOf({ code: { version, repairs } }: Moment): Beginning['release'] {
  let texts: HotTexts = builtTexts
  for (const bug of repairs?.repaired ?? []) {
    const repaired = repair(texts, bug)
    if (repaired.ok) texts = repaired.sources
  }
  const isBuilt = texts.sum === builtTexts.sum && texts.session === builtTexts.session
  return isBuilt ? undefined : { version: Math.max(version, 2), texts }
}

function lacksOf({ boards, load, code }: Moment, known: readonly DeclaredBoard[]): string[] {
  const unknown = boards.length - known.length
  const { version, repairs } = code
  const many = (count: number, one: string, more: string) =>
    count === 1 ? `1 ${one}` : `${count} ${more}`
  return [
    ...(unknown > 0
      ? [`${many(unknown, 'board is', 'boards are')} left out: this talk has none of that name.`]
      : []),
    ...(load.target > maxClients
      ? [`Of its ${load.target} virtual clients ${maxClients} are here.`]
      : []),
    ...(load.playHosts > 1 ? [`It had ${load.playHosts} play hosts; here is one.`] : []),
    ...(version > 1 && !repairs
      ? [`What release ${version} had changed, it does not tell: here runs the built code.`]
      : []),
    ...(repairs?.hasMore
      ? [`Release ${version} had other changes too, which could not be taken along.`]
      : []),
  ]
}
