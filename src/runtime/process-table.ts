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
  readonly steps: readonly number[]
  readonly inWindow: readonly number[]
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
  /** How many processes the search has found. */
  readonly matched: number
}

const stretch = 2_000
const place: Place = {
  kind: 'turn',
  file: 'src/runtime/process-table.ts',
  function: 'census',
  line: 1,
  column: 1,
  names: [],
}

/** Looks at all processes; `before` is the look that begins the window. */
export function* census(before?: Census): Body<Census> {
  const { runtime } = me()
  const atMs = runtime.now()
  const processes: Process[] = []
  const steps: number[] = []
  const inWindow: number[] = []
  let seen = 0
  for (const process of runtime.everyProcess()) {
    const known = before?.processes
    while (known && seen < known.length && known[seen]!.pid.serial < process.pid.serial) seen++
    const isKnown = known?.[seen] === process
    const total = process.reductions
    processes.push(process)
    steps.push(total)
    // One that was born within the window has done all of it there.
    inWindow.push(isKnown ? total - before!.steps[seen]! : total)
    if (processes.length % stretch === 0) yield* giveWay()
  }
  return { atMs, windowMs: before && atMs - before.atMs, processes, steps, inWindow }
}

/** The first rows of the table by an order. Who has ended since the look is left out. */
export function* tableOf(taken: Census, question: TableQuestion): Body<ProcessTable> {
  const { runtime } = me()
  const { processes, inWindow } = taken
  const wanted = question.search.toLowerCase()
  const first = new First(question)
  let matched = 0
  for (let at = 0; at < processes.length; at++) {
    if (at % stretch === stretch - 1) yield* giveWay()
    const process = processes[at]!
    if (process.status === 'exited' || !isFound(process, wanted)) continue
    matched++
    first.take(process, inWindow[at]!)
  }
  const rows = first.entries.map(({ process, diff }): TableRow => {
    return {
      pid: process.pid,
      name: process.name,
      initialCall: process.label ?? process.initialCall,
      reductionsDiff: diff,
      reductions: process.reductions,
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
  readonly process: Process
  readonly diff: number
  readonly value: number | string
}

/** The first so many by an order; of equals the older one comes first. */
class First {
  readonly entries: Entry[] = []
  private readonly question: TableQuestion

  constructor(question: TableQuestion) {
    this.question = question
  }

  take(process: Process, diff: number): void {
    const { entries, question } = this
    const value = valueOf(process, diff, question.sortBy)
    const last = entries[question.limit - 1]
    if (last && !this.isBefore(value, last.value)) return
    entries.splice(this.placeFor(value), 0, { process, diff, value })
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

function valueOf(process: Process, diff: number, sortBy: SortKey): number | string {
  switch (sortBy) {
    case 'reductions_diff':
      return diff
    case 'reductions':
      return process.reductions
    case 'message_queue_len':
      return process.mailbox.length
    case 'age':
      return -process.startedMs
    case 'name':
      return process.name ?? process.label ?? process.initialCall
    case 'pid':
      return process.pid.serial
  }
}
