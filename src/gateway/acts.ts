/*
 * What a page may ask of the gateway, by its word: the shape first, then who may, then the work.
 */
import { accepted, refused, type Answer } from '../protocol/envelope'
import { refuse } from '../protocol/refusals'
import { readFollow, readUnfollow, readWish } from '../protocol/wire'
import type { Follower } from './fan-out'
import { checkWish, mayFollow, type Admitted } from './permission'
import type { Streams } from './streams'

export type Act = (raw: unknown) => Answer | Promise<Answer>

export type Acts = Readonly<Record<'follow' | 'unfollow' | 'wish', Act>>

/** What this follower may ask. */
export function actsOf(streams: Streams, follower: Follower, admitted: Admitted): Acts {
  return {
    follow(raw) {
      const follow = readFollow(raw)
      if (!follow) return refused(refuse('malformed'))
      const refusal = mayFollow(admitted, follow.stream)
      return refusal ? refused(refusal) : streams.follow(follower, follow, admitted.role)
    },
    unfollow(raw) {
      const unfollow = readUnfollow(raw)
      if (!unfollow) return refused(refuse('malformed'))
      streams.unfollow(follower, unfollow.stream)
      return accepted
    },
    wish(raw) {
      const wish = readWish(raw)
      if (!wish) return refused(refuse('malformed'))
      const refusal = checkWish(admitted, wish)
      return refusal ? refused(refusal) : streams.wish(wish, admitted.visitor, admitted.role)
    },
  }
}
