/*
 * Two rules of the checker, about notes as they arrived on the visitors' pages: `unseen` and
 * `again`. A page tells no more than counts and sums of what came between two snapshots, so each
 * such run is held against the same run of the log.
 */
import type { Evidence, Finding } from './checker'
import { addPrint, printOf, type Row } from './history'

export function checkArrivals(evidence: Evidence): Finding[] {
  return [...checkStretches(evidence), ...checkAgain(evidence)]
}

type Stretched = Extract<Row, { type: 'stretch' }>

/** The log as a page sees it come: up to and with each number, how many notes, and their sum. */
interface Course {
  readonly counts: readonly number[]
  /** Of their prints when they were new. */
  readonly sums: readonly number[]
  readonly ids: readonly number[]
  readonly hidden: ReadonlySet<number>
}

function courseOf(log: Evidence['log']): Course {
  const counts = [0]
  const sums = [0]
  const ids: number[] = []
  const hidden = new Set<number>()
  for (const { event } of log) {
    const isNote = event.type === 'note_posted'
    const print = isNote ? printOf({ id: event.id, text: event.text, votes: 0, pinned: false }) : 0
    if (isNote) ids.push(event.id)
    if (event.type === 'note_moderated' && event.state === 'hidden') hidden.add(event.note)
    counts.push(ids.length)
    sums.push(addPrint(sums.at(-1)!, print))
  }
  return { counts, sums, ids, hidden }
}

function checkStretches({ rows, log }: Evidence): Finding[] {
  const course = courseOf(log)
  const stretches = rows.filter((row): row is Stretched => row.type === 'stretch')
  return stretches.flatMap<Finding>((stretch) => {
    const { client, from, to } = stretch
    const wrongs = startsOf(from, course).map((start) => whatIsWrong(stretch, start, course))
    if (wrongs.includes(undefined)) return []
    const run = `of the notes after ${from} up to ${to}, visitor ${client} saw`
    return [{ rule: 'unseen', what: `${run} ${wrongs[0]}` }]
  })
}

/** A stretch begins with the newest note of a snapshot, or later if newer ones were hidden by then. */
function startsOf(from: number, { counts, ids, hidden }: Course): number[] {
  const starts = [from]
  for (let at = counts[from] ?? ids.length; hidden.has(ids[at] ?? 0); at++) starts.push(ids[at]!)
  return starts
}

function whatIsWrong(
  { to, count, sum }: Stretched,
  from: number,
  { counts, sums }: Course,
): string | undefined {
  const most = counts[to]
  const least = counts[from]
  if (most === undefined || least === undefined) return 'some that are not in the log'
  if (most - least !== count) return `${count}, not ${most - least}`
  return (sums[to]! - sums[from]!) >>> 0 === sum ? undefined : 'others than the log has'
}

/** A note arrives anew as often as it was shown again, and no more. */
function checkAgain({ rows, log }: Evidence): Finding[] {
  const shownAgain = new Map<number, number>()
  for (const { event } of log) {
    if (event.type !== 'note_moderated' || event.state !== 'shown') continue
    shownAgain.set(event.note, (shownAgain.get(event.note) ?? 0) + 1)
  }
  const arrived = new Map<string, number>()
  return rows.flatMap<Finding>((row) => {
    if (row.type !== 'again') return []
    const { client, note } = row
    const key = `${client} ${note}`
    const times = (arrived.get(key) ?? 0) + 1
    arrived.set(key, times)
    if (times <= (shownAgain.get(note) ?? 0)) return []
    return [{ rule: 'again', what: `note ${note} arrived anew at visitor ${client}` }]
  })
}
