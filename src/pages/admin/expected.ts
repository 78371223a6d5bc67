/*
 * The board as it will be once all that is on its way has been granted. The page shows this one, so
 * that a note changes under the very key that judged it, however slow the network: whoever speaks
 * and moderates cannot wait for an echo, and a second key must never fall on the same note. Every
 * command sets a value, so each is one event folded over what is known, with the board's own fold.
 */
import {
  boardFold,
  type BoardEvent,
  type BoardView,
  type ModeratorCommand,
} from '../../protocol/board'

export const expectedOf = (known: BoardView, commands: readonly ModeratorCommand[]): BoardView =>
  commands.reduce((view, command) => {
    const event = eventOf(command)
    return event ? boardFold.fold(view, event) : view
  }, known)

/** What a command becomes; undefined for a reset, of which only the board knows what it gives. */
function eventOf(command: ModeratorCommand): BoardEvent | undefined {
  switch (command.type) {
    case 'moderate_note':
      return { ...command, type: 'note_moderated' }
    case 'pin_note':
      return { ...command, type: 'note_pinned' }
    case 'merge_note':
      return { ...command, type: 'note_merged' }
    case 'spotlight_note':
      return { ...command, type: 'note_spotlit' }
    case 'mute_author':
      return { ...command, type: 'author_muted' }
    case 'change_settings':
      return { ...command, type: 'settings_changed' }
    case 'blank_wall':
      return { ...command, type: 'wall_blanked' }
    case 'reset_board':
    case 'undo_reset':
      return undefined
  }
}

/** Whether a view has what the command wished; then nothing of it is expected any more. */
export function isIn(view: BoardView, command: ModeratorCommand): boolean {
  const noteOf = (id: number) => view.notes.find((note) => note.id === id)
  switch (command.type) {
    case 'moderate_note':
      return (noteOf(command.note)?.state ?? command.state) === command.state
    case 'pin_note':
      return (noteOf(command.note)?.pinned ?? command.pinned) === command.pinned
    case 'merge_note': {
      const note = noteOf(command.note)
      return !note || (note.mergedInto ?? null) === command.into
    }
    case 'spotlight_note':
      return (view.spotlight ?? null) === command.note
    case 'mute_author':
      return view.muted.includes(command.author) === command.muted
    case 'change_settings':
      return Object.entries(command.settings).every(
        ([name, value]) => view.settings[name as keyof typeof view.settings] === value,
      )
    case 'blank_wall':
      return view.blank === command.blank
    case 'reset_board':
      return view.before !== undefined
    case 'undo_reset':
      return view.before === undefined
  }
}
