/*
 * Watches over the log: tells the presenter when it can keep nothing, and tries again until it can.
 * What it tells is kept nowhere but in memory.
 */
import { receiveWithin, timeout, type Body } from '../runtime'
import { logHealthFold, logHealthStream } from '../protocol/log-health'
import type { BoardWorld } from './board'
import { announce, openStream, say, show } from './stream'
import { decline, type Follow, type Wish } from './wish'

/** The log says that it cannot keep, and why; without a reason, that it can again. */
export interface LogTrouble {
  readonly type: 'log_trouble'
  readonly reason?: string
}

/** So long a full disk may have room again before anybody notices. */
const probeEveryMs = 1_000

export function* logKeeper(world: BoardWorld): Body {
  const health = openStream(world, logHealthStream, logHealthFold)
  announce(health)
  const { openingNews: news } = world
  if (news !== undefined) say(health, { type: 'log_replaced', reason: news, atMs: world.clock() })
  // Trouble may have begun before this process did.
  if (!world.log.probe()) {
    say(health, { type: 'log_failed', reason: 'Nothing can be kept.', atMs: world.clock() })
  }
  for (;;) {
    const limitMs = health.view.trouble ? probeEveryMs : Infinity
    const message = yield* receiveWithin<Follow | Wish | LogTrouble>(limitMs)
    if (message === timeout) world.log.probe()
    else if (message.type === 'follow') show(health, message)
    else if (message.type === 'wish') decline(message, 'unknown_stream')
    else if (message.reason !== undefined) {
      say(health, { type: 'log_failed', reason: message.reason, atMs: world.clock() })
    } else if (health.view.trouble) say(health, { type: 'log_healed', atMs: world.clock() })
  }
}
