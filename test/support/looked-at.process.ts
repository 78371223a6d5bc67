/*
 * Bodies to be looked at and traced: what a stack shows of them is told by the lines of this file.
 */
import { receive, send, sendExit, self, type Body } from '../../src/runtime'

export interface Basket {
  readonly apples: string[]
}

/** Counts for ever, two bodies deep. */
export function* countsDeep(from: number): Body {
  const basket: Basket = { apples: ['red'] }
  yield* counts(from, basket)
}

function* counts(from: number, basket: Basket): Body {
  for (let at = from; basket; at++) held(at)
}

function held(value: number): number {
  return value
}

/** Waits in the midst of an expression, two bodies deep. */
export function* waitsDeep(word: string): Body {
  const words = [word]
  for (;;) words.push(yield* nextWord(words.length))
}

function* nextWord(count: number): Body<string> {
  const next = yield* receive<string>()
  return `${count} ${next}`
}

/** Calls plain functions, and then itself with the next number. */
export function* callsOn(count: number, until: number): Body {
  if (count === until) return
  outer(count)
  yield* callsOn(count + 1, until)
}

function outer(value: number): number {
  return [value].map((one) => one + 1)[0]!
}

/** Ends itself within a plain function that would go on. */
export function* endsInPlainCode(mark: (line: string) => void): Body {
  try {
    plainEnd(mark)
    mark('after')
  } finally {
    mark('finally')
  }
}

function plainEnd(mark: (line: string) => void): void {
  try {
    sendExit(self(), 'enough')
    mark('behind')
  } catch {
    mark('plain catch')
  } finally {
    mark('plain finally')
  }
}

/** Its helper ends it by a link, and it goes on in plain code. */
export function* endedFromElsewhere(end: () => void, mark: (line: string) => void): Body {
  end()
  plainMarks(mark)
  send('test', 'never sent')
}

function plainMarks(mark: (line: string) => void): void {
  mark('plain code')
}

/** Takes letters for ever, and marks each. */
export function* takesLetters(mark: () => void): Body {
  for (;;) {
    yield* receive()
    mark()
  }
}
