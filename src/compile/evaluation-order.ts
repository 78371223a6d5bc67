/*
 * Which `yield*` of a statement can be entered before the statement: those before which nothing is
 * evaluated that acts or that could change meanwhile. Walks an expression in the order of its
 * evaluation (ECMAScript, 'Expressions'), and is closed from the first part on that calls, reads a
 * property, converts, or may not be evaluated at all. What follows a `yield*` that was entered is
 * as free as what came before it, since its value is a constant then.
 */
import type {
  AnyNode,
  AssignmentExpression,
  CallExpression,
  Expression,
  NewExpression,
  Pattern,
  SpreadElement,
  YieldExpression,
} from 'acorn'
import { children, isFunction } from './process-code'
import { boundBy, type Scope } from './scope'

/** A `yield*` that is entered before its statement, with those that are entered before it. */
export interface Hoisted {
  readonly node: YieldExpression
  readonly inner: readonly Hoisted[]
  /** Its value is called: as the property that it would be, it would get a `this`. */
  readonly isCalled: boolean
}

export interface Surroundings {
  readonly source: string
  readonly scope: Scope
  /** Names that the file assigns to anywhere, whichever variable is meant. */
  readonly reassigned: ReadonlySet<string>
}

/**
 * The hoistable `yield*` of a statement that begins at `start`, in the order of their evaluation.
 */
export function hoistedFrom(statement: AnyNode, start: number, around: Surroundings): Hoisted[] {
  const first = firstEvaluated(statement)
  if (!first) return []
  const order = new EvaluationOrder(start, around)
  order.walk(first)
  return order.hoisted
}

/** What a statement evaluates first, and once. */
function firstEvaluated(statement: AnyNode): Expression | null | undefined {
  switch (statement.type) {
    case 'ExpressionStatement':
      return statement.expression
    case 'ReturnStatement':
    case 'ThrowStatement':
      return statement.argument
    case 'IfStatement':
      return statement.test
    case 'SwitchStatement':
      return statement.discriminant
    case 'VariableDeclaration': {
      const [first] = statement.declarations
      return first && isPlain(first.id) ? first.init : undefined
    }
    case 'ForOfStatement':
    case 'ForInStatement': {
      const { left, right } = statement
      const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]!.id : left
      // Inside of the loop's head these names hide others, before it they do not.
      const bound = new Set(boundBy(pattern))
      return isPlain(pattern) && !mentions(right, bound) ? right : undefined
    }
    default:
      return undefined
  }
}

/** Text that cannot be written again on one line: it may hold a comment, or a line of its own. */
const uncopyable = /`|\/[/*]/
const pureUnary = new Set(['!', 'typeof', 'void'])
const pureBinary = new Set(['===', '!=='])

class EvaluationOrder {
  hoisted: Hoisted[] = []
  private readonly start: number
  private readonly around: Surroundings
  /** Nothing has been evaluated that acts or could change. */
  private open = true

  constructor(start: number, around: Surroundings) {
    this.start = start
    this.around = around
  }

  walk(node: AnyNode, isCalled = false): void {
    if (!this.open) return
    switch (node.type) {
      case 'Literal':
      case 'ThisExpression':
        return
      case 'Identifier':
        return this.closeUnless(this.isConstant(node.name))
      case 'YieldExpression':
        return this.walkYield(node, isCalled)
      case 'ArrayExpression':
        for (const element of node.elements) if (element) this.walk(element)
        return
      case 'ObjectExpression':
        for (const part of node.properties) this.walk(part)
        return
      case 'Property':
        if (node.computed) this.walk(node.key)
        this.closeUnless(!node.computed || node.key.type === 'Literal')
        return this.walk(node.value)
      case 'CallExpression':
      case 'NewExpression':
        return this.walkCall(node)
      case 'TaggedTemplateExpression':
        this.walk(node.tag, true)
        for (const part of node.quasi.expressions) this.walk(part)
        return this.close()
      case 'UnaryExpression':
        this.walk(node.argument)
        return this.closeUnless(pureUnary.has(node.operator))
      case 'BinaryExpression':
        this.walk(node.left)
        this.walk(node.right)
        return this.closeUnless(pureBinary.has(node.operator))
      case 'SequenceExpression':
        for (const part of node.expressions) this.walk(part)
        return
      case 'AssignmentExpression':
        return this.walkAssignment(node)
      case 'ChainExpression':
        return this.walk(node.expression, isCalled)
    }
    this.walkFirst(node, isCalled)
  }

  /** What is evaluated first of a node whose other parts come too late, or perhaps not at all. */
  private walkFirst(node: AnyNode, isCalled: boolean): void {
    const type: string = node.type
    if (type === 'ConditionalExpression' || type === 'LogicalExpression') {
      const { test, left } = node as { test?: Expression; left?: Expression }
      this.walk((test ?? left)!)
    } else if (node.type === 'MemberExpression') {
      this.walk(node.object)
      if (node.computed) this.walk(node.property)
    } else if (node.type === 'TemplateLiteral' && node.expressions[0]) {
      this.walk(node.expressions[0])
    } else if (node.type === 'SpreadElement') {
      this.walk(node.argument)
    } else if (typeWrappers.has(type)) {
      return this.walk((node as unknown as { expression: Expression }).expression, isCalled)
    }
    this.close()
  }

  private walkYield(node: YieldExpression, isCalled: boolean): void {
    const head = this.around.source.slice(this.start, node.start)
    if (!isEntered(node) || uncopyable.test(head)) return this.close()
    const siblings = this.hoisted
    this.hoisted = []
    this.walk(node.argument!)
    siblings.push({ node, inner: this.hoisted, isCalled })
    this.hoisted = siblings
    this.open = true
  }

  private walkCall(node: CallExpression | NewExpression): void {
    this.walk(node.callee, true)
    this.closeUnless(!('optional' in node && node.optional))
    for (const part of node.arguments as (Expression | SpreadElement)[]) this.walk(part)
    this.close()
  }

  private walkAssignment({ left, right, operator }: AssignmentExpression): void {
    this.closeUnless(operator === '=' && isPlain(left))
    if (left.type === 'MemberExpression') {
      this.walk(left.object)
      this.closeUnless(!left.computed || left.property.type === 'Literal')
    }
    this.walk(right)
    this.close()
  }

  private isConstant(name: string): boolean {
    return !this.around.reassigned.has(name) && this.around.scope.hasValue(name)
  }

  private closeUnless(free: boolean): void {
    this.open &&= free
  }

  private close(): void {
    this.open = false
  }
}

/** What TypeScript puts around an expression without a meaning at run time. */
export const typeWrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
])

/** Whether a `yield*` enters a body: arrays and texts are gone through as the language does it. */
export function isEntered({ delegate, argument }: YieldExpression): boolean {
  if (!delegate || !argument) return false
  return !['ArrayExpression', 'Literal', 'TemplateLiteral'].includes(argument.type)
}

/** Whether a pattern may be written again as it stands: nothing in it needs a check. */
function isPlain(pattern: AnyNode): boolean {
  if (isFunction(pattern) || pattern.type === 'YieldExpression') return false
  if (pattern.type === 'ClassExpression' || typeWrappers.has(pattern.type)) return false
  return [...children(pattern)].every(isPlain)
}

function mentions(node: AnyNode, names: ReadonlySet<string>): boolean {
  if (node.type === 'Identifier' && names.has(node.name)) return true
  return [...children(node)].some((child) => mentions(child, names))
}

/** The names that a program assigns to, counting every `var`, whose name may be another's too. */
export function reassignedIn(node: AnyNode, names = new Set<string>()): Set<string> {
  for (const target of targetsOf(node)) {
    if (target.type === 'MemberExpression') continue
    const isPattern = ['Identifier', 'ObjectPattern', 'ArrayPattern'].includes(target.type)
    const bound = isPattern ? boundBy(target as Pattern) : identifiers(target)
    for (const name of bound) names.add(name)
  }
  for (const child of children(node)) reassignedIn(child, names)
  return names
}

function targetsOf(node: AnyNode): AnyNode[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return [node.left]
    case 'UpdateExpression':
      return [node.argument]
    case 'ForOfStatement':
    case 'ForInStatement':
      return node.left.type === 'VariableDeclaration' ? [] : [node.left]
    case 'VariableDeclaration':
      return node.kind === 'var' ? node.declarations.map(({ id }) => id) : []
    default:
      return []
  }
}

function* identifiers(node: AnyNode): Iterable<string> {
  if (node.type === 'Identifier') yield node.name
  for (const child of children(node)) yield* identifiers(child)
}
