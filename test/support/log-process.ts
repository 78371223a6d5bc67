/*
 * A log in an OS process of its own (test/support/hosts/log-keeper.ts), so that it can be killed,
 * and its disk can fail, while the test goes on.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach } from 'vitest'
import type { SqliteLog } from '../../server/sqlite-log'
import { builtFile } from './build'

export interface LogProcess {
  readonly pid: number
  /** What the log told about trouble; null stands for undefined. */
  readonly troubles: (string | null)[]
  /** What the opening gave: the log's id. Rejects with the sentence when it failed. */
  readonly opened: Promise<unknown>
  /** Calls a method of the log. Rejects when that throws; gives null for undefined. */
  ask(method: keyof SqliteLog, ...args: unknown[]): Promise<unknown>
  /** Ends it with no chance to do anything more. */
  kill(): Promise<void>
}

type Word =
  { readonly answer: unknown } | { readonly thrown: string } | { readonly trouble: string | null }

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/** Starts a process that keeps the log in `file`; `prefix` is a command that runs a command. */
export function keepLog(file: string, prefix: readonly string[] = []): LogProcess {
  const child = startFixture('log-keeper', [file], prefix)
  const troubles: (string | null)[] = []
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = []
  createInterface(child.stdout!).on('line', (line) => {
    const word = JSON.parse(line) as Word
    if ('trouble' in word) troubles.push(word.trouble)
    else if ('thrown' in word) waiting.shift()?.reject(new Error(word.thrown))
    else waiting.shift()?.resolve(word.answer)
  })
  child.on('exit', () => waiting.splice(0).forEach(({ reject }) => reject(new Error('It is gone'))))
  const answer = () => new Promise<unknown>((resolve, reject) => waiting.push({ resolve, reject }))
  return {
    pid: child.pid!,
    troubles,
    opened: answer(),
    ask(method, ...args) {
      child.stdin!.write(`${JSON.stringify([method, ...args])}\n`)
      return answer()
    },
    kill: () => kill(child),
  }
}

/** Runs a fixture of test/support/hosts with pipes, until the test's end at the latest. */
export function startFixture(
  name: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): ChildProcess {
  const [command = '', ...rest] = [...prefix, process.execPath, builtFile(`hosts/${name}`), ...args]
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  running.push(child)
  return child
}

export async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
