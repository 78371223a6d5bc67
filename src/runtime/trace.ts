/*
 * Tracing one process for a moment: each call with its arguments, and each turn of a loop with its
 * live variables, which for an endless loop is all there is. A traced process gets slices of one
 * step, so that each of its checks comes out and is an event; its plain functions report where they
 * would ask for leave to go on. Bounded to a second or fifty events, whichever comes first, since a
 * trace without a bound is how production systems are lost (`recon_trace`). Nobody pays while
 * nobody traces: one field is asked at each slice.
 */
import { receive, timeout } from './receive'
import { demonitor, monitor, now } from './body'
import type { Pid, Ref } from './pid'
import { me, Process, type Body } from './process'
import type { Preempted } from './reductions'
import { deliver, type Down } from './signals'
import { frameOf, type Frame } from './stack'

export const traceMs = 1_000
export const traceEvents = 50

/** A call with its arguments, or a loop's turn with its live variables. */
export interface TraceEvent extends Frame {
  readonly kind: 'call' | 'turn'
}

/** What was seen, and what ended it: the second, the fifty, or the process itself. */
export interface Trace {
  readonly events: readonly TraceEvent[]
  readonly limit: 'time' | 'events' | 'ended'
  /** How long it was traced. */
  readonly ms: number
}

/** A process is traced by one at a time, and by another process. */
export interface TraceRefused {
  readonly refused: 'already_traced' | 'traces_itself'
}

/** A trace under way, kept by the process that is traced. */
export class Tracing {
  readonly tracer: Pid
  readonly ref: Ref
  readonly events: TraceEvent[] = []

  constructor(tracer: Pid, ref: Ref) {
    this.tracer = tracer
    this.ref = ref
  }

  get isOver(): boolean {
    return this.events.length >= traceEvents || this.tracer.target === undefined
  }

  /** Takes an event; false when it wants no more. */
  add(step: Preempted): boolean {
    if (this.isOver) return false
    const { kind } = step[0]
    if (kind !== 'delegation') this.events.push({ kind, ...frameOf(step) })
    if (!this.isOver) return true
    deliver(this.tracer, { type: 'traced', ref: this.ref } satisfies Traced)
    return false
  }
}

interface Traced {
  readonly type: 'traced'
  readonly ref: Ref
}

/**
 * Traces a process for a second, for fifty events or until it ends, and says which it was.
 * Processes that have ended give no events.
 */
export function* trace(pid: Pid): Body<Trace | TraceRefused> {
  const tracer = me().pid
  if (pid === tracer) return { refused: 'traces_itself' }
  const traced = pid.target instanceof Process ? pid.target : undefined
  if (traced?.tracing && !traced.tracing.isOver) return { refused: 'already_traced' }
  const began = now()
  const ref = monitor(pid)
  const tracing = new Tracing(tracer, ref)
  if (traced) traced.tracing = tracing
  const isOfTrace = (message: unknown) => (message as Partial<Traced> | null)?.ref === ref
  const word = yield* receive<Traced | Down>(isOfTrace, traceMs)
  demonitor(ref)
  if (traced?.tracing === tracing) traced.tracing = undefined
  const limit = word === timeout ? 'time' : word.type === 'down' ? 'ended' : 'events'
  return { events: tracing.events, limit, ms: now() - began }
}
