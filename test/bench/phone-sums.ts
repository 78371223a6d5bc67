/* A phone that sums up fives, a few times a second, and notes how long it waits for each. */
import { setTimeout as pause } from 'node:timers/promises'
import { sessionStream } from '../../src/protocol/envelope'
import { sumFold, type SumView } from '../../src/protocol/sum'
import type { LiveSource } from '../../src/source/live'

/** Somebody who types and looks is slower. */
const betweenSumsMs = 200

export function streamOf(source: LiveSource): Promise<string> {
  return new Promise((resolve) => {
    source.onWelcome(({ visitor }) => resolve(sessionStream(visitor)))
  })
}

/** @param endMs on the clock of `performance` */
export async function sumsUntil(phone: LiveSource, endMs: number): Promise<number[]> {
  const took: number[] = []
  const stream = await streamOf(phone)
  let seen = (_: SumView): void => {}
  const stop = phone.follow(stream, sumFold, ({ view }) => seen(view))
  while (performance.now() < endMs) {
    const id = `bench-${Math.round(performance.now() * 1000)}`
    const beganMs = performance.now()
    const isDone = new Promise<void>((resolve) => {
      seen = ({ lines }) => {
        if (lines.some((line) => line.id === id && line.state === 'finished')) resolve()
      }
    })
    void phone.wish(stream, { type: 'start_sum', text: '5' }, id)
    await isDone
    took.push(performance.now() - beganMs)
    await pause(betweenSumsMs)
  }
  stop()
  return took
}
