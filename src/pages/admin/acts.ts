/*
 * What a moderator does with one key: the commands that do it, and those that undo it. Each command
 * sets a value, so its inverse sets the value of before, read from the view at that moment. An act
 * that would change nothing is undefined.
 */
import type {
  BoardSettings,
  BoardView,
  ModeratorCommand,
  Note,
  NoteState,
} from '../../protocol/board'

export interface Act {
  /** What was done, for people: `Hidden`. */
  readonly says: string
  readonly commands: readonly ModeratorCommand[]
  readonly inverse: readonly ModeratorCommand[]
  /** The note that it was done to. */
  readonly note?: Note
}

/** A command and what takes it back. */
type Step = readonly [does: ModeratorCommand, undoes: ModeratorCommand]

function act(says: string, steps: readonly Step[], note?: Note): Act | undefined {
  if (steps.length === 0) return undefined
  const commands = steps.map(([does]) => does)
  const inverse = steps.map(([, undoes]) => undoes).reverse()
  return { says, commands, inverse, ...(note && { note }) }
}

const verdicts: Readonly<Record<NoteState, string>> = {
  shown: 'Shown',
  hidden: 'Hidden',
  waiting: 'Put back to waiting',
}

/** Gives a note a state. To show one that was merged takes it out of the other, too. */
export function moderate(note: Note, state: NoteState): Act | undefined {
  const apart = state === 'shown' ? separating(note) : []
  return act(verdicts[state], [...apart, ...moderating(note, state)], note)
}

const moderating = ({ id, state: before }: Note, state: NoteState): Step[] =>
  before === state
    ? []
    : [
        [
          { type: 'moderate_note', note: id, state },
          { type: 'moderate_note', note: id, state: before },
        ],
      ]

export function pin(note: Note): Act | undefined {
  const { id, pinned } = note
  const step = (value: boolean): ModeratorCommand => {
    return { type: 'pin_note', note: id, pinned: value }
  }
  return act(pinned ? 'Unpinned' : 'Pinned', [[step(!pinned), step(pinned)]], note)
}

/** Fills the wall with a note, which shows it if it was not; or, when it does, ends that. */
export function spotlight(view: BoardView, note: Note, isLit: boolean): Act | undefined {
  if (isLit) return darken(view)
  const light = (id: number | null): ModeratorCommand => ({ type: 'spotlight_note', note: id })
  const shows = [...separating(note), ...moderating(note, 'shown')]
  return act('In the spotlight', [...shows, [light(note.id), light(view.spotlight ?? null)]], note)
}

/** Ends the spotlight, whatever note is in it. */
export function darken(view: BoardView): Act | undefined {
  const note = view.notes.find(({ id }) => id === view.spotlight)
  if (!note) return undefined
  const step: Step = [
    { type: 'spotlight_note', note: null },
    { type: 'spotlight_note', note: note.id },
  ]
  return act('Out of the spotlight', [step], note)
}

export function mute(view: BoardView, author: string, note?: Note): Act | undefined {
  const isMuted = view.muted.includes(author)
  const step = (muted: boolean): ModeratorCommand => ({ type: 'mute_author', author, muted })
  return act(isMuted ? 'Author unmuted' : 'Author muted', [[step(!isMuted), step(isMuted)]], note)
}

/**
 * Puts a note into another. What was merged into it goes along by itself; to undo that, each of
 * those is sent back.
 */
export function merge(view: BoardView, note: Note, into: number): Act | undefined {
  const followers = view.notes.filter(({ mergedInto }) => mergedInto === note.id)
  const move = (id: number, to: number | null): ModeratorCommand => {
    return { type: 'merge_note', note: id, into: to }
  }
  return {
    says: 'Merged',
    commands: [move(note.id, into)],
    inverse: [move(note.id, null), ...followers.map(({ id }) => move(id, note.id))],
    note,
  }
}

export const separate = (note: Note): Act | undefined => act('Taken apart', separating(note), note)

function separating({ id, mergedInto }: Note): Step[] {
  if (mergedInto === undefined) return []
  return [
    [
      { type: 'merge_note', note: id, into: null },
      { type: 'merge_note', note: id, into: mergedInto },
    ],
  ]
}

export function set<Name extends keyof BoardSettings>(
  { settings }: BoardView,
  name: Name,
  value: BoardSettings[Name],
): Act | undefined {
  const step = (to: BoardSettings[Name]): ModeratorCommand => {
    return { type: 'change_settings', settings: { [name]: to } }
  }
  return act(settingWords({ ...settings, [name]: value })[name], [
    [step(value), step(settings[name])],
  ])
}

/** How a board is set, in words. */
export function settingWords(
  settings: BoardSettings,
): Readonly<Record<keyof BoardSettings, string>> {
  const { open, approveFirst, slowSeconds, filter } = settings
  return {
    open: open ? 'Board open' : 'Board closed',
    approveFirst: approveFirst ? 'Approve first' : 'Shown at once',
    slowSeconds: slowSeconds > 0 ? `Slow: ${slowSeconds} s` : 'Slow: off',
    filter: `Word filter: ${filter}`,
  }
}

export function blank({ blank }: BoardView): Act | undefined {
  const step = (value: boolean): ModeratorCommand => ({ type: 'blank_wall', blank: value })
  return act(blank ? 'Projector shows the wall' : 'Projector blank', [[step(!blank), step(blank)]])
}

export const reset = (): Act => ({
  says: 'Board reset',
  commands: [{ type: 'reset_board' }],
  inverse: [{ type: 'undo_reset' }],
})

const slowSteps = [0, 15, 30, 60]

/** The next of 0, 15, 30 and 60 seconds, and 0 again. */
export const slowerThan = (seconds: number): number => slowSteps.find((step) => step > seconds) ?? 0

const filters = ['off', 'mark', 'hold'] as const

export const filterAfter = (filter: BoardSettings['filter']): BoardSettings['filter'] =>
  filters[(filters.indexOf(filter) + 1) % filters.length] ?? 'off'
