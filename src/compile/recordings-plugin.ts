/*
 * Recordings as a Vite plugin: what lies as <name>.jsonl.gz beside the decks is offered with the
 * pages, as recordings/<name>.jsonl.gz, and their names as recordings/index.json.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const ending = '.jsonl.gz'

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
      const emit = (file: string, source: string | Uint8Array) =>
        this.emitFile({ type: 'asset', fileName: `recordings/${file}`, source })
      const names = readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length))
      for (const name of names) emit(name + ending, readFileSync(join(folder, name + ending)))
      emit('index.json', JSON.stringify(names))
    },
  }
}
