/*
 * What was logged, a quarter of a second's records together: faster than that nobody reads, and in
 * a storm the page stays quick. What screen readers are told of it comes more slowly still.
 */
import { logText } from '../../protocol/log-text'
import { logsFold, logsStream, type LogsView } from '../../protocol/logs'
import type { Source, Stop } from '../../source/source'

const gatherMs = 250
const announceEveryMs = 5_000

/** Follows the log; tells what is known at each change. */
export function followLogs(source: Source, tell: (view: LogsView) => void): Stop {
  let latest: LogsView = logsFold.empty
  let stopGathering: Stop | undefined
  const stop = source.follow(logsStream, logsFold, ({ view }) => {
    latest = view
    stopGathering ??= source.after(gatherMs, () => {
      stopGathering = undefined
      tell(latest)
    })
  })
  return () => {
    stop()
    stopGathering?.()
  }
}

/**
 * Tells in a sentence what has come to the log, at most every five seconds, and nothing of what was
 * there when one came.
 */
export function announceLogs(source: Source, tell: (sentence: string) => void): Stop {
  let latest: LogsView = logsFold.empty
  let told: number | undefined
  let stopResting: Stop | undefined

  function announce() {
    const last = latest.records.at(-1)
    if (!last || last.number === told) return
    const fresh = latest.records.filter(({ number }) => told !== undefined && number > told).length
    told = last.number
    if (fresh > 0) tell(`${fresh} new: ${last.host} ${logText(last)}`)
    stopResting = source.after(announceEveryMs, () => {
      stopResting = undefined
      announce()
    })
  }

  const stop = source.follow(logsStream, logsFold, ({ view }) => {
    latest = view
    if (!stopResting) announce()
  })
  return () => {
    stop()
    stopResting?.()
  }
}
