/*
 * How a host is started: one built file in an OS process of its own. Three things are decided here.
 * Its environment is an allow-list, so that no secret of the root (the presenter's token, a
 * database's address) is within reach of what the audience may break. Its inspector is shut, but
 * opens on SIGUSR1 on loopback only, which is how a blocked host's stack is taken. Its heap is
 * bounded below its memory limit.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { rootPidName } from './orders'

export interface HostSpec {
  /** The host's name, `boards` or `play-2`; its group is the first word of its streams. */
  readonly name: string
  /** Absolute path of the built file to run. */
  readonly entry: string
  readonly args?: readonly string[]
  /** Added to the few variables that every host gets. Never a secret: send those as a word. */
  readonly env?: Readonly<Record<string, string>>
  /** Over this it is killed. Counts everything, Buffers too. Default 512. */
  readonly maxRssMb?: number
  /** Limit of the JavaScript heap. Default: three quarters of `maxRssMb`. */
  readonly heapMb?: number
  /** How long an orderly end may take before it is killed. Default 1000. */
  readonly shutdownMs?: number
  /** Without it there is no system: if it cannot start at all, the root ends too. */
  readonly essential?: boolean
}

const defaultMaxRssMb = 512
const defaultShutdownMs = 1_000
/** The rest is for Buffers, code and the engine itself. */
const heapShare = 0.75

/** What Node and the C library need to feel at home; nothing in it is secret. */
const inheritedNames = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_ENV', 'SystemRoot']

export const maxRssMbOf = (spec: HostSpec): number => spec.maxRssMb ?? defaultMaxRssMb
export const shutdownMsOf = (spec: HostSpec): number => spec.shutdownMs ?? defaultShutdownMs
export const heapMbOf = (spec: HostSpec): number =>
  spec.heapMb ?? Math.floor(maxRssMbOf(spec) * heapShare)

/** Starts the host's OS process. A failure is told by the `error` event, as Node does. */
export function launch(spec: HostSpec): ChildProcess {
  return fork(spec.entry, spec.args ?? [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environmentOf(spec),
    execArgv: [
      `--max-old-space-size=${heapMbOf(spec)}`,
      '--enable-source-maps',
      '--inspect-port=127.0.0.1:0',
    ],
  })
}

function environmentOf(spec: HostSpec): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {}
  for (const name of inheritedNames) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  return { ...environment, ...spec.env, [rootPidName]: String(process.pid) }
}
