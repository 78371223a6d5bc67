/*
 * Counted checks: what makes 'preemptive' true. Every call and every loop turn of process code
 * takes one step off a counter, and where it is used up
 *
 *   a body (function*)    if (--$reductions.left <= 0) yield [$place1, from, to, acc];
 *   gives up its turn and hands over its place in the source with its live variables;
 *   another function      if (--$reductions.left < $reductions.floor) $reductions.overrun($place2);
 *   cannot be suspended, so it asks the runtime whether it may go on or has to crash.
 *
 * The hot path is a decrement and a compare; the array is made on the slow path only, so the
 * variables stay in registers. Text goes in and text comes out, on the same lines, in Node and in a
 * browser. Leans on acorn and magic-string; the runtime's side is src/runtime/reductions.ts.
 */
import type {
  AnyNode,
  DoWhileStatement,
  Expression,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  Function,
  Program,
  SwitchStatement,
  WhileStatement,
} from 'acorn'
import MagicString, { type SourceMap } from 'magic-string'
import { className, functionName, memberName } from './function-name'
import { Places } from './places'
import { children, CompileError, isMember, parseProcessCode, startOf } from './process-code'
import { boundBy, isBody, Scope } from './scope'

export { CompileError }

export interface CountOptions {
  /** The source's path relative to the project, with forward slashes: what a trace shows. */
  readonly file: string
  /** Module specifier of the runtime, which exports `reductions`. */
  readonly door: string
}

export interface Counted {
  readonly code: string
  readonly map: SourceMap
}

/**
 * Puts a counted check at every call and loop turn of process code. Types are kept. Throws a
 * `CompileError` for what does not parse, waits on a promise, or iterates over a body.
 */
export function countReductions(source: string, { file, door }: CountOptions): Counted {
  const program = parseProcessCode(source, file)
  const counting = new Counting(source, file)
  const scope = new Scope()
  scope.declare(program.body)
  counting.visitAll(program.body, program, { scope, yields: false, name: '<module>', owner: '' })
  return counting.finish(program, door)
}

/** Where the walk stands: in which scope of which function, and in which class. */
interface Site {
  readonly scope: Scope
  /** Whether a check may yield here. */
  readonly yields: boolean
  /** The function's name, as places show it. */
  readonly name: string
  /** The class whose members these are, or ''. */
  readonly owner: string
}

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForOfStatement | ForInStatement

class Counting {
  private readonly source: string
  private readonly file: string
  private readonly text: MagicString
  private readonly places: Places

  constructor(source: string, file: string) {
    this.source = source
    this.file = file
    this.text = new MagicString(source)
    this.places = new Places(source, file)
  }

  visitAll(nodes: Iterable<AnyNode>, parent: AnyNode, site: Site): void {
    for (const node of nodes) this.visit(node, parent, site)
  }

  private visit(node: AnyNode, parent: AnyNode, site: Site): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return this.countFunction(node, parent, site)
      case 'ForOfStatement':
        this.refuseBody(node.right, site)
        return this.countLoop(node, site)
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ForInStatement':
        return this.countLoop(node, site)
      case 'BlockStatement':
        return this.visitAll(node.body, node, { ...site, scope: site.scope.block(node.body) })
      case 'SwitchStatement':
        return this.visitSwitch(node, site)
      case 'CatchClause': {
        const scope = site.scope.block()
        scope.set(boundBy(node.param ?? null))
        return this.visitAll(children(node), node, { ...site, scope })
      }
      case 'VariableDeclaration':
        this.visitAll(node.declarations, node, site)
        for (const { id } of node.declarations)
          (node.kind === 'var' ? site.scope.ofFunction() : site.scope).set(boundBy(id))
        return
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.visitAll(children(node), node, { ...site, owner: className(node, parent) })
      case 'StaticBlock': {
        const scope = new Scope(site.scope)
        scope.declare(node.body)
        const name = memberName(site.owner, 'static')
        return this.visitAll(node.body, node, { scope, yields: false, name, owner: '' })
      }
      case 'SpreadElement':
        this.refuseBody(node.argument, site)
    }
    this.visitAll(children(node), node, site)
  }

  /** A case may be entered without those before it, so none sees what another has set. */
  private visitSwitch(node: SwitchStatement, site: Site): void {
    this.visit(node.discriminant, node, site)
    const all = node.cases.flatMap((one) => one.consequent)
    for (const one of node.cases)
      this.visitAll(children(one), one, { ...site, scope: site.scope.block(all) })
  }

  private countLoop(loop: Loop, outer: Site): void {
    const site = { ...outer, scope: outer.scope.block() }
    for (const child of children(loop)) if (child !== loop.body) this.visit(child, loop, site)
    const { body } = loop
    if (body.type === 'BlockStatement') {
      const inner = { ...site, scope: site.scope.block(body.body) }
      this.text.appendLeft(body.start + 1, ` ${this.check(loop, inner)}`)
      return this.visitAll(body.body, body, inner)
    }
    this.text.appendLeft(body.start, `{ ${this.check(loop, site)} `)
    this.visit(body, loop, site)
    this.text.appendLeft(body.end, ' }')
  }

  private countFunction(node: Function, parent: AnyNode, outer: Site): void {
    const scope = new Scope(outer.scope)
    for (const param of node.params) scope.set(boundBy(param))
    const name = functionName(node, parent, outer.owner)
    const site: Site = { scope, yields: isBody(node, parent), name, owner: '' }
    this.visitAll(node.params, node as AnyNode, site)
    const whole = isMember(parent) ? parent : (node as AnyNode)
    const { body } = node
    if (body.type === 'BlockStatement') {
      scope.declare(body.body)
      const directive = body.body.findLast((statement) => 'directive' in statement)
      const check = this.check(whole, site)
      if (directive) this.text.appendLeft(directive.end, `; ${check}`)
      else this.text.appendLeft(body.start + 1, ` ${check}`)
      return this.visitAll(body.body, body, site)
    }
    // The arrow stays an expression, on its line and within its parentheses. Its end stays as it
    // was too: closed by a parenthesis, it would take the next line for its arguments.
    const { inDebt, overrun } = this.plainCheck(whole, name)
    this.text.appendLeft(body.start, `void (${inDebt} && ${overrun}) ? 0 : `)
    this.visit(body, node as AnyNode, site)
  }

  private check(node: AnyNode, { yields, name, scope }: Site): string {
    if (!yields) {
      const { inDebt, overrun } = this.plainCheck(node, name)
      return `if (${inDebt}) ${overrun};`
    }
    const names = scope.live()
    const values = [this.places.add(node, name, names), ...names]
    return `if (--${this.places.counter}.left <= 0) yield [${values.join(', ')}];`
  }

  private plainCheck(node: AnyNode, name: string): { inDebt: string; overrun: string } {
    const { counter } = this.places
    return {
      inDebt: `--${counter}.left < ${counter}.floor`,
      overrun: `${counter}.overrun(${this.places.add(node, name, [])})`,
    }
  }

  private refuseBody(iterated: Expression, { scope }: Site): void {
    if (iterated.type !== 'CallExpression' || iterated.callee.type !== 'Identifier') return
    const { name } = iterated.callee
    if (!scope.isBody(name)) return
    const { line, column } = startOf(iterated)
    const reason =
      `'${name}' is a body, whose checks would come out among its values: enter it by 'yield*'; ` +
      `or, if it is an iterator, let it say so: 'function* ${name}(): Iterable<…>'`
    throw new CompileError(reason, this.file, line, column)
  }

  /** Puts the counter and the places first, on the line that was there, and gives text and map. */
  finish(program: Program, door: string): Counted {
    const header = this.places.header(door)
    const directive = program.body.findLast((statement) => 'directive' in statement)
    const hashbang = /^#!.*\r?\n/.exec(this.source)?.[0].length ?? 0
    if (header && directive) this.text.appendLeft(directive.end, `; ${header}`)
    else this.text.appendLeft(hashbang, header)
    const map = this.text.generateMap({ hires: true, source: this.file, includeContent: true })
    return { code: this.text.toString(), map }
  }
}
