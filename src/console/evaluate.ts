/*
 * Does what a line asks for, with the hands that it is lent, and gives what is to be printed. There
 * is no way from here to any code but those hands.
 */
import type { UpgradeEnd } from '../protocol/upgrades'
import type { Hands, Told } from './hands'
import { parse, type Command, type Expression, type PidName } from './parse'
import * as print from './print'
import { fault, keep, show, valueOf, valuesFor } from './variables'
import type { Faulty, Value, Variables } from './variables'
import { findWord, usage, type Word, type WordName } from './words'

export interface Printed {
  readonly lines: print.Lines
  readonly isError?: true
  /** All that was printed before is to go. */
  readonly clears?: true
}

/** What a line is done with. */
export interface Surroundings {
  readonly hands: Hands
  readonly variables: Variables
  /** What was typed before, oldest first. */
  readonly typed: readonly string[]
}

/** Does one line. Rejects only if a hand does. */
export async function evaluate(line: string, surroundings: Surroundings): Promise<Printed> {
  const parsed = parse(line)
  if ('fault' in parsed) return printFault(line, parsed)
  const done = parsed.command ? await perform(parsed.command, surroundings) : { lines: [] }
  return 'fault' in done ? printFault(line, done) : done
}

const printFault = (line: string, { fault }: Faulty): Printed => ({
  lines: print.printFault(line, fault),
  isError: true,
})

async function perform(
  { target, value }: Command,
  surroundings: Surroundings,
): Promise<Printed | Faulty> {
  const { variables } = surroundings
  const deed = deedIn(value, variables)
  if (deed && target) {
    return fault(value.at, 'This gives nothing to keep: numbers, texts and pids can be kept.')
  }
  if (deed) {
    const values = valuesFor(deed.word, deed, variables)
    return 'fault' in values ? values : await acts[deed.word.name](values.values, surroundings)
  }
  const found = valueOf(value, variables)
  if ('fault' in found) return found
  const taken = target && findWord(target.name)
  if (taken && taken.name !== 'pid') {
    return fault(target.at, `${usage(taken)} is a word of the console: choose another name.`)
  }
  if (target && !keep(variables, target.name, found.value)) {
    return fault(target.at, 'There are too many variables already.')
  }
  return { lines: [show(found.value)] }
}

interface Deed {
  readonly at: number
  readonly word: Word & { readonly name: Exclude<WordName, 'pid'> }
  readonly args: readonly Expression[]
}

/** What is to be done, if that is more than to show a value. `help` is as good as `help()`. */
function deedIn(expression: Expression, variables: Variables): Deed | undefined {
  if (expression.kind !== 'call' && expression.kind !== 'name') return undefined
  const { at, name, kind } = expression
  if (kind === 'name' && variables.has(name)) return undefined
  const word = findWord(name)
  if (!word || word.name === 'pid') return undefined
  return { at, word: word as Deed['word'], args: kind === 'call' ? expression.args : [] }
}

type Act = (values: readonly Value[], surroundings: Surroundings) => Promise<Printed> | Printed

/** Prints what a hand told, in the words that `shown` gives it, or why not. */
async function told<T>(
  asked: Promise<Told<T>>,
  shown: (value: T) => print.Lines,
): Promise<Printed> {
  const answer = await asked
  if (answer.ok) return { lines: shown(answer.value) }
  return { lines: [print.cut(answer.sentence)], isError: true }
}

/** Prints how an upgrade, a roll back or a purge ended. */
async function ended(asked: Promise<Told<UpgradeEnd>>): Promise<Printed> {
  const answer = await asked
  const isRefused = answer.ok && answer.value.type === 'upgrade_refused'
  const printed = await told(Promise.resolve(answer), print.printUpgrade)
  return isRefused ? { ...printed, isError: true } : printed
}

const acts: Readonly<Record<Deed['word']['name'], Act>> = {
  'Runtime.top': (_, { hands }) => told(hands.top(), print.printTop),
  'Runtime.trace': ([pid], { hands }) => told(hands.trace(pid as PidName), print.printTrace),
  'Runtime.stacktrace': ([pid], { hands }) => told(hands.look(pid as PidName), print.printStack),
  'Runtime.info': ([pid], { hands }) =>
    told(hands.look(pid as PidName), (seen) => print.printInfo(pid as PidName, seen)),
  'Runtime.kill': ([pid], { hands }) =>
    told(hands.kill(pid as PidName), () => [`${print.pidText(pid as PidName)} was killed.`]),
  'Runtime.kill_math': (_, { hands }) =>
    told(hands.killMath(), (count) => [
      count === 1 ? '1 process was killed.' : `${count} processes were killed.`,
    ]),
  'Load.set': ([clients], { hands }) =>
    told(hands.setLoad(clients as number), () => [
      `${print.grouped(clients as number)} virtual clients are wanted.`,
    ]),
  'Boards.reset': ([id], { hands }) =>
    told(hands.resetBoard(id as string), () => ['All notes are off that board.']),
  upgrade: (_, { hands }) => ended(hands.upgrade()),
  rollback: (_, { hands }) => ended(hands.rollback()),
  purge: (_, { hands }) => ended(hands.purge()),
  history: (_, { typed }) => ({ lines: typed.map((line) => print.cut(line)) }),
  clear: () => ({ lines: [], clears: true }),
  help: () => ({ lines: print.printHelp() }),
}
