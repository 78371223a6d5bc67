/*
 * Has a canary try new code: a worker of its own, which lives for one upgrade. It is watched like a
 * host, and what befalls it is the finding.
 */
import { sourcePlaceIn } from '../host/source-place'
import type { Tried, UpgradesWorld } from '../host/upgrades'
import type { Watch } from '../host/watch'
import type { HotFiles } from '../protocol/code-words'
import type { Problem } from '../protocol/upgrades'
import type { WorkerLife } from './worker-life'

/** A word of the canary, which runs what it tries: of its shape, nothing is sure. */
interface Said {
  readonly type?: unknown
  readonly tries?: readonly string[]
  readonly files?: HotFiles
  readonly problem?: Problem
}

export function createTryOut(
  begin: (watch: Watch) => WorkerLife,
  patience: Pick<Watch, 'log' | 'startWithinMs' | 'stackWithinMs' | 'awakeMs'>,
): UpgradesWorld['tryOut'] {
  return (sources, current) =>
    new Promise((resolve) => {
      const finish = (tried: Tried) => {
        resolve(tried)
        canary.stop()
      }
      const canary: WorkerLife = begin({
        ...patience,
        onReady: () => canary.send({ type: 'try_code', sources, current }),
        onWord(raw) {
          const { type, tries = [], files = {}, problem } = raw as Said
          if (type === 'code_tried') finish({ tries, files })
          else if (problem) finish({ problem })
        },
        onEnd: (reason) =>
          resolve({ problem: { sentence: sentenceOf(reason), ...sourcePlaceIn(reason) } }),
      })
    })
}

const sentenceOf = (reason: string): string =>
  reason.startsWith('wedged')
    ? 'It did not come back while it was tried: a loop there never ends.'
    : `The canary did not survive it: ${reason.slice(0, 300)}.`
