/*
 * Random programs: blocks, loops, cases and handlers nested at will, with so few names that they
 * hide each other, are read too early and are captured. What is read is an observation, and so is
 * that reading it failed. Expressions enter other bodies at every position, between parts that act
 * and parts that do not. `fuel` ends every loop. A writer spends a tape of random numbers on
 * choices that keep the program valid: a shorter tape, or one of smaller numbers, makes a smaller
 * program, so failures shrink.
 */
import fc from 'fast-check'

const turn = 'fuel-- > 0'

/** Where the writer stands: labels that a jump may name, and how deep it is. */
interface Spot {
  readonly labels: readonly string[]
  readonly depth: number
}

class Writer {
  private readonly tape: number[]
  private labels = 0

  constructor(tape: readonly number[]) {
    this.tape = [...tape]
  }

  /** Chooses by the next number of the tape; the first choice when the tape is used up. */
  private pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[(this.tape.shift() ?? 0) % choices.length]!
  }

  private name(): string {
    return this.pick(['a', 'b', 'v', 'w'])
  }

  /** Three statements that enter other bodies, each with its own end. */
  entries(): string {
    const spot = { labels: [], depth: 3 }
    const entries = Array.from({ length: 3 }, () => `{ ${this.entering(spot)} }`)
    return entries.map((one) => `try ${one} catch (error) { see(() => error.name) }`).join(' ')
  }

  /** Statements of one block, whose names in `taken` it may not declare. */
  list(spot: Spot, taken = new Set<string>()): string {
    const count = this.pick([0, 1, 2, 3, 4, 5])
    return Array.from({ length: count }, () =>
      this.pick([true, false]) ? this.statement(spot) : this.declaration(spot, taken),
    ).join(' ')
  }

  private block(spot: Spot, taken?: Set<string>): string {
    return `{ ${this.list({ ...spot, depth: spot.depth + 1 }, taken)} }`
  }

  private declaration({ depth }: Spot, taken: Set<string>): string {
    if (depth === 0) taken.add('v')
    const name = this.pick(['a', 'b', 'v', 'c', 'd'])
    // `w` is never lexical, and no block around the outermost one declares `v`: they may be `var`s.
    if (taken.has(name)) return depth === 0 ? `var v = fuel;` : `var w = fuel;`
    taken.add(name)
    return this.pick([
      `let ${name} = fuel;`,
      `const ${name} = fuel;`,
      `let ${name};`,
      `const { ${name} = fuel } = {};`,
      `function ${name}() { while (${turn}) return '${name}' }`,
      `class ${name} { static { while (${turn}) see(() => ${name}) } }`,
      `const ${name} = ${this.expression(2)};`,
      `let ${name} = yield* sub(${this.expression(1)}), e${depth}${++this.labels} = ${this.expression(1)};`,
      `const { ${name} = ${this.expression(1)} } = ${this.expression(2)} ?? {};`,
      `const [${name}] =\n [${this.expression(2)}];`,
    ])
  }

  /** Gives a number, a text, a list of such, or nothing: functions are only handed over. */
  private expression(depth: number): string {
    const leaf = () => this.pick(['1', `pick(${this.name()})`, 'fuel', 'this', "'t'"])
    if (depth <= 0) return this.pick([leaf(), `(yield* sub(${leaf()}))`, `mark(${leaf()})`])
    const inner = () => this.expression(depth - 1)
    const whole = () => this.pick([inner(), this.name(), 'c', 'd', 'mark', 'undefined'])
    switch (this.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])) {
      case 0:
      case 1:
        return `(yield* sub(${whole()}))`
      case 2:
        return `pair(${whole()}, ${whole()})`
      case 3:
        return `mark(${whole()})`
      case 4:
        return `show([${whole()}, ${inner()}, ${whole()}])`
      case 5:
        return `pick({ p: ${whole()}, ['q']: ${inner()}, ...${inner()}, r: ${inner()} }.r)`
      case 6:
        return `(${inner()} ${this.pick(['===', '&&', '||', '??', ','])} ${inner()})`
      case 7:
        return `(${inner()} ? ${inner()} : ${inner()})`
      case 8:
        return `\`t\${${inner()}}u\${${inner()}}\``
      case 9:
        return `${this.pick(['!', 'typeof '])}${this.pick(['c', inner()])}`
      case 10:
        return `(box.held = ${inner()})`
      case 11:
        return `(yield* box.sub(${whole()}))`
      case 12:
        return `pick((yield* give(mark, ${inner()}))(${inner()}))`
      default:
        return `(${this.pick(['a', 'b', 'c', 'w'])} = ${inner()}, ${inner()})`
    }
  }

  private entering(spot: Spot): string {
    const [one, two] = [this.expression(3), this.expression(2)]
    const name = this.pick(['a', 'c', 'd'])
    return this.pick([
      `${one};`,
      `yield* sub(${one})\n`,
      `seen.push(show(${one}));`,
      `if (${one}) ${this.block(spot)} else if (${two}) yield* sub(${two}); else ${two};`,
      `switch (${one}) { case ${two}: yield* sub(1); default: const ${name} = yield* sub(2) }`,
      `l${++this.labels}: for (const ${name} of yield* many(${one})) ${this.block(spot)}`,
      `for (let ${name} = ${one}; ${turn} && ${two}; ${two}) yield* sub(${name})\n`,
      `while (${turn} && ${one}) mark(yield* sub(1))\n`,
      `do ${two}; while (${turn} && ${one});`,
      `try { throw ${one} } catch (c) { see(() => c) } finally { ${two} }`,
      `try { if (${one}) return ${two} } finally { yield* sub(3) }`,
      `l${++this.labels}: if (${one}) { if (${two}) break l${this.labels}; mark(4) }`,
      `{ class ${name} extends (${one}, Object) { [${two}] = 1 } }`,
      `seen.push(show(yield* (function* ${name}(v) { return yield* sub(pair(v, ${two})) })(${one})));`,
    ])
  }

  private statement(spot: Spot): string {
    const simple = [
      `see(() => ${this.name()});`,
      `see(() => (${this.name()} = fuel));`,
      `later.push(() => ${this.name()});`,
      `seen.push(yield '${this.name()}');`,
      ';',
    ]
    if (spot.depth > 4) return this.pick(simple)
    switch (this.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])) {
      case 0:
      case 1:
        return this.pick(simple)
      case 2:
        return this.block(spot)
      case 3: {
        const taken = new Set<string>()
        const inner = { ...spot, depth: spot.depth + 1 }
        const [one, two] = [this.list(inner, taken), this.list(inner, taken)]
        return `switch (fuel % 3) { case 0: ${one} default: ${two} }`
      }
      case 4: {
        const name = this.name()
        const caught = this.block(spot, new Set([name]))
        return `try ${this.block(spot)} catch (${name}) ${caught} finally ${this.block(spot)}`
      }
      case 5:
      case 6:
      case 7: {
        const entering = this.entering(spot)
        if (this.pick([true, false])) return entering
        return `try { ${entering} } catch (error) { see(() => error.name) }`
      }
      default:
        return this.loop(spot)
    }
  }

  private loop(spot: Spot): string {
    const label = `l${++this.labels}`
    const name = this.pick(['a', 'b', 'v'])
    const body = this.turnOf({ labels: [...spot.labels, label], depth: spot.depth + 1 })
    const loop = this.pick([
      `while (${turn}) ${body}`,
      `do ${body} while (${turn});`,
      `for (let ${name} = 0; ${turn}; ${name}++) ${body}`,
      `for (var w = 0; ${turn};) ${body}`,
      `for (const ${name} of [1, 2]) ${body}`,
      `for (const { ${name} } of [{}, { ${name}: 3 }]) ${body}`,
      `for (let ${name} in { p: 1, q: 2 }) ${body}`,
      `if (fuel % 2) while (${turn}) ${body} else ;`,
    ])
    // An 'if' cannot be continued, so only loops get the label that jumps name.
    return loop.startsWith('if') ? loop.replace('while', `${label}: while`) : `${label}: ${loop}`
  }

  private turnOf(spot: Spot): string {
    if (this.pick([true, false])) return this.statement(spot)
    const jump = this.pick(['break', 'continue'])
    const text = this.list(spot)
    return `{ ${text} if (fuel % 2) ${jump} ${this.pick(spot.labels)}; }`
  }
}

const tape = fc.array(fc.nat({ max: 239 }), { minLength: 20, maxLength: 200, size: 'max' })

/** The text of a module whose `main` is a body and returns all that was seen. */
export const randomProgram = fc.tuple(tape, tape).map(
  ([blocks, entries]) => `
export function* main(p = [1], { q } = { q: 2 }) {
  const seen = [], later = []
  let fuel = 30
  const show = (value) =>
    typeof value === 'function' ? 'function' : Array.isArray(value) ? value.map(show) : value
  const see = (read) => { try { seen.push(show(read())) } catch (error) { seen.push(error.name) } }
  const pick = (value) => (typeof value === 'object' ? 'object' : show(value))
  const mark = (value) => { seen.push('mark', pick(value)); return fuel % 4 }
  const pair = (one, two) => { seen.push('pair'); return fuel % 2 ? pick(one) : pick(two) }
  function* sub(value) { fuel--; seen.push('sub', yield 'sub'); return pick(value) }
  function* many(value) { fuel--; seen.push('many', yield pick(value)); return [1, 2] }
  function* give(value) { yield 'give'; return value }
  const box = { held: 0, sub }
  ${new Writer(entries).entries()}
  ${new Writer([5, ...blocks]).list({ labels: [], depth: 0 })}
  for (const read of later) see(read)
  return seen
}`,
)
