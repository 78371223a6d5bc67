/*
 * A recording as everybody may have it. What is in it is known by its shape (recorded-streams.ts)
 * and everything else is left out; then three things are taken away:
 *
 *   notes that left their wall in any way but by a reset, from the beginning on and with all that
 *   was said of them: they were hidden, merged or taken back, or their author was muted;
 *   names of visitors, wishes and lives, each replaced by one that means nothing, the same one
 *   throughout the file;
 *   numbers that somebody may have typed, each replaced by an example of its class (sum.ts).
 *
 * What is left are valid words again, numbered without a gap.
 */
import { safeParse } from 'valibot'
import type { ConsoleEvent, ConsoleView } from '../src/protocol/console'
import { consoleStream } from '../src/protocol/console'
import { deckStream, type DeckView, type SlideShown } from '../src/protocol/deck'
import { readTableStream } from '../src/protocol/processes'
import { boardOf, recordedShape, type RecordedShape } from '../src/protocol/recorded-streams'
import type { RecordedWord } from '../src/protocol/recording'
import { classResult, hallSumsStream, numberClass } from '../src/protocol/hall-sums'
import type { SumEvent, SumLine, SumView } from '../src/protocol/sum'
import type { WallEvent, WallFace, WallView } from '../src/protocol/wall'

export interface Redacted {
  readonly words: readonly RecordedWord[]
  /** How many notes were taken out. */
  readonly notes: number
  /** How many words and events were not understood, and left out. */
  readonly leftOut: number
}

export function redact(words: readonly RecordedWord[]): Redacted {
  const known = understand(words)
  const withheld = withheldNotes(known.words)
  const names = new FreshNames()
  const redactors = { names, withheld, sums: new Map<string, string>() }
  return {
    words: known.words.map((word) => redactWord(word, redactors)),
    notes: withheld.size,
    leftOut: known.leftOut,
  }
}

type StreamWord = Exclude<RecordedWord, { type: 'gap' }>

/** Only what has a known shape and follows on what was there before. */
function understand(words: readonly RecordedWord[]): Pick<Redacted, 'words' | 'leftOut'> {
  const places = new Map<string, { epoch: string; read: number; written: number }>()
  let leftOut = 0

  function readSnapshot(word: StreamWord & { type: 'snapshot' }, { view }: RecordedShape) {
    const { stream, epoch, seq } = word
    const read = safeParse(view, word.view)
    if (!read.success) return undefined
    places.set(stream, { epoch, read: seq, written: seq })
    return { ...word, view: read.output }
  }

  function readEvents(word: StreamWord & { type: 'events' }, { event }: RecordedShape) {
    const { stream, epoch, seq, events } = word
    const place = places.get(stream)
    if (place?.epoch !== epoch || place.read !== seq - events.length) return undefined
    const read = events.map((raw) => safeParse(event, raw))
    const understood = read.flatMap((each) => (each.success ? [each.output] : []))
    // What was said of a wall may have been that a note is to go.
    if (understood.length < events.length && boardOf(stream) !== undefined) return undefined
    leftOut += events.length - understood.length
    place.read = seq
    place.written += understood.length
    return { ...word, seq: place.written, events: understood }
  }

  const understood = words.flatMap((word): RecordedWord[] => {
    if (word.type === 'gap') return [{ atMs: word.atMs, type: 'gap' }]
    const shape = isRecorded(word.stream) ? recordedShape(word.stream) : undefined
    const read =
      shape && (word.type === 'snapshot' ? readSnapshot(word, shape) : readEvents(word, shape))
    if (read) return [read]
    leftOut++
    places.delete(word.stream)
    return []
  })
  return { words: understood, leftOut }
}

/** A table's name says what somebody searched for. */
const isRecorded = (stream: string): boolean => (readTableStream(stream)?.search ?? '') === ''

/** A board is kept on disk: its notes have the same ids in its next life. */
const noteKey = (stream: string, id: number): string => `${stream} ${id}`

/** The notes that left their wall at some time. */
function withheldNotes(words: readonly RecordedWord[]): Set<string> {
  const withheld = new Set<string>()
  const walls = new Map<string, Set<number>>()
  for (const word of words) {
    if (word.type === 'gap' || boardOf(word.stream) === undefined) continue
    const { stream } = word
    const withhold = (id: number) => withheld.add(noteKey(stream, id))
    const before = walls.get(stream)
    if (word.type === 'snapshot') {
      const ids = new Set((word.view as WallView).notes.map(({ id }) => id))
      // Gone in a gap or with a life: nobody heard why.
      for (const id of before ?? []) if (!ids.has(id)) withhold(id)
      walls.set(stream, ids)
      continue
    }
    for (const { put = [], drop = [], reset } of word.events as readonly WallEvent[]) {
      for (const { id } of put) before?.add(id)
      for (const id of drop) {
        before?.delete(id)
        if (!reset) withhold(id)
      }
    }
  }
  return withheld
}

interface Redactors {
  readonly names: FreshNames
  readonly withheld: ReadonlySet<string>
  /** The example that stands for each sum's number, by the sum's id. */
  readonly sums: Map<string, string>
}

function redactWord(word: RecordedWord, redactors: Redactors): RecordedWord {
  if (word.type === 'gap') return word
  const { atMs, type, stream, epoch, seq } = word
  const told = { atMs, stream, epoch: redactors.names.ofLife(epoch), seq }
  const redactor = redactorOf(word, redactors)
  return type === 'snapshot'
    ? { ...told, type, view: redactor.view(word.view) }
    : { ...told, type, events: word.events.map((event) => redactor.event(event)) }
}

interface Redactor {
  view(view: unknown): unknown
  event(event: unknown): unknown
}

function redactorOf({ stream }: StreamWord, redactors: Redactors): Redactor {
  const { names, withheld, sums } = redactors
  if (boardOf(stream) !== undefined) {
    return ofWall((id) => withheld.has(noteKey(stream, id)))
  }
  if (stream === deckStream) return ofDeck(names)
  if (stream === consoleStream) return ofConsole(names)
  if (stream === hallSumsStream) return ofSums(names, sums)
  const scrub = (value: unknown): unknown => eachText(value, (text) => names.scrub(text))
  return { view: scrub, event: scrub }
}

function ofWall(isWithheld: (id: number) => boolean): Redactor {
  const isShown = ({ id }: { readonly id: number }) => !isWithheld(id)
  const faceOf = <Face extends Partial<WallFace>>(face: Face): Face => {
    const { spotlight } = face
    const isDark = spotlight !== undefined && spotlight !== null && isWithheld(spotlight)
    return isDark ? { ...face, spotlight: null } : face
  }
  return {
    view(raw) {
      const view = raw as WallView
      return { ...faceOf(view), notes: view.notes.filter(isShown) }
    },
    event(raw) {
      const { put, drop, face, ...event } = raw as WallEvent
      return {
        ...event,
        ...(put && { put: put.filter(isShown) }),
        ...(drop && { drop: drop.filter((id) => !isWithheld(id)) }),
        ...(face && { face: faceOf(face) }),
      }
    },
  }
}

function ofDeck(names: FreshNames): Redactor {
  const renamed = <Shown extends { readonly wish: string }>(shown: Shown): Shown => ({
    ...shown,
    wish: names.of('wish', shown.wish),
  })
  return {
    view: ({ shown }: DeckView) => (shown ? { shown: renamed(shown) } : {}),
    event: (event: SlideShown) => renamed(event),
  } as Redactor
}

function ofConsole(names: FreshNames): Redactor {
  const text = (line: string): string => names.scrub(withoutNumbers(line))
  const lines = <Line extends { readonly text: string }>(line: Line): Line => {
    return { ...line, text: text(line.text) }
  }
  return {
    view: (view: ConsoleView) => {
      return { ...view, lines: view.lines.map(lines), typed: view.typed.map(text) }
    },
    event(event: ConsoleEvent) {
      if (event.type === 'typed') return lines(event)
      return event.type === 'printed' ? { ...event, lines: event.lines.map(text) } : event
    },
  } as Redactor
}

/** The variables in which the planted sum counts: nobody typed those. */
const counted = ['from', 'total']
/** Shorter numbers say nothing about anybody. */
const longDigits = 6

/** A line of a stack or a trace has the sum's number among its variables. */
function withoutNumbers(line: string): string {
  if (!/\.ts:\d/.test(line)) return line
  return line.replaceAll(/(\w+): (-?\d+)/g, (whole, name: string, number: string) => {
    const isTyped = name === 'to' || (number.length >= longDigits && !counted.includes(name))
    return isTyped ? `${name}: ${numberClass(number)}` : whole
  })
}

function ofSums(names: FreshNames, sums: Map<string, string>): Redactor {
  const start = (id: string, number: string) => {
    const example = numberClass(number)
    sums.set(id, example)
    return { id: names.of('sum', id), number: example }
  }
  const resultOf = (id: string): string => classResult(sums.get(id) ?? '…')
  const line = ({ id, number, state, outcome }: SumLine): SumLine => {
    const told = { ...start(id, number), state }
    if (outcome === undefined) return told
    return { ...told, outcome: state === 'finished' ? resultOf(id) : names.scrub(outcome) }
  }
  return {
    view: ({ lines }: SumView) => ({ lines: lines.map(line) }),
    event(event: SumEvent) {
      const { type, id } = event
      if (type === 'sum_started') return { type, ...start(id, event.number) }
      const told = { type, id: names.of('sum', id) }
      return type === 'sum_finished'
        ? { ...told, result: resultOf(id) }
        : { ...told, reason: names.scrub(event.reason) }
    },
  } as Redactor
}

/** The same value with each text in it replaced; names of fields are known, and stay. */
function eachText(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => eachText(item, replace))
  const fields = Object.entries(value)
  return Object.fromEntries(fields.map(([name, field]) => [name, eachText(field, replace)]))
}

const addresses = [/\b(?:https?|wss?):\/\/[^\s)'"]+/gi, /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g]

/** Names that mean nothing, the same one for the same name. */
class FreshNames {
  private readonly given = new Map<string, string>()
  private readonly counts = new Map<string, number>()

  of(kind: string, name: string): string {
    const key = `${kind} ${name}`
    const known = this.given.get(key)
    if (known !== undefined) return known
    const count = (this.counts.get(kind) ?? 0) + 1
    this.counts.set(kind, count)
    const fresh = `${kind}-${count}`
    this.given.set(key, fresh)
    return fresh
  }

  /** An epoch still tells whether only the writer, or its whole host, began another life. */
  ofLife(epoch: string): string {
    const [, life, writer] = /^([^.]*)(\.\d{1,9})$/.exec(epoch) ?? []
    return life === undefined ? this.of('life', epoch) : this.of('life', life) + writer
  }

  /** A text without visitors, ids and addresses. */
  scrub(text: string): string {
    return addresses
      .reduce((rest, address) => rest.replaceAll(address, '…'), text)
      .replaceAll(/\b(session|own)\/([\w-]+)/g, (_, kind: string, name: string) => {
        return `${kind}/${this.of('visitor', name)}`
      })
      .replaceAll(/\b(?=\d*[a-f])[0-9a-f]{10,}\b/gi, '…')
  }
}
