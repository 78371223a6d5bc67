/*
 * `yield*` as compiled code does it: half as dear as the language's own, and the outer bodies of a
 * process that is looked at show their frames. A `yield*` that can be entered before its statement
 * (evaluation-order.ts) becomes a loop in front of it, on the same lines,
 *
 *   const x = yield* E   →   $entered = E; $step = $entered.next();
 *                            while (!$step.done) { …see($place1, a); $step = …next(yield …) }
 *                            const x = $step.value
 *
 * with what stood before the `yield*` written again behind the loop. Any other one goes through the
 * runtime's `via`, `yield* $via(E, [$place1, a])`, which does the same by itself. A step is read at
 * once, since the runtime's own words give the same object again and again.
 */
import type { AnyNode, YieldExpression } from 'acorn'
import type MagicString from 'magic-string'
import { hoistedFrom, isEntered, reassignedIn, type Hoisted } from './evaluation-order'
import type { Places } from './places'
import type { Scope } from './scope'

/** What a function needs of its own for its `yield*`. */
export interface Temporaries {
  isUsed: boolean
  /** How many values are kept while others are entered. */
  values: number
}

export interface DelegationSite {
  readonly scope: Scope
  readonly yields: boolean
  readonly name: string
  readonly temporaries: Temporaries
}

/** A statement and what is entered before it. */
export interface Planned {
  readonly hoisted: readonly Hoisted[]
  readonly temporaries: Temporaries
  /** Where the statement begins, with its labels, and where it ends. */
  readonly start: number
  readonly end: number
  /** Stands where one statement is expected, so that several need braces. */
  readonly isAlone: boolean
}

const listing = new Set(['Program', 'BlockStatement', 'SwitchCase', 'StaticBlock'])
const iterating = new Set(['ForOfStatement', 'ForInStatement'])

export class Delegations {
  private readonly text: MagicString
  private readonly source: string
  private readonly places: Places
  private readonly reassigned: ReadonlySet<string>
  /** The frame of each `yield*` that is entered before its statement. */
  private readonly frames = new Map<YieldExpression, string>()
  /** Loops whose labels stand before what they enter. */
  private readonly labelled = new Map<AnyNode, { label: AnyNode; parent: AnyNode }>()

  constructor(text: MagicString, places: Places, program: AnyNode) {
    this.text = text
    this.source = text.original
    this.places = places
    this.reassigned = reassignedIn(program)
  }

  /** Before a statement's parts are visited: what of it is entered first, with its live names. */
  plan(statement: AnyNode, parent: AnyNode, site: DelegationSite): Planned | undefined {
    if (!site.yields || (parent.type === 'ForStatement' && statement === parent.init))
      return undefined
    if (statement.type === 'VariableDeclaration' && iterating.has(parent.type)) return undefined
    if (statement.type === 'LabeledStatement') this.noteLabel(statement, parent)
    const outermost = this.labelled.get(statement) ?? { label: statement, parent }
    const { start } = outermost.label
    const { source, reassigned } = this
    const hoisted = hoistedFrom(statement, start, { source, reassigned, scope: site.scope })
    if (hoisted.length === 0) return undefined
    this.noteFrames(hoisted, site)
    const { temporaries } = site
    temporaries.isUsed = true
    const isAlone = !listing.has(outermost.parent.type)
    return { hoisted, temporaries, start, end: statement.end, isAlone }
  }

  private noteLabel(label: AnyNode & { type: 'LabeledStatement' }, parent: AnyNode): void {
    const outermost = this.labelled.get(label) ?? { label, parent }
    const { type } = label.body
    if (type === 'LabeledStatement' || iterating.has(type)) this.labelled.set(label.body, outermost)
  }

  private noteFrames(hoisted: readonly Hoisted[], site: DelegationSite): void {
    for (const { node, inner } of hoisted) {
      this.noteFrames(inner, site)
      this.frames.set(node, this.frame(node, site))
    }
  }

  private frame(node: YieldExpression, { scope, name }: DelegationSite): string {
    const names = scope.live()
    return `[${[this.places.add(node, 'delegation', name, names), ...names].join(', ')}]`
  }

  /** After its parts were visited: puts what a statement enters before it. */
  enter({ hoisted, temporaries, start, end, isAlone }: Planned): void {
    if (isAlone) this.text.appendLeft(start, '{ ')
    this.enterAll(hoisted, start, '', temporaries)
    if (isAlone) this.text.appendLeft(end, ' }')
  }

  /** `head` is what comes before the text from `from` on. */
  private enterAll(
    hoisted: readonly Hoisted[],
    from: number,
    head: string,
    temporaries: Temporaries,
  ): void {
    const { entered, step, value } = this.places
    let behind = head
    let cut = from
    hoisted.forEach(({ node, inner, isCalled }, at) => {
      const isLast = at === hoisted.length - 1
      behind += flat(this.source.slice(cut, node.start))
      const argument = this.argumentOf(node)
      const lead = inner.length === 0 ? `${entered} =` : ''
      this.text.update(cut, argument, newlinesIn(this.source.slice(cut, argument)) + lead)
      if (inner.length > 0) this.enterAll(inner, argument, `${entered} =`, temporaries)
      let loop = this.loop(node)
      if (isLast && !isCalled) behind += `${step}.value`
      else {
        const kept = `${value}${++temporaries.values}`
        loop += ` ${kept} = ${step}.value;`
        behind += kept
      }
      const isAll = behind === `${step}.value`
      this.text.appendLeft(node.end, isLast && !isAll ? `${loop} ${behind}` : loop)
      cut = node.end
    })
  }

  private loop(node: YieldExpression): string {
    const { entered, step, counter } = this.places
    const see = `if (${counter}.looking) ${counter}.see(${this.frames.get(node)});`
    const again = `${step} = ${entered}.next(yield ${step}.value);`
    return `; ${step} = ${entered}.next(); while (!${step}.done) { ${see} ${again} }`
  }

  /** A `yield*` where it stands: names are those that are live when it is visited. */
  visit(node: YieldExpression, site: DelegationSite): (() => void) | undefined {
    if (!site.yields || !isEntered(node) || this.frames.has(node)) return undefined
    const frame = this.frame(node, site)
    return () => {
      this.text.update(node.start, this.argumentOf(node), `yield* ${this.places.useVia()}(`)
      this.text.appendLeft(node.end, `, ${frame})`)
    }
  }

  /** The declaration of what a function's loops need; nothing when it has none. */
  declaration({ isUsed, values }: Temporaries): string {
    if (!isUsed) return ''
    const { entered, step, value } = this.places
    const kept = Array.from({ length: values }, (_, at) => `${value}${at + 1}`)
    return `let ${[entered, step, ...kept].join(', ')};`
  }

  /** Where the text begins that stands behind the star. */
  private argumentOf(node: YieldExpression): number {
    const star = /^yield(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*\*/.exec(this.source.slice(node.start))
    return node.start + star![0].length
  }
}

const flat = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
const newlinesIn = (text: string): string => text.replace(/[^\n]/g, '')
