/*
 * What is typed into the console, read: one command a line, `name = …` or a call or a value. A
 * small language with a parser of our own, so that a line can be what words.ts lists and nothing
 * else: it is never handed to JavaScript.
 *
 *   line   = [ name "=" ] value { ";" }
 *   value  = number | text | "<0.302790.0>" | name [ "(" [ value { "," value } ] ")" ]
 *   name   = word { "." word }
 */
import { maxLineLength } from '../protocol/console'

/** The name of a process, as people type it: its host's number, and its own there. */
export interface PidName {
  readonly host: number
  readonly serial: number
}

/** What stands on a line, each part with the place where it begins. */
export type Expression = { readonly at: number } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'pid'; readonly value: PidName }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
)

export interface Command {
  /** The variable that the value is kept as. */
  readonly target?: { readonly name: string; readonly at: number }
  readonly value: Expression
}

/** Why a line means nothing, in a sentence for people. `at` counts UTF-16 units from 0. */
export interface Fault {
  readonly at: number
  readonly sentence: string
}

/** An empty line is no command and no fault. */
export type Parsed = { readonly command: Command | undefined } | { readonly fault: Fault }

const maxDepth = 8

const space = /[\s;]*$|\s+/uy
const number = /[-\u2212]?[0-9]+(?:_[0-9]+)*(?![\p{L}\p{N}_]|\.[0-9])/uy
const pid = /<([0-9]{1,10})\.([0-9]{1,16})\.0>/y
// Phones type rounded quotes by themselves.
const text = /'([^']*)'|"([^"]*)"|[‘’]([^‘’]*)[‘’]|[“”]([^“”]*)[“”]/y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const sign = /[().,=]/y

type Kind = 'number' | 'text' | 'pid' | 'word' | 'sign' | 'end'

interface Token {
  readonly kind: Kind
  readonly at: number
  readonly text: string
  /** Its parts, if it has any. */
  readonly parts: readonly (string | undefined)[]
}

/** Reads a line. Never throws, and looks no further than 500 characters. */
export function parse(line: string): Parsed {
  if (line.length > maxLineLength) {
    return fault(maxLineLength, `A line has at most ${maxLineLength} characters.`)
  }
  const tokens = tokensOf(line)
  return 'fault' in tokens ? tokens : new Parser(tokens.tokens).command()
}

const fault = (at: number, sentence: string): { readonly fault: Fault } => ({
  fault: { at, sentence },
})

function tokensOf(line: string): { readonly tokens: readonly Token[] } | { readonly fault: Fault } {
  const tokens: Token[] = []
  let at = 0
  const take = (kind: Kind, pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(line)
    if (!found) return false
    tokens.push({ kind, at, text: found[0], parts: found.slice(1) })
    at += found[0].length
    return true
  }
  for (;;) {
    space.lastIndex = at
    at += space.exec(line)?.[0].length ?? 0
    if (at >= line.length) return { tokens: [...tokens, { kind: 'end', at, text: '', parts: [] }] }
    const isTaken =
      take('number', number) ||
      take('pid', pid) ||
      take('text', text) ||
      take('word', word) ||
      take('sign', sign)
    if (!isTaken) return fault(at, whyNot(line, at))
  }
}

function whyNot(line: string, at: number): string {
  const rest = line.slice(at)
  if (/^['"‘’“”]/.test(rest)) return 'This text has no end: its closing quote is missing.'
  if (/^[-\u2212]?[0-9]/.test(rest)) return 'This is no whole number.'
  if (rest.startsWith('<')) return 'A pid reads like <0.302790.0>.'
  if (rest.startsWith(';')) return 'One command a line, please.'
  return 'This character has no meaning here.'
}

/** Goes through the tokens of a line once, from left to right. */
class Parser {
  private readonly tokens: readonly Token[]
  private place = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  command(): Parsed {
    if (this.next().kind === 'end') return { command: undefined }
    const target = this.target()
    const value = this.value(0)
    if ('fault' in value) return value
    if (this.next().kind !== 'end') return fault(this.next().at, 'The command should end here.')
    return { command: { ...(target && { target }), value } }
  }

  /** The last token, which is the end, comes again for ever. */
  private next(): Token {
    return this.tokens[this.place] ?? this.tokens[this.tokens.length - 1]!
  }

  private take(sign: string): boolean {
    const isThere = this.next().kind === 'sign' && this.next().text === sign
    if (isThere) this.place++
    return isThere
  }

  private target(): Command['target'] {
    const [name, sign] = this.tokens
    if (name?.kind !== 'word' || sign?.kind !== 'sign' || sign.text !== '=') return undefined
    this.place = 2
    return { name: name.text, at: name.at }
  }

  private value(depth: number): Expression | { readonly fault: Fault } {
    const { kind, at, text, parts } = this.next()
    if (depth > maxDepth) return fault(at, `Parentheses go ${maxDepth} deep at most.`)
    if (kind === 'word') return this.nameOrCall(depth)
    if (kind === 'sign' || kind === 'end') return fault(at, 'A word or a value is missing here.')
    this.place++
    if (kind === 'text') return { kind, at, value: parts.find((part) => part !== undefined) ?? '' }
    if (kind === 'pid') return pidAt(at, Number(parts[0]), Number(parts[1]))
    const value = Number(text.replaceAll('_', '').replace('\u2212', '-'))
    return Number.isSafeInteger(value)
      ? { kind, at, value }
      : fault(at, 'This number is too large.')
  }

  private nameOrCall(depth: number): Expression | { readonly fault: Fault } {
    const { at } = this.next()
    const words = []
    do {
      if (this.next().kind !== 'word')
        return fault(this.next().at, 'A word is missing after the dot.')
      words.push(this.next().text)
      this.place++
    } while (this.take('.'))
    const name = words.join('.')
    const opened = this.next().at
    if (!this.take('(')) return { kind: 'name', at, name }
    const args: Expression[] = []
    if (this.take(')')) return { kind: 'call', at, name, args }
    for (;;) {
      const value = this.value(depth + 1)
      if ('fault' in value) return value
      args.push(value)
      if (this.take(')')) return { kind: 'call', at, name, args }
      if (this.next().kind === 'end') return fault(opened, 'This parenthesis is never closed.')
      if (!this.take(',')) return fault(this.next().at, 'A comma or a parenthesis is missing here.')
    }
  }
}

function pidAt(at: number, host: number, serial: number): Expression | { readonly fault: Fault } {
  return Number.isSafeInteger(serial)
    ? { kind: 'pid', at, value: { host, serial } }
    : fault(at, 'This number is too large.')
}
