/* A hot module as it travels: a function of its rooms, with its checks, on its own lines. */
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compileHotModule } from '../../src/compile/hot-module'
import * as runtime from '../../src/runtime'
import { rooms } from '../../src/system/rooms'

const names = Object.fromEntries(
  Object.entries(rooms).map(([room, words]) => [room, Object.keys(words)]),
)
const compile = (source: string) =>
  compileHotModule(source, { file: 'src/system/sum.ts', rooms: names })

/** Loads a compiled module as a host does. */
async function load(source: string): Promise<Record<string, unknown>> {
  const { code } = compile(source)
  const url = `data:text/javascript,${encodeURIComponent(code)}`
  const { default: make } = (await import(/* @vite-ignore */ url)) as {
    default: (given: typeof rooms) => Record<string, unknown>
  }
  return make(rooms)
}

test.each(['sum', 'session'])('%s is compiled as it stands', async (name) => {
  const file = resolve(import.meta.dirname, `../../src/system/${name}.ts`)
  const source = readFileSync(file, 'utf8')
  const exports = await load(source)
  expect(Object.keys(exports).sort()).toEqual(['$code', ...exportedBy(source)].sort())
  const { places } = exports.$code as { places: { line: number; function: string }[] }
  const called = source.split('\n').findIndex((line) => /^(export )?function\*/.test(line)) + 1
  expect(places[0]).toMatchObject({ line: called })
})

const exportedBy = (source: string) =>
  [...source.matchAll(/^export function\*? (\w+)/gm)].map(([, name]) => name)

test('it shares its rooms with who loads it', async () => {
  const exports = await load(`
    import { now as clock, type Body } from '../runtime'
    import * as words from '../runtime'
    import type { Nothing } from './nowhere'
    export const same = [clock, words.send]
    const hidden = 1
    export { hidden as shown, type Body as Type }
    export interface Gone { readonly a: Body; readonly b: Nothing }
  `)
  expect(exports.same).toEqual([runtime.now, runtime.send])
  expect(Object.keys(exports)).toEqual(['same', 'shown'])
})

test('its lines are those of the source, by the map', () => {
  const source =
    'import {\n  now,\n} from "../runtime"\n\nexport const f = (): number =>\n  now()\n'
  const { code, map } = compile(source)
  const line = code.split('\n').findIndex((text) => /now\(\)/.test(text))
  const column = code.split('\n')[line]!.indexOf('now()')
  const entry = new SourceMap({
    ...map,
    file: '',
    sourceRoot: '',
    sources: ['sum.ts'],
    sourcesContent: [],
  }).findEntry(line, column)
  expect(entry).toMatchObject({ originalLine: 5, originalColumn: 2 })
})

describe('refused, with its place', () => {
  test.each([
    ["import { now } from '../protocol/wall'", 1, 21, /imports nothing but '\.\.\/runtime'/],
    ["import {\n  never } from '../runtime'", 2, 3, /'\.\.\/runtime' exports no 'never'/],
    ["import all from '../runtime'", 1, 8, /exports no 'default'/],
    ['const a = 1\nexport default a', 2, 1, /exports by name/],
    ["export * from '../runtime'", 1, 1, /exports by name/],
    ["export { now } from '../runtime'", 1, 1, /only what is its own/],
    ["export const a = () => import('../runtime')", 1, 24, /imports at its beginning/],
    ['export function* sum( {', 1, 24, /Unexpected token/],
    ['export async function sum() {}', 1, 8, /function\*/],
    ['export enum A { B }', 1, 8, /more than a type/],
  ])('%s', (source, line, column, reason) => {
    expect(() => compile(source)).toThrow(
      expect.objectContaining({ line, column, reason: expect.stringMatching(reason) as string }),
    )
  })
})
