/*
 * What counted checks promise: no loop and no call escapes them, a body hands over its place and
 * its live variables, and the program means what it meant before. Compiled code is run for real
 * against a door that is nothing but the counter (reductions/run.ts).
 */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { CompileError, countReductions } from '../../src/compile/reductions'
import { randomProgram } from './reductions/random-program'
import {
  always,
  checkIn,
  crash,
  door,
  load,
  loadCounted,
  loadTyped,
  look,
  never,
  Overrun,
  reductions,
  run,
} from './reductions/run'

const count = (source: string) => countReductions(source, { file: 'src/system/sum.ts', door })
const fixture = (name: string) =>
  readFileSync(new URL(`./reductions/${name}`, import.meta.url), 'utf8')

/** The next check of a body, with what is live there. */
function nextCheck(body: Generator) {
  const step = body.next()
  return step.done ? undefined : checkIn(step.value)
}

afterEach(never)

describe('a body', () => {
  test.each([
    ['while (true) { x++ }', { n: 1, x: 0 }],
    ['while (true) x++', { n: 1, x: 0 }],
    ['while (true);', { n: 1, x: 0 }],
    ['do { x++ } while (true)', { n: 1, x: 0 }],
    ['do x++; while (true)', { n: 1, x: 0 }],
    ['for (;;) { }', { n: 1, x: 0 }],
    ['for (;;);', { n: 1, x: 0 }],
    ['for (let i = 5; ; i++) x = i', { n: 1, x: 0, i: 5 }],
    ['for (const [a, { b }] of endless) { }', { n: 1, x: 0, a: 7, b: 8 }],
    ['for (var v of endless) ;', { n: 1, v: [7, { b: 8 }], x: 0 }],
    ['for (const key in { k: 1 }) while (true) ;', { n: 1, x: 0, key: 'k' }],
    ['again: for (;;) continue again', { n: 1, x: 0 }],
    ['try { throw 9 } catch (e) { for (;;) ; }', { n: 1, x: 0, e: 9 }],
    ['try { } finally { for (;;) ; }', { n: 1, x: 0 }],
    ['switch (n) { case 1: let s = 2; for (;;) ; }', { n: 1, x: 0, s: 2 }],
    ['{ var v = 2 } for (;;) ;', { n: 1, v: 2, x: 0 }],
    ['if (n) { const y = 3; while (y) ; }', { n: 1, x: 0, y: 3 }],
  ])('is preempted for ever in %s, with its live variables', async (loop, live) => {
    const { main } = await loadCounted(
      `const endless = { *[Symbol.iterator]() { for (;;) yield [7, { b: 8 }] } }
       export function* main(n: number) {
         let x = 0
         ${loop}
       }`,
    )
    always()
    const body = main(1)
    expect(nextCheck(body)?.live).toEqual({ n: 1 })
    expect(nextCheck(body)).toMatchObject({ place: { function: 'main', line: 4 }, live })
    for (let turn = 0; turn < 100; turn++) expect(nextCheck(body)?.place.line).toBe(4)
  })

  test('goes on where it was when its next slice comes', async () => {
    const { add } = await loadCounted(
      `export function* add(from: number, to: number) {
         let acc = 0
         while (from !== to) { acc += from; from++ }
         return acc
       }`,
    )
    always()
    const body = add(1, 4)
    nextCheck(body)
    expect(nextCheck(body)?.live).toEqual({ from: 1, to: 4, acc: 0 })
    expect(nextCheck(body)?.live).toEqual({ from: 2, to: 4, acc: 1 })
    never()
    expect(body.next()).toEqual({ done: true, value: 6 })
  })

  test('is preempted at each call of another body', async () => {
    const { main } = await loadCounted(
      `export function* main(n: number): any { yield* main(n + 1) }`,
    )
    always()
    const body = main(0)
    for (let depth = 0; depth < 50; depth++) expect(nextCheck(body)?.live).toEqual({ n: depth })
  })

  test.each([
    ['a name that is declared later', 'for (;;) { break } const a = 1; for (;;) ;', [{}, { a: 1 }]],
    [
      'an outer name hidden by a later one',
      'const a = 1; { for (;;) break; let a = 2 } for (;;) ;',
      [{}, { a: 1 }],
    ],
    ['a name of another case', 'switch (2) { case 1: let a = 1; case 2: for (;;) ; }', [{}]],
    ['a name whose block is left', '{ let a = 1 } for (;;) ;', [{}]],
    ['a name that the turn itself declares', 'for (;;) { const a = 1 }', [{}, {}]],
    ['functions and classes', 'function f() {} class C {} for (;;) ;', [{}]],
    ['what is outside of the function', 'for (;;) ;', [{}]],
  ])('does not name %s', async (_what, code, lives) => {
    const { main } = await loadCounted(`const outside = 0; export function* main() { ${code} }`)
    always()
    const body = main()
    nextCheck(body)
    for (const live of lives) expect(nextCheck(body)?.live).toEqual(live)
  })

  test('does not name a `this` that only has a type', async () => {
    const { main } = await loadCounted('export function* main(this: void, n: number) {}')
    always()
    expect(nextCheck(main(1))?.place.names).toEqual(['n'])
  })

  test('does not name variables of the function around it, which that would slow', async () => {
    const { main } = await loadCounted(
      `export function* main(around: number) {
         return yield* (function* (own = around) { for (;;) ; })()
       }`,
    )
    always()
    const body = main(1)
    const lives = [nextCheck(body)?.live, nextCheck(body)?.live, nextCheck(body)?.live]
    expect(lives).toEqual([{ around: 1 }, { own: 1 }, { own: 1 }])
  })

  test('that says it is an iterator keeps its values clean', async () => {
    const { main } = await loadCounted(
      `function* count(): Iterable<number> { for (let i = 0; i < 3; i++) yield i }
       class Both { *[Symbol.iterator]() { yield 3 } *body() { } }
       export const main = () => [...count(), ...new Both()]`,
    )
    const seen: string[] = []
    always((place) => seen.push(`${place.function}:${place.line}`))
    expect(main()).toEqual([0, 1, 2, 3])
    expect(seen).toEqual(['main:3', ...Array<string>(4).fill('count:1'), 'Both.<anonymous>:2'])
  })
})

describe('yield*', () => {
  const inner = `let known = 1
    const mark = (x: unknown) => x
    function* f(x?: unknown) { return x }`

  /** A statement of a body in compiled code, without its check, and with loops as `∞`. */
  function compiled(statement: string): string {
    const source = `${inner}\nexport function* main(this: any, to: any, o: any) { ${statement} }`
    const main = count(source).code.split('\n').at(-1)!
    return main
      .replace(/^.*looking\); /, '')
      .replace(/let [$\w, ]+; ?/, '')
      .replaceAll(/; \$step = \$entered\.next\(\); while .*?yield \$step\.value\); \}/g, '∞')
      .replaceAll(/\[\$place\d+[^\]]*\]/g, '[]')
      .replaceAll(/ if \(--.*?looking\);/g, '')
      .replace(/\s*\}$/, '')
      .replaceAll('$entered', '$e')
      .trim()
  }

  test.each([
    ['yield* f()', '$e = f()∞'],
    ['const x: number = yield* f(2);', '$e = f(2)∞ const x: number = $step.value;'],
    ['const { x, y = 2 } = yield* f()', '$e = f()∞ const { x, y = 2 } = $step.value'],
    ['return yield* f()', '$e = f()∞ return $step.value'],
    ['throw yield* f()', '$e = f()∞ throw $step.value'],
    ['o.x = yield* f()', '$e = f()∞ o.x = $step.value'],
    ['if (yield* f()) to()', '$e = f()∞ if ($step.value) to()'],
    ['if (to) yield* f(); else yield* f(1)', 'if (to) { $e = f()∞; } else { $e = f(1)∞ }'],
    ['switch (yield* f()) {}', '$e = f()∞ switch ($step.value) {}'],
    ['l: for (const x in yield* f()) {}', '$e = f()∞ l: for (const x in $step.value) {}'],
    ['mark({ to, x: yield* f() })', '$e = f()∞ mark({ to, x: $step.value })'],
    ['mark(yield* f(), o)', '$e = f()∞ mark($step.value, o)'],
    ['yield* f(yield* f(1))', '$e = f(1)∞ $e = f($step.value)∞'],
    [
      'mark(yield* f(), yield* f())',
      '$e = f()∞ $value1 = $step.value;$e = f()∞ mark($value1, $step.value)',
    ],
    ['(yield* f()).x()', '$e = f()∞ ($step.value).x()'],
    ['(yield* f())()', '$e = f()∞ $value1 = $step.value; ($value1)()'],
    ['mark(!to && (yield* f()))', 'mark(!to && (yield* $via( f(), [])))'],
    ['mark(mark(1), yield* f())', 'mark(mark(1), yield* $via( f(), []))'],
    ['o.m(yield* f())', 'o.m(yield* $via( f(), []))'],
    ['known++; mark(known, yield* f())', 'known++; mark(known, yield* $via( f(), []))'],
    [
      'mark(later, yield* f()); const later = 1',
      'mark(later, yield* $via( f(), [])); const later = 1',
    ],
    ['mark(/* why */ yield* f())', 'mark(/* why */ yield* $via( f(), []))'],
    ['const a = to(), b = yield* f()', 'const a = to(), b = yield* $via( f(), [])'],
    ['yield* [1]', 'yield* [1]'],
  ])('%s', (statement, expected) => {
    expect(compiled(statement).replaceAll(/ {2,}/g, ' ')).toBe(expected.replaceAll(/ {2,}/g, ' '))
  })

  test('stays on its lines', () => {
    const source = `const mark = f\nfunction* main(to) {\n  mark(\n    to,\n    yield* f(\n to),\n 2)\n}`
    const { code } = count(source)
    const lines = (text: string) => text.split('\n').length
    expect(lines(code)).toBe(lines(source))
    expect(code.split('\n')[4]).toMatch(/entered = f\($/)
  })

  test('of an iterator is as the language does it', () => {
    const source = `function* each(): Iterable<number> { yield* [1]; yield* each() }`
    expect(count(source).code).toContain('yield* [1]; yield* each()')
  })

  test('enters what only has `next`, and reads a step that is used again at once', async () => {
    const { main } = await loadCounted(
      `const step = { done: false, value: 0 }
       const words = (all: unknown[]) => ({ next: () => {
         step.done = all.length === 1
         step.value = all.shift() as number
         return step
       }})
       export function* main() {
         const sum: number = (yield* words(['x', 1])) + (yield* words([20])) as any
         return [sum, yield* words(['y', 300]), sum && (yield* words(['z', 4000]))]
       }`,
    )
    never()
    expect(run(main)).toEqual({ yielded: ['x', 'y', 'z'], returned: [21, 300, 4000] })
  })

  test('shows the frames of a body that is looked at, with their lines and variables', async () => {
    const { main } = await loadCounted(
      `function* leaf(x: number) {
         for (;;) ;
       }
       function* middle(y: number) {
         const twice = 2 * y
         return twice && (yield* leaf(twice))
       }
       export function* main(z: number) {
         const got = yield* middle(z + 1)
         return got
       }`,
    )
    always()
    const body = main(1)
    for (let check = 0; check < 6; check++) body.next()
    for (let times = 0; times < 2; times++) {
      const frames = look(body).map((frame) => {
        const { place, live } = checkIn(frame)!
        return [place.kind, place.function, place.line, live]
      })
      expect(frames).toEqual([
        ['turn', 'leaf', 2, { x: 4 }],
        ['delegation', 'middle', 6, { y: 2, twice: 4 }],
        ['delegation', 'main', 9, { z: 1 }],
      ])
    }
  })
})

describe('a process that has ended', () => {
  afterEach(() => void (reductions.ended = undefined))
  const source = `export const seen: string[] = []
    const dies = (die: () => void) => { try { die() } catch { seen.push('a') } finally { seen.push('b') } }
    export function* main(die: () => void) {
      try { dies(die) } catch (error) { seen.push('c') } finally { seen.push('d') }
      seen.push('e')
    }`
  const die = () => {
    reductions.ended = new Error('ended')
    throw reductions.ended
  }

  test('runs no catch, no finally, and nothing behind them', async () => {
    const { main, seen } = await loadCounted(source)
    never()
    const body = main(die)
    for (let step = 0; step < 5; step++) expect(body.next()).toEqual({ done: false })
    expect(seen).toEqual([])
  })

  test('and one that lives runs them all', async () => {
    const { main, seen } = await loadCounted(source)
    never()
    run(() => main(crash))
    expect(seen).toEqual(['a', 'b', 'd', 'e'])
  })
})

describe('a plain function', () => {
  test.each([
    ['a declaration', 'function f() { for (;;) ; } f()', 'f'],
    ['a call without a loop', 'function f() { f() } f()', 'f'],
    ['a function expression', 'const f = function () { while (true) ; }; f()', 'f'],
    ['an arrow with a block', 'const f = () => { do ; while (true) }; f()', 'f'],
    ['an arrow with an expression', 'const f = () => f(); f()', 'f'],
    ['an arrow in an argument', '[1].map((x) => x)', '<anonymous>'],
    ['a method', '({ m() { for (;;) ; } }).m()', 'm'],
    ['a getter', '({ get g() { for (;;) ; } }).g', 'g'],
    ['a setter', 'class A { set s(v) { for (;;) ; } }; new A().s = 1', 'A.s'],
    ['a static method', 'class A { static s() { for (;;) ; } }; A.s()', 'A.s'],
    ['a private method', 'class A { #p() { for (;;) ; } q = this.#p() }; new A()', 'A.#p'],
    ['a constructor', 'class A { constructor() { for (;;) ; } }; new A()', 'A.constructor'],
    [
      'a derived constructor before super',
      'class A {} class B extends A { constructor() { for (;;) ; super() } }; new B()',
      'B.constructor',
    ],
    ['a field', 'class A { f = () => { for (;;) ; } }; new A().f()', 'A.f'],
    ['a default parameter', 'function* f(x = (() => { for (;;) ; })()) { }; f()', '<anonymous>'],
    ['a static block', 'class A { static { for (;;) ; } }', 'A.static'],
  ])('overruns in %s', async (_what, code, name) => {
    const { main } = await loadCounted(`export function* main() { ${code} }`)
    always(crash)
    const body = main()
    nextCheck(body)
    const overrun = catchOverrun(() => body.next())
    expect(overrun.place).toMatchObject({ function: name, line: 1 })
  })

  test('overruns in its loop too, not only where it is called', async () => {
    const { main } = await loadCounted(`export const main = () => {\n  for (;;) ;\n}`)
    let asked = 0
    always((place) => (++asked > 1000 ? crash(place) : undefined))
    const overrun = catchOverrun(main)
    expect(overrun.place).toMatchObject({ function: 'main', line: 2, column: 3 })
  })

  test('is asked only when it is deeper in debt than the floor', async () => {
    const { main } = await loadCounted(`export function main() { for (let i = 0; i < 9; i++) ; }`)
    let asked = 0
    always(() => asked++)
    reductions.left = 3
    reductions.floor = -5
    main()
    expect([asked, reductions.left]).toEqual([2, -7])
  })

  test('a module that loops for ever at load crashes with its place', async () => {
    always(crash)
    const loading = loadCounted(`let n = 0\nwhile (true) n++`)
    const place = { file: 'program.ts', function: '<module>', line: 2, column: 1, names: [] }
    await expect(loading).rejects.toMatchObject({ place })
  })
})

function catchOverrun(run: () => unknown): Overrun {
  try {
    run()
  } catch (error) {
    if (error instanceof Overrun) return error
    throw error
  }
  throw new Error('nothing was overrun')
}

describe('a program means what it meant', () => {
  const programs = fixture('programs.txt')
    .split(/^--- /m)
    .slice(1)
    .map((text) => /^(.*)\n([^]*)$/.exec(text)!.slice(1) as [string, string])

  test.each(programs)('%s', async (_name, source) => {
    const expected = run((await loadTyped(source)).main)
    const { main } = await loadCounted(source)
    for (const slice of [never, always]) {
      slice()
      expect(run(main)).toEqual(expected)
    }
  })

  test('whatever its blocks, names and jumps', async () => {
    await fc.assert(
      fc.asyncProperty(randomProgram, async (source) => {
        const expected = run((await load(source)).main)
        const { main } = await load(count(source).code)
        always()
        expect(run(main)).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })
})

describe('places', () => {
  test('name file, function, line and column from 1, and cannot be changed', async () => {
    const { code } = count(`\n\nexport class Sum {\n  *add(to: number) {\n\twhile (to) ;\n  }\n}`)
    const { Sum } = await loadTyped(code)
    always()
    const body = new Sum().add(3)
    const file = 'src/system/sum.ts'
    const entry = nextCheck(body)!.place
    const member = { function: 'Sum.add', line: 4, column: 3 }
    expect(entry).toEqual({ kind: 'call', file, ...member, names: ['to'] })
    expect(nextCheck(body)!.place).toMatchObject({ function: 'Sum.add', line: 5, column: 2 })
    expect(Object.isFrozen(entry)).toBe(true)
  })

  test('an error thrown by compiled code maps back to the line of the source', async () => {
    const source = `// A comment.
export function main(n: number) {
  for (const x of [n]) if (x) throw new Error('here')
}`
    const { code, map } = count(source)
    expect(code.split('\n').length).toBe(source.split('\n').length)
    const { main } = await loadTyped(code)
    expect(() => main(1)).toThrow('here')
    const lines = code.split('\n')
    const at = lines[2]!.indexOf('throw')
    const entry = new SourceMap(JSON.parse(map.toString())).findEntry(2, at)
    expect(entry).toMatchObject({
      originalSource: 'src/system/sum.ts',
      originalLine: 2,
      originalColumn: source.split('\n')[2]!.indexOf('throw'),
    })
  })

  test('the import stands after a first line for the shell and after directives', () => {
    const lines = count(
      `#!/usr/bin/env node\n'use strict'\nexport const f = () => {}\n`,
    ).code.split('\n')
    expect(lines[0]).toBe('#!/usr/bin/env node')
    expect(lines[1]).toMatch(/^'use strict'; import \{ reductions as \$reductions \} from "data:/)
    expect(count(`function f() {\n  'use strict'\n}`).code).toContain(`\n  'use strict'; if (--`)
    expect(count(`#!/usr/bin/env node\nfor (;;) ;`).code).toMatch(/^#!.*node\nimport /)
  })

  test('code without functions and loops is left alone', () => {
    const source = `export type A = (x: number) => void
      declare function f(): void
      abstract class B { abstract m(): void }
      export const a = 1`
    expect(count(source).code).toBe(source)
  })
})

describe('process code is refused', () => {
  const generators = /^process code is generators; write/
  test.each([
    ['async function f() {}', 1, generators],
    ['\n  export default async function* () {}', 2, generators],
    ['const f = async () => 1', 1, generators],
    ['const o = {\n  async m() {} }', 2, generators],
    ['class A {\n\n static async *m() {} }', 3, generators],
    ['function* f() {\n  const x = await g() }', 2, generators],
    ['await f()', 1, generators],
    ['function* f() {\n for await (const x of y) ; }', 2, /instead of 'for await'/],
    ['for await (const x of y) ;', 1, /instead of 'for await'/],
    ['function* f() {\n\n\n  await using x = y }', 4, generators],
    ['function* f() {\n  whi le (true) }', 2, /^Unexpected token$/],
    ['let a = 1\nlet a = 2', 2, /^Identifier 'a' has already been declared$/],
    ['function* r() {}\nfor (const x of r()) ;', 2, /'r' is a body.*function\* r\(\): Iterable/],
    ['const r = function* () {}\nconst all = [0,\n...r()]', 3, /'r' is a body/],
    ['function f() {\n return [...r()]\n function* r() {} }', 2, /'r' is a body/],
  ])('%j', (source, line, reason) => {
    const error = refusalOf(source)
    expect(error.reason).toMatch(reason)
    expect(error).toMatchObject({ file: 'src/system/sum.ts', line })
    expect(error.column).toBeGreaterThan(0)
    expect(error.message).toBe(`src/system/sum.ts:${line}:${error.column}: ${error.reason}`)
    expect(error.stack).not.toContain(import.meta.dirname)
  })

  test('at the word that is wrong', () => {
    expect(refusalOf('const o = {\n  async m() {} }')).toMatchObject({ line: 2, column: 3 })
    expect(refusalOf('function* f() { await g() }')).toMatchObject({ line: 1, column: 17 })
  })

  test('but a name that hides a body may be iterated', () => {
    const hidden = `function* r() {}\nexport const f = (r: () => number[]) => [...r()]`
    expect(() => count(hidden)).not.toThrow()
  })
})

function refusalOf(source: string): CompileError {
  try {
    count(source)
  } catch (error) {
    if (error instanceof CompileError) return error
    throw error
  }
  throw new Error(`accepted: ${source}`)
}
