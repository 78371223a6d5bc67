/*
 * What can be said to the console: the catalogue that help, completion and evaluation share. A word
 * is known however its parts are joined: `kill_math`, `killMath`.
 */

export type ParameterKind = 'pid' | 'number' | 'text'

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
}

export interface Word {
  readonly name: WordName
  readonly parameters: readonly Parameter[]
  /** One sentence. */
  readonly help: string
}

const aPid: Parameter = { name: 'pid', kind: 'pid' }

const catalogue = {
  'Runtime.top': [[], 'The ten busiest processes of the next second.'],
  'Runtime.trace': [[aPid], 'What a process does for a second, or fifty steps of it.'],
  'Runtime.stacktrace': [[aPid], 'Where a process is now, with its variables.'],
  'Runtime.info': [[aPid], 'What is known of a process.'],
  'Runtime.kill': [[aPid], 'Kills a process.'],
  'Runtime.kill_math': [[], 'Kills every process that adds up.'],
  'Load.set': [[{ name: 'clients', kind: 'number' }], 'So many virtual clients shall there be.'],
  'Boards.reset': [
    [{ name: 'board', kind: 'text' }],
    'Takes all notes off a board. Its moderator can take that back.',
  ],
  upgrade: [[], 'Loads what was changed in the code into the running system.'],
  rollback: [[], 'Goes back to the code from before the upgrade.'],
  purge: [[], 'Kills who still runs old code.'],
  pid: [
    [
      { name: 'host', kind: 'number' },
      { name: 'serial', kind: 'number' },
      { name: '0', kind: 'number' },
    ],
    'The name of a process. It can be kept: pid = pid(0, 302790, 0)',
  ],
  history: [[], 'What was typed before.'],
  clear: [[], 'Empties the console.'],
  help: [[], 'This list.'],
} satisfies Readonly<Record<string, readonly [readonly Parameter[], string]>>

export type WordName = keyof typeof catalogue

export const words: readonly Word[] = (Object.keys(catalogue) as WordName[]).map((name) => {
  const [parameters, help] = catalogue[name]
  return { name, parameters, help }
})

/** `Runtime.trace(pid)`. */
export const usage = ({ name, parameters }: Word): string =>
  `${name}(${parameters.map(({ name }) => name).join(', ')})`

const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase()

const byName = new Map(words.map((word) => [plainName(word.name), word]))

export const findWord = (name: string): Word | undefined => byName.get(plainName(name))

/** The known word that was probably meant, if any is near enough. */
export function nearestWord(name: string): Word | undefined {
  const typed = plainName(name).slice(0, 2 * longest)
  const [nearest] = words
    .map((word) => ({ word, steps: stepsTo(typed, plainName(word.name)) }))
    .sort((a, b) => a.steps - b.steps)
  const isNear = nearest && nearest.steps <= Math.max(1, Math.min(typed.length / 3, 4))
  return isNear ? nearest.word : undefined
}

const longest = Math.max(...words.map(({ name }) => name.length))

/** How far a typed name is from a word: `top` and `Runtime.stack` are one step away. */
function stepsTo(typed: string, word: string): number {
  const isBeginning = typed.length > 2 && word.startsWith(typed)
  const isEnd = word.endsWith(`.${typed}`)
  return Math.min(lettersBetween(typed, word), isBeginning || isEnd ? 1 : Infinity)
}

/** How many letters are put in, left out, exchanged, or swapped with the next one. */
function lettersBetween(a: string, b: string): number {
  let above: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const aboveThat = above
    above = row
    row = [i]
    for (let j = 1; j <= b.length; j++) {
      const exchanged = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? aboveThat[j - 2]! + 1 : Infinity
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, exchanged, swapped))
    }
  }
  return row[b.length]!
}
