/*
 * Types taken out in place: what is left must mean what another compiler makes of the same source,
 * and stand where it stood.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseAst, transformWithOxc } from 'vite'
import { describe, expect, test } from 'vitest'
import { Blanks, eraseTypes } from '../../src/compile/erase-types'
import { parseProcessCode } from '../../src/compile/process-code'

function erased(source: string): string {
  const blanks = new Blanks(source)
  eraseTypes(blanks, parseProcessCode(source, 'src/system/x.ts'), 'src/system/x.ts')
  return String(blanks)
}

/**
 * The syntax tree without the places of its nodes, what stands alone for nothing, and lists of
 * imports and exports, which are the hot module's business.
 */
function meaning(code: string): unknown {
  return JSON.parse(
    JSON.stringify(parseAst(code).body, (key, value: unknown) => {
      // `{ a: a! }` is printed as `{ a }`, which is the same.
      if (['start', 'end', 'range', 'raw', 'loc', 'shorthand'].includes(key)) return undefined
      if (typeof value === 'bigint') return String(value)
      if (!Array.isArray(value)) return value
      return value.filter((part: { type?: string; declaration?: unknown } | null) => {
        const isList = part?.type === 'ExportNamedDeclaration' && !part.declaration
        return !isList && !['EmptyStatement', 'ImportDeclaration'].includes(part?.type ?? '')
      })
    }),
  )
}

const root = resolve(import.meta.dirname, '../..')
const files = ['src/system', 'src/runtime', 'src/protocol'].flatMap((room) =>
  readdirSync(resolve(root, room)).flatMap((name) =>
    name.endsWith('.ts') ? [`${room}/${name}`] : [],
  ),
)

/** Lists hold names of types, which are no JavaScript. */
const withoutTypeLists = (code: string) =>
  code.replaceAll(/^(import|export) (type )?\{[^}]*\}( from '[^']*')?$/gm, '')

test.each(files)('%s means the same without its types', async (file) => {
  const source = readFileSync(resolve(root, file), 'utf8')
  const { code } = await transformWithOxc(source, file, { target: 'esnext' })
  expect(meaning(withoutTypeLists(erased(source)))).toEqual(meaning(code))
})

describe('what is left', () => {
  test.each([
    ['const a: number = f<string>(b as unknown as C, <D>e, g!.h)', 'const a = f(b, e, g.h)'],
    ['let x!: A, { b }: { b: string } = c satisfies D', 'let x, { b } = c'],
    ['function f<T>(this: A, a?: string, ...b: T[]): asserts a is T {}', 'function f(a, ...b) {}'],
    ['const f = (a: A): Promise<{\n  b: B\n}> => a', 'const f = (a) => a'],
    ['function f(a: string): void\nfunction f(a: unknown) {}', 'function f(a) {}'],
    ['a = b\ninterface C {}\n;(d as E)()', 'a = b\n;(d)()'],
    ['a = b\ntype C = D\n[1].map(f)', 'a = b\n;[1].map(f)'],
    [
      'abstract class A<T> extends B<T> implements C, D { private readonly x?: E = 1; declare y: F\n' +
        ' #z!: G; static override m?(a: H): I { return a as I } abstract n(): void; [k: string]: J }',
      'class A extends B { x = 1; #z; static m(a) { return a } }',
    ],
    ['a = b as C\n(d)()', 'a = b\n;(d)()'],
    ['a = b satisfies C // d\n\n  [e].map(f)', 'a = b\n;[e].map(f)'],
    ['f(a as B, [\n  b as C,\n])', 'f(a, [b])'],
    [
      'class A { a = b as C\n [d]() {}\n e = 1\n private [f] = 2\n declare g: H\n [i] = 3 }',
      'class A { a = b; [d]() {} e = 1; [f] = 2; [i] = 3 }',
    ],
    ['declare const a: B; declare global { var c: D }', ''],
    ['try { a() } catch (e: unknown) { throw e as Error }', 'try { a() } catch (e) { throw e }'],
  ])('%s', (source, expected) => {
    const plain = erased(source)
    expect(meaning(plain)).toEqual(meaning(expected))
    expect(plain.split('\n').map(({ length }) => length)).toEqual(
      source.split('\n').map(({ length }) => length),
    )
  })
})

test.each([
  ['enum A { B }', 1, 1],
  ['let a\nnamespace A { export const b = 1 }', 2, 1],
  ['class A { constructor(private b: C) {} }', 1, 23],
])('%s cannot be taken out', (source, line, column) => {
  expect(() => erased(source)).toThrow(
    expect.objectContaining({ name: 'CompileError', line, column }),
  )
})
