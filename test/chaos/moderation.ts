/*
 * Whoever moderates while the hall writes: takes a note from the wall each second, shows some of
 * them again, and blanks the wall now and then. And how soon the walls obeyed, counted from the
 * wish: a note that should not be read is read until it is gone.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ModeratorCommand } from '../../src/protocol/board'
import type { WallNote } from '../../src/protocol/wall'
import { until } from '../support/until'
import { rowsOf } from './checker'
import { nowMs, type Row } from './history'
import type { Presenter } from './presenter'
import { spread, type Spread } from './spread'

/** Something wished by whoever moderates. */
export interface Deed {
  /** When it was wished, however long it waited then. */
  readonly at: number
  readonly command: ModeratorCommand
  /** `ok` or the code of the refusal, once it is answered. */
  outcome?: string
}

export interface Obeyed {
  /** From the wish until a wall no longer has the note. */
  readonly hiddenMs: Spread
  /** From the wish until a wall is blank. */
  readonly blankMs: Spread
  readonly wrong: readonly string[]
}

const halfSecondMs = 500
const answersWithinMs = 60_000
/** A figure of fewer walls says little. */
const leastWalls = 5

/** Moderates a board for so long. Gives what was wished, once all of it is answered. */
export async function moderate(
  presenter: Presenter,
  board: string,
  seconds: number,
): Promise<Deed[]> {
  const deeds: Deed[] = []
  const hidden: number[] = []
  const taken = new Set<number>()
  const wall = presenter.watch(board)

  function wish(command: ModeratorCommand) {
    const deed: Deed = { at: nowMs(), command }
    deeds.push(deed)
    void presenter.wish(board, command).then((answer) => {
      deed.outcome = answer.ok ? 'ok' : answer.refusal.code
    })
  }

  function hideOne() {
    const note = worstOf(wall().filter(({ id }) => !taken.has(id)))
    if (note === undefined) return
    taken.add(note)
    hidden.push(note)
    wish({ type: 'moderate_note', note, state: 'hidden' })
  }

  function showOne() {
    const note = hidden.shift()
    if (note !== undefined) wish({ type: 'moderate_note', note, state: 'shown' })
  }

  for (let second = 0; second < seconds; second++) {
    hideOne()
    await pause(halfSecondMs)
    if (second % 2 === 0) wish({ type: 'blank_wall', blank: second % 4 === 0 })
    else showOne()
    await pause(halfSecondMs)
  }
  wish({ type: 'blank_wall', blank: false })
  await until(() => {
    if (deeds.some(({ outcome }) => outcome === undefined)) throw new Error('not answered')
  }, answersWithinMs).catch(() => undefined)
  return deeds
}

/** The newest that somebody seconded: everybody looks at it, and nothing crowds it out so soon. */
const worstOf = (notes: readonly WallNote[]): number | undefined =>
  (notes.findLast(({ votes }) => votes > 0) ?? notes.at(-1))?.id

/** How soon the walls did as was wished. */
export function measure(deeds: readonly Deed[], rows: readonly Row[]): Obeyed {
  // What crowded out the note was quicker than we.
  const done = deeds.filter(({ outcome }) => outcome !== 'unknown_note')
  const refused = done.filter(({ outcome }) => outcome !== 'ok')
  const hides = done.filter(({ command }) => isHide(command))
  const blanks = done.filter(({ command }) => command.type === 'blank_wall' && command.blank)
  const gone = rowsOf(rows, 'gone')
  const dark = rowsOf(rows, 'blank')
  const hidden = hides.map(({ at, command }) => {
    const id = noteOf(command)
    return delays(
      at,
      gone.filter(({ note }) => note === id),
    )
  })
  const blanked = blanks.map(({ at }) => delays(at, dark))
  return {
    hiddenMs: spread(hidden.flat()),
    blankMs: spread(blanked.flat()),
    wrong: [
      ...refused.map(({ command, outcome = 'no answer' }) => `${command.type}: ${outcome}`),
      ...tooFew('hid a note', hidden),
      ...tooFew('blanked the wall', blanked),
    ],
  }
}

const isHide = (command: ModeratorCommand): boolean =>
  command.type === 'moderate_note' && command.state === 'hidden'

const noteOf = (command: ModeratorCommand): number =>
  command.type === 'moderate_note' ? command.note : 0

/** How long after a time each wall was first heard of. */
function delays(
  sinceMs: number,
  heard: readonly { readonly at: number; readonly client: number }[],
): number[] {
  const firstMs = new Map<number, number>()
  for (const { at, client } of heard) {
    if (at >= sinceMs) firstMs.set(client, Math.min(at, firstMs.get(client) ?? at))
  }
  return [...firstMs.values()].map((at) => at - sinceMs)
}

function tooFew(what: string, obeyed: readonly (readonly number[])[]): string[] {
  if (obeyed.length === 0) return [`nobody ever ${what}`]
  const unseen = obeyed.filter((walls) => walls.length < leastWalls).length
  const times = `${unseen} of ${obeyed.length} times`
  return unseen === 0 ? [] : [`${times} somebody ${what}, fewer than ${leastWalls} walls obeyed`]
}
