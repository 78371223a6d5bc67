/*
 * Appends to the log in its first argument until somebody kills it, in groups of as many as its
 * second argument says. It prints the number of the last event of each group when `append` has
 * said that the group is kept, and not before.
 */
import { writeSync } from 'node:fs'
import { openSqliteLog } from '../../../server/sqlite-log'

const [, , file = '', size = '1'] = process.argv
const stdout = 1

const log = openSqliteLog({ file, onTrouble: (reason) => fail(reason) })
for (let seq = log.last('numbers'); ; seq += Number(size)) {
  const group = Array.from({ length: Number(size) }, (_, at) => seq + 1 + at)
  const entries = group.map((number) => ({ key: `number ${number}`, event: { number } }))
  if (!log.append('numbers', seq, entries)) fail('a group was not kept')
  // Fails, and so ends this process, when nobody listens any more.
  writeSync(stdout, `${seq + Number(size)}\n`)
}

function fail(reason: string | undefined): never {
  throw new Error(reason)
}
