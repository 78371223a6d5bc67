/*
 * What lies on the disk when everything has ended, read past the system's own code: a copy of the
 * database and of what stands ahead of it, opened by the driver alone.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { boardStream, type BoardEvent } from '../../src/protocol/board'
import type { LogLine } from './checker'

const files = ['log.db', 'log.db-wal']
const lines = 'SELECT seq, key, event FROM events WHERE stream = ? ORDER BY seq'

/** The log of a board in `dataDir`. Its system must have ended. */
export function readLog(dataDir: string, board: string): LogLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'lic-kept-'))
  try {
    for (const file of files) {
      if (existsSync(join(dataDir, file))) copyFileSync(join(dataDir, file), join(folder, file))
    }
    const db = new Database(join(folder, 'log.db'))
    const rows = db.prepare(lines).all(boardStream(board)) as Row[]
    db.close()
    return rows.map(({ seq, key, event }) => {
      return { number: seq, key, event: JSON.parse(event) as BoardEvent }
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Row {
  readonly seq: number
  readonly key: string
  readonly event: string
}
