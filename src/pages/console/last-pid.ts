/* The process that is talked about: what a key for a word puts into its parentheses. */
import type { ConsoleView } from '../../protocol/console'

const pid = /<\d+\.\d+\.0>/

/** The first pid of the last answer that has one: of a table, that of the busiest. */
export function lastPid({ lines }: Pick<ConsoleView, 'lines'>): string | undefined {
  let found: string | undefined
  for (const { kind, text } of lines.toReversed()) {
    if (kind === 'typed' && found !== undefined) return found
    found = pid.exec(text)?.[0] ?? found
  }
  return found
}
