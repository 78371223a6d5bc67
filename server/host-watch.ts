/*
 * The gateway's picture of the other hosts: told by the root, kept as the stream `gateway/hosts`,
 * and acted on. A host counts as ready for the audience when the gateway's line to it stands, not
 * before.
 */
import { hostsFold, hostsStream, type HostsEvent, type HostsView } from '../src/protocol/hosts'
import type { HostDetails } from './host-words'
import { LocalStream } from './local-stream'
import { Streams } from './streams'
import type { HostHealth } from './supervised-host'

export class HostWatch {
  readonly streams: Streams
  private readonly stream: LocalStream<HostsView, HostsEvent>
  private hosts: readonly HostHealth[] = []

  /**
   * @param groups hosts that the gateway speaks to
   * @param life which life of the gateway this is
   */
  constructor(groups: readonly string[], life: string) {
    this.stream = new LocalStream(hostsStream, `${life}.1`, hostsFold)
    this.streams = new Streams(groups, (host) => this.say({ type: 'host_ready', host }))
    this.streams.addLocal(this.stream)
  }

  /** The root's word: what happened, and how all hosts are now. */
  hear(event: HostsEvent, health: readonly HostHealth[]): void {
    const isFirst = this.hosts.length === 0
    this.hosts = health
    if (isFirst) health.forEach((host) => this.act(eventOf(host)))
    else this.act(event)
  }

  /**
   * For machines: whether all that the audience needs is there, and each host as the root sees it.
   */
  health() {
    const hosts = this.hosts.map(({ name, pid, state, restarts, reason, rssMb }) => {
      return { name, pid, state, restarts, reason, rssMb }
    })
    const isUp = ({ name, state }: HostHealth): boolean =>
      state === 'ready' && this.streams.host(name)?.isOpen !== false
    return {
      ready: this.hosts.length > 0 && this.hosts.every(isUp),
      hosts,
      uptimeS: process.uptime(),
    }
  }

  private act(event: HostsEvent): void {
    const link = this.streams.host(event.host)
    if (!link) return this.say(event)
    const host = this.hosts.find(({ name }) => name === event.host)
    const details = host?.details as HostDetails | undefined
    if (event.type === 'host_ready' && details) return link.connect(details.address)
    link.hangUp()
    this.say(event)
  }

  private say(event: HostsEvent): void {
    this.streams.publish(this.stream.say(event))
  }
}

/** What a newly started gateway makes of a host that it did not see come. */
function eventOf({ name, state, reason = '' }: HostHealth): HostsEvent {
  switch (state) {
    case 'ready':
      return { type: 'host_ready', host: name }
    case 'starting':
      return { type: 'host_starting', host: name }
    case 'lost':
      return { type: 'host_lost', host: name, reason }
    case 'quarantined':
      return { type: 'host_quarantined', host: name, reason }
  }
}
