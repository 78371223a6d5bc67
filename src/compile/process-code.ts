/*
 * Process code as a syntax tree. TypeScript is parsed as it stands (its types are stripped later),
 * by a parser that runs in Node and in a browser. Two things are refused here, both with their
 * place: what does not parse, and what waits on a promise, since a process that waits outside of
 * its mailbox could neither be preempted nor killed. Columns count from 1, as editors do.
 */
import { tsPlugin } from '@sveltejs/acorn-typescript'
import { Parser, type AnyNode, type Program } from 'acorn'

/** Process code that cannot be compiled. `file` is relative to the project. */
export class CompileError extends Error {
  override readonly name = 'CompileError'
  readonly reason: string
  readonly file: string
  readonly line: number
  readonly column: number

  constructor(reason: string, file: string, line: number, column: number) {
    super(`${file}:${line}:${column}: ${reason}`)
    this.reason = reason
    this.file = file
    this.line = line
    this.column = column
    // Who reads this looks for a place in the source, not for the compiler's own calls and folders.
    this.stack = `${this.name}: ${this.message}`
  }
}

const parser = Parser.extend(tsPlugin())
const rule = 'process code is generators; '
const insteadOfAwait = `${rule}write 'yield*' and a word of the runtime instead of 'await'`
const insteadOfForAwait = `${rule}write a loop around 'yield* receive()' instead of 'for await'`

/** Parses process code. Throws a `CompileError` where it does not parse or waits on a promise. */
export function parseProcessCode(source: string, file: string): Program {
  const program = parse(source, file)
  refusePromises(program, program, file)
  return program
}

/** The parts of a syntax tree's node, types included, in the order of the parser's fields. */
export function* children(node: AnyNode): Iterable<AnyNode> {
  for (const part of Object.values(node).flat()) if (isNode(part)) yield part
}

/** A node's first line and column, both from 1. */
export function startOf(node: AnyNode): { line: number; column: number } {
  const { line, column } = node.loc!.start
  return { line, column: column + 1 }
}

function isNode(part: unknown): part is AnyNode {
  return typeof part === 'object' && part !== null && 'type' in part && 'start' in part
}

function parse(source: string, file: string): Program {
  try {
    return parser.parse(source, { sourceType: 'module', ecmaVersion: 'latest', locations: true })
  } catch (error) {
    if (!(error instanceof SyntaxError) || !('loc' in error)) throw error
    const { line, column } = error.loc as { line: number; column: number }
    throw new CompileError(reasonOf(error, source), file, line, column + 1)
  }
}

/** The parser's own words without the place in them; better words for a stray `await`. */
function reasonOf(error: SyntaxError, source: string): string {
  const before = source.slice(0, (error as { pos?: number }).pos)
  if (source.startsWith('await', before.length))
    return /\bfor\s*$/.test(before) ? insteadOfForAwait : insteadOfAwait
  return error.message.replace(/ \(\d+:\d+\)$/, '')
}

function refusePromises(node: AnyNode, parent: AnyNode, file: string): void {
  const reason = promiseIn(node)
  if (reason) {
    // A method's function begins at its parameters; its 'async' stands at the start of the member.
    const whole = node.type === 'FunctionExpression' && isMember(parent) ? parent : node
    const { line, column } = startOf(whole)
    throw new CompileError(reason, file, line, column)
  }
  for (const child of children(node)) refusePromises(child, node, file)
}

function promiseIn(node: AnyNode): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (!node.async) return undefined
      return `${rule}write 'function*' instead of 'async', and 'yield*' instead of 'await'`
    case 'AwaitExpression':
      return insteadOfAwait
    case 'ForOfStatement':
      return node.await ? insteadOfForAwait : undefined
    case 'VariableDeclaration':
      return node.kind === 'await using' ? insteadOfAwait : undefined
    default:
      return undefined
  }
}

/** Whether a node is a function of any kind. */
export const isFunction = (node: AnyNode): boolean =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression'

/** Whether a function is written as a member: `name() {}` or an accessor. */
export function isMember(node: AnyNode): boolean {
  if (node.type === 'Property') return node.method || node.kind !== 'init'
  return node.type === 'MethodDefinition'
}
