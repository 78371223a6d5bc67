/*
 * The stream of the supervision tree. While somebody follows it, each host is looked into once a
 * second, and at once when something happened there; only what has changed is told. A host whose
 * look takes long is looked into less often, so that looking never costs it more than a twentieth.
 * Who died is heard at all times, since a page may come a moment later.
 *
 * Three kinds of trouble are told apart: a process or a host that died (a tombstone with its
 * reason, which for a hung one says where), a host that answers late, and a process that burns.
 */
import type { HostGauge } from '../protocol/gauges'
import type { HostsEvent } from '../protocol/hosts'
import type { LogEntry } from '../protocol/logs'
import type { TreeNode } from '../protocol/observe'
import {
  treeFold,
  treeStream,
  type Burning,
  type HostCost,
  type TreeEvent,
  type TreeView,
} from '../protocol/tree'
import { deathIn } from './death-record'
import { Graveyard } from './graveyard'
import { LocalStream, type OpenStream } from './local-stream'
import type { Observing } from './observing'
import { pruneTree } from './prune-tree'
import type { Streams } from './streams'
import { deathsBetween, shownName } from './tree-deaths'

const turnMs = 250
const everyMs = 1_000
/** So many times as long as it took, a host is left in peace, but no longer than that. */
const restFactor = 20
const longestRestMs = 10_000
/** So much is the way there and back. */
const wayMs = 100
/** An event loop that turns answers within some milliseconds. */
const lateFromMs = 400
/** That a host takes so much of a core is worth a look at who it is. */
const busyFrom = 0.1
/** Who takes so much of all steps of a host burns, where they are many, whatever cores are free. */
const burningFrom = 0.25
const manySteps = 100_000
/** Looks itself, and at many if many there are. */
const observer = 'observer'
const mostBurning = 3
/** Costs are told ten times a second. */
const costsInMean = 10
/** No process has that serial: whoever is asked for it answers at once. */
const nobody = { kind: 'process', serial: 0 } as const

/** One host, as far as it was seen since somebody follows. */
interface Looked {
  roots: readonly TreeNode[]
  /** Those of the look before: who died may be in no other. */
  before: readonly TreeNode[]
  /** As it was told last. */
  told: string
  burning: readonly Burning[]
  dueMs: number
  topDueMs: number
  askedMs: number | undefined
  lateMs: number
}

export class TreeStream {
  private readonly streams: Streams
  private readonly observing: Observing
  private readonly epoch: string
  private readonly graveyard = new Graveyard(() => Date.now())
  private costs: readonly (readonly HostGauge[])[] = []
  private stream: LocalStream<TreeView, TreeEvent> | undefined
  private looked = new Map<string, Looked>()
  private costsDueMs = 0

  /** Adds the stream to the gateway's. */
  constructor(streams: Streams, observing: Observing, epoch: string) {
    this.streams = streams
    this.observing = observing
    this.epoch = epoch
    streams.addLocalKind((name) => (name === treeStream ? this.open() : undefined))
  }

  /** The root's word about a host. */
  hearHost({ type, host }: HostsEvent): void {
    if (type === 'host_lost' || type === 'host_left') this.forget(host)
    this.soon(host)
  }

  /** The root's word about what all OS processes have cost since the last time. */
  hearCosts(costs: readonly HostGauge[]): void {
    this.costs = [...this.costs, costs].slice(-costsInMean)
  }

  /** What was logged lately. */
  hearRecords(records: readonly LogEntry[]): void {
    for (const record of records) {
      const death = deathIn(record)
      if (!death) continue
      const { host, what, serial, under } = death
      if (what === 'host') this.graveyard.forgetSerials(host)
      const { roots = [], before = [] } = this.looked.get(host) ?? {}
      const name = shownName([...roots, ...before], serial, under[0])
      this.graveyard.bury({ ...death, ...(name !== undefined && { name }) }, record.atMs)
      this.soon(host)
    }
  }

  private open(): OpenStream {
    const stream = new LocalStream<TreeView, TreeEvent>(treeStream, this.epoch, treeFold)
    this.stream = stream
    this.looked = new Map()
    this.costsDueMs = 0
    stream.say({ type: 'buried', tombstones: this.graveyard.all() })
    this.graveyard.take()
    const timer = setInterval(() => this.turn(), turnMs)
    this.turn()
    const close = () => {
      this.stream = undefined
      clearInterval(timer)
    }
    return { stream: stream as LocalStream<unknown, never>, close }
  }

  private say(event: TreeEvent): void {
    if (this.stream) this.streams.publish(this.stream.say(event))
  }

  private turn(): void {
    const tombstones = this.graveyard.take()
    if (tombstones.length > 0) this.say({ type: 'buried', tombstones })
    const nowMs = performance.now()
    for (const host of this.observing.hosts()) {
      const looked = this.lookedAt(host)
      if (looked.askedMs === undefined && nowMs >= looked.dueMs) void this.look(host, looked)
      if (nowMs >= looked.topDueMs) void this.lookForBurning(host, looked)
    }
    if (nowMs < this.costsDueMs) return
    this.costsDueMs = nowMs + everyMs - turnMs / 2
    this.say({ type: 'costs_taken', atMs: Date.now(), costs: this.meanCosts(nowMs) })
  }

  private lookedAt(host: string): Looked {
    const known = this.looked.get(host)
    if (known) return known
    const fresh: Looked = {
      roots: [],
      before: [],
      told: '',
      burning: [],
      dueMs: 0,
      topDueMs: 0,
      askedMs: undefined,
      lateMs: 0,
    }
    this.looked.set(host, fresh)
    return fresh
  }

  /** Something has happened there. */
  private soon(host: string): void {
    const looked = this.looked.get(host)
    if (looked) looked.dueMs = 0
  }

  /** What was seen of an earlier life is not compared with a later one. */
  private forget(host: string): void {
    if (this.looked.delete(host)) this.say({ type: 'tree_gone', host })
  }

  private async look(host: string, looked: Looked): Promise<void> {
    const askedMs = performance.now()
    looked.askedMs = askedMs
    await this.observing.ask(host, nobody, 'process')
    looked.lateMs = performance.now() - askedMs
    const begunMs = performance.now()
    const seen = await this.observing.ask(host, { kind: 'tree' }, 'tree')
    const endedMs = performance.now()
    looked.askedMs = undefined
    looked.dueMs = Math.max(askedMs + everyMs, endedMs + restMs(endedMs - begunMs))
    if (seen.kind === 'tree' && this.looked.get(host) === looked)
      this.tell(host, looked, seen.roots)
  }

  private tell(host: string, looked: Looked, roots: readonly TreeNode[]): void {
    for (const death of deathsBetween(looked.roots, roots)) this.graveyard.bury({ host, ...death })
    looked.before = looked.roots
    looked.roots = roots
    const pruned = pruneTree(roots)
    const told = JSON.stringify(pruned)
    if (told === looked.told) return
    looked.told = told
    this.say({ type: 'tree_taken', host, roots: pruned })
  }

  private async lookForBurning(host: string, looked: Looked): Promise<void> {
    const isBusy = this.meanOf(host, ({ busy }) => busy) >= busyFrom
    const askedMs = performance.now()
    looked.topDueMs = Infinity
    const seen = isBusy ? await this.observing.ask(host, { kind: 'top' }, 'top') : undefined
    // It counts for a second, and goes through all processes before and after that.
    const nowMs = performance.now()
    looked.topDueMs = nowMs + (isBusy ? restMs(nowMs - askedMs - 1_000) : everyMs)
    const rows = seen?.kind === 'top' ? seen.rows : []
    const burning = rows
      .filter(({ name, share, reductions }) => {
        return share >= burningFrom && reductions >= manySteps && name !== observer
      })
      .slice(0, mostBurning)
      .map(({ serial, initialCall, share }) => ({
        serial,
        initialCall,
        share: Math.round(share * 100) / 100,
      }))
    if (this.looked.get(host) !== looked) return
    if (JSON.stringify(burning) === JSON.stringify(looked.burning)) return
    looked.burning = burning
    this.say({ type: 'burning_seen', host, burning })
  }

  private meanOf(host: string, value: (gauge: HostGauge) => number): number {
    const found = this.costs.flatMap((costs) => costs.filter((gauge) => gauge.host === host))
    return found.reduce((total, gauge) => total + value(gauge), 0) / Math.max(1, found.length)
  }

  private meanCosts(nowMs: number): HostCost[] {
    return (this.costs.at(-1) ?? []).map((gauge) => {
      const looked = this.looked.get(gauge.host)
      const silentMs = looked?.askedMs === undefined ? 0 : nowMs - looked.askedMs
      const lateMs = Math.round(Math.max(silentMs, looked?.lateMs ?? 0))
      return {
        ...gauge,
        busy: Math.round(this.meanOf(gauge.host, ({ busy }) => busy) * 100) / 100,
        cores: Math.round(this.meanOf(gauge.host, ({ cores }) => cores) * 100) / 100,
        ...(lateMs >= lateFromMs && { lateMs }),
      }
    })
  }
}

const restMs = (tookMs: number): number =>
  Math.min(longestRestMs, restFactor * Math.max(0, tookMs - wayMs))
