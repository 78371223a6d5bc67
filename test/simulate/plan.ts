/*
 * A plan: all that happens in one simulated run, as a flat list of operations that JSON can keep.
 * Any part of it is a plan again, which is what shrinking lives on. Operations belong to an actor
 * (its script, in order), to a client, to a supervised worker (one life each), or to the world
 * (at a moment of the clock). `make-plan.ts` makes one from a seed.
 */
import type { Priority, Restart, Shutdown, Strategy } from '../../src/runtime'
import type { HotWord } from './hot-version'
import type { Order } from './schedule'

/** How a process ends or is ended. */
export type Cause =
  | 'normal'
  | 'shutdown'
  | 'shutdown tuple'
  | 'kill'
  | 'word'
  | 'error'
  | 'nothing'
  | 'list'
  | 'uncopiable'
  | 'hostile'

export type Which = 'any' | 'odd' | 'exit' | 'down'

/** A word of an actor; `to` is a slot, whose process changes when it is started again. */
export type Word =
  | { readonly do: 'send' | 'link' | 'unlink' | 'monitor' | 'lastWords'; readonly to: number }
  | { readonly do: 'sendName'; readonly name: string }
  | { readonly do: 'demonitor' | 'cancel'; readonly nth: number }
  | { readonly do: 'exit'; readonly to: number; readonly cause: Cause }
  | { readonly do: 'die'; readonly cause: Cause }
  | { readonly do: 'trap'; readonly traps: boolean }
  | { readonly do: 'register'; readonly name: string }
  | { readonly do: 'priority'; readonly priority: Priority }
  | { readonly do: 'sendAfter'; readonly to: number; readonly ms: number }
  | { readonly do: 'spawn'; readonly to: number; readonly how: 'plain' | 'link' | 'monitor' }
  | { readonly do: 'receive'; readonly which: Which; readonly limitMs: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'spin'; readonly steps: number }
  | { readonly do: 'overrun'; readonly caught: boolean }
  | { readonly do: 'uncopiable'; readonly to: number }

/** How a desk treats a call. */
export type Treatment = 'now' | 'slow' | 'later' | 'never' | 'crash' | 'stop' | 'leave'

export interface CallErrand {
  readonly do: 'call'
  readonly desk: number
  readonly how: Treatment
  readonly limitMs: number
}

export type Errand =
  | CallErrand
  | { readonly do: 'cast'; readonly desk: number }
  | { readonly do: 'task'; readonly ends: 'value' | 'crash' | 'long' }
  | { readonly do: 'pause'; readonly ms: number }

export interface WorkerPlan {
  readonly id: string
  readonly restart: Restart
  readonly shutdown: Shutdown
  readonly announces: boolean
  readonly traps: boolean
  readonly startMs: number
  readonly stopMs: number
}

export interface TreePlan {
  readonly id: string
  readonly strategy: Strategy
  readonly intensity: number
  readonly periodSeconds: number
  readonly children: readonly (WorkerPlan | TreePlan)[]
}

/** One life of a worker. Once they are used up it lives on. */
export interface Life {
  readonly do: 'life'
  readonly worker: string
  /** Its start fails. */
  readonly fails: boolean
  readonly afterMs: number
  readonly cause: Cause
}

/** What the world does at a moment. */
export type Deed =
  | { readonly do: 'killActor'; readonly to: number; readonly cause: Cause }
  | { readonly do: 'killSupervised'; readonly nth: number; readonly cause: Cause }
  | { readonly do: 'killDesk'; readonly nth: number }
  | { readonly do: 'stopTree'; readonly nth: number }
  | { readonly do: 'wish'; readonly visitor: number; readonly text: string }
  | { readonly do: 'again'; readonly visitor: number }
  | { readonly do: 'follow'; readonly visitor: number }
  | {
      readonly do: 'killDemo'
      readonly whom: 'sum' | 'session' | 'reception' | 'sums' | 'sessions'
    }
  | { readonly do: 'load' | 'purge' | 'softPurge' }
  | { readonly do: 'tellReader'; readonly nth: number; readonly word: HotWord }
  | { readonly do: 'endless' }
  | { readonly do: 'chatter' }
  | { readonly do: 'killHost' }

export type Operation =
  | ({ readonly of: 'actor'; readonly host: number; readonly slot: number } & Word)
  | ({ readonly of: 'client'; readonly host: number; readonly slot: number } & Errand)
  | ({ readonly of: 'worker'; readonly host: number } & Life)
  | ({ readonly of: 'host'; readonly host: number; readonly do: 'tree' } & {
      readonly tree: TreePlan
    })
  | ({ readonly of: 'world'; readonly host: number; readonly atMs: number } & Deed)

export interface Plan {
  readonly seed: number
  readonly order: Order
  readonly hosts: number
  readonly operations: readonly Operation[]
}

/** Actors that live from the beginning; further slots are empty until somebody starts them. */
export const actorsAtFirst = 5
export const slots = 8
export const desks = 2
export const clients = 3
export const visitors = 3
/** When the world's deeds end, and healing begins. */
export const faultsEndMs = 4_000
