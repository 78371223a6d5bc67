/*
 * Hot loops, as cheap as they can be. A check in a body's loop costs more than a cheap turn does,
 * since a generator keeps its variables and the counter in memory. So a loop that only reckons with
 * the body's own variables first runs ahead, in a plain function at the end of the module,
 *
 *   while (from !== to) {…}  →  while (($turns1($reductions.left - 1, from, to),
 *                                       from = $kept1, $more) && (from !== to)) {…}
 *
 * which takes as many turns as the slice has before the check would yield, and hands back what they
 * changed. The check, its place and the loop stay where they are and do the rest. Nothing but the
 * variables themselves can be changed by such turns, provided that none holds an object, whose
 * conversion may run code: then none is taken. Where a turn throws, those before it are reckoned
 * once more, and the body takes it itself: so the error comes from its line, and any `catch` finds
 * the variables as they were.
 */
import type {
  AnyNode,
  DoWhileStatement,
  Expression,
  ForStatement,
  Identifier,
  Program,
  VariableDeclaration,
  WhileStatement,
} from 'acorn'
import type MagicString from 'magic-string'
import { typeWrappers } from './evaluation-order'
import type { Places } from './places'
import { children } from './process-code'
import { boundBy, type Scope } from './scope'

/** A loop that may run ahead, if all of it may. */
type Loop = WhileStatement | DoWhileStatement | ForStatement

export class RunAhead {
  private readonly text: MagicString
  private readonly source: string
  private readonly places: Places
  private readonly constants: ReadonlySet<string>
  private readonly functions: string[] = []
  /** How many variables the loop hands back that hands back the most. */
  private kept = 0

  constructor(text: MagicString, places: Places, program: Program) {
    this.text = text
    this.source = text.original
    this.places = places
    this.constants = constantsOf(program)
  }

  /** Lets a loop of a body run ahead if it can. `scope` is that of its test. */
  plan(loop: AnyNode, scope: Scope): void {
    if (!isLoop(loop)) return
    const reckoning = new Reckoning()
    const parts = [loop.test, loop.body, 'update' in loop ? loop.update : null]
    if (!parts.every((part) => !part || reckoning.admits(part))) return
    const live = new Set(scope.live())
    const { changed } = reckoning
    for (const name of changed) if (!live.has(name) || scope.isConstant(name)) return
    const used = [...reckoning.used]
    if (!used.every((name) => live.has(name) || this.constants.has(name))) return
    const given = used.filter((name) => live.has(name))
    this.add(loop, given, [...changed])
  }

  private add(loop: Loop, given: readonly string[], changed: readonly string[]): void {
    const { counter, kept, more, turns } = this.places
    const name = `${turns}${this.functions.length + 1}`
    this.functions.push(this.functionOf(loop, name, given, changed))
    this.kept = Math.max(this.kept, changed.length)
    const handedBack = changed.map((one, at) => `${one} = ${kept}${at + 1}`)
    const call = `${name}(${[`${counter}.left - 1`, ...given].join(', ')})`
    const ahead = `(${[call, ...handedBack, more].join(', ')})`
    const { test } = loop
    if (test) {
      this.text.appendLeft(test.start, `${ahead} && (`)
      this.text.appendLeft(test.end, ')')
    } else this.text.appendLeft(this.testOf(loop as ForStatement), ahead)
  }

  /** Where the test would begin of a loop that has none. */
  private testOf({ start, init }: ForStatement): number {
    const rest = this.source.slice(init?.end ?? start)
    const head = /^(?:for)?(?:[\s()]|\/\*[^]*?\*\/|\/\/.*\n)*;/.exec(rest)!
    return (init?.end ?? start) + head[0].length
  }

  private functionOf(
    loop: Loop,
    name: string,
    given: readonly string[],
    changed: readonly string[],
  ): string {
    const { counter, kept, more, turn } = this.places
    const [most, goesOn] = [`${turn}most`, `${turn}on`]
    const params = given.map((_, at) => `${turn}given${at + 1}`)
    const isObject = params.map(
      (one) => `typeof ${one} === 'object' || typeof ${one} === 'function'`,
    )
    const own = given.map((one, at) => `${one} = ${params[at]}`)
    const test = loop.test ? `? (${this.textOf(loop.test)}) : ` : '|| '
    const update = 'update' in loop && loop.update ? `${this.textOf(loop.update)} ` : ''
    return [
      `function ${name}(${[most, ...params].join(', ')}) {`,
      `let ${[`${turn} = 0`, `${goesOn} = false`, ...own].join(', ')};`,
      ...(params.length > 0 ? [`if (${isObject.join(' || ')}) ${most} = 0;`] : []),
      `try { for (; ${turn} < ${most} ${test}!(${goesOn} = true); ${update}) {`,
      `${turn}++; ${this.textOf(loop.body)} } }`,
      `catch { return ${name}(${[`${turn} - 1`, ...params].join(', ')}); }`,
      `${counter}.left -= ${turn}; ${more} = ${goesOn};`,
      ...changed.map((one, at) => `${kept}${at + 1} = ${one};`),
      '}',
    ].join(' ')
  }

  private textOf({ start, end }: AnyNode): string {
    return this.source.slice(start, end)
  }

  /** What stands at the end of the module: hoisted, since bodies may run before it is reached. */
  declarations(): string {
    if (this.functions.length === 0) return ''
    const { kept, more } = this.places
    const variables = Array.from({ length: this.kept }, (_, at) => `${kept}${at + 1}`)
    return ['', ...this.functions, `var ${[more, ...variables].join(', ')};`].join('\n')
  }
}

const isLoop = (node: AnyNode): node is Loop =>
  ['WhileStatement', 'DoWhileStatement', 'ForStatement'].includes(node.type)

/** What the turns of a loop do with variables that are not their own. */
class Reckoning {
  readonly used = new Set<string>()
  readonly changed = new Set<string>()

  /** Whether all that a part does is to reckon with variables. `own` are those of its turn. */
  admits(node: AnyNode, own: ReadonlySet<string> = new Set()): boolean {
    switch (node.type) {
      case 'Literal':
        return !node.regex
      case 'Identifier':
        if (!own.has(node.name)) this.used.add(node.name)
        return true
      case 'UnaryExpression':
        return node.operator !== 'delete' && this.admits(node.argument, own)
      case 'BinaryExpression':
        if (node.operator === 'in' || node.operator === 'instanceof') return false
        return this.admitsAll([node.left, node.right], own)
      case 'AssignmentExpression':
        return this.changes(node.left, own) && this.admits(node.right, own)
      case 'UpdateExpression':
        return this.changes(node.argument, own)
      case 'BreakStatement':
      case 'ContinueStatement':
        return !node.label
      case 'BlockStatement':
        return this.admitsAll(node.body, new Set([...own, ...node.body.flatMap(declaredIn)]))
      case 'VariableDeclaration':
        if (node.kind !== 'let' && node.kind !== 'const') return false
        return node.declarations.every(
          ({ id, init }) => id.type === 'Identifier' && (!init || this.admits(init, own)),
        )
    }
    if (typeWrappers.has(node.type))
      return this.admits((node as unknown as { expression: Expression }).expression, own)
    return transparent.has(node.type) && this.admitsAll(children(node), own)
  }

  private admitsAll(nodes: Iterable<AnyNode>, own: ReadonlySet<string>): boolean {
    return [...nodes].every((node) => this.admits(node, own))
  }

  private changes(target: AnyNode, own: ReadonlySet<string>): boolean {
    if (target.type !== 'Identifier') return false
    if (!own.has(target.name)) this.changed.add(target.name)
    return this.admits(target, own)
  }
}

/** What does nothing by itself. */
const transparent = new Set([
  'EmptyStatement',
  'ExpressionStatement',
  'IfStatement',
  'LogicalExpression',
  'ConditionalExpression',
  'SequenceExpression',
])

const declaredIn = (statement: AnyNode): string[] =>
  statement.type === 'VariableDeclaration' ? namesOf(statement) : []

const namesOf = ({ declarations }: VariableDeclaration): string[] =>
  declarations.flatMap(({ id }) => [...boundBy(id)])

/** Names that mean one plain value everywhere in a program. */
function constantsOf(program: Program): Set<string> {
  const bound = new Map<string, number>()
  countBound(program, bound)
  const constants = ['undefined', 'NaN', 'Infinity'].filter((name) => !bound.has(name))
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') continue
    for (const { id, init } of declared.declarations)
      if (id.type === 'Identifier' && bound.get(id.name) === 1 && isPlain(init))
        constants.push(id.name)
  }
  return new Set(constants)
}

const isPlain = (init: Expression | null | undefined): boolean =>
  init?.type === 'Literal' && !init.regex

/** How often each name is bound in a program, by whatever may bind one. */
function countBound(node: AnyNode, bound: Map<string, number>): void {
  const { id, param, local, params, parameter } = node as AnyNode & Partial<Record<string, unknown>>
  for (const pattern of [id, param, local, params, parameter].flat() as (Identifier | undefined)[])
    for (const name of boundBy(pattern ?? null)) bound.set(name, (bound.get(name) ?? 0) + 1)
  for (const child of children(node)) countBound(child, bound)
}
