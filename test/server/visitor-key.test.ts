/* The key that signs the visitors' cookies. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { visitorKey } from '../../server/visitor-key'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'key-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('is the same after a restart, and nobody else reads it', () => {
  const data = join(folder, 'data')
  const key = visitorKey(data)
  expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(visitorKey(data)).toBe(key)
  expect(statSync(join(data, 'visitor.key')).mode & 0o777).toBe(0o600)
})

test('is another one in each folder', () => {
  expect(visitorKey(join(folder, 'a'))).not.toBe(visitorKey(join(folder, 'b')))
})

test('is made anew where the file holds none', () => {
  writeFileSync(join(folder, 'visitor.key'), 'short')
  const key = visitorKey(folder)
  expect(key).toHaveLength(43)
  expect(visitorKey(folder)).toBe(key)
})

test('is one for this start where nothing can be kept', () => {
  const file = join(folder, 'a file')
  writeFileSync(file, '')
  expect(visitorKey(file)).toHaveLength(43)
  expect(readdirSync(folder)).toEqual(['a file'])
})
