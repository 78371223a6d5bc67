/*
 * Guests of the root: OS processes that are watched like hosts (memory, silence, a start in time),
 * have one life, and are no part of the system.
 */
import type { Watch } from '../src/host/watch'
import { launchHost, type HostProcess } from './host-process'
import type { HostSpec } from './launch'

export type GuestHears = Pick<Watch, 'log' | 'onReady' | 'onWord' | 'onEnd'>

export interface Guest {
  send(word: unknown): void
  /** Ends it, in order if that takes no longer. */
  stop(withinMs: number): void
}

/** Nobody waits for another life of a guest, so it has more time to tell where it hangs. */
const stackWithinMs = 2_000

export class Guests {
  private readonly watch: Pick<Watch, 'startWithinMs' | 'awakeMs'>
  private readonly present = new Set<HostProcess>()

  constructor({ startWithinMs, awakeMs }: Pick<Watch, 'startWithinMs' | 'awakeMs'>) {
    this.watch = { startWithinMs, awakeMs }
  }

  launch(spec: HostSpec, hears: GuestHears): Guest {
    const process = launchHost(spec, {
      ...this.watch,
      stackWithinMs,
      ...hears,
      onEnd: (reason, sentence) => {
        if (process) this.present.delete(process)
        hears.onEnd(reason, sentence)
      },
    })
    if (process) this.present.add(process)
    return {
      send: (word) => process?.send(word),
      stop: (withinMs) => process?.stop(withinMs),
    }
  }

  look(rootLagMs: number): void {
    for (const guest of this.present) guest.look(rootLagMs)
  }

  /** Ends all at once. */
  stop(): void {
    for (const guest of this.present) guest.stop(0)
  }
}
