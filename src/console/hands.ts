/*
 * What the console can do, lent to it by whoever runs the system: live it is the gateway, which
 * asks the hosts.
 */
import type { ProcessSeen, TopRow, TraceSeen } from '../protocol/observe'
import type { UpgradeEnd } from '../protocol/upgrades'
import type { PidName } from './parse'

/** What was asked for, or why not in a sentence for people. */
export type Told<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly sentence: string }

/** One of the busiest processes; of several hosts, so with its whole pid as text. */
export interface TopLine extends Omit<TopRow, 'serial'> {
  readonly pid: string
}

/** None of them ever rejects. */
export interface Hands {
  /** The busiest of the whole system over the next second, busiest first. */
  top(): Promise<Told<readonly TopLine[]>>
  /** Where a process is, and what else is known of it. */
  look(pid: PidName): Promise<Told<ProcessSeen>>
  trace(pid: PidName): Promise<Told<TraceSeen>>
  kill(pid: PidName): Promise<Told<unknown>>
  /** Kills every process that adds up, and gives how many. */
  killMath(): Promise<Told<number>>
  setLoad(clients: number): Promise<Told<unknown>>
  resetBoard(id: string): Promise<Told<unknown>>
  /** All three give what came of it, once it is over. */
  upgrade(): Promise<Told<UpgradeEnd>>
  rollback(): Promise<Told<UpgradeEnd>>
  purge(): Promise<Told<UpgradeEnd>>
}
