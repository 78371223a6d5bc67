/*
 * Small disks that a test can fill, empty and make read-only. The honest one is a file system in
 * memory, mounted where only the processes see it that are started on it (a mount namespace: Linux,
 * as root or where users may make namespaces of their own). Where that is not allowed, a limit on
 * the size of files stands in: each write fails (EFBIG), and what is there can be read.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { keepLog, type LogProcess } from './log-process'

export interface SmallDisk {
  /** A folder that is the whole disk. */
  readonly folder: string
  /** Keeps a log on this disk. */
  keepLog(): LogProcess
  /** Takes all the room there is. */
  fill(): void
  /** Gives the room back. */
  free(): void
  /** Lets nothing be written; nobody may have a file open for writing. */
  protect(): void
  /** Lets it be written again. */
  unprotect(): void
}

export interface DiskKind {
  readonly how: string
  /** What the log says of such a disk while it is full. */
  readonly whenFull: string
  /** And while it is protected. */
  readonly whenProtected: string
  create(): Promise<SmallDisk>
}

const inMemory: DiskKind = {
  how: 'a file system of 2 MB',
  whenFull: 'The disk is full.',
  whenProtected: 'The disk is read-only.',
  create: createMounted,
}

const limited: DiskKind = {
  how: 'a limit on files',
  whenFull: 'The disk cannot be written: disk I/O error.',
  whenProtected: 'The disk cannot be written: disk I/O error.',
  create: () => Promise.resolve(createLimited()),
}

const asRoot = ['--mount']
const asAnybody = ['--user', '--map-root-user', '--mount']

const canMount = (flags: readonly string[]): boolean =>
  spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0

const namespace = [asRoot, asAnybody].find(canMount)
const canLimit = spawnSync('prlimit', ['--version']).status === 0

/** The kinds of disks that this machine can make. */
export const diskKinds: readonly DiskKind[] = [
  ...(namespace ? [inMemory] : []),
  ...(canLimit ? [limited] : []),
]

const holders: ChildProcess[] = []
afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL')
})

async function createMounted(): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'))
  // The namespace lives as long as somebody is in it: one who waits for input.
  const wait = 'mount -t tmpfs -o size=2m none "$0" && echo ready && exec cat'
  const holder = spawn('unshare', [...namespace!, 'sh', '-c', wait, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  holders.push(holder)
  await once(holder.stdout, 'data')
  const user = namespace === asAnybody ? ['--user', '--preserve-credentials'] : []
  const inside = ['nsenter', '--target', String(holder.pid), '--mount', ...user]
  const run = (...[command = '', ...args]: string[]) => {
    const { status, stderr } = spawnSync(inside[0]!, [...inside.slice(1), command, ...args])
    if (status !== 0) throw new Error(String(stderr))
  }
  const file = join(folder, 'filler')
  return {
    folder,
    keepLog: () => keepLog(join(folder, 'log.db'), inside),
    fill: () => run('sh', '-c', '! cat /dev/zero > "$0" 2>/dev/null', file),
    free: () => run('rm', file),
    protect: () => run('mount', '-o', 'remount,ro', folder),
    unprotect: () => run('mount', '-o', 'remount,rw', folder),
  }
}

function createLimited(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'))
  const logs: LogProcess[] = []
  let limit = 'unlimited'
  const setLimit = (to: string) => {
    limit = to
    for (const { pid } of logs) {
      spawnSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:unlimited`])
    }
  }
  return {
    folder,
    keepLog() {
      const log = keepLog(join(folder, 'log.db'), ['prlimit', `--fsize=${limit}:unlimited`])
      logs.push(log)
      return log
    },
    fill: () => setLimit('0'),
    free: () => setLimit('unlimited'),
    protect: () => setLimit('0'),
    unprotect: () => setLimit('unlimited'),
  }
}
