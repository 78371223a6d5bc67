/*
 * Random programs: blocks, loops, cases and handlers nested at will, with so few names that they
 * hide each other, are read too early and are captured. What is read is an observation, and so is
 * that reading it failed. `fuel` ends every loop. A writer spends a tape of random numbers on
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
    const name = this.pick(['a', 'b', 'v'])
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
    switch (this.pick([0, 1, 2, 3, 4, 5, 6, 7])) {
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

/** The text of a module whose `main` is a body and returns all that was seen. */
export const randomProgram = fc
  .array(fc.nat({ max: 239 }), { minLength: 20, maxLength: 200, size: 'max' })
  .map(
    (tape) => `
export function* main(p = [1], { q } = { q: 2 }) {
  const seen = [], later = []
  let fuel = 30
  const show = (value) => (typeof value === 'function' ? 'function' : value)
  const see = (read) => { try { seen.push(show(read())) } catch (error) { seen.push(error.name) } }
  ${new Writer([5, ...tape]).list({ labels: [], depth: 0 })}
  for (const read of later) see(read)
  return seen
}`,
  )
