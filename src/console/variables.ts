/*
 * Values of the console, and what is kept of them under a name. To find a value does nothing: names
 * and `pid(…)` alone stand for one.
 */
import type { Expression, Fault, PidName } from './parse'
import { cut, pidText } from './print'
import { findWord, nearestWord, usage, type ParameterKind, type Word } from './words'

export type Value = number | string | PidName

/** By name. A name may be any word of the language, so it is a map and no object. */
export type Variables = Map<string, Value>

export type Faulty = { readonly fault: Fault }

export const fault = (at: number, sentence: string): Faulty => ({ fault: { at, sentence } })

/** As many as anybody remembers. */
const maxVariables = 100

/** Keeps a value; false when there is no room for another one. */
export function keep(variables: Variables, name: string, value: Value): boolean {
  if (!variables.has(name) && variables.size >= maxVariables) return false
  variables.set(name, value)
  return true
}

/** A value as it is typed. */
export function show(value: Value): string {
  if (typeof value === 'object') return pidText(value)
  return cut(typeof value === 'string' ? `'${value}'` : String(value))
}

type Found = { readonly value: Value } | Faulty

/** The value that an expression stands for. */
export function valueOf(expression: Expression, variables: Variables): Found {
  const { at, kind } = expression
  if (kind !== 'name' && kind !== 'call') return { value: expression.value }
  const word = findWord(expression.name)
  if (kind === 'name') {
    const value = variables.get(expression.name)
    if (value !== undefined) return { value }
    return fault(at, word ? noValue(word) : unknown(expression.name, 'variable'))
  }
  if (!word) return fault(at, unknown(expression.name, 'word'))
  if (word.name !== 'pid') return fault(at, noValue(word))
  const values = valuesFor(word, expression, variables)
  return 'fault' in values ? values : pidOf(values.values as number[], expression.args)
}

const noValue = (word: Word): string => `${usage(word)} gives nothing that could stand here.`

/** The values in the parentheses after a word, as many and of such kinds as it takes. */
export function valuesFor(
  word: Word,
  { at, args }: { readonly at: number; readonly args: readonly Expression[] },
  variables: Variables,
): { readonly values: readonly Value[] } | Faulty {
  const values: Value[] = []
  for (const [place, arg] of args.entries()) {
    const parameter = word.parameters[place]
    if (!parameter) return fault(arg.at, `That is more than it takes: ${usage(word)}`)
    const found = valueOf(arg, variables)
    if ('fault' in found) return found
    if (typeof found.value !== kinds[parameter.kind].type) {
      return fault(arg.at, `Here it needs ${kinds[parameter.kind].what}.`)
    }
    values.push(found.value)
  }
  if (values.length === word.parameters.length) return { values }
  return fault(at, `Something is missing in the parentheses: ${usage(word)}`)
}

const kinds: Readonly<Record<ParameterKind, { readonly type: string; readonly what: string }>> = {
  pid: { type: 'object', what: 'a pid, such as pid(0, 302790, 0)' },
  number: { type: 'number', what: 'a whole number' },
  text: { type: 'string', what: "a text, such as 'observability'" },
}

function pidOf([host, serial, last]: readonly number[], args: readonly Expression[]): Found {
  const below = [host, serial].findIndex((part) => part! < 0)
  if (below >= 0) return fault(args[below]!.at, 'No process has a number below 0.')
  if (last !== 0) return fault(args[2]!.at, 'The last number of a pid is 0.')
  return { value: { host: host!, serial: serial! } }
}

/** Says that a name is not known, and which one may be meant. */
export function unknown(name: string, kind: 'variable' | 'word'): string {
  const nearest = nearestWord(name)
  const what = `There is no ${kind} ${cut(name, 40)}.`
  return nearest ? `${what} Did you mean ${usage(nearest)}?` : `${what} Try: help`
}
