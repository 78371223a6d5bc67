/*
 * What the list of hosts means to the visitor of one session: only the host matters that it lives
 * in, or as long as nobody knows which that is, all of its group; and of those the ones that were
 * there and are not. A host that starts for the first time is no trouble.
 */
import { groupOf, sessionStream } from '../../protocol/envelope'
import { groupOfHost, type HostLine, type HostsView } from '../../protocol/hosts'
import { ownerOf } from '../../protocol/share'

const sessionGroup = groupOf(sessionStream(''))

/** The hosts that a session of that stream may live in. */
export function sessionHosts({ hosts }: HostsView, stream?: string): readonly HostLine[] {
  const group = hosts.filter(({ host }) => groupOfHost(host) === sessionGroup)
  const sharing = group.filter(hasShare).map(({ host }) => host)
  const owner = stream === undefined ? undefined : ownerOf(stream, sharing)
  return owner === undefined ? group : group.filter(({ host }) => host === owner)
}

/** A host that was just added, or is about to go, serves nobody. */
const hasShare = ({ state, losses }: HostLine): boolean =>
  state === 'ready' || state === 'lost' || (state === 'starting' && losses > 0)

/** True for a host that was there and is not. */
export const isDown = ({ state, losses }: HostLine): boolean =>
  state === 'lost' || state === 'quarantined' || (state === 'starting' && losses > 0)

/** One short line on what is down now, or undefined when nothing is. */
export function troubleOf(hosts: HostsView, stream?: string): string | undefined {
  const down = sessionHosts(hosts, stream).filter(isDown)
  const worst = down.find(({ state }) => state === 'quarantined') ?? down[0]
  if (!worst) return undefined
  const how = worst.state === 'quarantined' ? 'in quarantine' : 'being restarted'
  return `Connected, but host ${worst.host} is ${how}`
}
