/*
 * The recorded rehearsal, for the time while the deck of the hall has lost the system: its live
 * frames go on from there (source/lent.ts), and return by themselves. It is fetched once the
 * deck has nothing else to do, kept packed, and opened when the connection is lost, so that it
 * costs a talk without trouble nothing. Where none is offered, or it has not come in time, frames
 * say that the connection is lost.
 *
 * It shows the moment at which the rehearsal came to the slide that is on, and plays on from there.
 * A frame that was never loaded has no page to show it with; its still says so.
 */
import type { RevealApi } from 'reveal.js'
import type { Connection, Source } from '../source/source'
import { withStandIn } from '../source/stand-in'
import { markRecorded } from './live-frame'
import type { Rehearsal } from './rehearsal'

/** Has the rehearsal stand in for as long as the page lives. */
export function standInWhenLost(reveal: RevealApi, source: Source): void {
  let connection: Connection = 'connecting'
  let isAsked = false
  let rehearsal: Rehearsal | undefined
  source.onConnection((now) => {
    connection = now
    if (now === 'live') rehearsal?.rest()
    if (now === 'lost') void rehearsal?.open()
    if (now !== 'live' || isAsked) return
    isAsked = true
    whenIdle(async () => {
      const code = await import('./rehearsal').catch(() => undefined)
      rehearsal = await code?.fetchRehearsal(reveal)
    })
  })
  reveal.on('slidechanged', () => {
    if (connection === 'lost') rehearsal?.turn()
  })
  window.letItCrashStandIn = (live, frame) =>
    withStandIn(live, {
      standIn: () => (connection === 'lost' ? rehearsal?.play() : undefined),
      onSwitch: (isStoodIn) => markRecorded(frame, isStoodIn),
    })
}

function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 10_000 })
  else setTimeout(act, 2_000)
}
