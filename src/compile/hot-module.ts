/*
 * A hot module as it travels: process code with its counted checks, without its types, made a
 * function of the rooms that it imports. Who loads it hands in its own rooms, and so the module
 * shares counter, streams and words with what already runs, whatever built files those lie in and
 * even where there are no files. Lines stay those of the source but for one that is put first. Text
 * to text, in Node and in a browser.
 */
import type { AnyNode, ExportNamedDeclaration, ImportDeclaration, ImportSpecifier } from 'acorn'
import { Blanks, eraseTypes } from './erase-types'
import { children, CompileError, parseProcessCode, startOf } from './process-code'
import { countReductions } from './reductions'
import { boundBy } from './scope'

export interface HotModuleOptions {
  /** The source's path relative to the project, with forward slashes. */
  readonly file: string
  /** What each room that it may import has, by the specifier: `{ '../runtime': ['send', …] }`. */
  readonly rooms: Readonly<Record<string, readonly string[]>>
}

export interface HotModule {
  /** An ES module; its default export takes the rooms by specifier and gives the exports. */
  readonly code: string
  /** The module's own variables by name: what it holds for as long as it is loaded. */
  readonly variables: readonly string[]
  /** Its source map (version 3), with no source named yet. */
  readonly map: { readonly version: 3; readonly names: string[]; readonly mappings: string }
}

/** The runtime's door as a hot module names it. */
const door = '../runtime'

/** Compiles a hot module. Throws a `CompileError` with the place of what cannot be compiled. */
export function compileHotModule(source: string, { file, rooms }: HotModuleOptions): HotModule {
  // What is wrong in the source is told by its own places, not by those of compiled code.
  const own = parseProcessCode(source, file)
  new Doors(new Blanks(source), file, rooms).visit(own)
  const counted = countReductions(source, { file, door })
  const program = parseProcessCode(counted.code, file)
  const blanks = new Blanks(counted.code)
  const doors = new Doors(blanks, file, rooms)
  doors.visit(program)
  eraseTypes(blanks, program, file)
  const given = freeName('$rooms', source)
  const imports = doors.imports.map(([to, room]) => `${to} = ${given}[${JSON.stringify(room)}];`)
  const head = `export default (${given}) => { ${imports.map((one) => `const ${one}`).join(' ')}`
  const code = `${head}\n${blanks}\nreturn { ${doors.exports.join(', ')} };\n}\n`
  const variables = own.body.flatMap(variablesOf)
  return { code, variables, map: { version: 3, names: [], mappings: `;${counted.map.mappings}` } }
}

/** The variables that a statement of a module declares. */
function variablesOf(statement: AnyNode): string[] {
  const isExport = statement.type === 'ExportNamedDeclaration'
  const declared = isExport ? statement.declaration : statement
  if (declared?.type !== 'VariableDeclaration') return []
  return declared.declarations.flatMap(({ id }) => [...boundBy(id)])
}

function freeName(name: string, source: string): string {
  return source.includes(name) ? freeName(`$${name}`, source) : name
}

/** What a module takes in and gives out: its imports and exports, blanked in its text. */
class Doors {
  /** Patterns of what is imported, and from which room. */
  readonly imports: (readonly [pattern: string, room: string])[] = []
  /** Properties of the object of all exports. */
  readonly exports: string[] = []
  private readonly blanks: Blanks
  private readonly file: string
  private readonly rooms: HotModuleOptions['rooms']

  constructor(blanks: Blanks, file: string, rooms: HotModuleOptions['rooms']) {
    this.blanks = blanks
    this.file = file
    this.rooms = rooms
  }

  visit(node: AnyNode): void {
    switch (node.type) {
      case 'ImportDeclaration':
        return this.takeIn(node)
      case 'ExportNamedDeclaration':
        this.giveOut(node)
        break
      case 'ExportDefaultDeclaration':
      case 'ExportAllDeclaration':
        throw this.wrong(node, "a hot module exports by name: write 'export' before each word")
      case 'ImportExpression':
        throw this.wrong(node, "a hot module imports at its beginning: write 'import { … } from'")
    }
    for (const child of children(node)) this.visit(child)
  }

  private takeIn(node: ImportDeclaration): void {
    this.blanks.blankStatement(node)
    if (isOfTypes(node, 'importKind')) return
    const room = String(node.source.value)
    const names = Object.hasOwn(this.rooms, room) ? this.rooms[room]! : undefined
    if (!names) {
      const all = Object.keys(this.rooms).map((known) => `'${known}'`)
      throw this.wrong(node.source, `a hot module imports nothing but ${all.join(', ')}`)
    }
    const all = node.specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier')
    if (all) return void this.imports.push([all.local.name, room])
    const parts = node.specifiers.filter((one) => !isOfTypes(one, 'importKind'))
    const taken = parts.map((part) => this.named(part as ImportSpecifier, room, names))
    this.imports.push([`{ ${taken.join(', ')} }`, room])
  }

  private named(part: ImportSpecifier, room: string, names: readonly string[]): string {
    const name = part.imported ? nameOf(part.imported) : 'default'
    if (!names.includes(name)) {
      const reason = `'${room}' exports no '${name}'; if it is a type, write 'type ${name}'`
      throw this.wrong(part, reason)
    }
    return `${JSON.stringify(name)}: ${part.local.name}`
  }

  private giveOut(node: ExportNamedDeclaration): void {
    if (node.source) throw this.wrong(node, 'a hot module exports only what is its own')
    const { declaration } = node
    if (!declaration) {
      this.blanks.blankStatement(node)
      if (isOfTypes(node, 'exportKind')) return
      for (const one of node.specifiers) {
        if (isOfTypes(one, 'exportKind')) continue
        this.exports.push(`${JSON.stringify(nameOf(one.exported))}: ${nameOf(one.local)}`)
      }
      return
    }
    if (isOfTypes(node, 'exportKind')) return
    this.blanks.blank(node.start, declaration.start)
    if (declaration.type !== 'VariableDeclaration') this.exports.push(declaration.id.name)
    else for (const { id } of declaration.declarations) this.exports.push(...boundBy(id))
  }

  private wrong(node: AnyNode, reason: string): CompileError {
    const { line, column } = startOf(node)
    return new CompileError(reason, this.file, line, column)
  }
}

const nameOf = (node: ImportSpecifier['imported']): string =>
  node.type === 'Identifier' ? node.name : String(node.value)

/** Whether an import or an export is of types alone. */
const isOfTypes = (node: object, kind: 'importKind' | 'exportKind'): boolean =>
  (node as Partial<Record<typeof kind, string>>)[kind] === 'type'
