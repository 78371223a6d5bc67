/*
 * What the page shows, from two streams that speak ten times a second each: the load, and the
 * gauges of all OS processes. What comes within a twentieth of a second is told together, so that
 * charts are drawn ten times a second and not twenty. Figures are told twice a second: nobody can
 * read digits that change faster, and to lay out a table costs more than to draw a line.
 */
import { gaugesFold, gaugesStream, type GaugesSample } from '../../protocol/gauges'
import { loadFold, loadStream, type LoadSample, type LoadView } from '../../protocol/load'
import type { Source, Stop } from '../../source/source'
import { joinLives } from './load-history'

export interface LoadNews {
  /** Without its samples; those of lives before are among `samples`. */
  readonly load: Omit<LoadView, 'samples'>
  /** False until it is known what is wanted. */
  readonly isKnown: boolean
  readonly samples: readonly LoadSample[]
  readonly gauges: readonly GaugesSample[]
  /** When the last sample of either was taken: the right edge of the charts. */
  readonly nowMs: number
}

export const noNews: LoadNews = {
  load: loadFold.empty,
  isKnown: false,
  samples: [],
  gauges: [],
  nowMs: 0,
}

/** What charts draw and what figures say, which may be half a second older. */
export interface ToldNews {
  readonly charts: LoadNews
  readonly figures: LoadNews
}

const gatherMs = 50
const restMs = 450

/** Follows both streams; tells what is known at each change. */
export function followLoad(source: Source, tell: (told: ToldNews) => void): Stop {
  let news = noNews
  let figures = noNews
  let stopGathering: Stop | undefined
  let stopResting: Stop | undefined

  function hear(fresh: Partial<LoadNews>) {
    news = { ...news, ...fresh }
    stopGathering ??= source.after(gatherMs, () => {
      stopGathering = undefined
      const lastMs = [news.samples, news.gauges].map((samples) => samples.at(-1)?.atMs ?? 0)
      news = { ...news, nowMs: Math.max(...lastMs) }
      say()
    })
  }

  function say() {
    if (!stopResting && figures !== news) {
      figures = news
      stopResting = source.after(restMs, () => {
        stopResting = undefined
        if (!stopGathering) say()
      })
    }
    tell({ charts: news, figures })
  }

  const stops = [
    source.follow(loadStream, loadFold, ({ view, epoch }) =>
      hear({
        load: view,
        isKnown: epoch !== undefined,
        samples: joinLives(news.samples, view.samples),
      }),
    ),
    source.follow(gaugesStream, gaugesFold, ({ view }) =>
      hear({ gauges: joinLives(news.gauges, view.samples) }),
    ),
  ]
  return () => {
    stopGathering?.()
    stopResting?.()
    for (const stop of stops) stop()
  }
}
