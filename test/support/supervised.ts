/*
 * A supervisor for a test, with hosts from test/support/hosts: what it tells is kept, and can be
 * waited for.
 */
import { readFileSync } from 'node:fs'
import { afterEach } from 'vitest'
import {
  superviseHosts,
  type HostSpec,
  type HostSupervisor,
  type LogRecord,
  type SupervisorOptions,
} from '../../server/supervisor'
import type { HostHealth } from '../../src/protocol/host-health'
import type { HostsEvent } from '../../src/protocol/hosts'
import { builtFile } from './build'
import { until } from './until'

export interface Supervised extends HostSupervisor {
  readonly events: HostsEvent[]
  readonly records: LogRecord[]
  readonly words: { readonly host: string; readonly word: unknown }[]
  readonly givenUp: string[]
  healthOf(name: string): HostHealth
  /** Waits for the n-th event of a type; counts from 1. */
  nth<Type extends HostsEvent['type']>(
    type: Type,
    count?: number,
  ): Promise<Extract<HostsEvent, { type: Type }>>
  /** Waits until a host says this word. */
  heard(word: unknown): Promise<void>
}

/** A spec of a fixture host, which goes by its file's name. */
export const hostSpec = (name: string, more: Partial<HostSpec> = {}): HostSpec => ({
  name,
  entry: builtFile(`hosts/${name}`),
  ...more,
})

const running: HostSupervisor[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervisor) => supervisor.stop()))
})

/** Supervises fixture hosts until the test's end. */
export function supervised(
  hosts: readonly HostSpec[],
  more: Partial<SupervisorOptions> = {},
): Supervised {
  const events: HostsEvent[] = []
  const records: LogRecord[] = []
  const words: { host: string; word: unknown }[] = []
  const givenUp: string[] = []
  const supervisor = superviseHosts({
    hosts,
    log: (record) => records.push(record),
    onHosts: (event) => events.push(event),
    onWord: (host, word) => words.push({ host, word }),
    onGiveUp: (sentence) => givenUp.push(sentence),
    ...more,
  })
  running.push(supervisor)
  return {
    ...supervisor,
    events,
    records,
    words,
    givenUp,
    healthOf: (name) => found(supervisor.health().find((health) => health.name === name)),
    nth: (type, count = 1) =>
      until(() => found(events.filter((event) => event.type === type)[count - 1])) as never,
    heard: async (word) => {
      await until(() => found(words.find((said) => said.word === word)))
    },
  }
}

export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not there yet')
  return value
}

/** True while a process with this pid runs; one that nobody has yet cleared away runs no more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
