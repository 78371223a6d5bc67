/*
 * The whole system in a page: the hosts are workers, the gateway and the root are this page's own,
 * and a source for its pages is lent over no network at all. Whoever opens it presents.
 */
import { actsOf } from '../gateway/acts'
import type { Follower } from '../gateway/fan-out'
import { createHub, type Hub } from '../gateway/hub'
import type { Admitted } from '../gateway/permission'
import { soon } from '../host/turn'
import type { Welcome } from '../protocol/envelope'
import type { Hears } from '../source/line'
import { createSourceOver, type LineSource, type PageLine } from '../source/over-line'
import type { Source } from '../source/source'
import type { Beginning } from './beginning'
import { LabRoot } from './lab-root'
import { createPortLines } from './port-lines'

export interface Lab {
  /** What the lab's own pages see. */
  readonly source: Source
  /** Somebody else's line, who presents nothing. */
  enter(visitor: string): LineSource
  /** Ends a host as `kill -9` would. */
  kill(host: string): void
}

/** The learner's own session. */
const learner: Admitted = { visitor: 'learner', role: 'presenter' }

/**
 * Starts the lab.
 * @param beginning where it begins
 * @param createWorker starts src/lab/worker.ts: how, is the build's business
 */
export function createLab(beginning: Beginning, createWorker: () => Worker): Lab {
  const lines = createPortLines({
    home: '',
    carry: (address, port) => root.carry(address, port),
  })
  const onGone = (home: string) => lines.drop(home)
  const root: LabRoot = new LabRoot({ createWorker, onGone }, beginning, () => hub)
  const hub: Hub = createHub({
    life: `lab${Date.now().toString(36)}.1`,
    lines,
    log: () => {},
    say: (word) => root.hear(word),
    withoutSecrets: (line) => line,
  })
  const standing = new Map<Follower, Hears>()
  hub.streams.open((followers, type, body) => {
    for (const follower of followers) {
      soon(() => {
        const hears = standing.get(follower)
        if ('view' in body) hears?.snapshot(body)
        else if (type === 'events') hears?.events(body)
      })
    }
  })
  const enter = (admitted: Admitted) =>
    createSourceOver((hears) => openLine(hub, standing, admitted, hears))
  const source = enter(learner)
  root.start()
  hub.open(() => standing.keys())
  return {
    source,
    enter: (visitor) => enter({ visitor, role: 'audience' }),
    kill: (host) => root.kill(host),
  }
}

let lines = 0

/** A line to the gateway in this page: what is said is heard in the next turn. */
function openLine(
  hub: Hub,
  standing: Map<Follower, Hears>,
  admitted: Admitted,
  hears: Hears,
): PageLine {
  const follower = `line-${++lines}`
  const acts = actsOf(hub.streams, follower, admitted)
  standing.set(follower, hears)
  const isOpen = () => standing.has(follower)
  const welcome: Welcome = {
    ...admitted,
    version: 'lab',
    address: '',
    reconnectWithinMs: 0,
  }
  soon(() => {
    hears.connection('live')
    hears.welcome(welcome)
  })
  return {
    ask(word, body, answered) {
      soon(() => {
        if (isOpen()) void Promise.resolve(acts[word](body)).then(answered)
      })
    },
    close() {
      standing.delete(follower)
      hub.streams.forget(follower)
    },
  }
}
