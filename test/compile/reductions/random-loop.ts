/*
 * Random loops that reckon with the variables of their body, or nearly do: numbers, big integers,
 * texts and objects with a conversion that acts, so that turns throw, shadow names, change what
 * cannot be changed, and never end. A writer spends a tape of random numbers, as random-program.ts
 * does.
 */
import fc from 'fast-check'

class Writer {
  private readonly tape: number[]

  constructor(tape: readonly number[]) {
    this.tape = [...tape]
  }

  private pick<Choice>(...choices: readonly Choice[]): Choice {
    return choices[(this.tape.shift() ?? 0) % choices.length]!
  }

  private name(): string {
    return this.pick('a', 'b', 'a', 'b', 'c', 'i', 'k', 'most', 'odd', 'later', 'undefined')
  }

  /** What may be changed; seldom a constant, or what has no value yet. */
  private target(): string {
    return this.pick('a', 'b', 'a', 'b', 'c', 'a', 'b', 'i', 'k', 'most', 'later')
  }

  value(): string {
    return this.pick('0', '3', '1n', '5n', '-1', '2.5', "'s'", 'true', 'undefined', 'odd', 'null')
  }

  private literal(): string {
    return this.pick('1', '2', '1n', "'x'", '0.5', '3n')
  }

  private expression(depth = 2): string {
    if (depth === 0) return this.pick(this.name(), this.literal())
    const inner = () => this.expression(depth - 1)
    return this.pick(
      inner(),
      `(${this.name()} + ${this.literal()})`,
      `(${this.name()} - ${this.name()})`,
      `(${inner()} ${this.pick('<', '>=', '===', '!==', '&&', '||', '??', ',')} ${inner()})`,
      `(${inner()} ? ${inner()} : ${inner()})`,
      `(${this.pick('typeof', '!', '-', 'void')} ${this.name()})`,
      `(${this.target()} = ${inner()})`,
      `${this.target()}++`,
    )
  }

  /** Mostly a test that ends the loop some time. */
  private test(): string {
    return this.pick('a < 30', 'b !== 40n', 'i < most', 'a >= -9', 'true', this.expression())
  }

  private statement(depth: number): string {
    const simple = [
      `${this.target()} ${this.pick('+=', '-=', '=')} ${this.literal()};`,
      `${this.target()}${this.pick('++', '--')};`,
      `${this.target()} = ${this.expression()};`,
      `${this.expression()};`,
      ';',
    ]
    if (depth > 2) return this.pick(...simple)
    const block = () => `{ ${this.list(depth + 1)} }`
    return this.pick(
      ...simple,
      ...simple,
      `if (${this.expression()}) ${block()} else ${this.statement(depth + 1)}`,
      `if (${this.expression()}) ${this.pick('break', 'continue')};`,
      block(),
      `{ ${this.pick('let', 'const')} ${this.pick('a', 'c', 'd')} = ${this.expression()}; ${this.list(depth + 1)} }`,
      `mark(${this.name()});`,
    )
  }

  private list(depth: number): string {
    const count = this.pick(2, 1, 0, 3)
    return Array.from({ length: count }, () => this.statement(depth)).join(' ')
  }

  private loop(): string {
    const body = this.pick(`{ ${this.list(0)} }`, this.statement(1))
    const head = this.pick('let i = 0', 'let i = a', 'const i = 2', 'a = 0', '')
    const update = this.pick('i++', 'a++', this.expression(1), '')
    return this.pick(
      `while (${this.test()}) ${body}`,
      `do ${body}\n while (${this.test()});`,
      `for (${head}; ${this.test()}; ${update}) ${body}`,
      `for (${head}; /* no; test */ ; ${update}) ${body}`,
    )
  }

  /** Several loops, some of them where their errors are caught. */
  loops(): string {
    const handled = (loop: string) => `try { ${loop} } catch (c) { mark(c.name, a, b) }`
    return Array.from({ length: 3 }, () => {
      const loop = this.loop()
      return `{ ${this.pick(loop, handled(loop), `let i = 1; ${handled(loop)}`)} }`
    }).join('\n')
  }
}

/**
 * The text of a module whose `main` is a body and returns what was seen, and lengths of slices.
 */
export const randomLoops = fc.record({
  source: fc
    .array(fc.nat({ max: 239 }), { minLength: 10, maxLength: 120, size: 'max' })
    .map((tape) => {
      const writer = new Writer(tape)
      return `const most = 12
let i = 3
export const seen = []
const mark = (...values) => { seen.push(...values.map((value) => value === odd ? 'odd' : value)) }
const odd = { valueOf() { seen.push('valueOf'); return seen.length } }
export function* main(c = 4) {
  let a = ${writer.value()}, b = ${writer.value()}
  const k = ${writer.value()}
  ${writer.loops()}
  let later = 1
  return [a, b, c, k, later]
}`
    }),
  slices: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
})
