/*
 * The output of a host, line by line, without trust in it: an endless line is cut, and a flood of
 * lines is thinned, because the root that reads them must stay awake whatever a host does.
 */
import type { Readable } from 'node:stream'

/** As long as a record of a host may be. */
const maxLineLength = 8_000
const maxOutputLength = 2_000
/** More than a host's own log lets pass, so that no record of a sound host is lost here. */
const maxLinesPerSecond = 600

/** A line that is no record, as it is kept: at most 2,000 characters. */
export const cutLine = (line: string): string => line.slice(0, maxOutputLength)

/** Tells each line of a stream, cut to 8,000 characters; the last one may lack its line break. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(0, maxLineLength)
    for (const line of lines) onLine(line.slice(0, maxLineLength))
  })
  stream.on('end', () => {
    if (rest !== '') onLine(rest)
  })
}

/**
 * Lets 600 lines a second pass, and tells how many were left out before the next one that passes.
 * @param nowMs any monotonic clock
 */
export function thinLines(
  nowMs: () => number,
  onLine: (line: string, leftOut: number) => void,
): (line: string) => void {
  let secondBeganMs = nowMs()
  let passed = 0
  let leftOut = 0
  return (line) => {
    if (nowMs() - secondBeganMs >= 1_000) {
      secondBeganMs = nowMs()
      passed = 0
    }
    if (passed >= maxLinesPerSecond) {
      leftOut++
      return
    }
    passed++
    onLine(line, leftOut)
    leftOut = 0
  }
}
