/*
 * The moderator's desk: the board as it is expected to be, the selected note, what can be undone,
 * and what the keys do to them. Buttons and keys press the same names here, so neither can do what
 * the other cannot.
 */
import {
  adminStream,
  boardFold,
  type BoardView,
  type ModeratorCommand,
  type Note,
} from '../../protocol/board'
import { sentenceOf } from '../../protocol/refusals'
import type { Followed, Source, Stop } from '../../source/source'
import { viewOf, type Told } from '../view.svelte'
import * as acts from './acts'
import type { Act } from './acts'
import { boardDeeds, noteDeeds } from './deeds'
import { createErrands, type Errands } from './errands'
import { expectedOf } from './expected'
import { groupsOf, notesByAuthor } from './groups'
import { meaningOf, type KeyName } from './keys'
import { afterJudging, atStart, settled, stepped, type Selection } from './selection'

/** What lies over the list. */
export type Sheet = 'merge' | 'export' | 'help'

/** What a moderator is told of their own acts; each is said once. */
export interface Said {
  readonly text: string
  readonly note?: Note
  readonly isRefused: boolean
}

/** A second press of `r` counts for so long. */
const resetWithinMs = 5_000
/** After this long whoever pressed wants to know that it is not done yet. */
const patienceMs = 1_000
/** More than anybody takes back. */
const maxUndos = 200

export class Desk {
  sheet = $state.raw<Sheet>()
  /** The note that is being merged, while its sheet is open. */
  merging = $state.raw<Note>()
  isAwayOpen = $state(false)
  isResetArmed = $state(false)
  /** Something that was wished has not been granted for a while. */
  isLate = $state(false)
  said = $state.raw<Said>()
  private selection = $state.raw<Selection>(atStart)
  private undos = $state.raw<readonly Act[]>([])
  private underWay = $state.raw<readonly ModeratorCommand[]>([])
  private readonly source: Source
  private readonly errands: Errands
  private readonly told: Told<Followed<BoardView>>
  private stopArming: Stop = () => {}

  /** What the board is, as far as it has said so itself. */
  readonly known: BoardView = $derived.by(() => this.told.now.view)
  readonly isKnown: boolean = $derived.by(() => this.told.now.epoch !== undefined)
  readonly view: BoardView = $derived.by(() => expectedOf(this.known, this.underWay))
  readonly groups = $derived.by(() => groupsOf(this.view))
  /** The notes that can be selected, in their order. */
  readonly rows: readonly Note[] = $derived.by(() => {
    const { waiting, shown, away } = this.groups
    return [...waiting, ...shown, ...(this.isAwayOpen ? away : [])]
  })
  readonly byAuthor = $derived.by(() => notesByAuthor(this.view))
  readonly selected: Note | undefined = $derived.by(() =>
    this.rows.find(({ id }) => id === this.selection.chosen),
  )
  /** True when nothing is selected because nothing is left to judge. */
  readonly isWaitingForNext: boolean = $derived.by(() => this.selection.chosen === 'next')
  /** What the next undo takes back. */
  readonly undoable: Act | undefined = $derived.by(() => {
    const isUndoingReset = this.underWay.some(({ type }) => type === 'undo_reset')
    return this.undos.at(-1) ?? (this.view.before && !isUndoingReset ? acts.reset() : undefined)
  })
  readonly onTheirWay: number = $derived.by(() => this.underWay.length)
  private readonly oldest = $derived.by(() => this.underWay[0])

  /** Called while the page is set up. `isPresenter` says whether the board may be asked for. */
  constructor(source: Source, board: string, isPresenter: () => boolean) {
    this.source = source
    this.errands = createErrands(source, board, (commands) => (this.underWay = commands))
    this.told = viewOf(() => (isPresenter() ? adminStream(board) : undefined), boardFold)
    $effect(() => this.errands.see(this.known))
    $effect(() => this.settle())
    $effect(() => {
      if (this.oldest === undefined) return
      const stop = source.after(patienceMs, () => (this.isLate = true))
      return () => {
        stop()
        this.isLate = false
      }
    })
  }

  private settle(): void {
    const next = settled(this.selection, this.groups.waiting, this.rows)
    const { chosen, near } = this.selection
    if (next.chosen !== chosen || next.near !== near) this.selection = next
  }

  /** What a key does while no sheet is open, and Esc and the panic key always. */
  hear(key: string): boolean {
    const name = key === 'Escape' ? undefined : meaningOf(key)
    if (key === 'Escape' && this.sheet) this.close()
    else if (name && (name === 'blank' || !this.sheet)) this.press(name)
    else return false
    return true
  }

  press(name: KeyName): void {
    const { selected } = this
    const doing = boardDeeds[name]
    if (doing) doing(this)
    else if (selected) noteDeeds[name]?.(this, selected)
    else if (name === 'spotlight') this.do(acts.darken(this.view), 'Nothing is selected')
    else this.tell('Nothing is selected')
  }

  select(id: number): void {
    this.selection = { ...this.selection, chosen: id }
  }

  step(by: 1 | -1): void {
    this.selection = stepped(this.selection, this.rows, by)
  }

  /** Does an act; says `otherwise` when there is none to do. */
  do(act: Act | undefined, otherwise = 'That changes nothing'): void {
    if (!act) return this.tell(otherwise)
    this.undos = [...this.undos, act].slice(-maxUndos)
    this.tell(act.says, act.note)
    this.errands.send(act.commands, (refusal) => {
      this.undos = this.undos.filter((other) => other !== act)
      this.said = { text: `Not done: ${act.says}. ${sentenceOf(refusal)}`, isRefused: true }
    })
  }

  /** Does an act that settles what becomes of a note, and selects the next one that waits. */
  judge(note: Note, act: Act | undefined, otherwise?: string): void {
    const { waiting } = this.groups
    this.do(act, otherwise)
    if (!act) return
    const chosen = afterJudging(note.id, waiting, this.groups.waiting)
    this.selection = { ...this.selection, chosen }
  }

  undo(): void {
    const act = this.undoable
    if (!act) return this.tell('There is nothing to undo')
    this.undos = this.undos.slice(0, -1)
    this.tell(`Undone: ${act.says}`, act.note)
    this.errands.send(act.inverse, (refusal) => {
      this.said = { text: `Not undone: ${act.says}. ${sentenceOf(refusal)}`, isRefused: true }
    })
    const { note } = act
    if (note && this.rows.some(({ id }) => id === note.id)) this.select(note.id)
  }

  beginMerge(note: Note): void {
    this.merging = note
    this.sheet = 'merge'
  }

  close(): void {
    this.sheet = undefined
    this.merging = undefined
  }

  /** Resets the board at the second call within five seconds. */
  reset(): void {
    this.stopArming()
    if (this.isResetArmed) {
      this.isResetArmed = false
      return this.do(acts.reset())
    }
    this.isResetArmed = true
    this.stopArming = this.source.after(resetWithinMs, () => (this.isResetArmed = false))
    this.tell('Press r again to reset the board; u takes it back')
  }

  private tell(text: string, note?: Note): void {
    this.said = { text, isRefused: false, ...(note && { note }) }
  }
}
