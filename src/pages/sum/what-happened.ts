/*
 * Turns what the source tells into notices: the line was lost and came back, a host died and why,
 * the session began a new life and with it an empty list. A restart shows in the epoch: another
 * life of the session, or of its whole host (envelope.ts). Nobody has to reload to learn any of it.
 */
import { hostLifeOf, sessionStream } from '../../protocol/envelope'
import { hostsFold, hostsStream } from '../../protocol/hosts'
import { sumFold } from '../../protocol/sum'
import type { Connection, Source, Stop } from '../../source/source'
import { withWord, type Notice, type Say } from '../parts/notice'
import { duration } from '../parts/time-of-day'
import { createHostStory } from './host-story'

/** Which epoch of a stream this tab saw last; it outlives a reload. */
export interface EpochMemory {
  recall(stream: string): string | undefined
  remember(stream: string, epoch: string): void
}

export interface WhatHappened {
  dismiss(id: number): void
  readonly stop: Stop
}

/** Tells all notices at each change, newest first. */
export function watchWhatHappened(
  source: Source,
  memory: EpochMemory,
  tell: (notices: readonly Notice[]) => void,
): WhatHappened {
  let notices: readonly Notice[] = []
  const change = (next: readonly Notice[]) => {
    notices = next
    tell(next)
  }
  const say: Say = (word) => change(withWord(notices, word, source.now()))
  const stops = [watchConnection(source, say), watchSession(source, memory, say)]
  return {
    dismiss: (id) => change(notices.filter((notice) => notice.id !== id)),
    stop: () => stops.forEach((stop) => stop()),
  }
}

function watchConnection(source: Source, say: Say): Stop {
  const subject = 'connection'
  let before: Connection = 'connecting'
  let lostAtMs = 0
  return source.onConnection((connection) => {
    if (connection === 'lost') {
      lostAtMs = source.now()
      const text = 'The connection was lost. The page tries again by itself.'
      say({ subject, text, healed: false, amends: false })
    } else if (connection === 'live' && before === 'lost') {
      const goneFor = duration(source.now() - lostAtMs)
      const text = `The connection was lost and came back after ${goneFor}.`
      say({ subject, text, healed: true, amends: true })
    }
    before = connection
  })
}

function watchSession(source: Source, memory: EpochMemory, say: Say): Stop {
  const hosts = createHostStory(() => source.now(), say)
  let stream: string | undefined
  const stopHosts = source.follow(hostsStream, hostsFold, ({ view }) => hosts.see(view, stream))
  let stopSession: Stop = () => {}
  const stopWelcome = source.onWelcome(({ visitor }) => {
    const next = sessionStream(visitor)
    if (next === stream) return
    if (stream !== undefined) {
      const text = 'The system does not know this browser any more. You have a new session.'
      say({ subject: 'visitor', text, healed: false, amends: false })
    }
    stream = next
    stopSession()
    stopSession = source.follow(next, sumFold, ({ epoch }) => {
      if (epoch === undefined) return
      const old = memory.recall(next)
      memory.remember(next, epoch)
      if (old === undefined || old === epoch) return
      if (hostLifeOf(old) !== hostLifeOf(epoch)) return hosts.sayListIsNew()
      const text = 'Your session was restarted, so your list starts anew.'
      say({ subject: 'session', text, healed: true, amends: false })
    })
  })
  return () => {
    stopHosts()
    stopWelcome()
    stopSession()
  }
}
