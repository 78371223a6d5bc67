/*
 * The sources of the hot modules in a folder of a test's own: what a presenter edits on stage,
 * without touching the project's.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { plant, repair, type BuggySources, type PlantedBug } from '../../src/compile/repairs'
import type { HotModule } from '../../src/protocol/upgrades'

export interface HotSources {
  readonly folder: string
  /** Makes a module's text another one. */
  edit(module: HotModule, change: (text: string) => string): void
  repair(bug: PlantedBug | 'all'): void
  /** All bugs are planted, as the project keeps them. */
  reset(): void
  remove(): void
}

const kept = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../src/system/${name}.ts`), 'utf8')

export function hotSources(): HotSources {
  const folder = mkdtempSync(join(tmpdir(), 'hot-'))
  const file = (module: HotModule) => join(folder, `${module}.ts`)
  const read = (): BuggySources => ({
    sum: readFileSync(file('sum'), 'utf8'),
    session: readFileSync(file('session'), 'utf8'),
  })
  const write = ({ sum, session }: BuggySources) => {
    writeFileSync(file('sum'), sum)
    writeFileSync(file('session'), session)
  }
  const planted = plant({ sum: kept('sum'), session: kept('session') }, 'all')
  if (!planted.ok) throw new Error(planted.problem)
  write(planted.sources)
  return {
    folder,
    edit: (module, change) => write({ ...read(), [module]: change(read()[module]) }),
    repair(bug) {
      const better = repair(read(), bug)
      if (!better.ok) throw new Error(better.problem)
      write(better.sources)
    },
    reset: () => write(planted.sources),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
