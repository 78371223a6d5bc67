/*
 * The file that a recording is written to: lines are gathered and appended twice a second, so that
 * whatever ends abruptly costs no more than that. Its disk may be slow or full, or the file may be
 * taken away: then it tries again and again, says so once, and keeps what waits as far as there is
 * room; beyond that it begins anew with what is then told.
 *
 * A life that was cut off may have left half a line: the next one ends it first, and whoever reads
 * leaves it out. A write that failed halfway is taken back, or ended in the same way.
 */
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

const everyMs = 500
/** Minutes of a talk. */
const maxWaiting = 8 * 1024 * 1024
/** In it is the last time that was written, if there is any. */
const tailBytes = 1024 * 1024

export interface RecordingFileHears {
  /** The disk takes nothing, and why; undefined once it does again. */
  onTrouble(reason: string | undefined): void
  /** What was written or waited is lost: all is needed anew. */
  onLost(): void
}

export class RecordingFile {
  private readonly path: string
  private readonly head: string
  private readonly hears: RecordingFileHears
  private waiting: string[] = []
  private waitingLength = 0
  /** How long the file is, as far as it is known to be good. */
  private size = 0
  private isTroubled = false
  private flushing: Promise<void> | undefined

  /** @param head the first line of a new file */
  constructor(path: string, head: string, hears: RecordingFileHears) {
    this.path = path
    this.head = head
    this.hears = hears
    setInterval(() => void this.flush(), everyMs)
  }

  /**
   * Looks at what is there already; gives the time of its last line, in milliseconds since its
   * beginning, or undefined for a new file.
   */
  async lastAtMs(): Promise<number | undefined> {
    try {
      const handle = await open(this.path, 'r')
      try {
        const { size } = await handle.stat()
        this.size = size
        const { buffer } = await handle.read({
          buffer: Buffer.alloc(Math.min(size, tailBytes)),
          position: Math.max(0, size - tailBytes),
        })
        const times = [...buffer.toString().matchAll(/^\{"atMs":(\d{1,12})\b/gm)]
        return Number(times.at(-1)?.[1] ?? 0)
      } finally {
        await handle.close()
      }
    } catch {
      // There is none yet, or the disk says so again when something is written.
      return undefined
    }
  }

  write(line: string): void {
    this.waiting.push(line)
    this.waitingLength += line.length
    if (this.waitingLength > maxWaiting) this.lose()
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    this.flushing ??= this.append().finally(() => (this.flushing = undefined))
    return this.flushing
  }

  private async append(): Promise<void> {
    const lines = this.waiting
    if (lines.length === 0) return
    this.waiting = []
    this.waitingLength = 0
    try {
      const handle = await this.openFile()
      try {
        await this.appendTo(handle, lines)
      } finally {
        await handle.close()
      }
      this.tell(undefined)
    } catch (error) {
      this.waiting = lines.concat(this.waiting)
      this.waitingLength += lines.reduce((sum, { length }) => sum + length, 0)
      this.tell((error as Error).message)
    }
  }

  private async openFile(): Promise<FileHandle> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
    return await open(this.path, 'a+', 0o600)
  }

  private async appendTo(handle: FileHandle, lines: readonly string[]): Promise<void> {
    const { size } = await handle.stat()
    const isTaken = size < this.size
    this.size = size
    const head = size === 0 ? [this.head] : []
    const end = size > 0 && !(await endsLine(handle, size)) ? '\n' : ''
    const text = `${end}${[...head, ...lines].join('\n')}\n`
    try {
      await handle.appendFile(text)
      await handle.datasync()
    } catch (error) {
      await handle.truncate(size).catch(() => {})
      throw error
    }
    this.size = size + Buffer.byteLength(text)
    if (isTaken) this.hears.onLost()
  }

  private lose(): void {
    this.waiting = []
    this.waitingLength = 0
    this.hears.onLost()
  }

  private tell(reason: string | undefined): void {
    if (this.isTroubled === (reason !== undefined)) return
    this.isTroubled = reason !== undefined
    this.hears.onTrouble(reason)
  }
}

async function endsLine(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read({ buffer: Buffer.alloc(1), position: size - 1 })
  return buffer.toString() === '\n'
}
