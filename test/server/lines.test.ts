import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { readLines, thinLines } from '../../server/lines'

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, (line) => lines.push(line))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await finished(stream)
  return lines
}

test('lines are whole however they arrive, and the last one needs no line break', async () => {
  expect(await linesOf('one\ntw', 'o\n\nthr', 'ee')).toEqual(['one', 'two', '', 'three'])
})

test('a character that arrives in two pieces is one character', async () => {
  const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)]
  expect(await linesOf(first, second)).toEqual(['é'])
})

test('an endless line is cut', async () => {
  const [line] = await linesOf(...Array.from({ length: 100 }, () => 'x'.repeat(1_000)))
  expect(line).toHaveLength(8_000)
})

test('a long line is cut even when it arrives whole', async () => {
  const lines = await linesOf(`${'x'.repeat(9_000)}\nnext\n`)
  expect(lines.map((line) => line.length)).toEqual([8_000, 4])
})

test('a flood is thinned to 600 lines a second, and the rest is counted', () => {
  let nowMs = 0
  const passed: [string, number][] = []
  const tell = thinLines(
    () => nowMs,
    (line, leftOut) => passed.push([line, leftOut]),
  )
  for (let index = 0; index < 1_000; index++) tell('flood')
  expect(passed).toHaveLength(600)
  nowMs = 1_000
  tell('after')
  tell('again')
  expect(passed.slice(600)).toEqual([
    ['after', 400],
    ['again', 0],
  ])
})
