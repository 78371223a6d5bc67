/*
 * One visitor of the farm: the very source that a phone's page uses, with the cookie that the front
 * door gave, following one board and writing notes on it. What happens to it goes to the history.
 */
import { boardStream, type AudienceCommand } from '../../src/protocol/board'
import type { WallEvent, WallNote } from '../../src/protocol/wall'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import type { Wakes } from '../../src/source/line'
import type { Connection } from '../../src/source/source'
import { newWishId } from '../../src/source/wish-id'
import { nowMs, type HistoryWriter } from './history'
import { WallWatch, type Watched } from './wall-watch'

export interface VisitorDoors {
  readonly url: string
  readonly board: string
  readonly wakes: Wakes
  readonly history: HistoryWriter
  /** Makes it a wall: a note arrived so long after it was to be written. */
  readonly onArrival?: (tookMs: number) => void
}

/** A note's text ends with the time at which it was to be written. */
const withTime = (text: string, atMs: number): string => `${text} @${Math.round(atMs)}`
const timeIn = (text: string): number => Number(text.slice(text.lastIndexOf('@') + 1))

export class Visitor {
  readonly client: number
  private readonly doors: VisitorDoors
  private readonly source: LiveSource
  private readonly watch: WallWatch
  private connection: Connection = 'connecting'
  private hasView = false
  /** Since when it has been back or awake, until it is in sync. */
  private backMs: number | undefined
  private written = 0
  private unanswered = 0

  constructor(client: number, cookie: string, doors: VisitorDoors) {
    this.client = client
    this.doors = doors
    const { history, url, wakes, board } = doors
    this.watch = new WallWatch({
      note: (note) => this.arrive(note),
      again: (note) => history.write({ type: 'again', at: nowMs(), client, note }),
      stretch: (stretch) => history.write({ type: 'stretch', at: nowMs(), client, ...stretch }),
      ...(doors.onArrival && {
        gone: (note) => history.write({ type: 'gone', at: nowMs(), client, note }),
        blank: () => history.write({ type: 'blank', at: nowMs(), client }),
      }),
    })
    wakes(() => this.wake())
    this.source = createLiveSource({ url, wakes, cookie })
    this.source.onConnection((state) => this.become(state))
    this.source.follow<Watched, WallEvent>(boardStream(board), this.watch.fold, (followed) => {
      this.hasView ||= followed.epoch !== undefined
      this.watch.hear(followed)
    })
  }

  /** Connected, and sees the board. */
  get isThere(): boolean {
    return this.connection === 'live' && this.hasView
  }

  get waiting(): number {
    return this.unanswered
  }

  /** Number of the newest note that it has seen. */
  get seen(): number {
    return this.watch.newest
  }

  /** Writes a note that was to be written at `atMs`. */
  async post(words: string, atMs: number): Promise<void> {
    const { client, doors } = this
    const wish = newWishId()
    const text = withTime(`${client}-${++this.written} ${words}`, atMs)
    doors.history.write({ type: 'post', at: atMs, client, wish, text })
    await this.wish({ type: 'post_note', text }, wish)
  }

  /** Seconds the newest note that it sees, if there is one, twice: thumbs tremble. */
  second(): void {
    const { client, doors, seen: note } = this
    if (note === 0) return
    for (const wish of [newWishId(), newWishId()]) {
      doors.history.write({ type: 'second', at: nowMs(), client, wish, note })
      void this.wish({ type: 'second_note', note }, wish)
    }
  }

  /** Says what it sees at the end, if it is there, and leaves. */
  leave(): void {
    const { client, watch, doors } = this
    watch.endStretch()
    if (this.isThere) doors.history.write({ type: 'last', at: nowMs(), client, ...watch.last() })
    this.source.close()
  }

  private async wish(command: AudienceCommand, wish: string): Promise<void> {
    const { client, doors } = this
    this.unanswered++
    const answer = await this.source.wish(boardStream(doors.board), command, wish)
    this.unanswered--
    const outcome = answer.ok ? { ok: true } : { ok: false, code: answer.refusal.code }
    doors.history.write({ type: 'answer', at: nowMs(), client, wish, ...outcome })
  }

  /** Its line may have outlived the sleep: then it is never back, and must be in sync all the same. */
  private wake(): void {
    if (this.connection === 'live') this.backMs = nowMs()
  }

  private become(state: Connection): void {
    const at = nowMs()
    if (state === 'live' && this.connection === 'lost') this.backMs = at
    if (state === 'lost') this.backMs = undefined
    this.connection = state
    this.doors.history.write({ type: 'connection', at, client: this.client, state })
  }

  private arrive({ text }: WallNote): void {
    const { backMs, doors } = this
    if (backMs === undefined && !doors.onArrival) return
    const atMs = timeIn(text)
    doors.onArrival?.(nowMs() - atMs)
    if (backMs === undefined || atMs < backMs) return
    this.backMs = undefined
    doors.history.write({ type: 'synced', at: nowMs(), client: this.client })
  }
}
