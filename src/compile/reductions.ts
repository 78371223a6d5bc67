/*
 * Counted checks: what makes 'preemptive' true. Every call and every loop turn of process code
 * takes one step off a counter, and where it is used up
 *
 *   a body (function*)    if (--$reductions.left <= 0)
 *                           do yield [$place1, from, to, acc]; while ($reductions.looking);
 *   gives up its turn and hands over its place in the source with its live variables, again for
 *   whoever only looks;
 *   another function      if (--$reductions.left < $reductions.floor)
 *                           $reductions.overrun($place2, from, to);
 *   cannot be suspended, so it asks the runtime whether it may go on or has to crash.
 *
 * The hot path is a decrement and a compare; the array is made on the slow path only, so the
 * variables stay in registers; loops that only reckon run ahead of it (run-ahead.ts). A `catch` or
 * `finally` first asks whether the process has ended, since a dead one runs no further line; and
 * `yield*` is done by hand (delegation.ts). Text goes in and text comes out, on the same lines, in
 * Node and in a browser. Leans on acorn and magic-string; the runtime's side is
 * src/runtime/reductions.ts.
 */
import type {
  AnyNode,
  BlockStatement,
  Class,
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
import { Delegations, type DelegationSite } from './delegation'
import { className, functionName, memberName } from './function-name'
import { Places, type PlaceKind } from './places'
import { children, CompileError, isMember, parseProcessCode, startOf } from './process-code'
import { RunAhead } from './run-ahead'
import { boundBy, isBody, Scope } from './scope'

export { CompileError }

export interface CountOptions {
  /** The source's path relative to the project, with forward slashes: what a trace shows. */
  readonly file: string
  /** Module specifier of the runtime, which exports `reductions` and `via`. */
  readonly door: string
}

export interface Counted {
  readonly code: string
  readonly map: SourceMap
}

/**
 * Puts a counted check at every call and loop turn of process code, and does its `yield*` by hand.
 * Types are kept. Throws a `CompileError` for what does not parse, waits on a promise, or iterates
 * over a body.
 */
export const countReductions = (source: string, options: CountOptions): Counted =>
  compile(source, options, true)

/**
 * Does the `yield*` of the runtime's own bodies by hand, so that they are quick and show in stacks,
 * and counts nothing.
 */
export const delegateByHand = (source: string, options: CountOptions): Counted =>
  compile(source, options, false)

function compile(source: string, { file, door }: CountOptions, counts: boolean): Counted {
  const program = parseProcessCode(source, file)
  const counting = new Counting(source, file, program, counts)
  const scope = new Scope()
  scope.declare(program.body)
  const temporaries = { isUsed: false, values: 0 }
  const site = { scope, yields: false, name: moduleName, owner: '', temporaries }
  counting.visitAll(program.body, program, site)
  return counting.finish(program, door, scope)
}

const moduleName = '<module>'

/** Where the walk stands: in which scope of which function, and in which class. */
interface Site extends DelegationSite {
  /** The class whose members these are, or ''. */
  readonly owner: string
}

type Loop = WhileStatement | DoWhileStatement | ForStatement | ForOfStatement | ForInStatement

class Counting {
  private readonly source: string
  private readonly file: string
  private readonly counts: boolean
  private readonly text: MagicString
  private readonly places: Places
  private readonly delegations: Delegations
  private readonly runAhead: RunAhead

  constructor(source: string, file: string, program: Program, counts: boolean) {
    this.source = source
    this.file = file
    this.counts = counts
    this.text = new MagicString(source)
    this.places = new Places(source, file)
    this.delegations = new Delegations(this.text, this.places, program)
    this.runAhead = new RunAhead(this.text, this.places, program)
  }

  visitAll(nodes: Iterable<AnyNode>, parent: AnyNode, site: Site): void {
    for (const node of nodes) this.visit(node, parent, site)
  }

  private visit(node: AnyNode, parent: AnyNode, site: Site): void {
    const planned = this.delegations.plan(node, parent, site)
    this.visitParts(node, parent, site)
    if (planned) this.delegations.enter(planned)
  }

  private visitParts(node: AnyNode, parent: AnyNode, site: Site): void {
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
      case 'TryStatement':
        if (node.finalizer) this.holdDead(node.finalizer, site)
        return this.visitAll(children(node), node, site)
      case 'CatchClause': {
        const scope = site.scope.block()
        const bound = [...boundBy(node.param ?? null)]
        scope.hide(bound)
        if (node.param) this.visit(node.param, node, { ...site, scope })
        scope.set(bound)
        this.holdDead(node.body, site)
        return this.visit(node.body, node, { ...site, scope })
      }
      case 'VariableDeclaration':
        this.visitAll(node.declarations, node, site)
        for (const { id } of node.declarations)
          (node.kind === 'var' ? site.scope.ofFunction() : site.scope).set(boundBy(id))
        return
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.visitClass(node, parent, site)
      case 'StaticBlock': {
        const scope = new Scope(site.scope)
        scope.declare(node.body)
        const name = memberName(site.owner, 'static')
        return this.visitAll(node.body, node, { ...site, scope, yields: false, name, owner: '' })
      }
      case 'YieldExpression': {
        const go = this.delegations.visit(node, site)
        this.visitAll(children(node), node, site)
        return go?.()
      }
      case 'SpreadElement':
        this.refuseBody(node.argument, site)
    }
    this.visitAll(children(node), node, site)
  }

  /** Inside of a class its own name is not yet set, whatever it hides. */
  private visitClass(node: Class, parent: AnyNode, site: Site): void {
    const scope = site.scope.block()
    if (node.id) scope.hide([node.id.name])
    const inner = { ...site, scope, owner: className(node, parent) }
    this.visitAll(children(node as AnyNode), node as AnyNode, inner)
  }

  /** A process that has ended runs nothing of this block, which would run all the same. */
  private holdDead(block: BlockStatement, { yields }: Site): void {
    if (!this.counts) return
    const ended = `${this.places.counter}.ended`
    const hold = yields ? `while (${ended}) yield;` : `if (${ended}) throw ${ended};`
    this.text.appendLeft(block.start + 1, ` ${hold}`)
  }

  /** A case may be entered without those before it, so none sees what another has set. */
  private visitSwitch(node: SwitchStatement, site: Site): void {
    this.visit(node.discriminant, node, site)
    const all = node.cases.flatMap((one) => one.consequent)
    for (const one of node.cases)
      this.visitAll(children(one), one, { ...site, scope: site.scope.block(all) })
  }

  private countLoop(loop: Loop, outer: Site): void {
    // The names of its head hide outer ones from the start, and are set in its turns.
    const head = loop.type === 'ForStatement' ? loop.init : 'left' in loop ? loop.left : undefined
    const site = { ...outer, scope: outer.scope.block(head ? [head] : []) }
    const { body } = loop
    // What is gone through comes first: the names on the left have no value yet in it.
    const right = 'right' in loop ? loop.right : undefined
    if (right) this.visit(right, loop, site)
    for (const child of children(loop))
      if (child !== body && child !== right) this.visit(child, loop, site)
    if (this.counts && site.yields) this.runAhead.plan(loop, site.scope)
    if (body.type === 'BlockStatement') {
      const inner = { ...site, scope: site.scope.block(body.body) }
      if (this.counts) this.text.appendLeft(body.start + 1, ` ${this.check(loop, 'turn', inner)}`)
      return this.visitAll(body.body, body, inner)
    }
    if (this.counts) this.text.appendLeft(body.start, `{ ${this.check(loop, 'turn', site)} `)
    this.visit(body, loop, site)
    if (this.counts) this.text.appendLeft(body.end, ' }')
  }

  private countFunction(node: Function, parent: AnyNode, outer: Site): void {
    const scope = new Scope(outer.scope)
    for (const param of node.params) scope.set(boundBy(param))
    const name = functionName(node, parent, outer.owner)
    const temporaries = { isUsed: false, values: 0 }
    const site: Site = { scope, yields: isBody(node, parent), name, owner: '', temporaries }
    this.visitAll(node.params, node as AnyNode, site)
    const whole = isMember(parent) ? parent : (node as AnyNode)
    const { body } = node
    if (body.type === 'BlockStatement') {
      scope.declare(body.body)
      const check = this.counts ? this.check(whole, 'call', site) : ''
      this.visitAll(body.body, body, site)
      return this.begin(body, [check, this.delegations.declaration(temporaries)])
    }
    // The arrow stays an expression, on its line and within its parentheses. Its end stays as it
    // was too: closed by a parenthesis, it would take the next line for its arguments.
    if (this.counts) {
      const { inDebt, overrun } = this.plainCheck(whole, 'call', site)
      this.text.appendLeft(body.start, `void (${inDebt} && ${overrun}) ? 0 : `)
    }
    this.visit(body, node as AnyNode, site)
  }

  /** Puts statements at the beginning of a function, behind its directives. */
  private begin(body: BlockStatement, statements: string[]): void {
    const text = statements.filter((statement) => statement !== '').join(' ')
    if (text === '') return
    const directive = body.body.findLast((statement) => 'directive' in statement)
    if (directive) this.text.appendLeft(directive.end, `; ${text}`)
    else this.text.appendLeft(body.start + 1, ` ${text}`)
  }

  private check(node: AnyNode, kind: PlaceKind, site: Site): string {
    if (!site.yields) {
      const { inDebt, overrun } = this.plainCheck(node, kind, site)
      return `if (${inDebt}) ${overrun};`
    }
    const { counter } = this.places
    const handed = this.handed(node, kind, site)
    return `if (--${counter}.left <= 0) do yield [${handed}]; while (${counter}.looking);`
  }

  private plainCheck(
    node: AnyNode,
    kind: PlaceKind,
    site: Site,
  ): { inDebt: string; overrun: string } {
    const { counter } = this.places
    return {
      inDebt: `--${counter}.left < ${counter}.floor`,
      overrun: `${counter}.overrun(${this.handed(node, kind, site)})`,
    }
  }

  /** A place and the values of its names, as arguments. */
  private handed(node: AnyNode, kind: PlaceKind, { name, scope }: Site): string {
    const names = name === moduleName ? [] : scope.live()
    return [this.places.add(node, kind, name, names), ...names].join(', ')
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
  finish(program: Program, door: string, scope: Scope): Counted {
    const header = this.places.header(door, this.counts ? scope.ownBodies() : undefined)
    const directive = program.body.findLast((statement) => 'directive' in statement)
    const hashbang = /^#!.*\r?\n/.exec(this.source)?.[0].length ?? 0
    if (header && directive) this.text.appendLeft(directive.end, `; ${header}`)
    else this.text.appendLeft(hashbang, header)
    this.text.append(this.runAhead.declarations())
    const map = this.text.generateMap({ hires: true, source: this.file, includeContent: true })
    return { code: this.text.toString(), map }
  }
}
