/*
 * What a host writes to its stdout and stderr: each line goes to the root's log, thinned when it is
 * a flood; one that is a record of the host's own log becomes a record of the system's. Stderr is
 * read for two things besides: Node tells there when the heap is full, and where the inspector
 * listens. Whoever wants the latter hears every line, whatever the log leaves out.
 */
import type { ChildProcess } from 'node:child_process'
import { readHostRecord } from '../src/host/host-record'
import type { Log } from '../src/protocol/log-record'
import { cutLine, readLines, thinLines } from './lines'

/** What Node itself writes when its inspector opens: of no interest to a reader of the log. */
const inspectorChatter =
  /^(?:Debugger (?:listening on|attached|ending on)|For help, see: https:\/\/nodejs)/
const outOfHeap = /^FATAL ERROR: .*heap out of memory/

export class HostOutput {
  readonly #errorListeners = new Set<(line: string) => void>()
  #heapIsFull = false
  /** From then on Node may write of its inspector at any moment. */
  #isInspected = false
  /** By which name it is told. */
  host: string

  /** Reads the output of a host's process. `nowMs` is any clock that never goes back. */
  constructor(host: string, { stdout, stderr }: ChildProcess, log: Log, nowMs: () => number) {
    this.host = host
    const logFrom = (stream: 'stdout' | 'stderr') =>
      thinLines(nowMs, (line, leftOut) => {
        const left = leftOut > 0 ? { leftOut } : {}
        const record = stream === 'stdout' ? readHostRecord(line, this.host) : undefined
        if (record) return log({ host: this.host, ...record, ...left })
        const level = stream === 'stdout' ? 'info' : 'warn'
        const output = { event: 'host_output', host: this.host, stream, line: cutLine(line) }
        log({ level, ...output, ...left })
      })
    // A process that could not be started may have no streams at all.
    if (stdout) readLines(stdout, logFrom('stdout'))
    const logError = logFrom('stderr')
    if (stderr) readLines(stderr, (line) => this.#hearError(line, logError))
  }

  /** True once Node has said that the JavaScript heap is full, which it does not survive. */
  get heapIsFull(): boolean {
    return this.#heapIsFull
  }

  /** Tells each line that comes on stderr from now on. Gives `stop`. */
  onErrorLine(listener: (line: string) => void): () => void {
    this.#isInspected = true
    this.#errorListeners.add(listener)
    return () => this.#errorListeners.delete(listener)
  }

  #hearError(line: string, log: (line: string) => void): void {
    if (outOfHeap.test(line)) this.#heapIsFull = true
    for (const listener of this.#errorListeners) listener(line)
    if (!this.#isInspected || !inspectorChatter.test(line)) log(line)
  }
}
