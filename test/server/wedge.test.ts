import { describe, expect, test } from 'vitest'
import type { Frame } from '../../server/stack'
import { isWedged, wedgeReason, type Silence } from '../../server/wedge'

describe('a host is wedged', () => {
  test.each<[why: string, silence: Silence, wedged: boolean]>([
    ['not while it beats', { silentMs: 90, burnedMs: 90, rootLagMs: 0 }, false],
    ['not just below the limit', { silentMs: 499, burnedMs: 499, rootLagMs: 0 }, false],
    ['when it burned its silence', { silentMs: 500, burnedMs: 400, rootLagMs: 0 }, true],
    ['not when it got no turn', { silentMs: 500, burnedMs: 399, rootLagMs: 0 }, false],
    ['not when it waits for a disk', { silentMs: 1_999, burnedMs: 0, rootLagMs: 0 }, false],
    ['when the root was nearly punctual', { silentMs: 600, burnedMs: 600, rootLagMs: 99 }, true],
    ['not when the root was late', { silentMs: 600, burnedMs: 600, rootLagMs: 100 }, false],
    [
      'not yet when CPU time is unknown',
      { silentMs: 1_999, burnedMs: undefined, rootLagMs: 0 },
      false,
    ],
    ['after 2 s even when it rests', { silentMs: 2_000, burnedMs: 0, rootLagMs: 0 }, true],
    ['after 2 s even of a late root', { silentMs: 2_000, burnedMs: 2_000, rootLagMs: 900 }, true],
    ['after 2 s of unknown CPU time', { silentMs: 2_000, burnedMs: undefined, rootLagMs: 0 }, true],
  ])('%s', (_why, silence, wedged) => {
    expect(isWedged(silence)).toBe(wedged)
  })
})

describe('the reason', () => {
  const burning: Silence = { silentMs: 512.4, burnedMs: 500, rootLagMs: 1 }
  const resting: Silence = { silentMs: 2_003, burnedMs: 10, rootLagMs: 1 }
  const inFile: Frame = { name: 'blockForever', file: 'src/blocker.ts', line: 12, column: 3 }
  const inNode: Frame = { name: 'processImmediate', file: '', line: 400, column: 1 }

  test.each<[silence: Silence, stack: Frame[] | undefined, reason: string]>([
    [burning, [inFile, inNode], 'wedged: silent for 512 ms in blockForever (src/blocker.ts:12)'],
    [burning, [inNode, inFile], 'wedged: silent for 512 ms in blockForever (src/blocker.ts:12)'],
    [burning, [inNode], 'wedged: silent for 512 ms in processImmediate'],
    [burning, undefined, 'wedged: silent for 512 ms, no stack'],
    [burning, [], 'wedged: silent for 512 ms, no stack'],
    [resting, undefined, 'wedged: silent for 2003 ms, 10 ms of CPU, no stack'],
  ])('of %j and %j is in words for people', (silence, stack, reason) => {
    expect(wedgeReason(silence, stack)).toBe(reason)
  })
})
