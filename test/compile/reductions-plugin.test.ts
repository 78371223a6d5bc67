/*
 * The plugin in real builds: process code is counted and nothing else is, one counter serves all
 * entries, and what is wrong is told by its place. Leans on the small project in reductions/.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reductionsPlugin } from '../../src/compile/reductions-plugin'

const project = resolve(import.meta.dirname, 'reductions')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reductions-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Builds entries of a project for Node, as the server's build does. */
async function buildEntries(root: string, entries: Record<string, string>, out: string) {
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [reductionsPlugin({ root, door: join(root, 'door.ts') })],
    build: {
      ssr: true,
      sourcemap: true,
      outDir: resolve(folder, out),
      emptyOutDir: true,
      rollupOptions: { input: entries, output: { entryFileNames: '[name].mjs' } },
    },
  })
  return (name: string) => resolve(folder, out, name)
}

describe('a build of several entries', () => {
  let built: (name: string) => string
  const load = (name: string, query = '') => import(pathToFileURL(built(name)).href + query)

  beforeAll(async () => {
    const entries = {
      door: 'door.ts',
      first: 'src/system/first.ts',
      second: 'second.process.ts',
      plain: 'plain.ts',
    }
    built = await buildEntries(project, mapped(entries), 'several')
  })

  test('holds one counter, which entries and the door share', async () => {
    const [{ reductions }, { second }] = await Promise.all([load('door.mjs'), load('second.mjs')])
    expect((await load('plain.mjs')).reductions).toBe(reductions)
    reductions.left = 3
    const body = second()
    const { value } = body.next()
    const place = {
      kind: 'turn',
      file: 'src/system/first.ts',
      function: 'first',
      line: 8,
      column: 3,
    }
    expect(value).toEqual([{ ...place, names: ['turns', 'turn'] }, 3, 0])
    expect(reductions.left).toBe(0)
    reductions.left = 100
    expect(body.next()).toEqual({ done: true, value: { turn: 3 } })
    expect(reductions.left).toBe(98)
  })

  test('shares that counter with a later version of a module', async () => {
    const { reductions } = await load('door.mjs')
    const [old, current] = [await load('first.mjs'), await load('first.mjs', '?v=2')]
    expect(current.first).not.toBe(old.first)
    reductions.left = 2
    old.first(0).next()
    current.first(0).next()
    expect(reductions.left).toBe(0)
  })

  test('counts nothing that is not process code', async () => {
    const text = await readFile(built('plain.mjs'), 'utf8')
    expect(text).toContain('while (turns < 3) turns++')
    expect(text).not.toContain('.left')
  })

  test('leads an error back to its line in TypeScript', async () => {
    const map = JSON.parse(await readFile(built('first.mjs.map'), 'utf8'))
    expect(map.sources).toHaveLength(1)
    const { SourceMap } = await import('node:module')
    const lines = (await readFile(built('first.mjs'), 'utf8')).split('\n')
    const line = lines.findIndex((text) => text.includes('first fails'))
    const entry = new SourceMap(map).findEntry(line, lines[line]!.indexOf('throw'))
    expect(entry).toMatchObject({ originalLine: 8, originalColumn: 17 })
    expect(resolve(folder, 'several', map.sources[0])).toBe(join(project, 'src/system/first.ts'))
  })
})

describe('a project', () => {
  // Given as text, since a project's runtime is its own.
  const reductions = 'export const reductions = { looking: false, see() {} };'
  const loop = 'export function f() { for (;;) ; }'

  /** Writes a project whose one entry is `name`, builds it and gives the text. */
  async function builtFrom(name: string, source: string): Promise<string> {
    const root = await mkdtemp(join(folder, 'project-'))
    for (const [path, text] of [
      [name, source],
      ['door.ts', 'export const reductions = { left: 0 }'],
    ] as const) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
    const built = await buildEntries(root, { entry: join(root, name) }, `${root}/out`)
    return readFile(built('entry.mjs'), 'utf8')
  }

  test.each(['src/system/a.ts', 'src/system/upgrades/b.ts', 'server/c.process.ts'])(
    'has its process code counted: %s',
    async (name) => {
      const text = await builtFrom(name, loop)
      expect(text).toMatch(/--.*\.left/)
      expect(text).toContain(`"file": "${name}"`)
    },
  )

  test.each([
    'src/runtime/a.ts',
    'src/runtime/b.process.ts',
    'server/src/system/c.ts',
    'node_modules/d/src/e.process.ts',
    'src/system/f.js',
  ])('has nothing else counted: %s', async (name) => {
    expect(await builtFrom(name, loop)).not.toMatch(/\.left/)
  })

  test('has the bodies of its runtime enter others by hand, uncounted', async () => {
    const body = `export function* f(g) { const x = yield* g(); for (;;) ; }`
    const text = await builtFrom('src/runtime/reductions.ts', `${reductions}${body}`)
    expect(text).not.toMatch(/\.left/)
    expect(text).toMatch(/\.looking\) .*\.see\(/)
    expect(text).not.toContain('yield*')
  })

  test('is not built with code that is refused, which is told by its place', async () => {
    const building = builtFrom('src/system/bad.ts', `export function* f() {\n  await g()\n}`)
    await expect(building).rejects.toThrow('CompileError: src/system/bad.ts:2:3: process code is')
  })
})

function mapped(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, to]) => [name, join(project, to)]))
}
