/*
 * The gateway's picture of the other hosts: told by the root, kept as the streams `gateway/hosts`,
 * `gateway/gauges` and `gateway/logs`, and acted on. A host counts as ready for the audience when
 * the gateway's line to it stands, not before.
 */
import type { Lines } from '../host/lines'
import { accepted, refused, type Answer, type Events, type Wish } from '../protocol/envelope'
import {
  gaugesFold,
  gaugesStream,
  type GaugesEvent,
  type GaugesSample,
  type GaugesView,
  type HostGauge,
} from '../protocol/gauges'
import type { HostHealth } from '../protocol/host-health'
import type { HostDetails } from '../protocol/host-words'
import {
  hostsFold,
  hostsStream,
  type HostsEvent,
  type HostsView,
  type StartHost,
} from '../protocol/hosts'
import {
  logsFold,
  logsStream,
  type LogEntry,
  type LogsEvent,
  type LogsView,
} from '../protocol/logs'
import { refuse } from '../protocol/refusals'
import { LocalStream } from './local-stream'
import { Streams, type StreamsHears } from './streams'
import { SumGauge } from './sum-gauge'

export interface HostWatchHears {
  /** A host that is to leave has handed over all it had. */
  onEmptied(host: string): void
  /** A host that rests in quarantine is to be started now. */
  onStartHost(host: string): void
  /** A host has told what happened in a stream. */
  onEvents(told: Events): void
}

export class HostWatch {
  readonly streams: Streams
  private readonly stream: LocalStream<HostsView, HostsEvent>
  private readonly gauges: LocalStream<GaugesView, GaugesEvent>
  private readonly logs: LocalStream<LogsView, LogsEvent>
  private readonly sums = new SumGauge(() => performance.now())
  private readonly hears: HostWatchHears
  private readonly lines: Lines
  private hosts: readonly HostHealth[] = []

  /**
   * @param firsts of each host group that the gateway speaks to, the host that is always there
   * @param life which life of the gateway this is: the epoch of its own streams
   * @param lines on which the hosts are reached
   */
  constructor(firsts: readonly string[], life: string, hears: HostWatchHears, lines: Lines) {
    this.hears = hears
    this.lines = lines
    this.stream = new LocalStream(hostsStream, life, hostsFold)
    const streamsHears: StreamsHears = {
      onHostOpen: (host) => this.onHostOpen(host),
      onEmptied: hears.onEmptied,
      onWish: (wish) => this.sums.see(wish),
      onWord: (word) => {
        if (word.type !== 'events') return
        this.sums.hear(word.stream, word.events)
        hears.onEvents(word)
      },
    }
    this.streams = new Streams(firsts, streamsHears, lines)
    this.gauges = new LocalStream(gaugesStream, life, gaugesFold)
    this.streams.addLocal(this.stream, (wish) => this.grant(wish))
    this.streams.addLocal(this.gauges)
    this.logs = new LocalStream(logsStream, life, logsFold)
    this.streams.addLocal(this.logs)
  }

  /** The root's word: what happened, and how all hosts are now. */
  hear(event: HostsEvent, health: readonly HostHealth[]): void {
    const isFirst = this.hosts.length === 0
    this.hosts = health
    if (isFirst) health.forEach((host) => this.act(eventOf(host)))
    else this.act(event)
  }

  /** The root's word: what all OS processes have cost since the last time. */
  gauge(hosts: readonly HostGauge[], atMs: number): void {
    const sums = this.sums.read()
    const sample: GaugesSample = { atMs, hosts, ...(sums && { sums }) }
    this.streams.publish(this.gauges.say({ type: 'gauges_sampled', sample }))
  }

  /** The names of the hosts that serve now. */
  serving(): readonly string[] {
    const isServing = ({ state }: HostHealth) => state === 'ready' || state === 'leaving'
    return this.hosts.filter(isServing).map(({ name }) => name)
  }

  /** The root's word: what was logged since the last time. */
  log(records: readonly LogEntry[]): void {
    this.streams.publish(this.logs.say({ type: 'logged', records }))
  }

  /**
   * For machines: whether all that the audience needs is there, and each host as the root sees it.
   */
  health() {
    const hosts = this.hosts.map(({ name, pid, state, restarts, reason, rssMb }) => {
      return { name, pid, state, restarts, reason, rssMb }
    })
    const isUp = ({ name, state }: HostHealth): boolean =>
      state === 'leaving' ||
      (state === 'ready' && this.streams.groupWith(name)?.isLineOpen(name) !== false)
    return {
      ready: this.hosts.length > 0 && this.hosts.every(isUp),
      hosts,
    }
  }

  private grant({ command }: Wish): Answer {
    const { host } = command as StartHost
    const { hosts } = this.stream.snapshot().view as HostsView
    const isResting = hosts.some((line) => line.host === host && line.state === 'quarantined')
    if (!isResting) return refused(refuse('not_quarantined'))
    this.hears.onStartHost(host)
    return accepted
  }

  private act(event: HostsEvent): void {
    const { host, type } = event
    const group = this.streams.groupWith(host)
    const details = this.hosts.find(({ name }) => name === host)?.details
    const { address: said } = (details ?? {}) as Partial<HostDetails>
    const address = this.lines.isAddress(said) ? said : undefined
    if (!group) return this.say(event)
    // What its line's standing is told by.
    if (type === 'host_ready' && address !== undefined) return group.join(host, address)
    // A gateway that did not see it come must reach it all the same.
    if (type === 'host_leaving') group.leave(host, address)
    else if (type === 'host_left' || type === 'host_quarantined') group.forget(host)
    else group.hangUp(host)
    this.say(event)
  }

  private onHostOpen(host: string): void {
    const isLeaving = this.hosts.some(({ name, state }) => name === host && state === 'leaving')
    if (!isLeaving) this.say({ type: 'host_ready', host })
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
    case 'leaving':
      return { type: 'host_leaving', host: name }
    case 'lost':
      return { type: 'host_lost', host: name, reason }
    case 'quarantined':
      return { type: 'host_quarantined', host: name, reason }
  }
}
