/*
 * Hot modules in a worker of the lab. There is no disk: a module's file is its compiled text, which
 * a worker runs. It is run in a worker of the learner's own page, which is the whole point of the
 * lab, and comes from nowhere but the project and their editor.
 */
import { compileHotModule } from '../compile/hot-module'
import type { LoaderDoors, Rooms } from '../host/loader'
import { roomNames } from '../host/try-code'
import type { HotModule } from '../protocol/upgrades'
import type { Exports } from '../runtime'
import { builtTexts } from './built-texts'

/** By this name a module in a worker says how its own variables are read. */
const holding = '$labHolds'
const holders: (() => readonly unknown[])[] = []
Object.assign(globalThis, { [holding]: (held: () => readonly unknown[]) => holders.push(held) })

/** What the modules themselves hold now. */
export const heldByModules = (): readonly unknown[] => holders.map((held) => held())

/** Compiles a module to the text that workers run. Throws a CompileError. */
export function compileText(module: HotModule, source: string): string {
  const file = `src/system/${module}.ts`
  const { code, variables } = compileHotModule(source, { file, rooms: roomNames })
  // What is put first goes on the first line of the source, so that lines stay those of the source.
  const made = code
    .replace(/^export default ([^\n]*)\n/, '($1 ')
    .replace(
      /\nreturn (?=\{[^\n]*\};\n\}\n$)/,
      `\n${holding}(() => [${variables.join(', ')}])\nreturn `,
    )
    .trimEnd()
  return `${made})\n//# sourceURL=${file}`
}

const run = (text: string) => (0, eval)(text) as (rooms: Rooms) => Exports

const built = new Map<HotModule, Exports>()

export const fromText: LoaderDoors = {
  built(module, rooms) {
    const known = built.get(module) ?? run(compileText(module, builtTexts[module]))(rooms)
    built.set(module, known)
    return Promise.resolve(known)
  },
  importFile: (text) => Promise.resolve({ default: run(text) }),
}
