/* The console's language: what is read of a line, and what is said of one that cannot be read. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, type Expression } from '../../src/console/parse'

const value = (line: string): Expression | undefined => {
  const parsed = parse(line)
  return 'command' in parsed ? parsed.command?.value : undefined
}
const fault = (line: string) => {
  const parsed = parse(line)
  return 'fault' in parsed ? [parsed.fault.at, parsed.fault.sentence] : undefined
}

describe('a line', () => {
  test.each([
    ['42', 42],
    ['100_000', 100_000],
    ['-5', -5],
    ['\u22125', -5],
    ["'observability'", 'observability'],
    ['"it’s"', 'it’s'],
    ['‘observability’', 'observability'],
    ['“a b”', 'a b'],
    ['<0.302790.0>', { host: 0, serial: 302790 }],
  ])('%s is a value', (line, expected) => {
    expect(value(line)).toMatchObject({ value: expected })
  })

  test('may have spaces anywhere, and end in semicolons', () => {
    const expected = {
      target: { name: 'pid', at: 2 },
      value: {
        kind: 'call',
        name: 'Runtime.trace',
        args: [
          { kind: 'number', value: 1 },
          { kind: 'name', name: 'x' },
        ],
      },
    }
    const line = '  pid =Runtime . trace (\t1 , x ) ; ; '
    expect(parse(line)).toMatchObject({ command: expected })
  })

  test('may be empty', () => {
    for (const line of ['', '  ', ';', ' ; ']) expect(parse(line)).toEqual({ command: undefined })
  })

  const wrong: [line: string, at: number, sentence: string][] = [
    ['Runtime.top(', 12, 'A word or a value is missing here.'],
    ['Load.set(1', 8, 'This parenthesis is never closed.'],
    ['Load.set(1 2)', 11, 'A comma or a parenthesis is missing here.'],
    ['Load.set(1,)', 11, 'A word or a value is missing here.'],
    ['Runtime.()', 8, 'A word is missing after the dot.'],
    ['Runtime.top())', 13, 'The command should end here.'],
    ['Runtime.top(); help', 13, 'One command a line, please.'],
    ["Boards.reset('a)", 13, 'This text has no end: its closing quote is missing.'],
    ['1.5', 0, 'This is no whole number.'],
    ['12abc', 0, 'This is no whole number.'],
    ['9007199254740993', 0, 'This number is too large.'],
    ['<0.1>', 0, 'A pid reads like <0.302790.0>.'],
    ['x = = 1', 4, 'A word or a value is missing here.'],
    ['process.exit(1) || 1', 16, 'This character has no meaning here.'],
    ['`${1}`', 0, 'This character has no meaning here.'],
    [`${'f('.repeat(20)}`, 18, 'Parentheses go 8 deep at most.'],
    ['x'.repeat(501), 500, 'A line has at most 500 characters.'],
    ['('.repeat(1_000_000), 500, 'A line has at most 500 characters.'],
  ]
  test('that is wrong is so at a place, and why', () => {
    for (const [line, at, sentence] of wrong) expect(fault(line)).toEqual([at, sentence])
  })

  test('is read or faulted at a place within it, whatever it is', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...['Runtime', '.', 'top', '(', ')', ',', '=', ';', "'", '"', '<0.1.0>']),
      fc.constantFrom(...['-', '1_0', '\u202e', '\u001b[2J', '🦉', '\ud800', '__proto__', ' ']),
      fc.string({ unit: 'binary', maxLength: 5 }),
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const line = parts.join('')
        const parsed = parse(line)
        if (!('fault' in parsed)) return
        expect(parsed.fault.at).toBeGreaterThanOrEqual(0)
        expect(parsed.fault.at).toBeLessThanOrEqual(line.length)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** A line for each value that can be typed. */
const typed = fc.letrec<{ value: [line: string, read: object] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer().map((read): [string, object] => [String(read), { kind: 'number', value: read }]),
    fc
      .string({ maxLength: 20 })
      .filter((text) => !text.includes("'"))
      .map((read): [string, object] => [`'${read}'`, { kind: 'text', value: read }]),
    fc
      .stringMatching(/^[a-z][a-z0-9_]{0,9}(\.[a-z]{1,5})?$/)
      .map((name): [string, object] => [name, { kind: 'name', name }]),
    fc
      .array(tie('value'), { maxLength: 2 })
      .map((args): [string, object] => [
        `f(${args.map(([line]) => line).join(', ')})`,
        { kind: 'call', name: 'f', args: args.map(([, read]) => read) },
      ]),
  ),
}))

test('what is typed is what is read', () => {
  fc.assert(
    fc.property(typed.value, ([line, read]) => {
      fc.pre(line.length <= 500)
      expect(value(line)).toMatchObject(read)
    }),
    { numRuns: 2_000 },
  )
})
