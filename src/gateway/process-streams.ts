/*
 * The streams of the process table and of single processes. While somebody follows one, the hosts
 * are asked at its pace; followers of one stream share what comes. Nothing is asked twice at once,
 * so a host that answers slowly is asked less often.
 */
import { accepted, refused, type Answer, type Role, type Wish } from '../protocol/envelope'
import { hostOfNumber } from '../protocol/hosts'
import { pidText } from '../protocol/observe'
import {
  mergeRows,
  processesFold,
  processesStream,
  processFold,
  processStream,
  readPid,
  readProcessStream,
  readTableStream,
  type ProcessCommand,
  type ProcessesEvent,
  type ProcessesView,
  type ProcessEvent,
  type ProcessName,
  type ProcessView,
  type TableParams,
} from '../protocol/processes'
import { refuse, type Refusal } from '../protocol/refusals'
import { LocalStream, type OpenStream } from './local-stream'
import type { Observing } from './observing'
import type { Streams } from './streams'

/** Each look at a table goes through all processes, so a room cannot order a thousand of them. */
const maxTables = 20
const maxProcesses = 50
/** Where the room has taken all there are, whoever presents has some more. */
const morePresented = 10
const processEveryMs = 1_000

const most = (ofAll: number, role: Role): number =>
  role === 'presenter' ? ofAll + morePresented : ofAll

const empty = { fold: (view: object) => view, empty: {} }

export class ProcessStreams {
  private readonly streams: Streams
  private readonly observing: Observing
  private readonly epoch: string
  private tables = 0
  private readonly open = new Map<string, LocalStream<ProcessView, ProcessEvent>>()

  /** Adds the streams to the gateway's. */
  constructor(streams: Streams, observing: Observing, epoch: string) {
    this.streams = streams
    this.observing = observing
    this.epoch = epoch
    streams.addLocalKind((name, role) => this.openTable(name, role))
    streams.addLocalKind((name, role) => this.openProcess(name, role))
    streams.addLocal(new LocalStream(processesStream, epoch, empty), (wish) => this.grant(wish))
  }

  private openTable(name: string, role: Role): OpenStream | Refusal | undefined {
    const params = readTableStream(name)
    if (!params) return undefined
    if (this.tables >= most(maxTables, role)) return refuse('too_busy')
    this.tables++
    const stream = new LocalStream<ProcessesView, ProcessesEvent>(name, this.epoch, processesFold)
    const stop = repeat(params.refreshS * 1000, async () => {
      const table = await this.take(params)
      this.streams.publish(stream.say({ type: 'table_taken', table }))
      return table.windowMs !== undefined
    })
    const close = () => {
      this.tables--
      stop()
    }
    return { stream: stream as LocalStream<unknown, never>, close }
  }

  private async take(params: TableParams): Promise<ProcessesEvent['table']> {
    const { sortBy, descending, limit } = params
    const [host, search] = ownSearch(params.search)
    const question = { kind: 'table', sortBy, descending, limit, search } as const
    const told = await this.observing.askAll(question, 'table', host)
    const rows = told.flatMap(({ host, seen }) =>
      seen.rows.map((row) => ({ ...row, host, pid: pidText(host, row.serial) })),
    )
    const windows = told.flatMap(({ seen }) => seen.windowMs ?? [])
    return {
      atMs: Date.now(),
      ...(windows.length > 0 && { windowMs: Math.max(...windows) }),
      rows: mergeRows(rows, params),
      matched: told.reduce((total, { seen }) => total + seen.matched, 0),
      processes: told.reduce((total, { seen }) => total + seen.processes, 0),
      hosts: told.map(({ host }) => host),
    }
  }

  private openProcess(name: string, role: Role): OpenStream | Refusal | undefined {
    const named = readProcessStream(name)
    if (!named) return undefined
    if (this.open.size >= most(maxProcesses, role)) return refuse('too_busy')
    const stream = new LocalStream<ProcessView, ProcessEvent>(name, this.epoch, processFold)
    this.open.set(name, stream)
    const stop = repeat(processEveryMs, async () => {
      this.streams.publish(stream.say(await this.look(named)))
      return true
    })
    const close = () => {
      this.open.delete(name)
      stop()
    }
    return { stream: stream as LocalStream<unknown, never>, close }
  }

  private async look({ host, serial }: ProcessName): Promise<ProcessEvent> {
    const question = { kind: 'process', serial } as const
    const seen = await this.observing.ask(hostOfNumber(host), question, 'process')
    const atMs = Date.now()
    if (seen.kind === 'process') return { type: 'process_seen', seen, atMs }
    return { type: seen.kind === 'refused' ? 'process_gone' : 'host_silent', atMs }
  }

  private async grant({ command }: Wish): Promise<Answer> {
    const wished = command as ProcessCommand
    return await (wished.type === 'kill_process' ? this.kill(wished) : this.trace(wished))
  }

  private async kill(wished: Extract<ProcessCommand, { type: 'kill_process' }>): Promise<Answer> {
    const { host, serial, initialCall } = wished
    const question = { kind: 'kill', serial, ...(initialCall && { initialCall }) } as const
    const seen = await this.observing.ask(hostOfNumber(host), question, 'kill')
    if (seen.kind === 'kill') return accepted
    // With a host that is lost goes whom it was: sent again by itself, such a wish would end
    // another, who has that serial in the host's next life.
    return refused(seen.kind === 'host_down' ? refuse('no_such_process') : whyNot(seen))
  }

  private async trace(named: ProcessName): Promise<Answer> {
    const question = { kind: 'trace', serial: named.serial } as const
    const seen = await this.observing.ask(hostOfNumber(named.host), question, 'trace')
    if (seen.kind !== 'trace') return refused(whyNot(seen))
    const stream = this.open.get(processStream(named))
    if (stream) {
      this.streams.publish(stream.say({ type: 'process_traced', trace: seen, atMs: Date.now() }))
    }
    return accepted
  }
}

/** A whole pid is searched for in its host alone, where all pids begin with 0. */
function ownSearch(search: string): [host: string | undefined, search: string] {
  const named = readPid(search)
  return named ? [hostOfNumber(named.host), `<0.${named.serial}.0>`] : [undefined, search]
}

type Failed = { readonly kind: 'host_down' } | { readonly kind: 'refused'; readonly code: string }

const whyNot = (seen: Failed): Refusal =>
  refuse(seen.kind === 'host_down' ? 'host_down' : (seen.code as 'no_such_process'))

/** How long to wait for the first true window. */
const soonMs = 1_100

/** Acts at once and then again and again, never twice at once; sooner while it gives false. */
function repeat(everyMs: number, act: () => Promise<boolean>): () => void {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const go = async () => {
    const begunMs = performance.now()
    const isWhole = await act()
    const waitMs = isWhole ? everyMs : Math.min(everyMs, soonMs)
    if (!isStopped) timer = setTimeout(go, Math.max(0, begunMs + waitMs - performance.now()))
  }
  void go()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
