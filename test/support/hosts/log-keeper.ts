/*
 * Keeps the log in its first argument and does with it what it is asked, until nobody can ask any
 * more. One question a line, `["append", "stream", 0, []]`; one answer a line, `{"answer": true}`
 * or `{"thrown": "…"}`, and before it what the log told meanwhile, `{"trouble": "…"}`.
 */
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { openSqliteLog, type SqliteLog } from '../../../server/sqlite-log'

const [, , file = ''] = process.argv
const stdout = 1
const say = (word: object) => writeSync(stdout, `${JSON.stringify(word)}\n`)

/** Gives null for undefined, which JSON does not know. */
const attempt = (deed: () => unknown) => {
  try {
    return { answer: deed() ?? null }
  } catch (error) {
    return { thrown: (error as Error).message }
  }
}

let log: SqliteLog
const opened = attempt(() => {
  log = openSqliteLog({ file, onTrouble: (reason) => say({ trouble: reason ?? null }) })
  return log.id
})
say(opened)
createInterface(process.stdin).on('line', (line) => {
  const [name, ...args] = JSON.parse(line) as [keyof SqliteLog, ...unknown[]]
  say(attempt(() => (log[name] as (...args: unknown[]) => unknown)(...args)))
})
