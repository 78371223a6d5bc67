/*
 * The house as ARCHITECTURE.md promises it, read off the sources with Vite's own parser: floors and
 * doors, words that a room may not use, no file that nothing reaches, refusals that match their
 * documentation.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { refusalCodes } from '../src/protocol/refusals'

const root = resolve(import.meta.dirname, '..')

const floors: Readonly<Record<string, number>> = {
  'src/runtime': 0,
  'src/compile': 0,
  'src/protocol': 1,
  'src/system': 2,
  'src/source': 2,
  'src/console': 2,
  'src/host': 3,
  'src/pages': 3,
  'src/deck': 3,
  'src/gateway': 4,
  'src/lab': 5,
  'src/file': 5,
  server: 5,
}
const systemRoots = ['src/host/system-host.ts', 'src/host/trial.ts', 'src/host/try-code.ts']
const entries = [
  'server/main.ts',
  'server/gateway.ts',
  'server/play.ts',
  'server/boards.ts',
  'server/load.ts',
  'server/recorder.ts',
  'server/canary.ts',
  // Joins the runtimes of two hosts; the first hosts that need it are those of its test.
  'server/host-line.ts',
  'server/start.mjs',
  'server/open-console.mjs',
  'server/console-client.ts',
  'server/pdf.mjs',
  'server/logs.mjs',
  'server/upgrade.mjs',
  'server/recording.mjs',
  'server/recording-export.ts',
  'server/export.mjs',
  'server/exporting.ts',
  'server/upgrade-terminal.ts',
  'server/dev.mjs',
  'src/system/sum.ts',
  'src/system/session.ts',
  'src/pages/now/main.ts',
  'src/pages/sum/main.ts',
  'src/pages/board/main.ts',
  'src/pages/wall/main.ts',
  'src/pages/admin/main.ts',
  'src/pages/enter/main.ts',
  'src/pages/presenter/main.ts',
  'src/pages/load/main.ts',
  'src/pages/processes/main.ts',
  'src/pages/logs/main.ts',
  'src/pages/upgrade/main.ts',
  'src/pages/hunt/main.ts',
  'src/pages/tree/main.ts',
  'src/pages/console/main.ts',
  'src/pages/replay/main.ts',
  'src/pages/later/main.ts',
  'src/deck/boot.ts',
  'src/lab/main.ts',
  'src/lab/worker.ts',
  'src/file/boot.ts',
  'vite.config.ts',
]

interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

interface Source {
  readonly file: string
  /** Its code without a component's markup. */
  readonly code: string
  readonly nodes: readonly SyntaxNode[]
}

const sources = ['src', 'server'].flatMap((folder) => readSources(join(root, folder)))

function readSources(folder: string): Source[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return readSources(path)
    return /\.(ts|mjs|svelte)$/.test(path) && !path.endsWith('.d.ts') ? [readSource(path)] : []
  })
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8')
  const code = path.endsWith('.svelte')
    ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)]
        .map(([, script]) => script)
        .join('\n')
    : text
  const file = relative(root, path).replaceAll('\\', '/')
  return { file, code, nodes: flatten(parseAst(code, { lang: 'ts' })) }
}

function flatten(node: unknown): SyntaxNode[] {
  if (Array.isArray(node)) return node.flatMap(flatten)
  if (typeof node !== 'object' || node === null) return []
  const inner = Object.values(node).flatMap(flatten)
  return 'type' in node && typeof node.type === 'string' ? [node as SyntaxNode, ...inner] : inner
}

/** Every file of ours that a source imports: static, dynamic, re-exported, types too. */
function importsOf({ file, nodes }: Source): string[] {
  return specifiersOf(nodes)
    .filter((specifier) => specifier.startsWith('.'))
    .flatMap((specifier) => {
      const path = resolve(root, dirname(file), specifier)
      const found = ['', '.ts', '.svelte.ts', '/index.ts'].find(
        (ending) => /\.\w+$/.test(path + ending) && existsSync(path + ending),
      )
      return found === undefined ? [] : [relative(root, path + found).replaceAll('\\', '/')]
    })
}

const importing = ['ImportDeclaration', 'ImportExpression', 'TSImportType']
const exporting = ['ExportNamedDeclaration', 'ExportAllDeclaration']

function specifiersOf(nodes: readonly SyntaxNode[]): string[] {
  return nodes
    .filter(({ type }) => [...importing, ...exporting].includes(type))
    .map(({ source, argument }) => (source ?? argument) as { value?: unknown } | null)
    .flatMap((node) => (typeof node?.value === 'string' ? [node.value] : []))
}

const roomOf = (file: string): string | undefined =>
  Object.keys(floors).find((room) => file.startsWith(`${room}/`))

const inRoom = (room: string) => sources.filter(({ file }) => file.startsWith(`${room}/`))

/**
 * `Date.now`, `console`, `setTimeout`: names that a source uses and does not declare as its own
 * fields.
 */
function usesOf({ nodes }: Source): Set<string> {
  const uses = new Set<string>()
  for (const node of nodes) {
    if (node.type === 'Identifier') uses.add(String(node.name))
    if (node.type === 'MemberExpression') {
      const { object, property } = node as unknown as Record<string, { name?: string }>
      if (object?.name && property?.name) uses.add(`${object.name}.${property.name}`)
    }
    if (node.type === 'NewExpression' && (node.arguments as unknown[]).length === 0) {
      uses.add(`new ${(node.callee as { name?: string }).name}()`)
    }
    if (node.type === 'TryStatement') uses.add('try')
  }
  return uses
}

describe('floors', () => {
  test('imports go down a floor or stay in their room', () => {
    const wrong = sources.flatMap((source) =>
      importsOf(source).flatMap((target) => {
        const [from, to] = [roomOf(source.file), roomOf(target)]
        if (from === undefined || to === undefined || from === to) return []
        if (to === 'src/system' && systemRoots.includes(source.file)) return []
        return floors[to]! < floors[from]! ? [] : [`${source.file} → ${target}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  test('the runtime is entered by its door alone, and imports nothing', () => {
    const wrong = sources.flatMap((source) =>
      importsOf(source)
        .filter((target) => target.startsWith('src/runtime/') && target !== 'src/runtime/index.ts')
        .filter(() => !source.file.startsWith('src/runtime/'))
        .map((target) => `${source.file} → ${target}`),
    )
    expect(wrong).toEqual([])
    const foreign = inRoom('src/runtime').flatMap(({ file, nodes }) =>
      specifiersOf(nodes)
        .filter((specifier) => !specifier.startsWith('./'))
        .map((specifier) => `${file} → ${specifier}`),
    )
    expect(foreign).toEqual([])
  })

  test('the system is imported by its roots alone', () => {
    const wrong = sources
      .filter(({ file }) => !file.startsWith('src/system/') && !systemRoots.includes(file))
      .filter((source) => importsOf(source).some((target) => target.startsWith('src/system/')))
      .map(({ file }) => file)
    expect(wrong).toEqual([])
  })
})

describe('words', () => {
  const handedIn = [
    ...['Date.now', 'new Date()', 'performance', 'Math.random', 'crypto'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'],
    ...['console', 'process.on', 'fetch', 'globalThis'],
  ]

  test.each([
    ['src/runtime', [...handedIn, 'WeakRef', 'FinalizationRegistry', 'Promise']],
    ['src/protocol', [...handedIn, 'Promise']],
    ['src/console', handedIn],
    ['src/system', [...handedIn, 'Promise', 'try']],
    ['src/compile', ['Date.now', 'new Date()', 'Math.random', 'setTimeout', 'setInterval']],
    ['src/pages', handedIn.filter((word) => word !== 'crypto' && word !== 'globalThis')],
  ])('%s takes clock, chance and world from outside', (room, banned) => {
    const wrong = inRoom(room)
      // Runs before there is an identity, hence before there is a source: it says so.
      .filter(({ file }) => file !== 'src/pages/enter/token-exchange.ts')
      .flatMap((source) => {
        const uses = usesOf(source)
        return banned.filter((word) => uses.has(word)).map((word) => `${source.file}: ${word}`)
      })
    expect(wrong).toEqual([])
  })

  test('no line is wider than a screen', () => {
    const wrong = sources.flatMap(({ file }) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .flatMap((line, at) => (line.length > 100 ? [`${file}:${at + 1}`] : [])),
    )
    expect(wrong).toEqual([])
  })
})

describe('files', () => {
  test('each is reached from an entry', () => {
    const byFile = new Map(sources.map((source) => [source.file, source]))
    byFile.set('vite.config.ts', readSource(join(root, 'vite.config.ts')))
    const reached = new Set<string>()
    const visit = (file: string) => {
      const source = byFile.get(file)
      if (!source || reached.has(file)) return
      reached.add(file)
      importsOf(source).forEach(visit)
    }
    entries.forEach(visit)
    expect(sources.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([])
  })
})

describe('refusals', () => {
  test('the catalogue and its documentation have the same codes', () => {
    const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
    const section = text.slice(text.indexOf('## Refusals'))
    const documented = [...section.matchAll(/^\| `(\w+)` +\|/gm)].map(([, code]) => code)
    expect(documented).toEqual(refusalCodes)
  })
})
