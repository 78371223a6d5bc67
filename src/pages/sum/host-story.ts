/*
 * The story of the hosts as notices. One outage is one notice: the host is down, is back, and, when
 * the visitor's session lived in it, why the list is empty now. Deaths that nobody watched (the
 * page slept) show in the count of losses.
 */
import type { HostLine, HostsView } from '../../protocol/hosts'
import type { Say } from '../parts/notice'
import { duration } from '../parts/time-of-day'
import { isDown, sessionHosts } from './host-trouble'

export interface HostStory {
  /** Looks at the hosts as they are now, for a session of that stream. */
  see(hosts: HostsView, stream: string | undefined): void
  /** Says that the visitor's session began anew because its host did. */
  sayListIsNew(): void
}

const reasonOf = ({ reason }: HostLine): string =>
  reason === undefined ? '' : ` Reason: ${reason}.`

const listIsNew = 'Your session lived in it, so your list starts anew.'

/** `now` gives the milliseconds of the source's clock. */
export function createHostStory(now: () => number, say: Say): HostStory {
  let before: HostsView | undefined
  let lines: readonly HostLine[] = []
  /** The last outage, until it has explained a new list. */
  let outage: { readonly host: string; readonly sinceMs: number } | undefined

  function seeHost(line: HostLine, old: HostLine | undefined) {
    const { host, state } = line
    const died = old ? line.losses > old.losses : isDown(line)
    if (died) outage = { host, sinceMs: now() }
    const isOngoing = outage?.host === host
    if (state === 'quarantined' && old?.state !== 'quarantined') {
      const text = `The host ${host} died again and again and is in quarantine.${reasonOf(line)}`
      say({
        subject: host,
        text: `${text} It is not restarted any more.`,
        healed: false,
        amends: isOngoing && !died,
      })
    } else if (died && isDown(line)) {
      const text = `The host ${host} is down.${reasonOf(line)} It is being restarted.`
      say({ subject: host, text, healed: false, amends: false })
    } else if (died) {
      const text = `The host ${host} was restarted.${reasonOf(line)}`
      say({ subject: host, text, healed: true, amends: false })
    } else if (isOngoing && outage && state === 'ready' && old?.state !== 'ready') {
      const downFor = duration(now() - outage.sinceMs)
      const text = `The host ${host} was down and is back after ${downFor}.`
      say({ subject: host, text: text + reasonOf(line), healed: true, amends: true })
    }
  }

  return {
    see(hosts, stream) {
      lines = sessionHosts(hosts, stream)
      for (const line of lines)
        seeHost(
          line,
          before?.hosts.find(({ host }) => host === line.host),
        )
      before = hosts
    },
    sayListIsNew() {
      const watched = lines.find(({ host }) => host === outage?.host)
      const line = watched ?? (lines.length === 1 ? lines[0] : undefined)
      outage = undefined
      const who = line ? `The host ${line.host}` : 'The host of your session'
      const why = line ? reasonOf(line) : ''
      const text = `${who} was restarted.${why} ${listIsNew}`
      say({ subject: line?.host ?? 'host', text, healed: true, amends: watched !== undefined })
    },
  }
}
