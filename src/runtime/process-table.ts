/*
 * The table of all processes over a true window: what each did between two looks, and not since its
 * birth (recon's `proc_window`). A look writes down every process with its steps so far, in the
 * order of their start; the next look goes along that list, so no table has to be built. Looking
 * through a hundred thousand takes some milliseconds and is done in stretches, between which others
 * run.
 */
import type { Pid } from './pid'
import { me, type Body, type Process, type Status } from './process'
import { reductions, type Place } from './reductions'
import { whereIs } from './stack'

/** All processes at one moment. For the next look, and for rows. */
export interface Census {
  readonly atMs: number
  /** Since the look before; undefined of a first one. */
  readonly windowMs: number | undefined
  /** Oldest first. */
  readonly processes: readonly Process[]
  /** Of each: its steps so far, and those within the window. */
  readonly steps: Float64Array
  readonly inWindow: Float64Array
}

export type SortKey =
  'reductions_diff' | 'reductions' | 'message_queue_len' | 'age' | 'name' | 'pid'

export interface TableQuestion {
  readonly sortBy: SortKey
  readonly descending: boolean
  readonly limit: number
  /** In the name, the initial call or the pid, whatever its case; all when empty. */
  readonly search: string
}

export interface TableRow {
  readonly pid: Pid
  readonly name: string | undefined
  /** Its label, or the function that it was started with. */
  readonly initialCall: string
  /** Counted steps within the window. */
  readonly reductionsDiff: number
  readonly reductions: number
  readonly mailboxLength: number
  readonly status: Status
  /** Where it is; undefined of one that has not begun. */
  readonly current: Place | undefined
  readonly ageMs: number
}

export interface ProcessTable {
  readonly rows: readonly TableRow[]
  /** How many processes the search has found, of all in the look. */
  readonly matched: number
}

const stretch = 2_000
/** The same of numbers that lie side by side. */
const countedStretch = 50_000
const place: Place = {
  kind: 'turn',
  file: 'src/runtime/process-table.ts',
  function: 'census',
  line: 1,
  column: 1,
  names: [],
}

/**
 * Looks at all processes; `before` is the look that begins the window. `meanwhile` is done between
 * two stretches, in which others have had their turn.
 */
export function* census(before?: Census, meanwhile?: () => Body): Body<Census> {
  const { runtime } = me()
  const atMs = runtime.now()
  const known = before?.processes ?? []
  // No more can be in it, so nothing has to grow.
  const most = runtime.counts().processes
  const processes = new Array<Process>(most)
  const steps = new Float64Array(most)
  const inWindow = new Float64Array(most)
  let length = 0
  let seen = 0
  for (let process = runtime.oldestProcess; process; process = process.younger) {
    if (process.status === 'exited') continue
    // Both go by the order of the start, so whoever is known and has not ended comes up in turn.
    while (seen < known.length && known[seen] !== process && known[seen]!.status === 'exited')
      seen++
    const total = process.reductions
    processes[length] = process
    steps[length] = total
    // One that was born within the window has done all of it there.
    inWindow[length] = known[seen] === process ? total - before!.steps[seen++]! : total
    // Whoever was started since is no part of it.
    if (++length === most) break
    if (length % stretch > 0) continue
    yield* giveWay()
    if (meanwhile) yield* meanwhile()
  }
  processes.length = length
  return { atMs, windowMs: before && atMs - before.atMs, processes, steps, inWindow }
}

/** The first rows of the table by an order. Who has ended since the look is left out of them. */
export function* tableOf(taken: Census, question: TableQuestion): Body<ProcessTable> {
  const { runtime } = me()
  const { processes, inWindow, steps } = taken
  const { sortBy } = question
  const wanted = question.search.toLowerCase()
  const valueAt = valuesOf(taken, sortBy)
  const length = isCounted(question) ? countedStretch : stretch
  const first = new First(question)
  let matched = 0
  for (let at = 0; at < processes.length; at++) {
    if (at % length === length - 1) yield* giveWay()
    if (wanted !== '' && !isFound(processes[at]!, wanted)) continue
    matched++
    first.take(processes, at, valueAt(at))
  }
  const rows = first.entries.map(({ at }): TableRow => {
    const process = processes[at]!
    return {
      pid: process.pid,
      name: process.name,
      initialCall: process.label ?? process.initialCall,
      reductionsDiff: inWindow[at]!,
      reductions: steps[at]!,
      mailboxLength: process.mailbox.length,
      status: process.status,
      current: whereIs(process)?.[0],
      ageMs: runtime.now() - process.startedMs,
    }
  })
  return { rows, matched }
}

const isFound = (process: Process, wanted: string): boolean =>
  wanted === '' ||
  (process.label ?? process.initialCall).toLowerCase().includes(wanted) ||
  (process.name?.toLowerCase().includes(wanted) ?? false) ||
  process.pid.toString().includes(wanted)

/** A stretch of looking counts as a whole slice, so that others come first. */
function* giveWay(): Body {
  reductions.left = 0
  do yield [place]
  while (reductions.looking)
}

interface Entry {
  /** Its place in the look. */
  readonly at: number
  readonly value: number | string
}

/** The first so many by an order; of equals the older one comes first. */
class First {
  readonly entries: Entry[] = []
  private readonly question: TableQuestion

  constructor(question: TableQuestion) {
    this.question = question
  }

  take(processes: readonly Process[], at: number, value: number | string): void {
    const { entries, question } = this
    const last = entries[question.limit - 1]
    if (last && !this.isBefore(value, last.value)) return
    if (processes[at]!.status === 'exited') return
    entries.splice(this.placeFor(value), 0, { at, value })
    if (entries.length > question.limit) entries.pop()
  }

  private isBefore(one: number | string, other: number | string): boolean {
    return this.question.descending ? one > other : one < other
  }

  /** Behind all that are not after it. */
  private placeFor(value: number | string): number {
    let [low, high] = [0, this.entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.isBefore(value, this.entries[middle]!.value)) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Whether the look has all that it takes to find the rows: numbers, and no need to see anybody. */
const isCounted = ({ sortBy, search }: TableQuestion): boolean =>
  search === '' && sortBy !== 'message_queue_len' && sortBy !== 'name'

/** What is compared, of the process at a place in the look. */
function valuesOf(taken: Census, sortBy: SortKey): (at: number) => number | string {
  const { processes, steps, inWindow } = taken
  switch (sortBy) {
    case 'reductions_diff':
      return (at) => inWindow[at]!
    case 'reductions':
      return (at) => steps[at]!
    case 'message_queue_len':
      return (at) => processes[at]!.mailbox.length
    case 'age':
      return (at) => -at
    case 'name':
      return (at) => nameOf(processes[at]!)
    case 'pid':
      return (at) => at
  }
}

const nameOf = ({ name, label, initialCall }: Process): string => name ?? label ?? initialCall
