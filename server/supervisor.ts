/*
 * The second wall: the root supervises hosts, each an OS process of its own, so that what escapes
 * the wall of processes inside one (native code that never yields, memory bombs, kill -9) is healed
 * from outside. The strategy is one_for_one: all hosts start together, each is restarted alone
 * (`supervised-host.ts` has the rules), and they stop one after the other in the reverse of their
 * order. Hosts may be added and removed meanwhile. Nothing else runs in the root, so that it stays
 * awake to watch; its pulse proves that it does.
 */
import type { Reading } from '../src/host/gauges'
import { hostIntensity, type RestartIntensity } from '../src/host/restarts'
import { SupervisedHost, type Begun } from '../src/host/supervised-host'
import type { Watch } from '../src/host/watch'
import type { HostHealth } from '../src/protocol/host-health'
import { groupOfHost, type HostsEvent } from '../src/protocol/hosts'
import type { Log } from '../src/protocol/log-record'
import { Guests, type Guest, type GuestHears } from './guests'
import { launchHost } from './host-process'
import { shutdownMsOf, type HostSpec } from './launch'
import { startPulse } from './pulse'
import { Spare, type SpareWatch } from './spare'

export type { HostSpec } from './launch'
export type { Log, LogRecord } from '../src/protocol/log-record'

export interface SupervisorOptions {
  /** In the order in which they start and, backwards, stop. */
  readonly hosts: readonly HostSpec[]
  /** A process that is kept ready to take the place of a lost host of its group: `play-spare`. */
  readonly spare?: HostSpec
  readonly log: Log
  /** Told of each change, once `health` shows it. */
  onHosts?(event: HostsEvent): void
  /**
   * A word from a host. Judge it before use: whoever says it may have been broken by the audience.
   */
  onWord?(name: string, word: unknown): void
  /** The spare was started: it may be told what it needs to be ready, by its name. */
  onSpare?(name: string): void
  /**
   * An essential host cannot start, so all were stopped; the sentence says why. Told once at most.
   */
  onGiveUp?(sentence: string): void
  /** How long a host may take to be ready: 10 s. */
  readonly startWithinMs?: number
  /** How long a wedged host may take to tell its stack before it is killed without: 200 ms. */
  readonly stackWithinMs?: number
  /** How often a host may be restarted at once: 30 times in 10 s. */
  readonly intensity?: RestartIntensity
}

export interface HostSupervisor {
  /** How all hosts are, in their order. */
  health(): HostHealth[]
  /** What the OS process of each host, and the spare, has cost so far. */
  read(): Reading[]
  /** Sends a word to a host. It is lost when the host is: say it again at `host_ready`. */
  send(name: string, word: unknown): void
  /** Starts one more host, behind those of its group. */
  add(spec: HostSpec): void
  /** Starts a host that rests in quarantine; any other goes on as it is. */
  startNow(name: string): void
  /** Starts a process that is watched like a host, has one life, and is no part of the system. */
  launch(spec: HostSpec, hears: GuestHears): Guest
  /** Says that a host is to go. */
  dismiss(name: string): void
  /** Ends a host, in order if it can, and forgets it. */
  remove(name: string): Promise<void>
  /** Ends all hosts, the last one first, within 5 seconds whatever they do. Twice is once. */
  stop(): Promise<void>
}

const defaultStartWithinMs = 10_000
/** An answer takes 35 to 80 ms; what has not answered by now is in code that never will. */
const defaultStackWithinMs = 200
/**
 * For all orderly ends together; the rest of the 5 seconds is for the kernel to clear away the
 * killed.
 */
const stopWithinMs = 4_500

/** Starts all hosts and keeps them running until `stop`. */
export function superviseHosts(options: SupervisorOptions): HostSupervisor {
  const pulse = startPulse((lagMs) => {
    for (const host of hosts) host.look(lagMs)
    spare?.look(lagMs)
    guests.look(lagMs)
  })
  const patience = { ...patienceOf(options), log: options.log, awakeMs: pulse.awakeMs }
  const guests = new Guests(patience)
  const spareName = options.spare?.name ?? ''
  const spare = createSpare(options, patience)
  const isSpared = (host: string) => spareName === `${groupOfHost(host)}-spare`
  const create = (spec: HostSpec) =>
    new SupervisedHost({
      ...patience,
      ...{ name: spec.name, essential: spec.essential, shutdownMs: shutdownMsOf(spec) },
      intensity: options.intensity ?? hostIntensity,
      begin: (watch) => begin(spec, watch, isSpared(spec.name) ? spare : undefined),
      onHosts(event) {
        options.onHosts?.(event)
        if (event.type === 'host_ready' && isSpared(event.host)) spare?.prepare()
      },
      onWord: (name, word) => options.onWord?.(name, word),
      onHopeless: giveUp,
    })
  let hosts = options.hosts.map(create)
  const find = (name: string) => hosts.find((host) => host.name === name)

  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= stopAll())

  async function stopAll(): Promise<void> {
    const deadlineMs = performance.now() + stopWithinMs
    for (const host of hosts) host.retire()
    const spareEnds = spare?.stop(stopWithinMs)
    guests.stop()
    for (const host of hosts.toReversed()) {
      await host.stop(Math.max(0, deadlineMs - performance.now()))
    }
    await spareEnds
    pulse.stop()
  }

  function giveUp(sentence: string): void {
    if (!stopping) void stop().then(() => options.onGiveUp?.(sentence))
  }

  function add(spec: HostSpec): void {
    const host = create(spec)
    const isOfGroup = ({ name }: SupervisedHost) => groupOfHost(name) === groupOfHost(spec.name)
    hosts = hosts.toSpliced(hosts.findLastIndex(isOfGroup) + 1 || hosts.length, 0, host)
    if (!stopping) host.start()
  }

  async function remove(name: string): Promise<void> {
    const host = find(name)
    if (!host) return
    host.retire()
    await host.stop(stopWithinMs)
    hosts = hosts.filter((other) => other !== host)
    options.onHosts?.({ type: 'host_left', host: name })
  }

  // In a moment, so that whoever is told of the first start already holds this supervisor.
  queueMicrotask(() => hosts.forEach((host) => host.start()))
  return {
    health: () => hosts.map((host) => host.health()),
    read: () => [...hosts.map((host) => host.read()), ...(spare?.read() ?? [])],
    send: (name, word) => (name === spareName ? spare?.send(word) : find(name)?.send(word)),
    add,
    startNow: (name) => find(name)?.startNow(),
    launch: (spec, hears) => guests.launch(spec, hears),
    dismiss: (name) => find(name)?.dismiss(),
    remove,
    stop,
  }
}

/** A life of a host: the spare's, where one is ready. */
function begin(spec: HostSpec, watch: Watch, spare: Spare | undefined): Begun {
  const warm = spare?.take(spec.name, watch)
  return warm
    ? { life: warm.process, ready: { details: warm.details } }
    : { life: launchHost(spec, watch) }
}

const createSpare = (
  { spare, onSpare, onWord }: SupervisorOptions,
  patience: Omit<SpareWatch, 'onStart' | 'onWord'>,
): Spare | undefined =>
  spare &&
  new Spare(spare, {
    ...patience,
    onStart: () => onSpare?.(spare.name),
    onWord: (word) => onWord?.(spare.name, word),
  })

const patienceOf = ({ startWithinMs, stackWithinMs }: SupervisorOptions) => ({
  startWithinMs: startWithinMs ?? defaultStartWithinMs,
  stackWithinMs: stackWithinMs ?? defaultStackWithinMs,
})
