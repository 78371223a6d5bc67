/*
 * One run: the whole system in OS processes of its own, a hall of visitors who are all let in, and
 * at the end a judgement over everything that was wished, answered, seen and kept.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem, type System } from '../support/system'
import { check, rowsOf, type Finding } from './checker'
import { readLags, watchHosts, type HostCost } from './gauges'
import { openHall, type Hall } from './hall'
import { nowMs, type Row } from './history'
import { readLog } from './kept'
import { enter, type Presenter } from './presenter'
import { spread, type Spread } from './spread'

export interface StageOptions {
  readonly clients: number
  readonly notesPerSecond: number
  readonly seed: number
  /** The whole run is ended after that. */
  readonly limitMs: number
  readonly sleepers?: number
  /** Some visitors second notes. */
  readonly isSeconding?: boolean
  /** Folder of the log, if not a fresh one. */
  readonly dataDir?: string
  /** Where the checker finds something, all that there is of the run stays in a folder. */
  readonly keepsEvidence?: boolean
  /** More of the system's environment. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Stage {
  readonly system: System
  readonly hall: Hall
  readonly presenter: Presenter
  /** Since when what happens is counted. */
  readonly beganMs: number
  /** Lets everybody come to rest, and judges. `mayDrop`: lines may have been lost. */
  judge(mayDrop: boolean): Promise<Judgement>
  close(): Promise<void>
}

export interface Judgement {
  readonly findings: readonly Finding[]
  /** Where histories, log and the system's own log lie, if they were kept. */
  readonly evidence: string | undefined
  readonly rows: readonly Row[]
  readonly posted: number
  readonly acknowledged: number
  readonly refused: Readonly<Record<string, number>>
  readonly kept: number
  readonly dropped: number
  readonly ackMs: Spread
  readonly wallMs: Spread
  /** From a lost line until the first note that was written after it was back. */
  readonly backMs: Spread
  readonly gatewayLagMs: Spread
  readonly hosts: Readonly<Record<string, HostCost>>
}

/** The board that everybody writes on. */
export const board = 'building-blocks'

const answersWithinMs = 60_000
const settleWithinMs = 30_000

/** Starts the system and lets everybody in. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'lic-chaos-'))
  const dataDir = options.dataDir ?? join(folder, 'data')
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary)
  const system = await startSystem(() => ({
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    TMPDIR: temporary,
    MEASURED_GATEWAY: 'yes',
    ...options.env,
  }))
  const url = `http://127.0.0.1:${system.port}`
  const hall = openHall({ ...options, url, board, folder })
  let isKept = false
  const stop = async () => {
    hall.kill()
    await system.stop()
    if (!isKept) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const presenter = await enter(url)
    await presenter.open(board)
    await hall.join()
    const gauges = watchHosts(system, ['gateway', 'boards'])
    const beganMs = nowMs()

    async function judge(mayDrop: boolean): Promise<Judgement> {
      hall.rest()
      await system.ready()
      const hosts = gauges.stop()
      await hall.settle(0, answersWithinMs)
      await hall.settle((await presenter.look(board)).at(-1) ?? 0, settleWithinMs)
      const rows = await hall.leave()
      presenter.leave()
      await system.stop()
      const log = readLog(dataDir, board)
      const kept = log.filter(({ event }) => event.type === 'note_posted').length
      const findings = check({ rows, log, clients: hall.clients, mayDrop })
      if (findings.length > 0 && options.keepsEvidence) {
        isKept = true
        writeFileSync(join(folder, 'system.log'), system.log.join('\n'))
      }
      const evidence = isKept ? folder : undefined
      const gatewayLagMs = spread(readLags(join(temporary, 'gateway-lag.jsonl'), beganMs))
      return { findings, evidence, rows, kept, hosts, gatewayLagMs, ...countRows(rows) }
    }

    return {
      system,
      hall,
      presenter,
      beganMs,
      judge,
      async close() {
        presenter.leave()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function countRows(rows: readonly Row[]) {
  const posts = new Map(rowsOf(rows, 'post').map((post) => [post.wish, post]))
  const answers = rowsOf(rows, 'answer')
  const granted = answers.filter(({ ok, wish }) => ok && posts.has(wish))
  const refused: Record<string, number> = {}
  for (const { ok, code = '' } of answers) if (!ok) refused[code] = (refused[code] ?? 0) + 1
  return {
    posted: posts.size,
    acknowledged: granted.length,
    refused,
    dropped: rowsOf(rows, 'connection').filter(({ state }) => state === 'lost').length,
    ackMs: spread(granted.map(({ wish, at }) => at - posts.get(wish)!.at)),
    wallMs: spread(rowsOf(rows, 'arrivals').flatMap(({ tookMs }) => tookMs)),
    backMs: spread(outages(rows)),
  }
}

/** One that lasts to the end is not in it: by then nobody writes, and the checker looks at it. */
function outages(rows: readonly Row[]): number[] {
  const since = new Map<number, number>()
  return rows.flatMap((row) => {
    if (row.type === 'connection' && row.state === 'lost' && !since.has(row.client)) {
      since.set(row.client, row.at)
    }
    if (row.type !== 'synced') return []
    const lostMs = since.get(row.client)
    since.delete(row.client)
    return lostMs === undefined ? [] : [row.at - lostMs]
  })
}
