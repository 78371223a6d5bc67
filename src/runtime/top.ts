/*
 * Who is busy: the processes with most counted steps over a window, as true differences between two
 * looks and not since their birth (recon's `proc_window`). Looking through a hundred thousand
 * processes takes some milliseconds, so it is done in stretches, between which others run.
 */
import { me, type Body, type Process } from './process'
import { reductions, type Place } from './reductions'
import { sleep } from './receive'
import type { Pid } from './pid'

/** One of the busiest. */
export interface TopLine {
  readonly pid: Pid
  readonly name: string | undefined
  readonly initialCall: string
  /** Counted steps within the window. */
  readonly reductions: number
  /** Its share of all steps that the host took meanwhile, from 0 to 1. */
  readonly share: number
  readonly mailboxLength: number
}

const stretch = 2_000
const place: Place = {
  kind: 'turn',
  file: 'src/runtime/top.ts',
  function: 'top',
  line: 1,
  column: 1,
  names: [],
}

/**
 * The `count` busiest processes of this host over the next `ms` milliseconds, busiest first;
 * whoever took no step is none of them.
 */
export function* top(ms: number, count = 10): Body<readonly TopLine[]> {
  const { runtime } = me()
  const stepsBefore = runtime.counts().reductions
  // Two plain lists: a map of that size stands still for milliseconds each time it grows.
  const seen: Process[] = []
  const before: number[] = []
  for (let process = runtime.first; process; process = process.younger) {
    seen.push(process)
    before.push(process.reductions)
    if (seen.length % stretch === 0) yield* giveWay()
  }
  yield* sleep(ms)
  const steps = runtime.counts().reductions - stepsBefore
  const busiest = new Busiest(count)
  for (let at = 0; at < seen.length; at++) {
    busiest.take(seen[at]!, seen[at]!.reductions - before[at]!)
    if (at % stretch === 0) yield* giveWay()
  }
  // Whoever was born meanwhile stands behind the last that still lives of those: a dead one knows
  // only of who was born before its end.
  let born = 0
  let process = seen.findLast(({ status }) => status !== 'exited')?.younger
  for (; process; process = process.younger) {
    busiest.take(process, process.reductions)
    if (++born % stretch === 0) yield* giveWay()
  }
  return busiest.lines(steps)
}

/** A stretch of looking counts as a whole slice, so that others come first. */
function* giveWay(): Body {
  reductions.left = 0
  do yield [place]
  while (reductions.looking)
}

/** The busiest seen so far, in falling order. */
class Busiest {
  private readonly count: number
  private readonly entries: { readonly process: Process; readonly steps: number }[] = []

  constructor(count: number) {
    this.count = count
  }

  take(process: Process, steps: number): void {
    const { entries, count } = this
    if (steps <= 0 || process.status === 'exited') return
    const last = entries[count - 1]
    if (last && steps <= last.steps) return
    const at = entries.findIndex((entry) => entry.steps < steps)
    entries.splice(at < 0 ? entries.length : at, 0, { process, steps })
    if (entries.length > count) entries.pop()
  }

  lines(all: number): TopLine[] {
    return this.entries.map(({ process, steps }) => ({
      pid: process.pid,
      name: process.name,
      initialCall: process.label ?? process.initialCall,
      reductions: steps,
      share: all > 0 ? steps / all : 0,
      mailboxLength: process.mailbox.length,
    }))
  }
}
