/*
 * The table of OTP's rules is held to the tests: each rule names at least one, by its file and its
 * whole name, and each of those exists there and runs.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const table = readFileSync(join(root, 'src/runtime/OTP.md'), 'utf8')

interface Rule {
  readonly rule: string
  readonly section: string
  /** `file › describe › it`, each. */
  readonly tests: readonly string[]
}

const rules: Rule[] = table
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (-|Rule )/.test(line))
  .map((line) => {
    const [, rule = '', section = '', named = ''] = line.split('|').map((cell) => cell.trim())
    return { rule, section, tests: [...named.matchAll(/`([^`]+)`/g)].map(([, name]) => name!) }
  })

type Node = Record<string, unknown> & { type: string }

/** The names of all tests in a file, each with the names of what it stands in. */
function namesIn(file: string): Set<string> {
  const code = readFileSync(join(root, file), 'utf8')
  const names = new Set<string>()
  const visit = (value: unknown, above: string): void => {
    if (Array.isArray(value)) return value.forEach((each) => visit(each, above))
    if (typeof value !== 'object' || value === null) return
    const node = value as Node
    const word = wordOf(node)
    const name = word && `${above} › ${titleOf(node, code)}`
    if (name && word !== 'describe') names.add(name)
    for (const part of Object.values(node)) visit(part, name ?? above)
  }
  visit(parseAst(code, { lang: 'ts' }), file)
  return names
}

/** `it`, `test` or `describe` of a call that names one, `it.each(…)(…)` too. Skipped ones are none. */
function wordOf(node: Node): string | undefined {
  if (node.type !== 'CallExpression') return undefined
  let callee = node['callee'] as Node
  if (callee.type === 'CallExpression') {
    const each = callee['callee'] as Node
    const isEach = (each['property'] as { name?: string } | undefined)?.name === 'each'
    if (!isEach) return undefined
    callee = each['object'] as Node
  }
  const { name } = callee as { name?: string }
  return ['it', 'test', 'describe'].find((word) => word === name)
}

/** The first argument as it is written, without its quotes. */
function titleOf(node: Node, code: string): string {
  const [title] = node['arguments'] as { start: number; end: number; value?: unknown }[]
  return typeof title?.value === 'string'
    ? title.value
    : code.slice(title!.start + 1, title!.end - 1)
}

const known = new Map<string, Set<string>>()

function exists(name: string): boolean {
  const file = name.split(' › ')[0]!
  if (!existsSync(join(root, file))) return false
  if (!known.has(file)) known.set(file, namesIn(file))
  return known.get(file)!.has(name)
}

describe('the table of OTP’s rules', () => {
  test('is not empty, and has each rule once', () => {
    const said = rules.map(({ rule }) => rule)
    expect(said.length).toBeGreaterThan(100)
    expect(said.filter((rule, at) => said.indexOf(rule) !== at)).toEqual([])
  })

  test('gives each rule its section in the manual and at least one test', () => {
    const bare = rules.filter(({ section, tests }) => section === '' || tests.length === 0)
    expect(bare).toEqual([])
  })

  test('names no test that does not exist', () => {
    const missing = rules.flatMap(({ tests }) => tests.filter((name) => !exists(name)))
    expect(missing).toEqual([])
  })

  test('finds tests by their whole names alone', () => {
    const here = 'test/runtime/otp-rules.test.ts › the table of OTP’s rules'
    expect(exists(`${here} › finds tests by their whole names alone`)).toBe(true)
    expect(exists(`${here} › finds tests`)).toBe(false)
    expect(exists('test/runtime/otp-rules.test.ts › finds tests by their whole names alone')).toBe(
      false,
    )
    expect(exists('test/runtime/nothing.test.ts › nothing')).toBe(false)
  })
})
