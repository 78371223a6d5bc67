/*
 * Asks a board for all that it shows, once: the stream tells one snapshot, and is left again.
 */
import { exportStream } from '../../protocol/board'
import { exportFold, type ExportView } from '../../protocol/board-export'
import type { Source, Stop } from '../../source/source'

/** A long log is read in less. */
const answerWithinMs = 15_000

/** Calls `done` once: with what the board shows, or with undefined when no answer came. */
export function askExport(
  source: Source,
  board: string,
  done: (view: ExportView | undefined) => void,
): Stop {
  let isDone = false
  let stopFollowing: Stop = () => {}
  const end = () => {
    isDone = true
    stopFollowing()
    stopWaiting()
  }
  const stopWaiting = source.after(answerWithinMs, () => {
    end()
    done(undefined)
  })
  stopFollowing = source.follow(exportStream(board), exportFold, ({ view, epoch }) => {
    if (epoch === undefined || isDone) return
    end()
    done(view)
  })
  return end
}
