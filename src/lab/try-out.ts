/*
 * Has a canary try new code: a worker of its own, which lives for one upgrade. It is watched like a
 * host, and what befalls it is the finding.
 */
import { findingIn, findingOfEnd } from '../host/finding'
import type { UpgradesWorld } from '../host/upgrades'
import type { Watch } from '../host/watch'
import type { WorkerLife } from './worker-life'

export function createTryOut(
  begin: (watch: Watch) => WorkerLife,
  patience: Pick<Watch, 'log' | 'startWithinMs' | 'stackWithinMs' | 'awakeMs'>,
): UpgradesWorld['tryOut'] {
  return (sources, current) =>
    new Promise((resolve) => {
      const canary: WorkerLife = begin({
        ...patience,
        onReady: () => canary.send({ type: 'try_code', sources, current }),
        onWord(raw) {
          const found = findingIn(raw)
          if (!found) return
          resolve(found)
          canary.stop()
        },
        onEnd: (reason) => resolve(findingOfEnd(reason)),
      })
    })
}
