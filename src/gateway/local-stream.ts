/*
 * A stream that the gateway itself writes. Kept as its view only: whoever follows gets that, and
 * then what happens. Its epoch is the life of the gateway.
 */
import type { Events, Role, Snapshot } from '../protocol/envelope'
import type { Fold } from '../protocol/fold'
import type { Refusal } from '../protocol/refusals'

export class LocalStream<View, Event> {
  readonly name: string
  private readonly epoch: string
  private readonly fold: Fold<View, Event>
  private view: View
  private seq = 0

  /** @param view where it begins, if somebody knows */
  constructor(name: string, epoch: string, fold: Fold<View, Event>, view = fold.empty) {
    this.name = name
    this.epoch = epoch
    this.fold = fold
    this.view = view
  }

  /** Numbers and folds an event; gives what the followers are to be told. */
  say(event: Event): Events {
    this.view = this.fold.fold(this.view, event)
    this.seq++
    return { stream: this.name, epoch: this.epoch, seq: this.seq, events: [event] }
  }

  snapshot(): Snapshot {
    return { stream: this.name, epoch: this.epoch, seq: this.seq, view: this.view }
  }
}

/** A stream that lives while somebody follows it. */
export interface OpenStream {
  readonly stream: LocalStream<unknown, never>
  /** Nobody follows any more. */
  close(): void
}

/**
 * Opens a stream of its kind by its name for who asked first, or says why not; undefined for any
 * other name.
 */
export type LocalKind = (name: string, role: Role) => OpenStream | Refusal | undefined
