/*
 * Has a canary try new code: starts it, hands it the sources, and waits for its word. It is watched
 * like a host (memory, a loop that never ends), and what befalls it is the finding.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sourcePlaceIn } from '../src/host/source-place'
import type { UpgradesWorld } from '../src/host/upgrades'
import { readFromCanary, type HotFiles, type TryWord } from '../src/protocol/code-words'
import type { Log } from '../src/protocol/log-record'
import type { Problem } from '../src/protocol/upgrades'
import type { HostSpec, HostSupervisor } from './supervisor'

/** Compiling and trying take half a second; a machine whose cores are all busy takes longer. */
const withinMs = 30_000
const stopWithinMs = 500

export interface TryOutDoors {
  readonly canary: HostSpec
  /** Folder of this run, where hosts look for code. */
  readonly runDir: string
  /** Of the root's supervisor. */
  readonly launch: HostSupervisor['launch']
  readonly log: Log
}

type Found = { readonly tries: readonly string[] } | { readonly problem: Problem }

export function createTryOut(doors: TryOutDoors): UpgradesWorld['tryOut'] {
  let last = 0
  return async (sources, current) => {
    const folder = join(doors.runDir, `code-${++last}`)
    const found = await tryBy(doors, { type: 'try_code', sources, folder, current })
    if ('problem' in found) {
      await rm(folder, { recursive: true, force: true })
      return found
    }
    const files = Object.keys(sources).map((module) => [module, join(folder, `${module}.js`)])
    return { ...found, files: Object.fromEntries(files) as HotFiles }
  }
}

function tryBy({ canary: spec, launch, log }: TryOutDoors, word: TryWord): Promise<Found> {
  return new Promise((resolve) => {
    /** Where it was when it hung, if its stack could be taken. */
    let hung: string | undefined
    const finish = (found: Found) => {
      clearTimeout(limit)
      resolve(found)
      canary.stop(stopWithinMs)
    }
    const fail = (reason: string) =>
      finish({ problem: { sentence: sentenceOf(reason), ...sourcePlaceIn(hung ?? reason) } })
    const limit = setTimeout(() => fail(`silent for ${withinMs / 1000} s`), withinMs)
    const canary = launch(spec, {
      log(record) {
        if (record.event === 'host_wedged') hung = String(record.stack)
        log(record)
      },
      onReady: () => canary.send(word),
      onWord(raw) {
        const said = readFromCanary(raw)
        if (said?.type === 'code_tried') finish({ tries: said.tries })
        else if (said?.type === 'code_problem') finish({ problem: problemOf(said.problem) })
      },
      onEnd: (reason, sentence) => fail(sentence ?? reason),
    })
  })
}

const sentenceOf = (reason: string): string =>
  reason.startsWith('wedged')
    ? 'It did not come back while it was tried: a loop there never ends.'
    : `The canary did not survive it: ${reason.slice(0, 300)}.`

/** Without what is not known. */
function problemOf(said: {
  sentence: string
  module?: Problem['module'] | undefined
  line?: number | undefined
  column?: number | undefined
}): Problem {
  const { sentence, module, line, column } = said
  return {
    sentence,
    ...(module !== undefined && { module }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  }
}
