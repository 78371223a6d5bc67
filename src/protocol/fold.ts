/*
 * What a stream's events add up to. A fold is pure and total: the same events give the same view
 * everywhere (writer, phone, wall, replay), and an event it does not know leaves the view as it is.
 */

/** How one kind of stream is read: the view before any event, and one step of it. */
export interface Fold<View, Event> {
  readonly empty: View
  fold(view: View, event: Event): View
}
