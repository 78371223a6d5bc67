/*
 * What the list of hosts means to the visitor of one session: only the hosts of its group matter,
 * and of those the ones that were there and are not. A host that starts for the first time is no
 * trouble.
 */
import { groupOf, sessionStream } from '../../protocol/envelope'
import type { HostLine, HostsView } from '../../protocol/hosts'

const sessionGroup = groupOf(sessionStream(''))

/** The hosts that sessions may live in: `play` alone, or `play-1`, `play-2`. */
export const sessionHosts = ({ hosts }: HostsView): readonly HostLine[] =>
  hosts.filter(({ host }) => host.split(/[^a-z]/, 1)[0] === sessionGroup)

/** True for a host that was there and is not. */
export const isDown = ({ state, losses }: HostLine): boolean =>
  state === 'lost' || state === 'quarantined' || (state === 'starting' && losses > 0)

/** One short line on what is down now, or undefined when nothing is. */
export function troubleOf(hosts: HostsView): string | undefined {
  const down = sessionHosts(hosts).filter(isDown)
  const worst = down.find(({ state }) => state === 'quarantined') ?? down[0]
  if (!worst) return undefined
  const how = worst.state === 'quarantined' ? 'in quarantine' : 'being restarted'
  return `Connected, but host ${worst.host} is ${how}`
}
