/*
 * The configuration, from the environment. What cannot be used ends the start with one sentence
 * that says what to write instead.
 */
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import project from '../package.json' with { type: 'json' }
import { isHostCount } from '../src/protocol/load'

export interface Config {
  readonly port: number
  /** The interface to listen on; all of them when empty. */
  readonly host: string
  /**
   * How the audience reaches the system, if not by the machine's own address. No slash at the end.
   */
  readonly publicUrl: string | undefined
  /** What makes a presenter. Printed once, kept nowhere. */
  readonly presenterToken: string
  /** Folder of the log. Absolute. */
  readonly dataDir: string
  /** Folder of the hot modules' sources, where they are edited. Absolute. */
  readonly hotSources: string
  /** How many play hosts there are at the start, and may be at most. */
  readonly playHosts: number
  readonly mostPlayHosts: number
  /** The talk is to be recorded. */
  readonly isRecorded: boolean
  /** Of the project, so that an old page knows that it is old. */
  readonly version: string
}

/** A sentence for who started the system. */
export class ConfigError extends Error {}

/** Enough letters for 128 bits. */
const minTokenLength = 22

/** Reads the configuration. Throws a ConfigError. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    port: readPort(env.PORT || '4000'),
    host: env.HOST ?? '',
    publicUrl: env.PUBLIC_URL ? readUrl(env.PUBLIC_URL) : undefined,
    presenterToken: env.PRESENTER_TOKEN ? readToken(env.PRESENTER_TOKEN) : newToken(),
    dataDir: resolve(env.DATA_DIR || 'data'),
    hotSources: resolve(env.HOT_SOURCES || 'src/system'),
    playHosts: env.PLAY_HOSTS ? readPlayHosts(env.PLAY_HOSTS) : 1,
    mostPlayHosts,
    isRecorded: readYes(env.RECORD || 'no'),
    version: project.version,
  }
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new ConfigError(`PORT is '${text}', but must be a number from 1 to 65535.`)
}

/** More than one for each core would only take turns. */
const mostPlayHosts = availableParallelism()

function readPlayHosts(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (isHostCount(count, mostPlayHosts)) return count
  throw new ConfigError(
    `PLAY_HOSTS is '${text}', but must be a number from 1 to ${mostPlayHosts}, the cores here.`,
  )
}

function readYes(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw new ConfigError(`RECORD is '${text}', but must be yes or no.`)
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain = url && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (isPlain && ['http:', 'https:'].includes(url.protocol)) return url.origin
  throw new ConfigError(`PUBLIC_URL is '${text}', but must be like 'https://talk.example'.`)
}

function readToken(text: string): string {
  if (text.length >= minTokenLength && /^[A-Za-z0-9_-]+$/.test(text)) return text
  throw new ConfigError(
    `PRESENTER_TOKEN needs at least ${minTokenLength} letters, digits, '-' or '_'. ` +
      'Without it, one is made.',
  )
}

const newToken = (): string => randomBytes(24).toString('base64url')
