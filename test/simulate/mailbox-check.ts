/*
 * Holds a real mailbox against the modelled one: all that must be there is there, once, unchanged,
 * and in an order that the manual allows.
 */
import { isReason, mayChangePlaces, type Entry } from './signals-model'

/** How a real message reads as an entry; undefined for one that nobody could have sent. */
export interface Read {
  readonly kind: Entry<unknown>['kind']
  readonly from: unknown
  readonly name: unknown
  readonly reason: unknown
}

/** Whether a real message is that entry. */
export const isEntry = (read: Read, entry: Entry<unknown>): boolean =>
  read.kind === entry.kind &&
  (read.name === entry.name || read.kind === 'exit') &&
  (read.kind === 'message' || (read.from === entry.from && isReason(read.reason, entry.reason)))

/**
 * The modelled entries in the order of the real messages. Throws a sentence about the first that is
 * missing, unexpected or out of order.
 */
export function inRealOrder<Pid>(
  reals: readonly Read[],
  modelled: readonly Entry<Pid>[],
): Entry<Pid>[] {
  const rest = [...modelled]
  return reals
    .map((read) => {
      const at = rest.findIndex((entry) => isEntry(read, entry))
      if (at < 0) throw new Error(`finds ${say(read)} in its mailbox, which it must not`)
      const [entry] = rest.splice(at, 1) as [Entry<Pid>]
      const before = rest.slice(0, at).find((each) => !mayChangePlaces(each, entry))
      if (before) throw new Error(`finds ${say(read)} before ${say(before)} of the same sender`)
      return entry
    })
    .concat(lost(rest))
}

function lost<Pid>(rest: readonly Entry<Pid>[]): [] {
  if (rest[0]) throw new Error(`finds no ${say(rest[0])} in its mailbox`)
  return []
}

const say = ({ kind, from, name, reason }: Read): string =>
  kind === 'message'
    ? `message ${String(name)}`
    : `${kind} of ${String(from)} ${String(name ?? '')} (${String(reason)})`
