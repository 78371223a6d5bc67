/*
 * What the root and the gateway say to each other over the leash: who may present, and how the
 * hosts are. Secrets travel this way and never through an environment.
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

/** What a host of the demo system says of itself when it is ready. */
export interface HostDetails {
  /** Path of the local socket on which it takes the gateway's words. */
  readonly address: string
}
