/*
 * The first place in a hot module's source that a text names: a stack, as Node writes it with
 * source maps, or what the root found of a host that hangs.
 */
import { hotModules, type HotModule } from '../protocol/upgrades'

export interface SourcePlace {
  readonly module: HotModule
  readonly line: number
  readonly column: number
}

const place = new RegExp(`src/system/(${hotModules.join('|')})\\.ts:(\\d+)(?::(\\d+))?`)

/** Lines and columns count from 1; a place without a column is at the beginning of its line. */
export function sourcePlaceIn(text: string): SourcePlace | undefined {
  const [, module, line, column] = place.exec(text.replaceAll('\\', '/')) ?? []
  if (module === undefined) return undefined
  return { module: module as HotModule, line: Number(line), column: Number(column ?? 1) }
}
