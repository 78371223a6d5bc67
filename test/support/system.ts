/*
 * Runs the whole system for a test, in OS processes of its own as `npm start` does, on a free port,
 * and knows what a test wants of it: its health, its log, and its play hosts sabotaged.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { builtFile } from './build'
import type { Sabotage } from './hosts/faulty-play'
import { until } from './until'

/** The presenter's token of every system under test. */
export const token = 'a-token-that-is-long-enough'

const serverFolder = resolve(import.meta.dirname, '../../dist/server')

export interface HostLine {
  readonly name: string
  readonly pid: number
  readonly state: string
  readonly restarts: number
  readonly reason?: string
}

export interface System {
  readonly port: number
  /** On this machine. */
  readonly url: string
  /** The lines of its log, so far. */
  readonly log: readonly string[]
  health(): Promise<{ ready: boolean; sockets: number; hosts: HostLine[] }>
  pidOf(host: string): Promise<number>
  /** Waits until all hosts are ready. */
  ready(): Promise<void>
  sabotage(sabotage: Sabotage, host?: string): Promise<unknown>
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>
}

/**
 * @param env more of its environment, once its port is known
 * @param again the port of a system that has ended, for one that takes its place
 */
export async function startSystem(
  env: (port: number) => Record<string, string> = () => ({}),
  again?: number,
): Promise<System> {
  const port = again ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'lic-'))
  const root = spawn(process.execPath, [builtFile('roots/faulty-system')], {
    env: {
      ...process.env,
      PORT: String(port),
      PRESENTER_TOKEN: token,
      TMPDIR: folder,
      DATA_DIR: join(folder, 'data'),
      SERVER_FOLDER: serverFolder,
      ...env(port),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const log: string[] = []
  createInterface(root.stdout).on('line', (line) => log.push(line))
  const url = `http://localhost:${port}`
  const health = async () => (await (await fetch(`${url}/health`)).json()) as never
  const system: System = {
    port,
    url,
    log,
    health,
    async pidOf(host) {
      const { hosts } = await system.health()
      return hosts.find(({ name }) => name === host)?.pid ?? 0
    },
    async ready() {
      await until(async () => {
        if (!(await system.health()).ready) throw new Error('not ready yet')
      })
    },
    sabotage: async (sabotage, host = 'play-1') =>
      await askSaboteur(folder, await system.pidOf(host), sabotage),
    async stop() {
      const ended = root.exitCode === null ? once(root, 'exit') : undefined
      root.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const isServing = until(() => {
    if (!log.includes('serving')) throw new Error(`not serving yet: ${log.join('\n')}`)
  })
  // What does not serve is not left behind either.
  await isServing.catch(async (error: unknown) => {
    await system.stop()
    throw error
  })
  return system
}

async function askSaboteur(folder: string, pid: number, sabotage: Sabotage): Promise<unknown> {
  const runDir = readdirSync(folder).find((name) => name.startsWith('let-it-crash-')) ?? ''
  const socket = connect(join(folder, runDir, `saboteur-${pid}.sock`))
  socket.write(`${JSON.stringify(sabotage)}\n`)
  const [line] = (await once(createInterface(socket), 'line')) as [string]
  socket.destroy()
  return JSON.parse(line)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
