/*
 * A disk that is full, and one that can only be read. The log lies on a small one of its own, in
 * memory, which only this process and its children see (`unshare --mount`). What must hold: nothing
 * is acknowledged that is not kept, whoever presents is told, the board can still be read, and
 * everything goes on by itself when there is room again.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../support/until'
import { outcomeOf, type Outcome } from './outcome'
import { board, setStage, type Stage, type StageOptions } from './stage'

const diskMb = 8
/** The room is small: so are crowd and load. */
const most = { clients: 100, notesPerSecond: 20 }
const calmMs = 3_000
const troubleMs = 5_000
const noticeWithinMs = 20_000

export async function fillDisk(options: StageOptions): Promise<Outcome> {
  const disk = mkdtempSync(join(tmpdir(), 'lic-disk-'))
  mount(['-t', 'tmpfs', '-o', `size=${diskMb}m`, 'tmpfs', disk])
  const clients = Math.min(options.clients, most.clients)
  const notesPerSecond = Math.min(options.notesPerSecond, most.notesPerSecond)
  const stage = await setStage({ ...options, clients, notesPerSecond, dataDir: disk })
  try {
    stage.hall.post()
    await pause(calmMs)
    const found: Found[] = []
    for (const trouble of troubles) {
      found.push(await look(stage, disk, trouble))
      await pause(calmMs)
    }
    const judgement = await stage.judge(false)
    const wrong = found.flatMap(({ wrong }) => wrong)
    return outcomeOf(judgement, { wrong, remarks: found.map(({ told }) => told) })
  } finally {
    await stage.close()
    spawnSync('umount', [disk])
    rmSync(disk, { recursive: true, force: true })
  }
}

interface Trouble {
  readonly name: string
  /** Makes it, and gives how to end it. */
  begin(stage: Stage, disk: string): Promise<() => void>
  /** How a wish may be answered meanwhile. */
  readonly refusals: readonly string[]
  /** Whether who comes meanwhile sees the notes. */
  readonly isRead: boolean
}

const troubles: readonly Trouble[] = [
  {
    name: 'full disk',
    begin: (_stage, disk) => occupy(disk),
    refusals: ['not_kept'],
    isRead: true,
  },
  // A host that starts must write, so on such a disk there is none; whoever presents is told why.
  {
    name: 'full disk, host killed',
    async begin({ system }, disk) {
      const end = await occupy(disk)
      process.kill(await system.pidOf('boards'), 'SIGKILL')
      return end
    },
    refusals: ['not_kept', 'host_down'],
    isRead: false,
  },
  {
    name: 'read-only disk',
    begin: (stage, disk) => makeReadOnly(stage, disk),
    refusals: ['not_kept', 'host_down'],
    isRead: false,
  },
]

interface Found {
  readonly told: string
  readonly wrong: readonly string[]
}

/** Makes trouble, and looks what everybody is told and whether it heals. */
async function look(
  stage: Stage,
  disk: string,
  { name, begin, refusals, isRead }: Trouble,
): Promise<Found> {
  const { presenter } = stage
  const wrong: string[] = []
  const beganMs = performance.now()
  const end = await begin(stage, disk)
  const noticed = async (isTrouble: boolean) =>
    await until(() => {
      const reason = presenter.trouble()
      if ((reason !== undefined) !== isTrouble) throw new Error('not noticed')
      return reason
    }, noticeWithinMs).catch(() => {
      wrong.push(`${name}: the presenter was not told that it ${isTrouble ? 'began' : 'ended'}`)
      return undefined
    })
  const reason = await noticed(true)
  const noticedMs = performance.now() - beganMs
  await pause(troubleMs)
  const code = await presenter.tryOnce(board)
  if (!refusals.includes(code)) wrong.push(`${name}: a wish was answered ${code}`)
  const seen = (await presenter.look(board)).length
  if (seen === 0 && isRead) wrong.push(`${name}: the board could not be read`)
  const endedMs = performance.now()
  end()
  await noticed(false)
  const healedMs = performance.now() - endedMs
  const times = `told after ${Math.round(noticedMs)} ms, healed after ${Math.round(healedMs)} ms`
  return { told: `${name}: ${times}: “${reason ?? ''}”`, wrong }
}

/** Fills the disk to the last byte, and again whatever becomes free, until ended. */
async function occupy(disk: string): Promise<() => void> {
  const file = join(disk, 'occupied')
  const fill = () => {
    const descriptor = openSync(file, 'a')
    try {
      for (const size of [64 * 1024, 4 * 1024, 1]) while (tryWrite(descriptor, size));
    } finally {
      closeSync(descriptor)
    }
  }
  fill()
  const timer = setInterval(fill, 20)
  return () => {
    clearInterval(timer)
    rmSync(file)
  }
}

function tryWrite(descriptor: number, size: number): boolean {
  try {
    return writeSync(descriptor, Buffer.alloc(size)) === size
  } catch {
    // There is no room left, which is what is wanted.
    return false
  }
}

/**
 * Nobody can take from a writer what it has open, so the host is killed, and the disk is read-only
 * before its next life has opened the log.
 */
async function makeReadOnly({ system }: Stage, disk: string): Promise<() => void> {
  const pid = await system.pidOf('boards')
  process.kill(pid, 'SIGKILL')
  await until(() => mount(['-o', 'remount,ro', disk]), 5_000)
  return () => mount(['-o', 'remount,rw', disk])
}

function mount(args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`)
}
