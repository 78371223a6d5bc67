/*
 * One life of a host of the lab: a worker, from its start to its end. Whatever runs in it, the page
 * hears that it is silent and ends it: a loop that never yields, or one that the engine itself
 * never leaves.
 */
import type { Life, Watch } from '../host/watch'
import type { DeclaredBoard } from '../protocol/board'
import type { HostRecord } from '../protocol/log-record'
import { homeOf } from './port-lines'
import { isFromWorker, type FromWorker, type KeptStreams, type ToWorker } from './words'

export interface LifeDoors {
  readonly host: string
  readonly life: number
  createWorker(): Worker
  readonly boards: readonly DeclaredBoard[]
  /** What its log has kept in the lives before. */
  readonly log: KeptStreams
  onLog(record: HostRecord): void
  /** It calls another host. */
  onCall(address: string, port: MessagePort): void
  onKept(word: Extract<FromWorker, { type: 'kept' | 'checkpoint' }>): void
}

/** A page has no way to ask what a worker burns: what is silent for so long hangs. */
const silentMs = 2_000
/** So late was the page itself: what it did not hear meanwhile, it could not hear. */
const lateMs = 300

export class WorkerLife implements Life {
  readonly pid = undefined
  readonly rssMb = undefined
  readonly home: string
  private readonly doors: LifeDoors
  private readonly watch: Watch
  private readonly worker: Worker
  private readonly startedAtMs: number
  private stage: 'starting' | 'ready' | 'ended' = 'starting'
  private heardAtMs: number
  private busyMs = 0
  private processes = 0

  constructor(doors: LifeDoors, watch: Watch) {
    this.doors = doors
    this.watch = watch
    this.home = `${doors.host}.${doors.life}`
    this.startedAtMs = this.heardAtMs = watch.awakeMs()
    this.worker = doors.createWorker()
    this.worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (isFromWorker(data)) this.hear(data)
      else this.end('said what no host says')
    }
    this.worker.onerror = (event) => {
      event.preventDefault()
      this.end(`crashed: ${event.message || 'it could not be started'}`)
    }
    const { host, life, boards, log } = doors
    this.tell({ type: 'begin', host, life, boards, log })
  }

  read(): ReturnType<Life['read']> {
    const costs = { mainMs: this.busyMs, allMs: this.busyMs }
    const { doors, processes } = this
    // Each life is another process, whose costs begin anew.
    return { pid: doors.life, costs, rssMb: undefined, processes }
  }

  look(rootLagMs: number): void {
    const nowMs = this.watch.awakeMs()
    if (rootLagMs > lateMs) this.heardAtMs = nowMs
    if (this.stage === 'starting') {
      const { startWithinMs } = this.watch
      const tookMs = nowMs - this.startedAtMs
      if (tookMs > startWithinMs) this.end(`not ready within ${startWithinMs / 1000} s`)
    } else if (nowMs - this.heardAtMs > silentMs) {
      const silent = Math.round(nowMs - this.heardAtMs)
      this.watch.log({
        level: 'error',
        event: 'host_wedged',
        host: this.doors.host,
        silentMs: silent,
      })
      this.end(`wedged: silent for ${silent} ms`)
    }
  }

  send(word: unknown): void {
    this.tell({ type: 'word', word })
  }

  /** Somebody calls it. */
  call(whom: string, port: MessagePort): void {
    if (this.stage !== 'ended') this.worker.postMessage({ type: 'call', whom, port }, [port])
  }

  /** Whoever lived there lives no more. */
  hearGone(home: string): void {
    this.tell({ type: 'gone', home })
  }

  /** There is nothing in a page that an orderly end would save. */
  stop(): void {
    this.end('stopped')
  }

  /** Ends it, whatever it does. */
  kill(): void {
    this.end('killed')
  }

  private tell(word: ToWorker): void {
    if (this.stage !== 'ended') this.worker.postMessage(word)
  }

  private hear(word: FromWorker): void {
    if (this.stage === 'ended') return
    this.heardAtMs = this.watch.awakeMs()
    switch (word.type) {
      case 'beat':
        this.busyMs += word.busyMs
        this.processes = word.processes
        return
      case 'ready':
        this.stage = 'ready'
        return this.watch.onReady(word.details)
      case 'say':
        return this.watch.onWord(word.word)
      case 'fail':
        return this.end(word.sentence, word.sentence)
      case 'log':
        return this.doors.onLog(word.record)
      case 'call':
        return this.doors.onCall(word.address, word.port)
      case 'kept':
      case 'checkpoint':
        return this.doors.onKept(word)
    }
  }

  private end(reason: string, sentence?: string): void {
    if (this.stage === 'ended') return
    this.stage = 'ended'
    this.worker.terminate()
    this.watch.onEnd(reason, sentence)
  }
}

/** Whether that address is within this life. */
export const livesAt = ({ home }: WorkerLife, address: string): boolean => homeOf(address) === home
