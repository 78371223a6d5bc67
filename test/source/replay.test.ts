import { assert, constantFrom, array, integer, property } from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { refused } from '../../src/protocol/envelope'
import { deckFold, deckStream } from '../../src/protocol/deck'
import { huntFold, huntStream } from '../../src/protocol/hunt'
import { processesFold, tableStream } from '../../src/protocol/processes'
import { refuse } from '../../src/protocol/refusals'
import type { RecordedWord, Recording } from '../../src/protocol/recording'
import { Replay } from '../../src/source/replay'
import type { Followed } from '../../src/source/source'
import { foldedTo } from './folded'
import { beganAtMs, kinds, makeRecording } from './made-recording'
import { createViewerClock } from './viewer-clock'

const open = (recording: Recording) => {
  const viewer = createViewerClock()
  return { viewer, replay: new Replay(recording, viewer) }
}

/** What is known of each stream, for as long as it is followed. */
function watchAll(replay: Replay) {
  const known = new Map<string, Followed<unknown>>()
  for (const { stream, fold } of kinds) {
    replay.source.follow(stream, fold, (followed) => known.set(stream, followed))
  }
  return known
}

const shows = (slide: string, fragment = -1) => ({
  ...{ type: 'slide_shown', slide, fragment, wish: 'w', atMs: 0 },
})
const turn = (atMs: number, seq: number, ...events: unknown[]): RecordedWord => ({
  ...{ atMs, type: 'events', stream: deckStream, epoch: 'a.1', seq, events },
})
const recordingOf = (...words: RecordedWord[]): Recording => ({
  head: { recording: 1, title: 'A talk', version: '0.1.0', beganAtMs },
  ...{ words, unreadable: 0, isNewer: false },
})
const talk = recordingOf(
  turn(1_000, 1, shows('one')),
  turn(2_000, 2, shows('two')),
  turn(2_500, 3, shows('two', 0)),
  turn(4_000, 4, shows('three')),
)
function slideOf(replay: Replay) {
  const seen: (string | undefined)[] = []
  replay.source.follow(deckStream, deckFold, ({ view }) => seen.push(view.shown?.slide))
  return seen
}

describe('the clock', () => {
  test('stands at the beginning until it is played, and stops at the end', () => {
    const { replay, viewer } = open(talk)
    const seen = slideOf(replay)
    viewer.pass(10_000)
    expect(replay.state).toMatchObject({ atMs: 0, isPlaying: false })
    replay.play()
    viewer.pass(1_050)
    expect(seen).toEqual([undefined, 'one'])
    expect(replay.source.now()).toBe(beganAtMs + 1_050)
    viewer.pass(60_000)
    expect(seen.at(-1)).toBe('three')
    expect(replay.state).toMatchObject({ atMs: 4_000, isPlaying: false })
  })

  test('runs faster and slower, within bounds, and begins anew at its end', () => {
    const { replay, viewer } = open(talk)
    replay.play()
    replay.setSpeed(2)
    viewer.pass(1_000)
    expect(replay.state.atMs).toBe(2_000)
    replay.setSpeed(0.01)
    expect(replay.state.speed).toBe(0.5)
    viewer.pass(1_000)
    expect(replay.state.atMs).toBe(2_500)
    replay.setSpeed(99)
    viewer.pass(1_000)
    expect(replay.state).toMatchObject({ speed: 8, atMs: 4_000, isPlaying: false })
    replay.play()
    viewer.pass(100)
    expect(replay.state.atMs).toBe(800)
  })

  test('jumps both ways, no further than there is something, and goes on from there', () => {
    const { replay, viewer } = open(talk)
    const seen = slideOf(replay)
    replay.play()
    replay.seek(3_900)
    expect(seen.at(-1)).toBe('two')
    viewer.pass(150)
    expect(seen.at(-1)).toBe('three')
    replay.seek(1_500)
    expect(seen.at(-1)).toBe('one')
    replay.seek(-5)
    expect(replay.state.atMs).toBe(0)
    replay.seek(1e9)
    expect(replay.state.atMs).toBe(4_000)
  })

  test('lets pages wait at its pace, and lets nobody wait for ever in a pause', () => {
    const { replay, viewer } = open(talk)
    const act = vi.fn()
    replay.play()
    replay.setSpeed(4)
    replay.source.after(400, act)
    viewer.pass(90)
    expect(act).not.toHaveBeenCalled()
    viewer.pass(60)
    expect(act).toHaveBeenCalledTimes(1)
    replay.pause()
    replay.source.after(400, act)
    const stop = replay.source.after(400, () => expect.fail('was stopped'))
    stop()
    viewer.pass(500)
    expect(act).toHaveBeenCalledTimes(2)
  })

  test('is put back by a jump back alone, and says so', () => {
    const { replay } = open(talk)
    const rewound = vi.fn()
    const stop = replay.source.onRewind(rewound)
    replay.seek(3_000)
    expect(rewound).not.toHaveBeenCalled()
    replay.seek(1_000)
    expect(rewound).toHaveBeenCalledTimes(1)
    stop()
    replay.seek(0)
    expect(rewound).toHaveBeenCalledTimes(1)
  })

  test('steps from one happening to the next, over samples, and pauses there', () => {
    const sample = { type: 'load_sampled', sample: {} }
    const { replay } = open(
      recordingOf(
        turn(1_000, 1, shows('one')),
        turn(1_500, 2, sample),
        turn(2_000, 3, shows('two')),
        turn(3_000, 4, sample),
      ),
    )
    const at = () => replay.state.atMs
    replay.play()
    replay.step(1)
    expect(replay.state).toMatchObject({ atMs: 1_000, isPlaying: false })
    replay.step(1)
    expect(at()).toBe(2_000)
    replay.step(1)
    expect(at()).toBe(3_000)
    replay.step(-1)
    expect(at()).toBe(2_000)
    replay.step(-1)
    replay.step(-1)
    expect(at()).toBe(0)
  })
})

describe('a follower', () => {
  test('is told who it is, and is refused whatever it wishes', async () => {
    const { replay } = open(talk)
    const told = vi.fn()
    replay.source.onWelcome(told)
    const welcome = { visitor: 'replay', role: 'audience', address: '' }
    expect(told).toHaveBeenCalledWith(expect.objectContaining(welcome))
    expect(await replay.source.wish(deckStream, shows('two'))).toEqual(
      refused(refuse('only_shown')),
    )
  })

  test('has an empty view and no epoch of what was not recorded', () => {
    const { replay } = open(talk)
    const told = vi.fn()
    replay.source.follow(huntStream, huntFold, told)
    replay.seek(4_000)
    expect(told.mock.calls).toEqual([[{ view: huntFold.empty, epoch: undefined }]])
  })

  test('that follows later has the view of this moment, and none once it stops', () => {
    const { replay } = open(talk)
    replay.seek(2_600)
    const told = vi.fn()
    const stop = replay.source.follow(deckStream, deckFold, told)
    expect(told).toHaveBeenCalledWith(
      expect.objectContaining({ view: { shown: expect.objectContaining({ fragment: 0 }) } }),
    )
    stop()
    replay.seek(4_000)
    expect(told).toHaveBeenCalledTimes(1)
  })

  test('that throws costs the others nothing', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { replay } = open(talk)
    let isReady = false
    replay.source.follow(deckStream, deckFold, () => {
      if (isReady) throw new Error('broken')
    })
    const seen = slideOf(replay)
    isReady = true
    replay.seek(4_000)
    expect(seen.at(-1)).toBe('three')
    expect(warn).toHaveBeenCalled()
    warn.mockRestore()
  })

  test('hears that it is over when the window that lends closes', () => {
    const { replay } = open(talk)
    const told = vi.fn()
    replay.source.onConnection(told)
    replay.end()
    expect(told.mock.calls).toEqual([['recorded'], ['lost']])
  })
})

describe('markers', () => {
  test('are the slides, each once for all its fragments, and the hosts that were lost', () => {
    const lost: RecordedWord = {
      ...{ atMs: 4_100, type: 'events', stream: 'gateway/hosts', epoch: 'g', seq: 9 },
      events: [{ type: 'host_lost', host: 'play-1', reason: 'killed' }, 7, null],
    }
    const { replay } = open(recordingOf(...talk.words, lost))
    expect(replay.markers).toEqual([
      { kind: 'slide', atMs: 1_000, slide: 'one' },
      { kind: 'slide', atMs: 2_000, slide: 'two' },
      { kind: 'slide', atMs: 4_000, slide: 'three' },
      { kind: 'loss', atMs: 4_100, host: 'play-1' },
    ])
  })
})

describe('a process table', () => {
  test('answers another question than was recorded by its rows', () => {
    const { replay } = open(makeRecording(1, { words: 2_000, lengthMs: 60_000 }))
    const tables: Followed<typeof processesFold.empty>[] = []
    const asked = { sortBy: 'name', descending: true, limit: 100, refreshS: 1 } as const
    for (const search of ['', 'SUM', 'nothing of that name']) {
      const told = (followed: Followed<typeof processesFold.empty>) => tables.push(followed)
      replay.source.follow(tableStream({ ...asked, search }), processesFold, told)
    }
    replay.seek(60_000)
    const [all, found, none] = tables.slice(-3).map(({ view }) => view.table!)
    const callsOf = ({ rows }: typeof all & object) => rows.map(({ initialCall }) => initialCall)
    expect(callsOf(all!)).toEqual(['sum.sum', 'session.session', 'board.board'])
    expect(callsOf(found!)).toEqual(['sum.sum'])
    expect([all!.matched, found!.matched, none!.matched]).toEqual([3, 1, 0])
    expect(all!.processes).toBe(3)
  })
})

describe("a stranger's recording", () => {
  const hostile = recordingOf(
    { atMs: 0, type: 'snapshot', stream: huntStream, epoch: 'a', seq: 0, view: { found: 7 } },
    { atMs: 1, type: 'events', stream: deckStream, epoch: 'a', seq: 9, events: [null, 7, {}, 'x'] },
    { atMs: 2, type: 'events', stream: huntStream, epoch: 'a', seq: 0, events: [{ type: 'x' }] },
    turn(3, 1, shows('one')),
  )

  test('shows what can be shown', () => {
    const { replay } = open(hostile)
    const seen = slideOf(replay)
    const told = vi.fn()
    replay.source.follow(huntStream, huntFold, told)
    replay.seek(3)
    expect(seen.at(-1)).toBe('one')
    expect(told.mock.lastCall![0].view).toEqual(huntFold.empty)
  })

  test('costs an event that cannot be folded, and nothing else', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const broken = {
      empty: { total: 0 },
      fold: ({ total }: { total: number }, event: unknown) => {
        if (event === 'bad') throw new Error('bad')
        return { total: total + 1 }
      },
    }
    const { replay } = open(recordingOf(turn(1, 3, 'good', 'bad', 'good')))
    const told = vi.fn()
    replay.source.follow(deckStream, broken, told)
    replay.seek(1)
    expect(told.mock.lastCall![0].view).toEqual({ total: 2 })
    warn.mockRestore()
  })

  test('with more in a moment than can be folded at once lets everybody else go on', () => {
    const events = Array.from({ length: 100_000 }, (_, at) => shows(`slide-${at}`))
    const viewer = createViewerClock()
    let nowMs = 0
    // Each look at the clock is a look at work that takes time.
    const replay = new Replay(recordingOf(turn(5, events.length, ...events)), {
      ...viewer,
      now: () => (nowMs += 5),
    })
    const seen = slideOf(replay)
    replay.seek(5)
    expect(seen).toEqual([undefined])
    viewer.pass(1)
    expect(seen.at(-1)).toBe('slide-99999')
  })
})

test('a gap is told to be one', () => {
  const { replay } = open(recordingOf(turn(0, 1), { atMs: 500, type: 'gap' }, turn(900, 2)))
  const isInGap = (atMs: number) => {
    replay.seek(atMs)
    return replay.state.isInGap
  }
  expect([499, 500, 899, 900].map(isInGap)).toEqual([false, true, true, false])
})

test('whatever way one comes to a moment, its views are the same', () => {
  const lengthMs = 10_000
  const act = constantFrom('seek', 'play', 'step', 'back')
  assert(
    property(
      integer(),
      array(
        act.chain((way) => integer({ min: 0, max: lengthMs }).map((ms) => ({ way, ms }))),
        {
          minLength: 100,
          maxLength: 100,
        },
      ),
      (seed, ways) => {
        const recording = makeRecording(seed, { words: 3_000, lengthMs, oneIsSnapshotIn: 50 })
        const { replay, viewer } = open(recording)
        const known = watchAll(replay)
        for (const { way, ms } of ways) {
          if (way === 'seek') replay.seek(ms)
          else if (way === 'play') {
            replay.play()
            viewer.pass(ms / 20)
            replay.pause()
          } else replay.step(way === 'step' ? 1 : -1)
        }
        for (const { stream, fold } of kinds) {
          const { view, epoch } = foldedTo(recording, stream, fold, replay.state.atMs)
          expect(known.get(stream)).toMatchObject({ view, epoch })
        }
      },
    ),
    { numRuns: 20 },
  )
})
