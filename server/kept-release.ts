/*
 * The release that is current, kept beside the log, so that a root which comes back goes on with
 * it: what was sent from another machine lies on no disk here. It is kept with what the running
 * files were built from, and counts for these alone: whoever builds others wants them to run.
 */
import { readFileSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { object, safeParse, string } from 'valibot'
import type { HotTexts, Kept } from '../src/host/upgrades'
import type { Log } from '../src/protocol/log-record'

const texts = object({ sum: string(), session: string() })
const shape = object({ built: texts, current: texts })

export class KeptRelease implements Kept {
  private readonly folder: string
  private readonly file: string
  private readonly built: HotTexts
  private readonly log: Log
  /** One after the other, or an older one could be the last. */
  private turn: Promise<void> = Promise.resolve()

  /** @param built what the running files were built from */
  constructor(folder: string, built: HotTexts, log: Log) {
    this.folder = folder
    this.file = join(folder, 'release.json')
    this.built = built
    this.log = log
  }

  /** What was current, if that is not what was built. A file that cannot be used is told. */
  read(): HotTexts | undefined {
    try {
      const kept = safeParse(shape, JSON.parse(readFileSync(this.file, 'utf8')))
      if (!kept.success) throw new Error('it has not the shape of a release')
      const { built, current } = kept.output
      if (isSame(built, this.built)) return isSame(current, built) ? undefined : current
      this.tell('info', 'upgrade_forgotten', 'other code was built since')
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!isMissing)
        this.tell('warn', 'upgrade_forgotten', `release.json cannot be used: ${error}`)
    }
    return undefined
  }

  /** Keeps what is current now, soon. What cannot be kept is told. */
  keep(current: HotTexts): void {
    this.turn = this.turn
      .then(() => this.write(current))
      .catch((error: unknown) => this.tell('warn', 'upgrade_not_kept', String(error)))
  }

  private async write(current: HotTexts): Promise<void> {
    if (isSame(current, this.built)) return await rm(this.file, { force: true })
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    // In one step: whoever reads it finds the one before or this one.
    await writeFile(`${this.file}.new`, JSON.stringify({ built: this.built, current }))
    await rename(`${this.file}.new`, this.file)
  }

  private tell(level: 'info' | 'warn', event: string, reason: string): void {
    this.log({ level, event, host: 'root', reason })
  }
}

const isSame = (one: HotTexts, other: HotTexts): boolean =>
  one.sum === other.sum && one.session === other.session
