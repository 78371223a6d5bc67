/*
 * A storm of records, sampled and counted: a hundred thousand crashes a second shall neither hold
 * up who writes them down nor push everything else out of sight. Records are of one kind when they
 * tell the same of the same. Of each kind the first twenty of a second pass, and while its storm
 * goes on, two of each further second; of all kinds together two hundred, but the first of a kind
 * always. The rest is counted, and told at the second's end as a record `left_out`.
 *
 * What it costs a record that is left out is one look into a small map.
 */
import type { HostRecord } from '../protocol/log-record'

export interface SamplerDoors {
  /** A record that passes, or tells how many did not. */
  pass(record: HostRecord): void
  /** Calls once, so many milliseconds from now. */
  after(ms: number, act: () => void): void
}

const usualOfKind = 20
/** How many records of one kind pass in each second that its storm goes on. */
const mostInStorm = 2
/** How many of all kinds. */
const mostInAll = 200
/** Kinds that are told apart in a second. */
const mostKinds = 50
const longestReason = 100
const secondMs = 1_000

/** What records are alike in. */
interface Alike {
  readonly level: HostRecord['level']
  readonly host?: unknown
  /** The event of those that were left out; missing for those that were not told apart. */
  readonly of?: unknown
  readonly initialCall?: string
  readonly reason?: string
}

interface Kind {
  readonly alike: Alike
  readonly most: number
  passed: number
  leftOut: number
}

export class Sampler {
  private readonly doors: SamplerDoors
  private readonly mostOfKind: number
  private kinds = new Map<string, Kind>()
  private others = begun({ level: 'warn' }, mostInAll)
  private passed = 0
  private isOpen = false

  /** @param mostOfKind how many records of one kind pass in the first second */
  constructor(doors: SamplerDoors, mostOfKind = usualOfKind) {
    this.doors = doors
    this.mostOfKind = mostOfKind
  }

  take(record: HostRecord): void {
    if (!this.isOpen) this.begin()
    const kind = this.kindOf(record)
    const isFirst = kind.passed === 0 && kind !== this.others
    if (!isFirst && (kind.passed >= kind.most || this.passed >= mostInAll)) {
      kind.leftOut += weightOf(record)
      return
    }
    kind.passed++
    this.passed++
    this.doors.pass(record)
  }

  private begin(): void {
    this.isOpen = true
    this.doors.after(secondMs, () => this.end())
  }

  private end(): void {
    const storms = [...this.kinds].filter(([, { leftOut }]) => leftOut > 0)
    for (const kind of [...storms.map(([, kind]) => kind), this.others]) {
      if (kind.leftOut > 0) {
        this.doors.pass({ event: 'left_out', ...kind.alike, count: kind.leftOut })
      }
    }
    this.kinds = new Map(storms.map(([key, { alike }]) => [key, begun(alike, mostInStorm)]))
    this.others = begun(this.others.alike, mostInAll)
    this.passed = 0
    this.isOpen = false
    // A storm is over when a second has passed without it.
    if (this.kinds.size > 0) this.begin()
  }

  private kindOf(record: HostRecord): Kind {
    const reason = reasonOf(record)
    const call = typeof record.initialCall === 'string' ? record.initialCall : ''
    const key = `${String(record.host)} ${record.event} ${call} ${reason}`
    const known = this.kinds.get(key)
    if (known) return known
    if (this.kinds.size >= mostKinds) return this.others
    const { level, host, event, of } = record
    const kind = begun(
      {
        level,
        ...(host !== undefined && { host }),
        of: event === 'left_out' ? of : event,
        ...(call !== '' && { initialCall: call }),
        ...(reason !== '' && { reason }),
      },
      this.mostOfKind,
    )
    this.kinds.set(key, kind)
    return kind
  }
}

const begun = (alike: Alike, most: number): Kind => ({ alike, most, passed: 0, leftOut: 0 })

/** One that tells of many counts as that many. */
function weightOf({ event, count }: HostRecord): number {
  return event === 'left_out' && Number.isSafeInteger(count) ? Number(count) : 1
}

/** Why, as far as it tells records apart. */
function reasonOf({ reason }: HostRecord): string {
  if (typeof reason === 'string') return reason.slice(0, longestReason)
  const { message } = (reason ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message.slice(0, longestReason) : ''
}
