/*
 * The history of a run: what every visitor wished, was answered and saw, as rows that the farms
 * write while it happens and the checker reads afterwards. One JSON object a line, one file a farm.
 * Times are milliseconds of the clock of people, measured by one that never jumps, so they compare
 * across the processes of one machine.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Connection } from '../../src/source/source'

export type Row =
  /** A visitor is taken to write now; `at` is when it was to be, however late it is done. */
  | {
      readonly type: 'post'
      readonly at: number
      readonly client: number
      readonly wish: string
      readonly text: string
    }
  /** The one answer that the visitor's page gets. */
  | {
      readonly type: 'answer'
      readonly at: number
      readonly client: number
      readonly wish: string
      readonly ok: boolean
      readonly code?: string
    }
  /** A visitor seconds a note; answered as a post is. */
  | {
      readonly type: 'second'
      readonly at: number
      readonly client: number
      readonly wish: string
      readonly note: number
    }
  | {
      readonly type: 'connection'
      readonly at: number
      readonly client: number
      readonly state: Connection
    }
  /** The first note arrived that was written after the visitor was back, or had woken. */
  | { readonly type: 'synced'; readonly at: number; readonly client: number }
  /** Notes that arrived as new one by one: of those after `from` up to `to`, so many, this sum. */
  | ({ readonly type: 'stretch'; readonly at: number; readonly client: number } & Stretch)
  /** A note arrived as new that had been there before. */
  | {
      readonly type: 'again'
      readonly at: number
      readonly client: number
      readonly note: number
    }
  /** What the visitor sees at the end; `sum` is of the notes' prints. */
  | {
      readonly type: 'last'
      readonly at: number
      readonly client: number
      readonly notes: readonly number[]
      readonly sum: number
    }
  /** On walls: a note was taken away. */
  | {
      readonly type: 'gone'
      readonly at: number
      readonly client: number
      readonly note: number
    }
  /** On walls: nothing is to be seen any more. */
  | { readonly type: 'blank'; readonly at: number; readonly client: number }
  /** On walls: how long after they were to be written notes arrived. */
  | { readonly type: 'arrivals'; readonly at: number; readonly tookMs: readonly number[] }

export interface Stretch {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly sum: number
}

/** A short number for what a note looks like; equal notes have equal ones (FNV-1a, 32 bits). */
export function printOf(note: {
  readonly id: number
  readonly text: string
  readonly votes: number
  readonly pinned: boolean
}): number {
  const looks = `${note.id} ${note.votes} ${note.pinned} ${note.text}`
  let print = 0x811c9dc5
  for (let at = 0; at < looks.length; at++) {
    print = Math.imul(print ^ looks.charCodeAt(at), 0x01000193)
  }
  return print >>> 0
}

/** Adds prints; the order does not matter. */
export const addPrint = (sum: number, print: number): number => (sum + print) >>> 0

/** Now, on the clock of every row. */
export const nowMs = (): number => performance.timeOrigin + performance.now()

export interface HistoryWriter {
  write(row: Row): void
  /** Resolves when all is on the disk. */
  end(): Promise<void>
}

export function writeHistory(file: string): HistoryWriter {
  const stream = createWriteStream(file)
  return {
    write: (row) => void stream.write(`${JSON.stringify(row)}\n`),
    async end() {
      stream.end()
      await once(stream, 'close')
    },
  }
}

/** All rows of some files. */
export async function readHistory(files: readonly string[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const file of files) {
    for await (const line of createInterface(createReadStream(file))) {
      rows.push(JSON.parse(line) as Row)
    }
  }
  return rows
}
