/*
 * What the root and its hosts say to each other over the leash. To the gateway: who may present,
 * how the hosts are, what they cost, what was logged, and how upgrades go. To `load`: what was
 * wanted of it last, and where the play hosts take jobs. Secrets travel this way and never through
 * an environment.
 */
import type { Answer } from './envelope'
import type { HostGauge } from './gauges'
import type { HostHealth } from './host-health'
import type { HostsEvent, StartHost } from './hosts'
import type { Wanted } from './load'
import type { LogEntry } from './logs'
import type { UpgradeEvent, UpgradeView } from './upgrades'

export type GatewayWord =
  | {
      readonly type: 'secrets'
      /** What the presenter's link carries. */
      readonly token: string
      /** Signs the cookies; another one with each start of the root. */
      readonly key: string
    }
  | { readonly type: 'hosts'; readonly event: HostsEvent; readonly health: readonly HostHealth[] }
  | { readonly type: 'gauges'; readonly hosts: readonly HostGauge[] }
  /** Before the secrets: how the upgrades stand. */
  | { readonly type: 'upgrades'; readonly view: UpgradeView }
  | { readonly type: 'upgrade_event'; readonly event: UpgradeEvent }
  | { readonly type: 'upgrade_answer'; readonly ref: number; readonly answer: Answer }
  | { readonly type: 'log'; readonly records: readonly LogEntry[] }

/** gateway → root: this host, which is to leave, has handed over all it had. */
export interface EmptiedWord {
  readonly type: 'emptied'
  readonly host: string
}

/** gateway → root: this host is to be started now, if it rests in quarantine. */
export type StartWord = StartHost

/** gateway → root: the presenter wishes this of the upgrades. */
export interface UpgradeWord {
  readonly type: 'upgrade'
  readonly ref: number
  readonly command: unknown
}

export type LoadWord =
  /** root → load, once: what was wanted last. */
  | ({ readonly type: 'begin'; readonly mostPlayHosts: number } & Wanted)
  /** root → load: the local sockets on which the living play hosts take jobs, by name. */
  | { readonly type: 'play'; readonly jobs: Readonly<Record<string, string>> }

/** load → root: what is wanted from now on. */
export type WantedWord = { readonly type: 'wanted' } & Wanted

/** What a host of the demo system says of itself when it is ready. */
export interface HostDetails {
  /** Path of the local socket on which it takes the gateway's words. */
  readonly address: string
  /** Path of the local socket on which `play` takes jobs. */
  readonly jobs?: string
}
