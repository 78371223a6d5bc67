/*
 * The stream `gateway/hosts`: which OS processes the system consists of and how they are. Its
 * writer is the gateway, told by the root supervisor. Everybody may read it: no addresses, no
 * audience text. Whoever gives the talk may start one that rests in quarantine.
 */
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const hostsStream = 'gateway/hosts'

/**
 * Why a host is gone, in words for people: `killed (SIGKILL)`,
 * `wedged: silent for 512 ms in add (src/system/sum.ts:17)`, `memory: 530 MB of 512 MB`.
 */
export type LossReason = string

/** `leaving`: nothing is wrong with it, but one less is wanted, so it hands over what it has. */
export type HostState = 'starting' | 'ready' | 'leaving' | 'lost' | 'quarantined'

/** The group of a host: `play` of `play-2`; one that is alone is a group by itself. */
export const groupOfHost = (host: string): string => host.replace(/-\d+$/, '')

/** Which of its group a host is: 2 for `play-2`, and 1 for one that is alone. */
export const numberOfHost = (host: string): number => Number(/\d+$/.exec(host)?.[0] ?? 1)

/**
 * The number that a host's pids begin with, as everybody names them: 0 for `play-1`, where the
 * audience's sums are, 1 for `boards`, 2 for `load`, and 3 and on for the other play hosts.
 */
export function hostNumber(host: string): number {
  const alone = ['play-1', 'boards', 'load'].indexOf(host)
  return alone >= 0 ? alone : numberOfHost(host) + 1
}

/** The host whose pids begin with that number, whether there is such a host now or not. */
export const hostOfNumber = (number: number): string =>
  ['play-1', 'boards', 'load'][number] ?? `play-${number - 1}`

export type HostsEvent =
  | { readonly type: 'host_starting'; readonly host: string }
  | { readonly type: 'host_ready'; readonly host: string }
  | { readonly type: 'host_leaving'; readonly host: string }
  /** It is no part of the system any more. */
  | { readonly type: 'host_left'; readonly host: string }
  | { readonly type: 'host_lost'; readonly host: string; readonly reason: LossReason }
  | { readonly type: 'host_quarantined'; readonly host: string; readonly reason: LossReason }

/** Starts a host in quarantine now, and not when its rest is over. */
export interface StartHost {
  readonly type: 'start_host'
  readonly host: string
}

/** Shape check of what a presenter's page may wish. */
export function checkHostsCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, host, ...more } = command as Record<string, unknown>
  const isKnown = type === 'start_host' && typeof host === 'string' && host.length <= 40
  return isKnown && Object.keys(more).length === 0 ? undefined : refuse('malformed')
}

export interface HostLine {
  readonly host: string
  readonly state: HostState
  /** How often it was lost since the gateway began to watch. */
  readonly losses: number
  /** Why it was lost the last time. */
  readonly reason?: LossReason
}

export interface HostsView {
  readonly hosts: readonly HostLine[]
}

export const hostsFold: Fold<HostsView, HostsEvent> = {
  empty: { hosts: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'host_starting':
        // From quarantine it is tried again and again, and is in it until it is ready.
        return withHost(view, event.host, (line) => ({
          ...line,
          state: line.state === 'quarantined' ? 'quarantined' : 'starting',
        }))
      case 'host_ready':
        return withHost(view, event.host, (line) => ({ ...line, state: 'ready' }))
      case 'host_leaving':
        return withHost(view, event.host, (line) => ({ ...line, state: 'leaving' }))
      case 'host_left':
        return { hosts: view.hosts.filter(({ host }) => host !== event.host) }
      case 'host_lost':
        return withHost(view, event.host, (line) => ({
          ...line,
          state: line.state === 'quarantined' ? 'quarantined' : 'lost',
          losses: line.losses + 1,
          reason: event.reason,
        }))
      case 'host_quarantined':
        return withHost(view, event.host, (line) => ({
          ...line,
          state: 'quarantined',
          reason: event.reason,
        }))
      default:
        return view
    }
  },
}

function withHost(view: HostsView, host: string, change: (line: HostLine) => HostLine): HostsView {
  const known = view.hosts.find((line) => line.host === host)
  const line = change(known ?? { host, state: 'starting', losses: 0 })
  return known
    ? { hosts: view.hosts.map((other) => (other.host === host ? line : other)) }
    : { hosts: [...view.hosts, line] }
}
