/*
 * Plain code that runs into debt: loops which cannot yield. Their places are looked up by the
 * tests, so each function has a name of its own.
 */
import { receive, reductions, send, type Body } from '../../src/runtime'

/** Loops `turns` times without giving way. */
export function plainLoop(turns: number): number {
  let sum = 0
  for (let turn = 0; turn < turns; turn++) sum += turn
  return sum
}

/** Loops for ever, doing `work` at each turn. */
export function plainForEver(work: () => void = () => {}): never {
  for (;;) work()
}

/** Calls itself for ever, as deep as the stack and then again. */
export function plainTree(): void {
  plainTree()
  plainTree()
}

/** Catches all that stops it, and goes on. */
export function plainStubborn(told: (error: unknown) => void): void {
  for (;;) {
    try {
      plainForEver()
    } catch (error) {
      told(error)
    }
  }
}

/** A body that enters plain code. */
export function* enters(plain: () => unknown): Body {
  send('test', plain())
}

/** A body that catches what stops its plain code, and goes on. */
export function* stubborn(told: (line: string) => void): Body {
  for (;;) {
    try {
      plainForEver()
    } catch {
      told('caught')
    }
    yield* receive(undefined, 0)
    told('went on')
  }
}

/** Counts `steps` turns and tells that it has finished. */
export function* counts(steps: number, done: () => void = () => {}): Body {
  for (let step = 1; step < steps; step++);
  done()
}

/** Counts for ever, with variables to look at. */
export function* looksBusy(from: number): Body {
  let total = from
  const words = ['a', 'b']
  for (let turn = 0; total < Infinity; turn++) total += turn % words.length
}

/** Steps at a time, so that a test comes soon to where a loop comes late. */
const leap = 100_000

export function plainLeaps(count: number): void {
  for (let made = 0; made < count; made++) reductions.left -= leap
}

export function* bodyLeaps(count: number): Body {
  for (let made = 0; made < count; made++) reductions.left -= leap
}
