/*
 * What a trace calls a function: the name that its author gave it, with its class before a
 * member's. An arrow takes the name of what it is assigned to, as the language itself does.
 */
import type { AnyNode, Class, Function } from 'acorn'

const nameless = '<anonymous>'

/** The name of a function; `owner` is the class whose member `parent` is, or ''. */
export function functionName(node: Function, parent: AnyNode, owner: string): string {
  return node.id?.name ?? memberName(ownerOf(parent, owner), nameGivenBy(parent))
}

/** The name of a class. */
export function className(node: Class, parent: AnyNode): string {
  return node.id?.name ?? nameGivenBy(parent)
}

/** A member's name as it is called: `Sum.add`. */
export function memberName(owner: string, key: string): string {
  return owner ? `${owner}.${key}` : key
}

function ownerOf(parent: AnyNode, owner: string): string {
  return parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' ? owner : ''
}

function nameGivenBy(parent: AnyNode): string {
  switch (parent.type) {
    case 'VariableDeclarator':
      return nameOf(parent.id)
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return nameOf(parent.left)
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.computed ? nameless : nameOf(parent.key)
    case 'ExportDefaultDeclaration':
      return 'default'
    default:
      return nameless
  }
}

function nameOf(node: AnyNode): string {
  switch (node.type) {
    case 'Identifier':
      return node.name
    case 'PrivateIdentifier':
      return `#${node.name}`
    case 'Literal':
      return String(node.value)
    case 'MemberExpression':
      return node.computed ? nameless : nameOf(node.property)
    default:
      return nameless
  }
}
