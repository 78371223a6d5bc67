/*
 * A warm spare: an OS process that has started, loaded all its code, and waits to be some host of
 * its group. When one of them is lost, or one more is wanted, the spare takes its place at once,
 * and another spare is started in peace. Node takes longer to start than everything else together.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Reading } from '../src/host/gauges'
import { killedWithinMs } from '../src/host/supervised-host'
import type { Watch } from '../src/host/watch'
import { launchHost, type HostProcess } from './host-process'
import { shutdownMsOf, type HostSpec } from './launch'

/** What a spare needs of its supervisor: the watch over a host, but for how it is. */
export interface SpareWatch extends Omit<Watch, 'onReady' | 'onEnd'> {
  /** One was started, and may be told what it needs to be ready. */
  onStart(): void
}

/** So long after one was taken, the one that took its place has the processor for itself. */
const restMs = 500
/** What cannot start is tried again in growing rests, up to this. */
const longestRestMs = 30_000

export interface WarmHost {
  readonly process: HostProcess
  /** What it said of itself when it became ready. */
  readonly details: unknown
}

export class Spare {
  private readonly spec: HostSpec
  private readonly watch: SpareWatch
  private process: HostProcess | undefined
  private details: { readonly said: unknown } | undefined
  private waiting: NodeJS.Timeout | undefined
  private isStopped = false
  private deathsBeforeReady = 0
  private ended: Promise<void> = Promise.resolve()

  /** @param spec its name is that of the spare, until it is taken */
  constructor(spec: HostSpec, watch: SpareWatch) {
    this.spec = spec
    this.watch = watch
  }

  /** Starts a spare when there is none, in a moment. */
  prepare(): void {
    if (this.process || this.isStopped) return
    const waitMs = Math.min(restMs * 2 ** this.deathsBeforeReady, longestRestMs)
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined
      this.start()
    }, waitMs)
  }

  look(rootLagMs: number): void {
    this.process?.look(rootLagMs)
  }

  /** What it has cost so far; empty when there is none. */
  read(): Reading[] {
    return this.process ? [{ host: this.spec.name, ...this.process.read() }] : []
  }

  /** Sends a word; it is lost when there is none. */
  send(word: unknown): void {
    this.process?.send(word)
  }

  /** Gives the spare to a host of that name, whose watch this is; undefined when none is ready. */
  take(name: string, watch: Watch): WarmHost | undefined {
    const { process, details } = this
    if (!process?.isWell || !details) return undefined
    this.process = undefined
    this.details = undefined
    // Its end is told to its new watch.
    this.ended = Promise.resolve()
    process.serveAs(name, watch)
    this.prepare()
    return { process, details: details.said }
  }

  /** Ends it, in order if that takes no longer than its `shutdownMs` and `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.isStopped = true
    clearTimeout(this.waiting)
    const limitMs = Math.min(shutdownMsOf(this.spec), withinMs)
    this.process?.stop(limitMs)
    await Promise.race([this.ended, pause(limitMs + killedWithinMs, undefined, { ref: false })])
  }

  private start(): void {
    let onEnded = () => {}
    this.ended = new Promise((resolve) => (onEnded = resolve))
    const onEnd = (reason: string) => {
      onEnded()
      this.onLost(reason)
    }
    const onReady = (said: unknown) => {
      this.details = { said }
      this.deathsBeforeReady = 0
    }
    this.process = launchHost(this.spec, { ...this.watch, onReady, onEnd })
    this.watch.onStart()
  }

  private onLost(reason: string): void {
    const level = this.isStopped ? 'info' : 'warn'
    this.watch.log({ level, event: 'spare_lost', host: this.spec.name, reason })
    if (!this.details) this.deathsBeforeReady++
    this.process = undefined
    this.details = undefined
    this.prepare()
  }
}
