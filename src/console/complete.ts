/*
 * What a line that is being typed may go on with: the words of the console, and names that were
 * kept. No matter whether a person presses Tab in a browser or in a terminal.
 */
import { parse } from './parse'
import { usage, words } from './words'

export interface Completion {
  /** Where in the line the name begins that is being typed. */
  readonly from: number
  /** What it may become, each whole; none when nothing fits. */
  readonly candidates: readonly string[]
  /** What can be typed in any case: the beginning that all candidates share. */
  readonly common: string
}

/** What stands before the caret, completed. @param names that were kept as variables */
export function complete(before: string, names: readonly string[]): Completion {
  const typed = /[A-Za-z_][A-Za-z0-9_.]*$/.exec(before.slice(-maxName))?.[0] ?? ''
  const from = before.length - typed.length
  const isArgument = before.slice(0, from).includes('(')
  const known = isArgument ? ['pid(', ...names] : [...words.map(callOf), ...names]
  const fits = (name: string): boolean => name.toLowerCase().startsWith(typed.toLowerCase())
  const candidates = [...new Set(known)].filter(fits)
  return { from, candidates, common: sharedBeginning(candidates) || typed }
}

const maxName = 100

/** As it is typed: whole where there is nothing to be filled in. */
const callOf = (word: (typeof words)[number]): string =>
  word.parameters.length === 0 ? usage(word) : `${word.name}(`

function sharedBeginning([first = '', ...others]: readonly string[]): string {
  const differs = [...first].findIndex((letter, at) => others.some((other) => other[at] !== letter))
  return differs < 0 ? first : first.slice(0, differs)
}

/** The names that these lines keep something under, the last one first. */
export function keptNames(typed: readonly string[]): readonly string[] {
  const names = typed.flatMap((line) => {
    const parsed = parse(line)
    return 'command' in parsed && parsed.command?.target ? [parsed.command.target.name] : []
  })
  return [...new Set(names.reverse())]
}
