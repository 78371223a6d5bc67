/*
 * Code on a slide that names its line is quoted from the system as it is: somebody will open the file
 * on stage and look for it there.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const lines = (file: string) => readFileSync(join(root, file), 'utf8').split('\n')
const sources = readdirSync(join(root, 'src/system'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => lines(`src/system/${name}`))

const quotes = [
  ...lines('slides/let-it-crash.md')
    .join('\n')
    .matchAll(/^```ts \[(\d+):[^\]]*\]\n([\s\S]*?)\n```$/gm),
].map(([, from, text]) => ({ from: Number(from), text: text ?? '' }))

test('the talk quotes code by its line', () => {
  expect(quotes.length).toBeGreaterThanOrEqual(3)
})

test.each(quotes)('the lines from $from on stand there in a source', ({ from, text }) => {
  const quoted = text.split('\n')
  const found = sources.some(
    (source) => source.slice(from - 1, from - 1 + quoted.length).join('\n') === text,
  )
  expect(found, text).toBe(true)
})
