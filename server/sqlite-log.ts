/*
 * The log in an embedded database (SQLite): the one file that knows the driver. A group is one
 * transaction, and `append` returns when the disk has confirmed it: the database writes ahead into
 * `<file>-wal`, and `synchronous=FULL` syncs that file at each commit. After a kill the next
 * opening takes over what stands there, up to the last whole group.
 *
 * The connection holds the file alone: nobody else can extend a stream, and no file of shared
 * memory is needed, which a full disk could not give. A write that fails is rolled back and spoils
 * nothing: the same connection tries again the next time.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'libsql'
import type { Checkpoint, Entry, Log } from '../src/protocol/log'
import { codeOf, isDamage, isOfTheDisk, troubleOf } from './disk-trouble'

export interface SqliteLogOptions {
  /** The database; its folder is made when it is missing. Beside it lies `<file>-wal`. */
  readonly file: string
  /**
   * Told why nothing can be kept, in a sentence, once and again when the reason changes; undefined
   * when it can again. Also told, at the opening, when a damaged log was put aside for a new one.
   */
  onTrouble(reason: string | undefined): void
}

export interface SqliteLog extends Log {
  /** Ends in order: all is in the one file then. Without it, the next opening does the work. */
  close(): void
}

/** So long an opening waits for a former life of the host to be gone. */
const lockWaitMs = 1_500
/**
 * About as much as a large group: a smaller probe would find room on a disk where the next group
 * fails again.
 */
const probeBytes = 65_536

/** The write-ahead file goes back to so much when it was longer; it is 4 MB in normal use. */
const maxAheadBytes = 8_388_608

const settings = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = ${maxAheadBytes};`

const tables = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS about (
    one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    stream TEXT, seq INTEGER, key TEXT NOT NULL, event TEXT NOT NULL,
    PRIMARY KEY (stream, seq), UNIQUE (stream, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS checkpoints (
    stream TEXT PRIMARY KEY, seq INTEGER NOT NULL, view TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS probes (
    one INTEGER PRIMARY KEY CHECK (one = 1), filler BLOB NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO about VALUES (1, lower(hex(randomblob(16))));
  COMMIT;`

/** Fails unless the database is whole; 60,000 events take it some 30 ms. */
const soundness = `
  CREATE TEMP TABLE sound (found TEXT CHECK (found = 'ok'));
  INSERT INTO sound SELECT * FROM pragma_quick_check(1);
  DROP TABLE temp.sound;`

const setUp = settings + tables + soundness

/**
 * Opens the log, or begins one. A damaged file is put aside under another name, and a new log is
 * begun. Throws, with a sentence for people, when the disk is full or read-only, or when another
 * process has the log.
 */
export function openSqliteLog({ file, onTrouble }: SqliteLogOptions): SqliteLog {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    return logOver(openSound(file, onTrouble), file, onTrouble)
  } catch (error) {
    throw new Error(`The log ${file} cannot be opened. ${troubleOf(error, file)}`, { cause: error })
  }
}

function logOver(db: Connection, file: string, onTrouble: SqliteLogOptions['onTrouble']) {
  const statements = prepare(db)
  const { id } = statements.about.get() as { id: string }
  let trouble: string | undefined

  function tell(reason: string | undefined): void {
    if (reason === trouble) return
    trouble = reason
    onTrouble(reason)
  }

  /** Writes all or nothing; false, and told, when the disk does not take it. */
  function keep(write: () => void): boolean {
    try {
      statements.begin.run()
      write()
      statements.commit.run()
    } catch (error) {
      // What the disk refused, the database has mostly rolled back by itself.
      if (db.inTransaction) statements.rollback.run()
      if (!isOfTheDisk(error)) throw error
      tell(troubleOf(error, file))
      return false
    }
    tell(undefined)
    return true
  }

  function add(stream: string, seq: number, { key, event }: Entry): void {
    try {
      statements.add.run(stream, seq, key, JSON.stringify(event))
    } catch (error) {
      if (codeOf(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
      throw new Error(`The key ${key} is taken in ${stream}.`, { cause: error })
    }
  }

  const last = (stream: string): number =>
    (statements.last.get(stream) as { seq: number | null }).seq ?? 0

  return {
    id,
    last,
    append: (stream: string, after: number, entries: readonly Entry[]) =>
      keep(() => {
        const seq = last(stream)
        if (seq !== after) throw new Error(`${stream} is at ${seq}, not at ${after}.`)
        entries.forEach((entry, at) => add(stream, seq + 1 + at, entry))
      }),
    read: (stream: string, after: number, limit = all) =>
      (statements.read.all(stream, after, limit) as { event: string }[]).map(eventOf),
    find(stream: string, key: string) {
      const row = statements.find.get(stream, key) as { event: string } | undefined
      return row && eventOf(row)
    },
    restore(stream: string) {
      const row = statements.restore.get(stream) as { seq: number; view: string } | undefined
      return row && { seq: row.seq, view: JSON.parse(row.view) as unknown }
    },
    checkpoint(stream: string, { seq, view }: Checkpoint) {
      keep(() => statements.checkpoint.run(stream, seq, JSON.stringify(view)))
    },
    probe: () => keep(() => statements.probe.run(probeBytes)),
    close: () => close(db),
  }
}

/** As the database says it. */
const all = -1

type Connection = InstanceType<typeof Database>

const prepare = (db: Connection) => ({
  about: db.prepare('SELECT id FROM about'),
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),
  add: db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)'),
  last: db.prepare('SELECT max(seq) AS seq FROM events WHERE stream = ?'),
  read: db.prepare('SELECT event FROM events WHERE stream = ? AND seq > ? ORDER BY seq LIMIT ?'),
  find: db.prepare('SELECT event FROM events WHERE stream = ? AND key = ?'),
  restore: db.prepare('SELECT seq, view FROM checkpoints WHERE stream = ?'),
  checkpoint: db.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)'),
  probe: db.prepare('INSERT OR REPLACE INTO probes VALUES (1, randomblob(?))'),
})

const eventOf = ({ event }: { event: string }): unknown => JSON.parse(event)

function openSound(file: string, onTrouble: SqliteLogOptions['onTrouble']): Connection {
  const db = connect(file)
  try {
    db.exec(setUp)
    return db
  } catch (error) {
    // Closing deletes the write-ahead file by its name, so first the damaged log's own is put out
    // of its way. It really closes only what has no statements: what has some lives until they are
    // collected, and would delete the new log's.
    const kept = isDamage(error) ? putAside(file) : undefined
    db.close()
    if (kept === undefined) throw error
    const fresh = connect(file)
    fresh.exec(setUp)
    onTrouble(`The log was damaged. It is kept as ${kept}, and a new one was begun.`)
    return fresh
  }
}

function connect(file: string): Connection {
  // The database's other files get the rights of this one.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  return new Database(file, { timeout: lockWaitMs })
}

function putAside(file: string): string {
  let count = 1
  while (existsSync(`${file}.damaged-${count}`)) count++
  const kept = `${file}.damaged-${count}`
  for (const ending of ['-wal', '-journal', '']) {
    if (existsSync(file + ending)) renameSync(file + ending, kept + ending)
  }
  return kept
}

/**
 * The connection lives until its statements are collected, so it lets go of the file by leaving
 * the write-ahead mode and the lock.
 */
function close(db: Connection): void {
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT id FROM about;')
  } catch (error) {
    // Nothing is lost: the next opening takes over what is in the write-ahead file.
    if (!isOfTheDisk(error)) throw error
  }
  db.close()
}
