/*
 * What the root and its hosts say to each other over the leash. To the gateway: who may present,
 * and how the hosts are. To `load`: its last target, and where `play` takes jobs. Secrets travel
 * this way and never through an environment.
 */
import type { HostsEvent } from '../src/protocol/hosts'
import type { HostHealth } from './supervised-host'

export type GatewayWord =
  | {
      readonly type: 'secrets'
      /** What the presenter's link carries. */
      readonly token: string
      /** Signs the cookies; another one with each start of the root. */
      readonly key: string
    }
  | { readonly type: 'hosts'; readonly event: HostsEvent; readonly health: readonly HostHealth[] }

export type LoadWord =
  /** root → load, once: so many virtual clients were wanted last. load → root: so many are now. */
  | { readonly type: 'target'; readonly target: number }
  /** root → load: the local socket on which `play` takes jobs; missing while there is none. */
  | { readonly type: 'play'; readonly jobs: string | undefined }

/** What a host of the demo system says of itself when it is ready. */
export interface HostDetails {
  /** Path of the local socket on which it takes the gateway's words. */
  readonly address: string
  /** Path of the local socket on which `play` takes jobs. */
  readonly jobs?: string
}
