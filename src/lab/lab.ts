/*
 * The whole system in a page: the hosts are workers, the gateway and the root are this page's own,
 * and a source for its pages is lent over no network at all. Whoever opens it presents.
 */
import { actsOf } from '../gateway/acts'
import { createHub, type Hub } from '../gateway/hub'
import { soon } from '../host/turn'
import type { Welcome } from '../protocol/envelope'
import type { Hears } from '../source/line'
import { createSourceOver, type PageLine } from '../source/over-line'
import type { Source } from '../source/source'
import { LabRoot } from './lab-root'
import { createPortLines } from './port-lines'

export interface Lab {
  /** What the lab's own pages see. */
  readonly source: Source
  /** Ends a host as `kill -9` would. */
  kill(host: string): void
}

/** The learner's own session. */
const learner = { visitor: 'learner', role: 'presenter' } as const

/**
 * Starts the lab.
 * @param createWorker starts src/lab/worker.ts: how, is the build's business
 */
export function createLab(createWorker: () => Worker): Lab {
  const lines = createPortLines({
    home: '',
    carry: (address, port) => root.carry(address, port),
  })
  const root: LabRoot = new LabRoot({ createWorker, onGone: (home) => lines.drop(home) }, () => hub)
  const hub: Hub = createHub({
    life: `lab${Date.now().toString(36)}.1`,
    lines,
    log: () => {},
    say: (word) => root.hear(word),
    withoutSecrets: (line) => line,
  })
  const source = createSourceOver((hears) => openLine(hub, hears))
  root.start()
  hub.open(() => [follower])
  return { source, kill: (host) => root.kill(host) }
}

const follower = 'page'

/** The line of the lab's page to the gateway in it: what is said is heard in the next turn. */
function openLine(hub: Hub, hears: Hears): PageLine {
  let isOpen = true
  const acts = actsOf(hub.streams, follower, learner)
  hub.streams.open((_followers, type, body) => {
    soon(() => {
      if (!isOpen) return
      if ('view' in body) hears.snapshot(body)
      else if (type === 'events') hears.events(body)
    })
  })
  const welcome: Welcome = {
    ...learner,
    version: 'lab',
    address: location.origin,
    reconnectWithinMs: 0,
  }
  soon(() => {
    hears.connection('live')
    hears.welcome(welcome)
  })
  return {
    ask(word, body, answered) {
      soon(() => {
        if (isOpen) void Promise.resolve(acts[word](body)).then(answered)
      })
    },
    close() {
      isOpen = false
      hub.streams.forget(follower)
    },
  }
}
