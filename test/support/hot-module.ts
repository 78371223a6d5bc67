/*
 * Versions of hot modules for tests: compiled from a text as all process code is, each with places
 * of its own; or made by hand of bodies in a test file, whose places nobody knows.
 */
import ts from 'typescript'
import { countReductions } from '../../src/compile/reductions'
import * as runtime from '../../src/runtime'
import type { Exports } from '../../src/runtime'

/** Compiles process code and gives its exports. `rooms` are what it may import, by specifier. */
export function compiledModule(
  source: string,
  file = 'src/system/hot.ts',
  rooms: Readonly<Record<string, object>> = {},
): Exports {
  const { code } = countReductions(source, { file, door: '../runtime' })
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const exports = {}
  const all: Readonly<Record<string, object>> = { '../runtime': runtime, ...rooms }
  new Function('exports', 'require', outputText)(exports, (room: string) => all[room])
  return exports
}

/** A version made of functions of a test file. */
export const versionByHand = (exports: object): Exports => ({
  ...exports,
  $code: { places: [], bodies: () => [] },
})
