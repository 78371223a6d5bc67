/*
 * Has a canary try new code: starts it, hands it the sources, and waits for its word. It is watched
 * like a host (memory, a loop that never ends), and what befalls it is the finding.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findingIn, findingOfEnd, type Finding } from '../src/host/finding'
import type { UpgradesWorld } from '../src/host/upgrades'
import type { HotFiles, TryWord } from '../src/protocol/code-words'
import type { Log } from '../src/protocol/log-record'
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

function tryBy({ canary: spec, launch, log }: TryOutDoors, word: TryWord): Promise<Finding> {
  return new Promise((resolve) => {
    /** Where it was when it hung, if its stack could be taken. */
    let hung: string | undefined
    const finish = (found: Finding) => {
      clearTimeout(limit)
      resolve(found)
      canary.stop(stopWithinMs)
    }
    const fail = (reason: string) => finish(findingOfEnd(reason, hung))
    const limit = setTimeout(() => fail(`silent for ${withinMs / 1000} s`), withinMs)
    const canary = launch(spec, {
      log(record) {
        if (record.event === 'host_wedged') hung = String(record.stack)
        log(record)
      },
      onReady: () => canary.send(word),
      onWord(raw) {
        const found = findingIn(raw)
        if (found) finish(found)
      },
      onEnd: (reason, sentence) => fail(sentence ?? reason),
    })
  })
}
