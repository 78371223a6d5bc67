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
import { CompileError } from '../src/compile/process-code'
import { hotModules, type HotModule } from '../src/protocol/upgrades'
import { rooms } from '../src/system/rooms'
import type { FromCanary, HotFiles, TryWord } from './code-words'
import { liveUnderRoot } from './leash'
import { Loader } from './loader'
import { sourcePlaceIn } from './source-place'
import { Trial, TrialFailed } from './trial'

const leash = liveUnderRoot({ onWord: (word) => void answer(word as TryWord) })
// From now on it is watched: code that never comes back is found where it is.
leash.ready()

// What is thrown later, by a timer or a promise, would end a play host as well.
process.on('uncaughtException', complain)

async function answer(word: TryWord): Promise<void> {
  try {
    leash.say({ type: 'code_tried', tries: await tryOut(word) } satisfies FromCanary)
  } catch (error) {
    complain(error)
  }
}

function complain(error: unknown): void {
  leash.say({ type: 'code_problem', problem: problemOf(error) } satisfies FromCanary)
}

async function tryOut({ sources, folder, current }: TryWord): Promise<string[]> {
  const compiled: Partial<Record<HotModule, string>> = {}
  mkdirSync(folder)
  for (const module of hotModules) {
    const source = sources[module]
    if (source !== undefined) compiled[module] = compile(module, source, folder)
  }
  const files: HotFiles = { ...current, ...compiled }
  const loader = new Loader(rooms)
  const trial = new Trial(await loader.load(current))
  await trial.begin()
  return await trial.run(await loader.load(files))
}

const roomNames = Object.fromEntries(
  Object.entries(rooms).map(([room, words]) => [room, Object.keys(words)]),
)

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

function problemOf(error: unknown): Extract<FromCanary, { type: 'code_problem' }>['problem'] {
  if (error instanceof CompileError) {
    const { reason, file, line, column } = error
    const module = hotModules.find((name) => file === `src/system/${name}.ts`)
    return { sentence: cut(reason), ...(module && { module }), line, column }
  }
  const place = sourcePlaceIn((error as Partial<Error> | undefined)?.stack ?? '')
  if (error instanceof TrialFailed) {
    return { sentence: cut(error.message), ...(error.place ?? place) }
  }
  const said = error instanceof Error ? errorText(error) : String(error)
  return { sentence: cut(`It threw while it was loaded: ${said}`), ...place }
}

const errorText = ({ name, message }: Error): string =>
  message.startsWith(`${name} `) ? message : `${name}: ${message}`

const cut = (sentence: string): string => sentence.slice(0, 400)
