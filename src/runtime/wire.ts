/*
 * What crosses between two hosts, as plain data, and the wire that carries it. A wire is lent from
 * outside: a local socket in Node, a simulated pipe in tests. It keeps the order, delivers whole
 * batches or none, and may end at any moment; how it cuts words into batches is its own business.
 *
 *   word               what it does at the receiver (signals.ts)
 *   hello              the first word of each side: who it is, and in which life
 *   message            to a process, a port or a registered name
 *   link, unlink       a process ties itself to one of the receiver's, or no longer
 *   unlinked           the receiver has taken that unlink: links set since then count again
 *   linked_exit, exit  an exit signal along a link, or sent on purpose
 *   monitor, demonitor, down
 *   answer             to an open call; dropped when the caller has given up
 *   know, ended        'tell me when these end', and 'these have ended': they release names
 *
 * Within a word a bare serial is a process of the sender or of the receiver, as the word says; so
 * no word can mean a process of any other life than the two that said hello.
 */

export interface Wire {
  /**
   * Takes a batch, which is the wire's own from now on. False: it is full, and wants no more until
   * it has drained (it has taken this batch all the same). Must not throw, nor call back meanwhile.
   */
  send(batch: readonly unknown[]): boolean
  /** Ends the wire; nothing is heard of it afterwards. */
  close(): void
  /** Sets who hears each batch of the other side, in order. */
  onBatch(hear: (batch: unknown) => void): void
  /** Sets who hears that a full wire has room again. */
  onDrained(hear: () => void): void
  /** Sets who hears that the wire has ended: once, and nothing after it. */
  onClose(hear: () => void): void
}

/** Both sides speak the same one, or not at all. */
export const wireVersion = 1

/** A process or port of the receiver by its serial, or by its registered name. */
export type To = number | string

export type Word =
  | { type: 'hello'; version: number; host: number; incarnation: string }
  | { type: 'message'; to: To; message: unknown }
  | { type: 'link'; from: number; to: number }
  | { type: 'unlink'; from: number; to: number; id: number }
  | { type: 'unlinked'; from: number; to: number; id: number }
  | { type: 'linked_exit'; from: number; to: number; reason: unknown }
  | { type: 'exit'; from: number; to: number; reason: unknown }
  | { type: 'monitor'; from: number; to: To; ref: number }
  | { type: 'demonitor'; ref: number }
  | { type: 'down'; to: number; ref: number; reason: unknown }
  | { type: 'answer'; to: number; ref: number; value: unknown }
  | { type: 'know'; serials: readonly number[] }
  | { type: 'ended'; serials: readonly number[] }

/** Something that no host of ours sends: the connection cannot be trusted any further. */
export class Malformed extends Error {}

const isSerial = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isSerials = (value: unknown): boolean => Array.isArray(value) && value.every(isSerial)
const isTo = (value: unknown): boolean => typeof value === 'string' || isSerial(value)
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 64
const isAny = (): boolean => true

/** The fields of each word, and what each may be. */
const shapes: { [Type in Word['type']]: Record<string, (value: unknown) => boolean> } = {
  hello: { version: isSerial, host: isSerial, incarnation: isText },
  message: { to: isTo, message: isAny },
  link: { from: isSerial, to: isSerial },
  unlink: { from: isSerial, to: isSerial, id: isSerial },
  unlinked: { from: isSerial, to: isSerial, id: isSerial },
  linked_exit: { from: isSerial, to: isSerial, reason: isAny },
  exit: { from: isSerial, to: isSerial, reason: isAny },
  monitor: { from: isSerial, to: isTo, ref: isSerial },
  demonitor: { ref: isSerial },
  down: { to: isSerial, ref: isSerial, reason: isAny },
  answer: { to: isSerial, ref: isSerial, value: isAny },
  know: { serials: isSerials },
  ended: { serials: isSerials },
}

/** A word as it came, its messages still packed. Throws `Malformed`. */
export function readWord(raw: unknown): Word {
  if (typeof raw !== 'object' || raw === null) throw new Malformed(`a word that is ${typeof raw}`)
  const { type } = raw as { type?: unknown }
  if (typeof type !== 'string' || !Object.hasOwn(shapes, type)) {
    throw new Malformed('a word of no known type')
  }
  for (const [field, isRight] of Object.entries(shapes[type as Word['type']])) {
    if (!isRight((raw as Record<string, unknown>)[field])) {
      throw new Malformed(`a '${type}' without a right '${field}'`)
    }
  }
  return raw as Word
}
