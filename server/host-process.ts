/*
 * One life of one host: the OS process from its fork to its exit, and the watch over it. The watch
 * looks at each turn of the root's pulse, knows three ways to fail (not ready in time, too much
 * memory, wedged), and has one answer to all of them: SIGKILL, with the reason in words. Whether
 * another life follows is the supervisor's business; this file only tells, once and last, that it
 * ended and why.
 */
import type { ChildProcess } from 'node:child_process'
import type { Costs, Reading } from '../src/host/gauges'
import type { Life, Watch } from '../src/host/watch'
import { HostOutput } from './host-output'
import { readCosts, readCpuMs, readRssMb } from './kernel'
import { heapMbOf, launch, maxRssMbOf, type HostSpec } from './launch'
import { readReport, type Order } from './orders'
import { takeStack, type Frame, type StackTarget } from './stack'
import { heartbeatMs, isWedged, wedgeReason, type Silence } from './wedge'

const rssEveryMs = 250

export class HostProcess implements Life {
  readonly #spec: HostSpec
  #watch: Watch
  readonly #child: ChildProcess
  readonly #output: HostOutput
  readonly #startedAtMs: number
  #stage: 'starting' | 'ready' | 'stopping' | 'ended' = 'starting'
  /** Why the root kills it. Once set, it is final. */
  #verdict: string | undefined
  #sentence: string | undefined
  #isPaused = false
  #stopLimit: NodeJS.Timeout | undefined
  #heardAtMs: number
  #cpuMsWhenHeard: number | undefined
  #worstLagMs = 0
  #rssReadAtMs = -Infinity
  #rssMb: number | undefined
  /** What it says of itself; used where the kernel cannot be asked. */
  #ownRssMb: number | undefined
  #ownCpuMs: number | undefined
  #processes: number | undefined

  /** Starts the process. */
  constructor(spec: HostSpec, watch: Watch) {
    this.#spec = spec
    this.#watch = watch
    this.#startedAtMs = this.#heardAtMs = watch.awakeMs()
    this.#child = launch(spec)
    this.#output = new HostOutput(spec.name, this.#child, watch.log, watch.awakeMs)
    this.#child.on('message', (raw) => this.#hear(raw))
    this.#child.on('error', (error) => {
      // The same event tells of a signal that could not be sent: only without a pid it never lived.
      if (this.pid === undefined) this.#end(`could not be started: ${error.message}`)
    })
    // Node reads all pipes before it tells of an exit, so reports and lines of its last moment are
    // here.
    this.#child.once('exit', (code, signal) => this.#end(this.#exitReason(code, signal)))
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Memory at the last look. */
  get rssMb(): number | undefined {
    return this.#rssMb
  }

  /** What it has cost so far, and how many processes its runtime has; undefined: not known. */
  read(): Pick<Reading, 'pid' | 'costs' | 'rssMb' | 'processes'> {
    const pid = this.#stage === 'ended' ? undefined : this.pid
    const own = this.#ownCpuMs === undefined ? undefined : costsOf(this.#ownCpuMs)
    const costs = pid === undefined ? undefined : (readCosts(pid) ?? own)
    return { pid, costs, rssMb: this.#rssMb, processes: this.#processes }
  }

  /** Whether it is ready, and nothing is wrong with it. */
  get isWell(): boolean {
    return this.#stage === 'ready' && this.#verdict === undefined && !this.#isPaused
  }

  /** A spare takes a host's place: by that name it is known, and this is its watch. */
  serveAs(host: string, watch: Watch): void {
    this.#watch = watch
    this.#output.host = host
  }

  /** One look at the process, at each turn of the root's pulse, which was `rootLagMs` late. */
  look(rootLagMs: number): void {
    if (this.pid === undefined || this.#verdict !== undefined) return
    if (this.#stage === 'stopping' || this.#stage === 'ended') return
    this.#worstLagMs = Math.max(this.#worstLagMs, rootLagMs)
    this.#lookAtMemory(this.pid)
    if (this.#stage === 'starting') this.#lookAtStart()
    else if (!this.#isPaused) this.#lookAtSilence(this.pid)
  }

  /** Sends a word; it is lost when the process is. */
  send(word: unknown): void {
    this.#order({ type: 'word', word })
  }

  /**
   * Asks it to end in order, and kills it when that takes longer. From now on it is no longer
   * watched.
   */
  stop(withinMs: number): void {
    if (this.#stage === 'ended') return
    this.#stage = 'stopping'
    this.#order({ type: 'stop' })
    const reason = `killed (SIGKILL): not stopped within ${Math.round(withinMs)} ms`
    this.#stopLimit = setTimeout(() => this.#condemn(reason), withinMs)
  }

  #order(order: Order): void {
    // A channel that has just closed is no error: the exit that closed it is told on its own.
    if (this.#child.connected) this.#child.send(order, () => {})
  }

  #hear(raw: unknown): void {
    this.#heardAtMs = this.#watch.awakeMs()
    this.#cpuMsWhenHeard = this.pid === undefined ? undefined : readCpuMs(this.pid)
    this.#worstLagMs = 0
    const report = readReport(raw)
    switch (report?.type) {
      case 'beat':
        this.#ownRssMb = report.rssMb
        this.#ownCpuMs = report.cpuMs
        this.#processes = report.processes
        break
      case 'ready':
        if (this.#stage !== 'starting') break
        this.#stage = 'ready'
        this.#watch.onReady(report.details)
        break
      case 'fail':
        this.#sentence = report.sentence
        break
      case 'word':
        this.#watch.onWord(report.word)
        break
      case undefined:
        this.#watch.log({ level: 'warn', event: 'report_malformed', host: this.#output.host })
    }
  }

  #lookAtMemory(pid: number): void {
    const nowMs = this.#watch.awakeMs()
    if (nowMs - this.#rssReadAtMs < rssEveryMs) return
    this.#rssReadAtMs = nowMs
    this.#rssMb = readRssMb(pid) ?? this.#ownRssMb
    const limitMb = maxRssMbOf(this.#spec)
    if (this.#rssMb === undefined || this.#rssMb <= limitMb) return
    const rssMb = Math.round(this.#rssMb)
    // One that grows on while its stack is taken, or cannot be asked, is killed without.
    if (this.#stage !== 'ready' || this.#isPaused) this.#condemn(memoryReason(rssMb, limitMb))
    else void this.#endOvergrown(rssMb, limitMb)
  }

  async #endOvergrown(rssMb: number, limitMb: number): Promise<void> {
    const stack = await this.#takeStack()
    if (this.#stage !== 'ready' || this.#verdict !== undefined) return
    this.#logLast('host_overgrown', { rssMb, limitMb }, stack)
    this.#condemn(memoryReason(rssMb, limitMb))
  }

  #lookAtStart(): void {
    const { awakeMs, startWithinMs } = this.#watch
    if (awakeMs() - this.#startedAtMs < startWithinMs) return
    this.#condemn(`not ready within ${startWithinMs / 1000} s`)
  }

  #lookAtSilence(pid: number): void {
    const silentMs = this.#watch.awakeMs() - this.#heardAtMs
    if (silentMs < 2 * heartbeatMs) return
    const cpuMs = readCpuMs(pid)
    const silence: Silence = {
      silentMs,
      burnedMs:
        cpuMs === undefined || this.#cpuMsWhenHeard === undefined
          ? undefined
          : cpuMs - this.#cpuMsWhenHeard,
      rootLagMs: this.#worstLagMs,
    }
    if (isWedged(silence)) void this.#endWedged(silence)
  }

  async #endWedged(silence: Silence): Promise<void> {
    const stack = await this.#takeStack()
    // Somebody else may have killed it meanwhile, or its memory has: then that is the reason.
    if (this.#stage !== 'ready' || this.#verdict !== undefined) return
    this.#logLast('host_wedged', silence, stack)
    this.#condemn(wedgeReason(silence, stack))
  }

  /** Pauses it for good. */
  async #takeStack(): Promise<readonly Frame[] | undefined> {
    this.#isPaused = true
    const target: StackTarget = {
      openInspector: () => this.#child.kill('SIGUSR1'),
      onErrorLine: (listener) => this.#output.onErrorLine(listener),
    }
    return await takeStack(target, this.#watch.stackWithinMs)
  }

  #logLast(event: string, details: object, stack: readonly Frame[] | undefined): void {
    const { host } = this.#output
    const frames = stack?.map(frameLine)
    this.#watch.log({ level: 'error', event, host, ...details, stack: frames })
  }

  #condemn(reason: string): void {
    this.#verdict ??= reason
    this.#child.kill('SIGKILL')
  }

  #end(reason: string): void {
    if (this.#stage === 'ended') return
    this.#stage = 'ended'
    clearTimeout(this.#stopLimit)
    this.#watch.onEnd(this.#verdict ?? this.#sentence ?? reason, this.#sentence)
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): string {
    if (signal === 'SIGABRT' && this.#output.heapIsFull) {
      return `memory: heap over ${heapMbOf(this.#spec)} MB`
    }
    if (this.#stage === 'stopping' && code === 0) return 'stopped'
    return signal === null ? `exited with ${code}` : `killed (${signal})`
  }
}

/**
 * Starts a host's process. A system that has no memory left for one must not cost the root its own
 * life: then there is none, and its watch is told of its end.
 */
export function launchHost(spec: HostSpec, watch: Watch): HostProcess | undefined {
  try {
    return new HostProcess(spec, watch)
  } catch (error) {
    queueMicrotask(() => watch.onEnd(`could not be started: ${String(error)}`, undefined))
    return undefined
  }
}

const memoryReason = (rssMb: number, limitMb: number): string =>
  `memory: ${rssMb} MB of ${limitMb} MB`

/** A host that tells only all of it: nearly all of that is its main thread's. */
const costsOf = (cpuMs: number): Costs => ({ mainMs: cpuMs, allMs: cpuMs })

const frameLine = (frame: Frame): string =>
  frame.file === '' ? frame.name : `${frame.name} (${frame.file}:${frame.line}:${frame.column})`
