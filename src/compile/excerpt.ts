/* A few lines of a source with a caret below a place: what a compiler shows in a terminal. */

const around = 2
const widest = 96
/** What a terminal would obey, and what turns the direction of what is read. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** The lines around `line`, numbered; the caret stands below `column`. Both count from 1. */
export function excerptOf(source: string, line: number, column: number): string {
  const lines = source.split(/\r?\n/)
  const first = Math.max(1, line - around)
  const last = Math.min(lines.length, line + around)
  const margin = String(last).length
  const shown: string[] = []
  for (let at = first; at <= last; at++) {
    const whole = (lines[at - 1] ?? '').replaceAll('\t', ' ')
    const text = whole.slice(0, widest).replace(unseen, '·')
    shown.push(`${at === line ? '>' : ' '} ${String(at).padStart(margin)} | ${text}`.trimEnd())
    if (at !== line) continue
    const blanks = ' '.repeat(Math.min(Math.max(0, column - 1), widest))
    shown.push(`  ${' '.repeat(margin)} | ${blanks}^`)
  }
  return shown.join('\n')
}
