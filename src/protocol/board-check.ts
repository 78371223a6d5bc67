/*
 * What a wish to a board must look like, and whose it may be: told from its shape alone, before
 * anything is decided.
 */
import { maxNoteUnits } from './note-text'
import { refuse, type Refusal } from './refusals'

type Fields = Readonly<Record<string, unknown>>
type Checks = Readonly<Record<string, (value: unknown) => boolean>>

const isNote = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0
const isNoteOrNone = (value: unknown): boolean => value === null || isNote(value)
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isState = (value: unknown): boolean =>
  value === 'waiting' || value === 'shown' || value === 'hidden'
const isName = (value: unknown): boolean =>
  typeof value === 'string' && /^[a-z0-9]{1,40}$/.test(value)

const settingChecks: Checks = {
  open: isBoolean,
  approveFirst: isBoolean,
  slowSeconds: (value) => Number.isInteger(value) && isWithin(value as number, 0, 600),
  filter: (value) => value === 'off' || value === 'mark' || value === 'hold',
}

const isWithin = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most

const isSettings = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([name, set]) => checkOf(settingChecks, name)?.(set) === true)

const audienceCommands: Readonly<Record<string, Checks>> = {
  post_note: { text: (value) => typeof value === 'string' },
  withdraw_note: { note: isNote },
  second_note: { note: isNote },
}

const moderatorCommands: Readonly<Record<string, Checks>> = {
  moderate_note: { note: isNote, state: isState },
  pin_note: { note: isNote, pinned: isBoolean },
  merge_note: { note: isNote, into: isNoteOrNone },
  spotlight_note: { note: isNoteOrNone },
  mute_author: { author: isName, muted: isBoolean },
  change_settings: { settings: isSettings },
  blank_wall: { blank: isBoolean },
  reset_board: {},
  undo_reset: {},
}

/**
 * Shape check of a board's command, and whether its sender may wish it; the gateway asks before the
 * host sees anything.
 */
export function checkBoardCommand(command: unknown, isPresenter: boolean): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, ...fields } = command as Fields
  if (typeof type !== 'string') return refuse('malformed')
  const isModerators = Object.hasOwn(moderatorCommands, type)
  if (isModerators && !isPresenter) return refuse('presenter_only')
  const checks = isModerators ? moderatorCommands[type] : checkedFields(type)
  if (!checks || !hasExactly(fields, checks)) return refuse('malformed')
  const { text } = fields
  return typeof text === 'string' && text.length > maxNoteUnits
    ? refuse('note_too_long')
    : undefined
}

const checkedFields = (type: string): Checks | undefined =>
  Object.hasOwn(audienceCommands, type) ? audienceCommands[type] : undefined

const checkOf = (checks: Checks, name: string) =>
  Object.hasOwn(checks, name) ? checks[name] : undefined

function hasExactly(fields: Fields, checks: Checks): boolean {
  const names = Object.keys(fields)
  return (
    names.length === Object.keys(checks).length &&
    names.every((name) => checkOf(checks, name)?.(fields[name]) === true)
  )
}
