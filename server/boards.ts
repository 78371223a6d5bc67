/*
 * The host `boards`: what the audience wrote, and where the deck is. Started by the root. It alone
 * writes the log, which blocks its thread while the disk works: nobody else waits for that.
 */
import { join } from 'node:path'
import declared from 'virtual:declared/let-it-crash'
import { runBoards } from '../src/host/system-host'
import { osWorld } from './os-host'
import { openSqliteLog } from './sqlite-log'

const file = join(process.env.DATA_DIR ?? 'data', 'log.db')

await runBoards(osWorld(), {
  declared,
  words: declared.words,
  openLog: (onTrouble) => openSqliteLog({ file, onTrouble }),
})
