/*
 * The line that is being typed in the terminal, and what each key makes of it: the keys of a shell.
 * A key comes as the terminal reads it, a character or an escape sequence.
 */
import { maxLineLength } from '../../protocol/console'

export interface Line {
  readonly text: string
  /** Where the caret is, in UTF-16 units and never within a character. */
  readonly caret: number
  /** How far back in the history it is; 0 is what was typed now. */
  readonly back: number
  /** What was typed now, while the history is looked at. */
  readonly draft: string
}

export const emptyLine: Line = { text: '', caret: 0, back: 0, draft: '' }

/** What a key asks for beside a change of the line. */
export type Wanted = 'send' | 'complete' | 'clear' | undefined

/** What came from the terminal as single keys: a paste is many. */
export const keysIn = (data: string): readonly string[] =>
  data.match(/\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|[^]/gu) ?? []

export const lineOf = (text: string): Line => ({ ...emptyLine, text, caret: text.length })

/** The line with a text put in at its caret; as it is when that would make it too long. */
export function insert(line: Line, text: string): Line {
  const { caret } = line
  if (line.text.length + text.length > maxLineLength) return line
  return {
    ...line,
    text: line.text.slice(0, caret) + text + line.text.slice(caret),
    caret: caret + text.length,
  }
}

/** The line after a key. @param history what was typed before, oldest first */
export function press(line: Line, key: string, history: readonly string[]): [Line, Wanted] {
  const wanted = wishes[key]
  if (wanted !== undefined) return [line, wanted]
  const change = changes[key]
  if (change) return [change(line, history), undefined]
  return [/^[\p{Cc}\p{Cs}]/u.test(key) ? line : insert(line, key), undefined]
}

const wishes: Readonly<Record<string, Wanted>> = {
  '\r': 'send',
  '\t': 'complete',
  '\u000c': 'clear',
}

type Change = (line: Line, history: readonly string[]) => Line

const before = ({ text, caret }: Line): number =>
  caret - ([...text.slice(0, caret)].at(-1)?.length ?? 0)
const after = ({ text, caret }: Line): number => caret + ([...text.slice(caret)][0]?.length ?? 0)

/** Without what is between two places; the caret stands there. */
const without = (line: Line, from: number, to: number): Line => ({
  ...line,
  text: line.text.slice(0, from) + line.text.slice(to),
  caret: from,
})
const at = (line: Line, caret: number): Line => ({ ...line, caret })

const toStart: Change = (line) => at(line, 0)
const toEnd: Change = (line) => at(line, line.text.length)
const backspace: Change = (line) => without(line, before(line), line.caret)

function goBack(line: Line, history: readonly string[], steps: number): Line {
  const back = Math.min(Math.max(line.back + steps, 0), history.length)
  if (back === line.back) return line
  const draft = line.back === 0 ? line.text : line.draft
  const text = back === 0 ? draft : (history[history.length - back] ?? '')
  return { text, caret: text.length, back, draft }
}
const older: Change = (line, history) => goBack(line, history, 1)
const newer: Change = (line, history) => goBack(line, history, -1)

const changes: Readonly<Record<string, Change>> = {
  '\u001b[D': (line) => at(line, before(line)),
  '\u001b[C': (line) => at(line, after(line)),
  '\u001b[A': older,
  '\u0010': older,
  '\u001b[B': newer,
  '\u000e': newer,
  '\u001b[H': toStart,
  '\u001bOH': toStart,
  '\u0001': toStart,
  '\u001b[F': toEnd,
  '\u001bOF': toEnd,
  '\u0005': toEnd,
  '\u007f': backspace,
  '\b': backspace,
  '\u001b[3~': (line) => without(line, line.caret, after(line)),
  // Control with C, U, K and W, as in a shell.
  '\u0003': () => emptyLine,
  '\u0015': (line) => without(line, 0, line.caret),
  '\u000b': (line) => without(line, line.caret, line.text.length),
  '\u0017': (line) => without(line, line.text.slice(0, line.caret).search(/\S*\s*$/), line.caret),
}
