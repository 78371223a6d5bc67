import { describe, expect, test } from 'vitest'
import type { HostsEvent } from '../../src/protocol/hosts'
import { hostsFold } from '../../src/protocol/hosts'
import { withWord, type Notice, type Word } from '../../src/pages/parts/notice'
import { createHostStory } from '../../src/pages/sum/host-story'
import { troubleOf } from '../../src/pages/sum/host-trouble'

const word = (text: string, more: Partial<Word> = {}): Word => ({
  subject: 'connection',
  text,
  healed: false,
  amends: false,
  ...more,
})

const after = (...words: Word[]): readonly Notice[] =>
  words.reduce<readonly Notice[]>((notices, word, i) => withWord(notices, word, i * 1000), [])

describe('a notice', () => {
  test('stands above the older ones', () => {
    expect(after(word('first'), word('second')).map(({ text }) => text)).toEqual([
      'second',
      'first',
    ])
  })

  test('that is amended keeps its place, its time and its id', () => {
    const [above, amended] = after(
      word('lost'),
      word('other', { subject: 'play' }),
      word('lost and back', { amends: true, healed: true }),
    )
    expect(above?.text).toBe('other')
    expect(amended).toEqual({
      id: 1,
      atMs: 0,
      subject: 'connection',
      text: 'lost and back',
      healed: true,
    })
  })

  test('that was to be amended and is gone is a new one', () => {
    expect(after(word('back', { amends: true })).map(({ text }) => text)).toEqual(['back'])
  })

  test('is one of few, the oldest go', () => {
    const notices = after(...['1', '2', '3', '4', '5'].map((text) => word(text)))
    expect(notices.map(({ text }) => text)).toEqual(['5', '4', '3'])
  })
})

/** What is told of hosts that went through these events, one look after each, 100 ms apart. */
function storyOf(looks: readonly (HostsEvent | 'my list is new')[], watchedFrom = 0) {
  let ms = 0
  let notices: readonly Notice[] = []
  let view = hostsFold.empty
  const story = createHostStory(
    () => ms,
    (word) => (notices = withWord(notices, word, ms)),
  )
  for (const [i, look] of looks.entries()) {
    ms += 100
    if (look === 'my list is new') story.sayListIsNew()
    else view = hostsFold.fold(view, look)
    if (i >= watchedFrom) story.see(view, undefined)
  }
  return notices.map(({ text }) => text)
}

const starting = (host: string): HostsEvent => ({ type: 'host_starting', host })
const ready = (host: string): HostsEvent => ({ type: 'host_ready', host })
const lost = (host: string, reason = 'killed (SIGKILL)'): HostsEvent => ({
  type: 'host_lost',
  host,
  reason,
})

describe('the story of a host', () => {
  test('is silent while it starts for the first time and is ready', () => {
    expect(storyOf([starting('play'), ready('play')])).toEqual([])
  })

  test('tells that it is down, and then that it is back', () => {
    const down = [ready('play'), lost('play')]
    expect(storyOf(down)).toEqual([
      'The host play is down. Reason: killed (SIGKILL). It is being restarted.',
    ])
    expect(storyOf([...down, starting('play'), ready('play')])).toEqual([
      'The host play was down and is back after 0.2 s. Reason: killed (SIGKILL).',
    ])
  })

  test('explains the new list of a session that lived in it, whichever is heard first', () => {
    const explained = [
      'The host play was restarted. Reason: killed (SIGKILL). Your session lived in it, so your list starts anew.',
    ]
    const down = [ready('play'), lost('play'), starting('play')]
    expect(storyOf([...down, ready('play'), 'my list is new'])).toEqual(explained)
    expect(storyOf([...down, 'my list is new', ready('play')])).toEqual(explained)
  })

  test('tells a death that nobody watched by the count of losses', () => {
    expect(storyOf([ready('play'), lost('play'), ready('play')], 2)).toEqual([])
    const [first, second] = storyOf([ready('play'), lost('play'), ready('play')], 0)
    expect([first, second]).toEqual([expect.stringContaining('is back'), undefined])
    let notices: readonly Notice[] = []
    const story = createHostStory(
      () => 0,
      (word) => (notices = withWord(notices, word, 0)),
    )
    story.see({ hosts: [{ host: 'play', state: 'ready', losses: 0 }] }, undefined)
    story.see(
      { hosts: [{ host: 'play', state: 'ready', losses: 2, reason: 'silent for 512 ms' }] },
      undefined,
    )
    expect(notices.map(({ text }) => text)).toEqual([
      'The host play was restarted. Reason: silent for 512 ms.',
    ])
  })

  test('tells two outages as two notices', () => {
    const once = [lost('play'), ready('play')]
    expect(storyOf([ready('play'), ...once, ...once])).toHaveLength(2)
  })

  test('tells of quarantine', () => {
    const quarantined: HostsEvent = { type: 'host_quarantined', host: 'play', reason: 'exit 1' }
    const texts = storyOf([ready('play'), lost('play', 'exit 1'), quarantined])
    expect(texts).toEqual([
      'The host play died again and again and is in quarantine. Reason: exit 1. It is not restarted any more.',
    ])
  })

  test('leaves out hosts that no session lives in', () => {
    expect(storyOf([ready('boards'), lost('boards'), ready('boards')])).toEqual([])
  })

  test('names no host when several might have been it', () => {
    expect(storyOf([ready('play-1'), ready('play-2'), 'my list is new'])).toEqual([
      'The host of your session was restarted. Your session lived in it, so your list starts anew.',
    ])
  })
})

describe('the trouble that stands beside the connection', () => {
  const after = (...events: HostsEvent[]) =>
    troubleOf(events.reduce(hostsFold.fold, hostsFold.empty))

  test('is none while all hosts of sessions are ready, or start for the first time', () => {
    expect(after(ready('play'))).toBeUndefined()
    expect(after(starting('play'))).toBeUndefined()
    expect(after(ready('play'), ready('load'), lost('load'))).toBeUndefined()
  })

  test('is a host that is being restarted, until it is ready', () => {
    const trouble = 'Connected, but host play is being restarted'
    expect(after(ready('play'), lost('play'))).toBe(trouble)
    expect(after(ready('play'), lost('play'), starting('play'))).toBe(trouble)
    expect(after(ready('play'), lost('play'), starting('play'), ready('play'))).toBeUndefined()
  })
})
