/*
 * Who is busy: the processes with most counted steps over a window, as true differences between two
 * looks.
 */
import type { Pid } from './pid'
import { me, type Body } from './process'
import { census, tableOf } from './process-table'
import { sleep } from './receive'

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

/**
 * The `count` busiest processes of this host over the next `ms` milliseconds, busiest first;
 * whoever took no step is none of them.
 */
export function* top(ms: number, count = 10): Body<readonly TopLine[]> {
  const { runtime } = me()
  const stepsBefore = runtime.counts().reductions
  const before = yield* census()
  yield* sleep(ms)
  const steps = runtime.counts().reductions - stepsBefore
  const taken = yield* census(before)
  const busiest = { sortBy: 'reductions_diff', descending: true, limit: count, search: '' } as const
  const { rows } = yield* tableOf(taken, busiest)
  return rows
    .filter(({ reductionsDiff }) => reductionsDiff > 0)
    .map(({ pid, name, initialCall, reductionsDiff, mailboxLength }) => ({
      pid,
      name,
      initialCall,
      reductions: reductionsDiff,
      share: steps > 0 ? reductionsDiff / steps : 0,
      mailboxLength,
    }))
}
