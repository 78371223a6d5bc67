/*
 * What a loop that runs ahead promises: every yield, every variable, every error and every counted
 * step is the one that there would be without it.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { countReductions } from '../../src/compile/reductions'
import { randomLoops } from './reductions/random-loop'
import { checkIn, door, load, loadCounted, loadTyped, never, reductions } from './reductions/run'

const count = (source: string) => countReductions(source, { file: 'program.ts', door }).code
const ahead = /\(\$turns\d+\(\$reductions\.left - 1.*?\$more\)/g

/** The same code, in which no loop runs ahead. */
const heldBack = (code: string) => code.replace(ahead, 'true')

/** Objects of two modules that mean the same are shown alike. */
const shown = (values: object) =>
  Object.entries(values).map(([name, value]) =>
    typeof value === 'object' && value ? [name, 'object'] : [name, value as unknown],
  )

/** What a body does in slices of these lengths, and what is left of each. */
function steps(body: Generator, slices: readonly number[], most = 200) {
  const seen: unknown[] = []
  reductions.floor = -Infinity
  try {
    for (let slice = 0; slice < most; slice++) {
      reductions.left = slices[slice % slices.length]!
      const { done, value } = body.next()
      if (done) return { seen, returned: shown(value), left: reductions.left }
      const check = checkIn(value)!
      seen.push([check.place.line, check.place.column, shown(check.live), reductions.left])
    }
    return { seen }
  } catch (error) {
    return { seen, thrown: String(error), left: reductions.left }
  }
}

afterEach(never)

const sum = `export function* main(from, to) {
  let total = 0n
  while (from !== to) {
    total += from
    from += 1n
  }
  return total
}`

describe('a loop that only reckons', () => {
  test('yields at the same turns with the same variables, however long its slices', async () => {
    const code = count(sum)
    const [{ main }, plain] = [await loadTyped(code), await loadTyped(heldBack(code))]
    for (const slices of [[1], [2], [3], [1, 5, 2], [100]])
      expect(steps(main(1n, 40n), slices)).toEqual(steps(plain.main(1n, 40n), slices))
    const live = Object.entries({ from: 5n, to: 40n, total: 10n })
    expect(steps(main(1n, 40n), [6]).seen[0]).toEqual([3, 3, live, 0])
  })

  test('takes all turns ahead but that in which its check yields', async () => {
    const noted = '(from !== to)) { taken.push(from);'
    const code = count(`export const taken = []\n${sum}`).replace('(from !== to)) {', noted)
    const { main, taken } = await loadTyped(code)
    steps(main(1n, 40n), [6])
    expect(taken).toEqual([5n, 11n, 17n, 23n, 29n, 35n])
  })

  test.each([
    'while (a < b) a++',
    'do { a++ } while (a < b)',
    'do a++; while (a < b)',
    'for (; a < b; a++);',
    'for (let i = 0; i < b; i++) { if (i === 3) continue; if (i > 4) break; a += i }',
    'for (;;) if (++a === 9) break',
    'for (let i = 0 /* ; */; /* ; */ ; i++) { const d = i * 2; { let a = d; b -= a } if (b < 0) break }',
    'for (a = 0; (a += 1, a < most);) b = a as number',
    'while (a !== undefined) { a = a > 7 ? undefined : a + 1 }',
  ])('runs ahead: %s', async (loop) => {
    const code = count(`const most = 9
      export function* main(a: any, b: any) { ${loop}\n return [a, b] }`)
    expect(code.match(ahead)).toHaveLength(1)
    const [{ main }, plain] = [await loadTyped(code), await loadTyped(heldBack(code))]
    for (const slices of [[1], [3], [4, 1], [50]])
      expect(steps(main(0, 30), slices)).toEqual(steps(plain.main(0, 30), slices))
  })

  test.each([
    ['a call', 'while (a) f()'],
    ['a property', 'while (a.b) a--'],
    ['an element that is set', 'while (a) b[0] = a--'],
    ['a closure', 'for (let i = 0; i < a; i++) b = () => i'],
    ['an object', 'while (a) b = { a: a-- }'],
    ['a conversion to text', 'while (a) b = `${a--}`'],
    ['`in` and `instanceof`', 'while (a in b || a instanceof b) ;'],
    ['a yield', 'while (a--) yield a'],
    ['a loop within', 'while (a--) for (const x of b) ;'],
    ['a label', 'l: while (a--) continue l'],
    ['a return', 'while (a--) return'],
    ['a try', 'while (a--) try { b++ } finally { a++ }'],
    ['a switch', 'while (a--) switch (b) {}'],
    ['a `var`', 'while (a--) { var x = a }'],
    ['a pattern', 'while (a--) [a, b] = [b, a]'],
    ['a constant that is assigned to', 'const x = 0; while (a--) x++'],
    ['a name that has no value yet', 'while (a--) x++; let x = 0'],
    ['a `var` that comes later', 'while (a < most) a++; var most = 0'],
    ['a variable of the module', 'while (a < outside) a++'],
    ['a variable of the module that changes', 'while (a--) outside++'],
    ['an argument', 'while (a--) b = arguments'],
    ['a `this`', 'while (a--) b = this'],
  ])('leaves alone what has %s', (_what, loop) => {
    const code = count(`let outside = 1; const most = 9; const f = () => {}
      export function* main(this: any, a: any, b: any) { ${loop} }`)
    expect(code).not.toContain('$turns')
  })

  test('leaves alone a variable of the function around it', () => {
    const inner = `function* inner() { while (a--) ; }`
    expect(count(`export function* main(a) { yield* (${inner})() }`)).not.toContain('$turns')
  })

  test('leaves iterators and plain functions alone', () => {
    const loop = `{ let a = 0; while (a < 9) a++ }`
    const source = `function* each(): Iterable<number> ${loop}\nfunction plain() ${loop}`
    expect(count(source)).not.toContain('$turns')
  })

  test('throws from its own line, with its steps counted and its variables as they were', async () => {
    const { main } = await loadTyped(
      count(`export function* main(n) {
        let a = 0, b = 0
        try {
          for (; ; a++) {
            b += 10
            if (a === 5) b += n
          }
        } catch (error) { return [[a, b, error.stack.includes('$turns'), left()].join()] }
      }
      import { reductions } from ${JSON.stringify(door)}
      const left = () => reductions.left`),
    )
    expect(steps(main(1n), [100]).returned).toEqual([['0', '5,60,false,92']])
  })

  test('runs the conversion of an object where and as often as it would', async () => {
    const source = `export const seen = []
      const odd = { valueOf() { seen.push('valueOf'); return 3 } }
      export function* main() { let a = 0; while (a < odd) a++; return [seen.length] }`
    const program = source
      .replace('main() {', 'main(odd) {')
      .replace('const odd', 'export const odd')
    const code = count(program)
    expect(code.match(ahead)).toHaveLength(1)
    const { main, odd } = await loadTyped(code)
    const held = await loadTyped(heldBack(code))
    expect(steps(main(odd), [5])).toEqual(steps(held.main(held.odd), [5]))
    expect(steps(main(odd), [5]).returned).toEqual([['0', 8]])
  })

  test('runs ahead while its module is still being loaded', async () => {
    const source = `export const all = []
      function* main() { let a = 0; while (a < 9) a++; return a }
      all.push(main().next().value)`
    never()
    expect((await loadCounted(source)).all).toEqual([9])
  })

  test('means what it meant, in each yield, whatever it reckons', async () => {
    let loops = 0
    await fc.assert(
      fc.asyncProperty(randomLoops, async ({ source, slices }) => {
        const code = count(source)
        loops += code.match(ahead)?.length ?? 0
        const [one, other] = [await load(code), await load(heldBack(code))]
        const ending = steps(one.main(), slices)
        expect(ending).toEqual(steps(other.main(), slices))
        expect(one.seen).toEqual(other.seen)
        if (!('left' in ending)) return
        const plain = await load(source)
        expect(steps(plain.main(), slices)).toMatchObject({ ...ending, seen: [], left: slices[0] })
        expect(plain.seen).toEqual(one.seen)
      }),
      { numRuns: 100 },
    )
    expect(loops).toBeGreaterThan(60)
  })
})
