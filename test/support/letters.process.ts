/*
 * Bodies that send numbered letters and collect them: process code as the system's is, with its
 * counted checks, so that a seeded world interrupts it between any two lines.
 */
import { receive, send, sendExit, self, type Body, type Pid } from '../../src/runtime'

export interface Letter {
  readonly from: Pid
  readonly number: number
}

/** Sends `count` letters, numbered from 0, each to all of `receivers`. */
export function* writer(receivers: readonly Pid[], count: number): Body {
  for (let number = 0; number < count; number++) {
    for (const receiver of receivers) send(receiver, { from: self(), number })
  }
}

/** Takes `count` letters and tells the test the whole list. */
export function* reader(count: number): Body {
  const letters: Letter[] = []
  while (letters.length < count) letters.push(yield* receive<Letter>())
  send('test', letters)
}

/** Ends itself with `kill`, and would leave a mark if it ran one turn further. */
export function* killsItself(mark: (line: string) => void): Body {
  try {
    sendExit(self(), 'kill')
    for (;;) mark('a loop turn')
  } catch {
    mark('catch')
  } finally {
    mark('finally')
  }
}

/** Counts for ever. */
export function* endless(mark?: () => void): Body {
  for (;;) mark?.()
}
