import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { originOf } from '../../server/origin'

test('a place without a source map is told as it is, from the project’s folder', async () => {
  const url = pathToFileURL(resolve('vitest.config.ts')).href
  expect(await originOf(url, 4, 2)).toEqual({ file: 'vitest.config.ts', line: 5, column: 3 })
})

test('a place with a source map is told as the place in the source, in each version', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'origin-'))
  // Its one segment maps line 0, column 0 to the first source, line 6, column 2.
  const map = { version: 3, sources: ['../sum.ts'], names: [], mappings: 'AAME' }
  writeFileSync(join(folder, 'sum.js.map'), JSON.stringify(map))
  const url = `${pathToFileURL(join(folder, 'sum.js')).href}?v=2`
  expect(await originOf(url, 0, 0)).toEqual({ file: 'sum.ts', line: 7, column: 3 })
})

test('a broken source map is as good as none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'origin-'))
  writeFileSync(join(folder, 'sum.js.map'), '{"version":3')
  const url = pathToFileURL(join(folder, 'sum.js')).href
  expect(await originOf(url, 0, 0)).toEqual({ file: 'sum.js', line: 1, column: 1 })
})

test('a file outside the project shows no folders', async () => {
  expect((await originOf('file:///home/somebody/secret/tool.js', 0, 0)).file).toBe('tool.js')
})

test.each(['node:internal/timers', '', 'file://elsewhere/x.js', 'https://example.org/x.js'])(
  'code that is no file of this machine has no file: %j',
  async (url) => {
    expect((await originOf(url, 0, 0)).file).toBe('')
  },
)
