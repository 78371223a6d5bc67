/*
 * Recordings as a Vite plugin: what lies as <name>.jsonl.gz beside the decks is offered with the
 * pages, as recordings/<name>.jsonl.gz.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

export interface RecordingsPluginOptions {
  /** Where the decks and their recordings are. Absolute. */
  readonly folder: string
}

/** Puts the recordings of `folder` among what is built. */
export function recordingsPlugin({ folder }: RecordingsPluginOptions): Plugin {
  return {
    name: 'recordings',
    apply: 'build',
    generateBundle() {
      for (const name of readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'))) {
        const source = readFileSync(join(folder, name))
        this.emitFile({ type: 'asset', fileName: `recordings/${name}`, source })
      }
    },
  }
}
