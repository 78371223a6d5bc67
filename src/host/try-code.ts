/*
 * What a canary does with changed modules: compiles them, loads them into a system like that of
 * `play` in which a session waits already, and tries them there. Whatever they do to it, nobody
 * else notices.
 */
import { CompileError } from '../compile/process-code'
import type { FromCanary, HotFiles } from '../protocol/code-words'
import { hotModules, type HotModule, type Sources } from '../protocol/upgrades'
import type { Loop, RunQueue } from '../runtime'
import { rooms } from '../system/rooms'
import { Loader, type LoaderDoors } from './loader'
import { sourcePlaceIn } from './source-place'
import { Trial, TrialFailed } from './trial'

export interface TryDoors {
  /** Compiles a module; gives its file, as the loader knows files. Throws a CompileError. */
  compile(module: HotModule, source: string): string
  readonly loader: LoaderDoors
  readonly loop: Loop
  /** Another order of the runnable than the fair one. */
  readonly queue?: RunQueue
}

/** What each room has that a hot module may import, for the compiler. */
export const roomNames = Object.fromEntries(
  Object.entries(rooms).map(([room, words]) => [room, Object.keys(words)]),
)

/**
 * Gives what was tried, and the files of what was compiled.
 * @param current the files of what runs everywhere now
 */
export async function tryCode(
  sources: Sources,
  current: HotFiles,
  doors: TryDoors,
): Promise<{ readonly tries: string[]; readonly files: HotFiles }> {
  const compiled: Partial<Record<HotModule, string>> = {}
  for (const module of hotModules) {
    const source = sources[module]
    if (source !== undefined) compiled[module] = doors.compile(module, source)
  }
  const loader = new Loader(rooms, doors.loader)
  const trial = new Trial(await loader.load(current), doors.loop, doors.queue)
  await trial.begin()
  const tries = await trial.run(await loader.load({ ...current, ...compiled }))
  return { tries, files: compiled }
}

/** What was wrong, for whoever wrote it. */
export function problemOf(
  error: unknown,
): Extract<FromCanary, { type: 'code_problem' }>['problem'] {
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
