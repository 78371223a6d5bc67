/*
 * The host `canary`: an OS process of its own that lives for one upgrade. It compiles the changed
 * modules, loads them into a system like that of `play`, in which a session waits already, and
 * tries them. Whatever they do to it, nobody else notices: one that never comes back is killed by
 * the root's watch. Started by the root.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compileHotModule } from '../src/compile/hot-module'
import { problemOf, roomNames, tryCode } from '../src/host/try-code'
import type { FromCanary, TryWord } from '../src/protocol/code-words'
import type { HotModule } from '../src/protocol/upgrades'
import { fromFiles } from './files-loader'
import { liveUnderRoot } from './leash'
import { nodeLoop } from './node-loop'

const leash = liveUnderRoot({ onWord: (word) => void answer(word as TryWord) })
// From now on it is watched: code that never comes back is found where it is.
leash.ready()

// What is thrown later, by a timer or a promise, would end a play host as well.
process.on('uncaughtException', complain)

async function answer(word: TryWord): Promise<void> {
  try {
    mkdirSync(word.folder)
    const { tries } = await tryCode(word.sources, word.current, {
      compile: (module, source) => compile(module, source, word.folder),
      loader: fromFiles,
      loop: nodeLoop,
    })
    leash.say({ type: 'code_tried', tries } satisfies FromCanary)
  } catch (error) {
    complain(error)
  }
}

function complain(error: unknown): void {
  leash.say({ type: 'code_problem', problem: problemOf(error) } satisfies FromCanary)
}

/** Compiles a module into a file, beside its source map; gives the file. */
function compile(module: HotModule, source: string, folder: string): string {
  const name = `src/system/${module}.ts`
  const { code, map } = compileHotModule(source, { file: name, rooms: roomNames })
  const file = join(folder, `${module}.js`)
  const sourceUrl = pathToFileURL(resolve(name)).href
  const whole = { ...map, sources: [sourceUrl], sourcesContent: [source] }
  writeFileSync(`${file}.map`, JSON.stringify(whole))
  writeFileSync(file, `${code}//# sourceMappingURL=${module}.js.map\n`)
  return file
}
