/*
 * The virtual clients' part in a run: turned up by the presenter, and watched, so that it can be
 * said how long the rate took to come back after a host was killed.
 */
import { loadFold, loadStream, type LoadCommand, type LoadSample } from '../../src/protocol/load'
import { createLiveSource } from '../../src/source/live'
import type { System } from '../support/system'
import { until } from '../support/until'
import { takeCookies } from './presenter'

export interface Load {
  wish(command: LoadCommand): Promise<void>
  /** Waits until so many clients live and do their jobs. */
  flows(target: number): Promise<void>
  /** All samples so far, of all lives of the host, oldest first. */
  readonly samples: readonly LoadSample[]
  leave(): void
}

/** Of what is wanted, so much is the whole of it. */
export const wholeRate = 0.95
const secondMs = 1_000

export async function watchLoad({ url }: System): Promise<Load> {
  const source = createLiveSource({ url, wakes: () => () => {}, cookie: await takeCookies(url) })
  const samples: LoadSample[] = []
  source.follow(loadStream, loadFold, ({ view }) => {
    const last = samples.at(-1)?.atMs ?? 0
    samples.push(...view.samples.filter(({ atMs }) => atMs > last))
  })
  return {
    samples,
    async wish(command) {
      const answer = await source.wish(loadStream, command)
      if (!answer.ok) throw new Error(`${command.type} was refused: ${answer.refusal.code}`)
    },
    async flows(target) {
      await until(() => {
        const rate = rateAt(samples, samples.length - 1)
        if (rate < wholeRate * target) throw new Error(`${Math.round(rate)} jobs a second`)
      })
    },
    leave: () => source.close(),
  }
}

/** Jobs done in the second that ends with this sample. */
function rateAt(samples: readonly LoadSample[], last: number): number {
  const endMs = samples[last]?.atMs ?? 0
  let done = 0
  for (let at = last; at >= 0 && samples[at]!.atMs > endMs - secondMs; at--)
    done += samples[at]!.done
  return done
}

/**
 * After each kill, how long until a whole second had the whole rate again; and when it never had.
 * A kill that nobody could notice in the rate took no time at all.
 */
export function recoveries(
  samples: readonly LoadSample[],
  killsMs: readonly number[],
  target: number,
): { readonly tookMs: readonly number[]; readonly never: number } {
  const tookMs = killsMs.flatMap((killMs, nth) => {
    const endMs = killsMs[nth + 1] ?? Infinity
    const at = samples.findIndex(
      ({ atMs }, index) =>
        atMs >= killMs + secondMs && atMs < endMs && rateAt(samples, index) >= wholeRate * target,
    )
    // The second that has it begins when the rate was back.
    return at < 0 ? [] : [samples[at]!.atMs - secondMs - killMs]
  })
  return { tookMs, never: killsMs.length - tookMs.length }
}
