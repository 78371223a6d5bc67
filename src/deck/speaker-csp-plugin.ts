/*
 * Reveal's speaker view writes a page with one inline script into its window. The gateway's policy
 * allows no inline script, and that window inherits the policy, so it would stay empty. This build
 * step reads the page out of the very plugin that is bundled and emits the hash of its script as
 * `deck-csp.json`, for the gateway to allow: exactly this script, whatever version of reveal is
 * installed.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseAst, type Plugin } from 'vite'

/** What `deck-csp.json` holds: sources for `script-src`, without their quotes. */
export interface DeckCsp {
  readonly scriptHashes: readonly string[]
}

/** Emits `deck-csp.json`. Fails the build if reveal's speaker view has no inline script. */
export function speakerCspPlugin(): Plugin {
  return {
    name: 'speaker-csp',
    apply: 'build',
    async generateBundle() {
      const notes = await this.resolve('reveal.js/plugin/notes')
      if (!notes) throw new Error("reveal's notes plugin is not installed")
      const policy: DeckCsp = { scriptHashes: inlineScriptHashes(readFileSync(notes.id, 'utf8')) }
      this.emitFile({ type: 'asset', fileName: 'deck-csp.json', source: JSON.stringify(policy) })
    },
  }
}

/**
 * The hashes, as `sha256-…`, of every inline script in pages that the given JavaScript writes with
 * `document.write('…')`. Throws when there is none: then the speaker view changed, and so must
 * this.
 */
export function inlineScriptHashes(javascript: string): string[] {
  const scripts = writtenPages(parseAst(javascript)).flatMap((page) =>
    [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? ''),
  )
  if (scripts.length === 0) throw new Error("reveal's speaker view has no inline script to allow")
  return scripts.map((script) => `sha256-${createHash('sha256').update(script).digest('base64')}`)
}

/** The text of each `….write('text')` in a syntax tree. */
function writtenPages(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(writtenPages)
  if (typeof node !== 'object' || node === null) return []
  const inner = Object.values(node).flatMap(writtenPages)
  const text = textWritten(node as SyntaxNode)
  return text === undefined ? inner : [text, ...inner]
}

interface SyntaxNode {
  readonly type?: string
  readonly callee?: { readonly property?: { readonly name?: string } }
  readonly arguments?: readonly { readonly type?: string; readonly value?: unknown }[]
}

function textWritten(node: SyntaxNode): string | undefined {
  if (node.type !== 'CallExpression' || node.callee?.property?.name !== 'write') return undefined
  const value = node.arguments?.[0]?.value
  return typeof value === 'string' ? value : undefined
}
