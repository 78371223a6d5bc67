/*
 * Commands on their way, one at a time and in order, but for a blank of the projector: that goes at
 * once, on a stream of its own, and waits for none. Each stays in the list until the board has said
 * what came of it: the answer may overtake the event, and a note must not jump back in between. So
 * an accepted one stays until the view has it, or for a moment at most (somebody else may have
 * wished the opposite meanwhile). A refused one goes at once, and with it what its act would have
 * done next.
 */
import {
  adminStream,
  boardStream,
  type BoardView,
  type ModeratorCommand,
} from '../../protocol/board'
import type { Refusal } from '../../protocol/refusals'
import type { Source } from '../../source/source'
import { isIn } from './expected'

export interface Errands {
  /** Wishes the commands of one act, in this order. `refused` ends the act. */
  send(commands: readonly ModeratorCommand[], refused: (refusal: Refusal) => void): void
  /** What the board is now. */
  see(view: BoardView): void
}

interface Errand {
  readonly command: ModeratorCommand
  /** Tells the errands of one act, and of no other, together. */
  readonly refused: (refusal: Refusal) => void
  progress: 'queued' | 'sent' | 'accepted'
}

const isBlank = ({ command }: Errand): boolean => command.type === 'blank_wall'

/** From the answer to the event it takes far less. */
const echoWithinMs = 3_000

/** Tells the commands on their way at each change, in the order in which they were wished. */
export function createErrands(
  source: Source,
  board: string,
  tell: (commands: readonly ModeratorCommand[]) => void,
): Errands {
  let errands: readonly Errand[] = []
  let known: BoardView | undefined
  let isSending = false

  function change(next: readonly Errand[]): void {
    if (next.length === errands.length) return
    errands = next
    tell(next.map(({ command }) => command))
  }

  function dropSeen(): void {
    const view = known
    if (!view) return
    change(
      errands.filter(({ command, progress }) => progress !== 'accepted' || !isIn(view, command)),
    )
  }

  const next = (): Errand | undefined => errands.find(({ progress }) => progress === 'queued')

  async function sendAll(): Promise<void> {
    if (isSending) return
    isSending = true
    for (let errand = next(); errand; errand = next()) await run(errand)
    isSending = false
  }

  async function run(errand: Errand): Promise<void> {
    const { command, refused } = errand
    errand.progress = 'sent'
    const stream = isBlank(errand) ? adminStream(board) : boardStream(board)
    const answer = await source.wish(stream, command)
    if (!answer.ok) {
      change(errands.filter((other) => other.refused !== refused))
      return refused(answer.refusal)
    }
    errand.progress = 'accepted'
    dropSeen()
    source.after(echoWithinMs, () => change(errands.filter((other) => other !== errand)))
  }

  return {
    send(commands, refused) {
      const ofAct = (refusal: Refusal) => refused(refusal)
      const queued = commands.map((command): Errand => {
        return { command, refused: ofAct, progress: 'queued' }
      })
      change([...errands, ...queued])
      for (const errand of queued) if (isBlank(errand)) void run(errand)
      void sendAll()
    },
    see(view) {
      known = view
      dropSeen()
    },
  }
}
