/*
 * The judge of every run: holds what the visitors wished, were answered and saw against the log.
 * Pure. Each rule is a promise of the boards; a run is good when none of them is broken:
 *
 *   lost        an acknowledged note or vote is in the log
 *   doubled     no text, wish or key is in the log twice
 *   voted       nobody has seconded a note twice
 *   refused     a note or vote that was refused for good is not in the log
 *   unanswered  every wish gets an answer in the end
 *   unposted    nobody's note is in the log that nobody wrote
 *   gap         the log's numbers are 1, 2, 3 …, and a note bears the number of its event
 *   unseen      of the notes that followed each other on a visitor's page, none is missing or other
 *   again       no note arrived as new twice, unless it was hidden and shown again
 *   wrong       in the end every visitor sees what the log adds up to
 *   away        in the end every visitor is there
 *   dropped     no line was lost, where none may be
 */
import { boardFold, type BoardEvent } from '../../src/protocol/board'
import { wallOf } from '../../src/protocol/wall'
import { checkArrivals } from './check-arrivals'
import { addPrint, printOf, type Row } from './history'

/** A line of the log, as it lies on the disk. */
export interface LogLine {
  readonly number: number
  readonly key: string
  readonly event: BoardEvent
}

export interface Evidence {
  readonly rows: readonly Row[]
  readonly log: readonly LogLine[]
  /** How many visitors there were, numbered from 0. */
  readonly clients: number
  /** Lines may be lost in this run: the gateway is killed, say. */
  readonly mayDrop: boolean
}

export type Rule =
  | 'lost'
  | 'doubled'
  | 'voted'
  | 'refused'
  | 'unanswered'
  | 'unposted'
  | 'gap'
  | 'unseen'
  | 'again'
  | 'wrong'
  | 'away'
  | 'dropped'

export interface Finding {
  readonly rule: Rule
  /** What was found, for people. */
  readonly what: string
}

type Seconded = Extract<BoardEvent, { type: 'note_seconded' }>
type Posted = Extract<BoardEvent, { type: 'note_posted' }>
type RowOf<Type extends Row['type']> = Extract<Row, { type: Type }>

/** Everything that is wrong; nothing when all promises were kept. */
export function check(evidence: Evidence): Finding[] {
  return [
    ...checkLog(evidence),
    ...checkWishes(evidence),
    ...checkVotes(evidence),
    ...checkArrivals(evidence),
    ...checkEnd(evidence),
    ...checkLines(evidence),
  ]
}

export const rowsOf = <Type extends Row['type']>(rows: readonly Row[], type: Type) =>
  rows.filter((row): row is RowOf<Type> => row.type === type)

const notesOf = (log: readonly LogLine[]): Posted[] =>
  log.flatMap(({ event }) => (event.type === 'note_posted' ? [event] : []))

function checkLog({ log }: Evidence): Finding[] {
  const gaps = log.flatMap<Finding>(({ number, event }, at) => {
    if (number !== at + 1) return [{ rule: 'gap', what: `event ${at + 1} has number ${number}` }]
    if (event.type !== 'note_posted' || event.id === number) return []
    return [{ rule: 'gap', what: `event ${number} posts a note with id ${event.id}` }]
  })
  const notes = notesOf(log)
  return [
    ...gaps,
    ...twice(log.map(({ key }) => key)).map((key) => doubled(`key ${key}`)),
    ...twice(notes.map(({ wish }) => wish)).map((wish) => doubled(`wish ${wish}`)),
    ...twice(notes.map(({ text }) => text)).map((text) => doubled(`“${text}”`)),
  ]
}

const doubled = (what: string): Finding => ({ rule: 'doubled', what: `${what} is there twice` })

function twice(words: readonly string[]): string[] {
  const seen = new Set<string>()
  return words.filter((word) => seen.size === seen.add(word).size)
}

function checkWishes({ rows, log }: Evidence): Finding[] {
  const kept = new Map(notesOf(log).map((note) => [note.wish, note]))
  const answers = new Map(rowsOf(rows, 'answer').map((answer) => [answer.wish, answer]))
  const posts = rowsOf(rows, 'post')
  const findings = posts.flatMap<Finding>(({ wish, text, client }) => {
    const answer = answers.get(wish)
    const what = `“${text}” of visitor ${client}`
    const isKept = kept.get(wish)?.text === text
    if (!answer) return [{ rule: 'unanswered', what }]
    if (answer.ok && !isKept) return [{ rule: 'lost', what }]
    if (!answer.ok && isKept) return [{ rule: 'refused', what: `${what}: ${answer.code}` }]
    return []
  })
  const wishes = new Set(posts.map(({ wish }) => wish))
  const unposted = [...kept.values()].filter(({ wish }) => !wishes.has(wish))
  return [
    ...findings,
    ...unposted.map<Finding>(({ text }) => ({ rule: 'unposted', what: `“${text}”` })),
  ]
}

function checkVotes({ rows, log }: Evidence): Finding[] {
  const votes = log
    .map(({ event }) => event)
    .filter((event): event is Seconded => event.type === 'note_seconded')
  const voted = twice(votes.map(({ note, visitor }) => `${note} by ${visitor}`))
  const kept = new Set(votes.map(({ wish, note }) => `${wish} ${note}`))
  const answers = new Map(rowsOf(rows, 'answer').map((answer) => [answer.wish, answer]))
  const findings = rowsOf(rows, 'second').flatMap<Finding>(({ wish, note, client }) => {
    const answer = answers.get(wish)
    const what = `a vote of visitor ${client} for note ${note}`
    const isKept = kept.has(`${wish} ${note}`)
    if (!answer) return [{ rule: 'unanswered', what }]
    if (answer.ok && !isKept) return [{ rule: 'lost', what }]
    if (!answer.ok && isKept) return [{ rule: 'refused', what: `${what}: ${answer.code}` }]
    return []
  })
  return [
    ...voted.map<Finding>((what) => ({ rule: 'voted', what: `note ${what} is there twice` })),
    ...findings,
  ]
}

function checkEnd({ rows, log, clients }: Evidence): Finding[] {
  const board = log.reduce((view, { event }) => boardFold.fold(view, event), boardFold.empty)
  const { notes } = wallOf(board)
  const sum = notes.map(printOf).reduce(addPrint, 0)
  const ends = new Map(rowsOf(rows, 'last').map((last) => [last.client, last]))
  return Array.from({ length: clients }, (_, client) => client).flatMap<Finding>((client) => {
    const end = ends.get(client)
    if (!end) return [{ rule: 'away', what: `visitor ${client} did not reach the end` }]
    if (end.sum === sum && end.notes.length === notes.length) return []
    const seen = new Set(end.notes)
    const shown = new Set(notes.map(({ id }) => id))
    const missing = notes.filter(({ id }) => !seen.has(id)).length
    const extra = end.notes.filter((id) => !shown.has(id)).length
    const rest = missing + extra === 0 ? 'the same notes with other words' : 'another set'
    const what = `visitor ${client} sees ${rest}: ${missing} missing, ${extra} too many`
    return [{ rule: 'wrong', what }]
  })
}

function checkLines({ rows, mayDrop }: Evidence): Finding[] {
  if (mayDrop) return []
  return rowsOf(rows, 'connection')
    .filter(({ state }) => state === 'lost')
    .map(({ client, at }) => ({ rule: 'dropped', what: `visitor ${client} at ${at}` }))
}
