/*
 * What a host can be asked about its processes, and what it tells: the words between the gateway
 * and the process `observer` of each host that runs the demo system. Everything told may be shown
 * to everybody, so no text that somebody typed is in it; and the audience may have broken the host,
 * so it is judged (from-host.ts).
 *
 * A process is named by its serial within its host; `pidText` makes the pid that people see.
 */
import { hostNumber } from './hosts'

export const sortKeys = [
  'reductions_diff',
  'reductions',
  'message_queue_len',
  'age',
  'name',
  'pid',
] as const
export type SortKey = (typeof sortKeys)[number]

/** What the audience's own sums are started with. */
export const sumCall = 'sum.sum'

export interface TableQuestion {
  readonly sortBy: SortKey
  readonly descending: boolean
  readonly limit: number
  /** In name, initial call or pid, whatever its case; all when empty. */
  readonly search: string
}

export type Observe =
  | ({ readonly kind: 'table' } & TableQuestion)
  | { readonly kind: 'tree' }
  /** The busiest over the next second. */
  | { readonly kind: 'top' }
  | { readonly kind: 'process'; readonly serial: number }
  /** For a second or fifty events, whichever comes first. */
  | { readonly kind: 'trace'; readonly serial: number }
  /** `initialCall`, if it is told: another process has that serial in another life of the host. */
  | { readonly kind: 'kill'; readonly serial: number; readonly initialCall?: string }
  /** Kills all that were started with this call. */
  | { readonly kind: 'kill_all'; readonly initialCall: string }

export type ProcessStatus = 'runnable' | 'running' | 'waiting' | 'exited'

export interface ProcessRow {
  readonly serial: number
  readonly name?: string
  readonly initialCall: string
  /** Counted steps within the window. */
  readonly reductionsDiff: number
  readonly reductions: number
  readonly mailboxLength: number
  readonly status: ProcessStatus
  /** Where it is: `add (src/system/sum.ts:19)`. */
  readonly current?: string
  readonly ageMs: number
}

export interface TableSeen {
  readonly kind: 'table'
  /** Missing while there is no whole window yet. */
  readonly windowMs?: number
  readonly rows: readonly ProcessRow[]
  /** How many the search has found, and how many there are. */
  readonly matched: number
  readonly processes: number
}

/** One line of a supervision tree, with those below it. */
export interface TreeNode {
  /** Its id in its supervisor's list. */
  readonly id?: string
  readonly initialCall: string
  readonly type: 'worker' | 'supervisor'
  readonly restart?: 'permanent' | 'transient' | 'temporary'
  /** Its restart failed and will be tried again. */
  readonly restarting?: true
  /** How many processes this stands for; 0: a child that does not run. */
  readonly count: number
  /** The first few of them. */
  readonly serials: readonly number[]
  /** Of a supervisor: how many restarts it would still survive now, and how many at most. */
  readonly restartsLeft?: number
  readonly intensity?: number
  /** How many messages wait in the longest of their mailboxes; missing where none does. */
  readonly longestMailbox?: number
  readonly children: readonly TreeNode[]
}

export interface TreeSeen {
  readonly kind: 'tree'
  readonly roots: readonly TreeNode[]
}

export interface TopRow {
  readonly serial: number
  readonly name?: string
  readonly initialCall: string
  readonly reductions: number
  /** Of all steps of its host, from 0 to 1. */
  readonly share: number
  readonly mailboxLength: number
}

export interface TopSeen {
  readonly kind: 'top'
  readonly rows: readonly TopRow[]
}

/** A function of a stack, where it is, with its live variables as text. */
export interface FrameSeen {
  readonly function: string
  readonly file: string
  readonly line: number
  readonly variables: Readonly<Record<string, string>>
}

export interface ProcessSeen {
  readonly kind: 'process'
  readonly serial: number
  readonly name?: string
  readonly initialCall: string
  readonly status: ProcessStatus
  readonly mailboxLength: number
  readonly reductions: number
  readonly ageMs: number
  readonly trapsExits: boolean
  /** Those of this host, as pids: `<0.12.0>`; the first ones when there are many. */
  readonly links: readonly string[]
  readonly monitors: readonly string[]
  readonly monitoredBy: readonly string[]
  /** Who started it, who started that, and so on, as far as they live. */
  readonly ancestors: readonly string[]
  /** Innermost first. */
  readonly stack: readonly FrameSeen[]
}

export interface TraceSeen {
  readonly kind: 'trace'
  readonly events: readonly (FrameSeen & { readonly event: 'call' | 'turn' })[]
  readonly limit: 'time' | 'events' | 'ended'
  readonly ms: number
}

/** How many processes were killed. */
export interface KilledSeen {
  readonly kind: 'kill'
  readonly killed: number
}

/**
 * `no_such_process`: none of that serial lives. `already_traced`: by somebody else, just now.
 * `too_busy`: it looks at as many things as it may.
 */
export interface NotSeen {
  readonly kind: 'refused'
  readonly code: 'no_such_process' | 'already_traced' | 'too_busy'
}

export type Seen = TableSeen | TreeSeen | TopSeen | ProcessSeen | TraceSeen | KilledSeen | NotSeen

/** A pid as people see and type it: `<0.302790.0>`. */
export const pidText = (host: string, serial: number): string => `<${hostNumber(host)}.${serial}.0>`
