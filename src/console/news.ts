/* Which lines of the console a screen has not shown yet. */
import type { ConsoleLine, ConsoleView } from '../protocol/console'

/** The console as it is told, and which life of its writer tells it. */
export interface Seen {
  readonly view: ConsoleView
  readonly epoch: string | undefined
}

export interface News {
  /** What is on the screen is to go first. */
  readonly isAnew: boolean
  readonly lines: readonly ConsoleLine[]
}

/** What is said to who watched the console of a gateway that is gone. */
export const beganAnew = 'The gateway began anew, and the console with it.'

/** What is new in `now` for a screen that shows `before`, or nothing yet. */
export function newsIn(before: Seen | undefined, { view, epoch }: Seen): News {
  const isSame = before?.epoch === epoch && before?.view.clears === view.clears
  const fresh = isSame ? view.count - before.view.count : Infinity
  const isAnew = !isSame || fresh < 0 || fresh > view.lines.length
  return { isAnew, lines: isAnew ? view.lines : view.lines.slice(view.lines.length - fresh) }
}
