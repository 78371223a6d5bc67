/*
 * The output of a host, line by line, without trust in it: an endless line is cut, and a flood of
 * lines is thinned, because the root that reads them must stay awake whatever a host does.
 */
import type { Readable } from 'node:stream'

const maxLineLength = 2_000
const maxLinesPerSecond = 200

/** Tells each line of a stream, cut to 2,000 characters; the last one may lack its line break. */
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
 * Lets 200 lines a second pass, and tells how many were left out before the next one that passes.
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
