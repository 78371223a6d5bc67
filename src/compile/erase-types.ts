/*
 * Takes the types out of TypeScript and leaves everything else at its very place: each type becomes
 * blanks, so that lines and columns stay and nothing has to be mapped. What only TypeScript has and
 * blanks cannot take out (enums, namespaces, fields declared by parameters) is refused, as the
 * project's own `erasableSyntaxOnly` does. Text to text, in Node and in a browser.
 */
import type { AnyNode, Program } from 'acorn'
import { children, CompileError, startOf } from './process-code'

/** A node with the fields that TypeScript's parser adds. */
type Typed = AnyNode & Readonly<Record<string, unknown>>

/** Text that is blanked in place. */
export class Blanks {
  private readonly source: string
  private readonly units: string[]

  constructor(source: string) {
    this.source = source
    this.units = source.split('')
  }

  blank(start: number, end: number): void {
    for (let at = start; at < end; at++) {
      if (!/[\r\n]/.test(this.units[at]!)) this.units[at] = ' '
    }
  }

  /** Blanks a statement; its semicolon keeps those around it apart. */
  blankStatement({ start, end }: { readonly start: number; readonly end: number }): void {
    this.blank(start, end)
    this.units[start] = ';'
  }

  put(at: number, unit: string): void {
    this.units[at] = unit
  }

  slice = (start: number, end?: number): string => this.source.slice(start, end)

  toString = (): string => this.units.join('')
}

/** Blanks all types of a program. Throws a `CompileError` for what no blanks can take out. */
export function eraseTypes(blanks: Blanks, program: Program, file: string): void {
  new Eraser(blanks, file).visit(program)
}

const unerasable: Readonly<Record<string, string>> = {
  TSEnumDeclaration: "an enum is more than a type: write an object and 'as const'",
  TSModuleDeclaration: 'a namespace is more than a type: write a module',
  TSParameterProperty: 'a parameter that declares a field is more than a type: write the field',
  TSImportEqualsDeclaration: "this is more than a type: write 'import { … } from'",
  TSExportAssignment: "this is more than a type: write 'export'",
  Decorator: 'decorators are no JavaScript',
}

const typesAlone = new Set([
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
  'TSDeclareFunction',
  'TSIndexSignature',
])

class Eraser {
  private readonly blanks: Blanks
  private readonly file: string

  constructor(blanks: Blanks, file: string) {
    this.blanks = blanks
    this.file = file
  }

  visit(given: AnyNode): void {
    const node = given as Typed
    if (isTypeStatement(node)) return this.blanks.blankStatement(node)
    const reason = unerasable[node.type as string]
    if (reason) {
      const { line, column } = startOf(node)
      throw new CompileError(reason, this.file, line, column)
    }
    this.erase(node)
  }

  private erase(node: Typed): void {
    const { blanks } = this
    switch (node.type as string) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression': {
        const type = node.typeAnnotation as Typed
        const word = node.type === ('TSAsExpression' as string) ? 'as' : 'satisfies'
        const { end } = node.expression as Typed
        blanks.blank(end + blanks.slice(end, type.start).lastIndexOf(word), type.end)
        this.keepApart(type)
        return this.visit(node.expression as Typed)
      }
      case 'TSTypeAssertion': {
        const { end } = node.typeAnnotation as Typed
        blanks.blank(node.start, blanks.slice(0, node.end).indexOf('>', end) + 1)
        return this.visit(node.expression as Typed)
      }
      case 'TSNonNullExpression':
        blanks.blank(node.end - 1, node.end)
        return this.visit(node.expression as Typed)
      case 'TSTypeAnnotation':
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
        return blanks.blank(node.start, node.end)
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        return
      case 'ExportNamedDeclaration':
        if (node.declaration) this.visit(node.declaration as Typed)
        return
      case 'Identifier':
        // What follows a name is its `?` or `!`, and its type.
        return blanks.blank(node.start + String(node.name).length, node.end)
      case 'ArrowFunctionExpression':
        this.visitParts(node)
        return this.keepArrow(node)
      case 'FunctionDeclaration':
      case 'FunctionExpression':
        this.visitParts(node)
        return this.blankThis(node)
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.visitParts(node)
        return this.eraseClassHead(node)
      case 'PropertyDefinition':
      case 'MethodDefinition':
        return this.eraseMember(node)
    }
    this.visitParts(node)
  }

  private visitParts(node: Typed): void {
    for (const part of children(node)) this.visit(part)
  }

  /** An arrow stands on the line of its parameters' end, so that goes where the type ended. */
  private keepArrow({ returnType }: Typed): void {
    const type = returnType as Typed | undefined
    if (!type || !this.blanks.slice(type.start, type.end).includes('\n')) return
    this.blanks.put(this.blanks.slice(0, type.start).lastIndexOf(')'), ' ')
    this.blanks.put(type.end - 1, ')')
  }

  /** A line ends at a type whatever comes next; without it the next one may go on with this. */
  private keepApart({ end }: Typed): void {
    const isOpened = /^[^\S\n]*(?:\/\/.*)?\n\s*[([`]/.test(this.blanks.slice(end))
    if (isOpened) this.blanks.put(end - 1, ';')
  }

  private blankThis({ params }: Typed): void {
    const [first, second] = params as Typed[]
    if (first?.type !== 'Identifier' || first.name !== 'this') return
    const comma = /^\s*,/.exec(this.blanks.slice(first.end, second?.start ?? first.end))
    this.blanks.blank(first.start, first.end + (comma?.[0].length ?? 0))
  }

  private eraseClassHead(node: Typed): void {
    const { blanks } = this
    if (node.abstract) blanks.blank(node.start, node.start + 'abstract'.length)
    const implemented = (node.implements ?? []) as Typed[]
    const [first, last] = [implemented[0], implemented.at(-1)]
    if (!first || !last) return
    blanks.blank(blanks.slice(0, first.start).lastIndexOf('implements'), last.end)
  }

  private eraseMember(node: Typed): void {
    const { blanks } = this
    const [key, value] = [node.key as Typed, node.value as Typed | null]
    const isDeclared = (value?.type as string | undefined) === 'TSDeclareMethod'
    if (node.declare || node.abstract || isDeclared) return blanks.blankStatement(node)
    const words = blanks.slice(node.start, key.start)
    for (const { 0: word, index } of words.matchAll(
      /\b(public|private|protected|readonly|override)\b/g,
    ))
      blanks.blank(node.start + index, node.start + index + word.length)
    // Such a word keeps a computed name apart from the field before it.
    if (/^(?!static)\w+\s*\[/.test(words)) blanks.put(node.start, ';')
    const type = node.typeAnnotation as Typed | undefined
    const end = type?.start ?? value?.start ?? node.end
    const mark = blanks.slice(key.end, end).search(/[?!]/)
    if (mark >= 0) blanks.blank(key.end + mark, key.end + mark + 1)
    this.visitParts(node)
  }
}

/** Whether a statement is nothing but types. */
function isTypeStatement(node: Typed): boolean {
  if (typesAlone.has(node.type)) return true
  if (node.type === 'ExportNamedDeclaration') {
    const declaration = node.declaration as Typed | null
    return declaration !== null && isTypeStatement(declaration)
  }
  const isDeclaration = /Declaration$/.test(node.type)
  return isDeclaration && node.declare === true
}
