/*
 * Which variables can be named at a place in a function: those that are visible there and certainly
 * have their value. A `let` or `const` may not be named before its declaration has run, and an
 * inner one hides an outer one of the same name from the start of its block; so a block first
 * declares all its names, and each is set when the walk has passed its declaration.
 *
 * Variables of enclosing functions are left out: naming one would capture it, captured variables
 * leave the registers of their own function (about twice the cost of a loop turn), and a trace
 * shows each function's variables in its own line anyway. Functions and classes are left out too:
 * they say nothing in a trace.
 */
import type { AnyNode, Function, Pattern } from 'acorn'
import { children } from './process-code'

export class Scope {
  private readonly outer: Scope | undefined
  private readonly startsFunction: boolean
  private readonly isSet = new Map<string, boolean>()
  private readonly bodies = new Set<string>()
  private readonly constants = new Set<string>()
  /** Names that have their value from the start of their block: functions and imports. */
  private readonly hoisted = new Set<string>()

  constructor(outer?: Scope, startsFunction = true) {
    this.outer = outer
    this.startsFunction = startsFunction
  }

  /** A block inside this scope, with the names that its statements declare. */
  block(statements: readonly AnyNode[] = []): Scope {
    const block = new Scope(this, false)
    block.declare(statements)
    return block
  }

  /** Makes the names known that these statements declare for their whole block. */
  declare(statements: readonly AnyNode[]): void {
    for (const statement of statements) {
      for (const { name, isBody, isHoisted, isConstant } of declaredBy(statement)) {
        this.isSet.set(name, false)
        if (isConstant) this.constants.add(name)
        if (isBody) this.bodies.add(name)
        if (isHoisted) this.hoisted.add(name)
      }
    }
  }

  /** These names hide others of the same name, and have no value yet. */
  hide(names: Iterable<string>): void {
    for (const name of names) this.isSet.set(name, false)
  }

  /** From here on these variables have a value. */
  set(names: Iterable<string>): void {
    for (const name of names) this.isSet.set(name, true)
  }

  /** The scope that holds the `var`s of this scope's function. */
  ofFunction(): Scope {
    return this.startsFunction || !this.outer ? this : this.outer.ofFunction()
  }

  /** The variables that can be named here, outermost first; parameters come first of all. */
  live(): string[] {
    const hidden = new Set(this.isSet.keys())
    const own = [...this.isSet].filter(([, isSet]) => isSet).map(([name]) => name)
    if (this.startsFunction || !this.outer) return own
    return [...this.outer.live().filter((name) => !hidden.has(name)), ...own]
  }

  /**
   * Whether a name certainly has its value here. A variable of an enclosing function may still be
   * without; one of the module is not, since bodies run when their module has been loaded.
   */
  hasValue(name: string, isOwn = true): boolean {
    const isSet = this.isSet.get(name)
    if (isSet === undefined) {
      if (!this.outer) return ofTheLanguage.has(name)
      return this.outer.hasValue(name, isOwn && !this.startsFunction)
    }
    return !this.outer || this.hoisted.has(name) || (isSet && isOwn)
  }

  /** Whether a name stands for a variable that may not be assigned to. */
  isConstant(name: string): boolean {
    if (this.isSet.has(name)) return this.constants.has(name)
    return this.outer?.isConstant(name) ?? false
  }

  /** The generator functions of this scope that are counted as bodies. */
  ownBodies(): Iterable<string> {
    return this.bodies
  }

  /** Whether a name stands for a generator function of this file that is counted as a body. */
  isBody(name: string): boolean {
    if (this.isSet.has(name)) return this.bodies.has(name)
    return this.outer?.isBody(name) ?? false
  }
}

/** Globals that are always there and that nobody replaces. */
const ofTheLanguage = new Set(
  'undefined NaN Infinity String Number Boolean BigInt Symbol Object Array Error'.split(' '),
)

/** The names that a pattern binds: of a parameter, a declaration or a `catch`. */
export function* boundBy(pattern: Pattern | null): Iterable<string> {
  switch (pattern?.type) {
    case 'Identifier':
      // TypeScript's `this` parameter only has a type.
      if (pattern.name !== 'this') yield pattern.name
      return
    case 'AssignmentPattern':
      return yield* boundBy(pattern.left)
    case 'RestElement':
      return yield* boundBy(pattern.argument)
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* boundBy(element)
      return
    case 'ObjectPattern':
      for (const property of pattern.properties)
        yield* boundBy(property.type === 'Property' ? property.value : property)
  }
}

interface Declared {
  readonly name: string
  readonly isBody: boolean
  readonly isHoisted?: boolean
  readonly isConstant?: boolean
}

function* declaredBy(statement: AnyNode): Iterable<Declared> {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      if (statement.declaration) yield* declaredBy(statement.declaration)
      return
    case 'FunctionDeclaration':
      if (!statement.id) return
      yield { name: statement.id.name, isBody: isBody(statement), isHoisted: true }
      return
    case 'ImportDeclaration':
      for (const { local } of statement.specifiers)
        yield { name: local.name, isBody: false, isHoisted: true }
      return
    case 'ClassDeclaration':
      if (statement.id) yield { name: statement.id.name, isBody: false }
      return
    case 'VariableDeclaration':
      if (statement.kind === 'var') return
      for (const { id, init } of statement.declarations) {
        const isConstant = statement.kind !== 'let'
        for (const name of boundBy(id))
          yield { name, isBody: init?.type === 'FunctionExpression' && isBody(init), isConstant }
      }
  }
}

const iterators = new Set(['Iterable', 'Iterator', 'IterableIterator', 'IteratorObject'])

/**
 * Whether a function is a body, which may be preempted. A generator that says it is an iterator is
 * not: its values are for whoever reads them, and a check's would come out among them.
 */
export function isBody(node: Function, parent?: AnyNode): boolean {
  if (!node.generator) return false
  if (parent && 'computed' in parent && parent.computed && 'key' in parent)
    if (isIteratorSymbol(parent.key as AnyNode)) return false
  const { returnType } = node as { returnType?: AnyNode }
  for (const type of returnType ? children(returnType) : []) {
    const { typeName } = type as { typeName?: AnyNode }
    if (typeName?.type === 'Identifier' && iterators.has(typeName.name)) return false
  }
  return true
}

function isIteratorSymbol(key: AnyNode): boolean {
  if (key.type !== 'MemberExpression' || key.object.type !== 'Identifier') return false
  const { object, property } = key
  return object.name === 'Symbol' && property.type === 'Identifier' && property.name === 'iterator'
}
