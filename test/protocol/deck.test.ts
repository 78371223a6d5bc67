/* The words of the deck's place, and of the log's health. */
import { describe, expect, test } from 'vitest'
import { checkDeckCommand, deckFold } from '../../src/protocol/deck'
import { logHealthFold } from '../../src/protocol/log-health'

const show = { type: 'show_slide', slide: 'your-tools', fragment: -1 }

describe('the deck', () => {
  test('is turned by the presenter alone', () => {
    expect(checkDeckCommand(show, true)).toBeUndefined()
    expect(checkDeckCommand(show, false)).toEqual({ code: 'presenter_only' })
  })

  test.each([
    ...[null, 5, {}, { ...show, type: 'hide_slide' }, { ...show, slide: '' }],
    ...[
      { ...show, slide: 7 },
      { ...show, slide: 'x'.repeat(101) },
      { ...show, more: 1 },
    ],
    ...[
      { ...show, fragment: -2 },
      { ...show, fragment: 0.5 },
      { ...show, fragment: 501 },
    ],
    ...[
      { ...show, fragment: '1' },
      { ...show, fragment: NaN },
    ],
  ])('knows no command %j', (command) => {
    expect(checkDeckCommand(command, true)).toEqual({ code: 'malformed' })
  })

  test('is where it was last', () => {
    const event = { type: 'slide_shown', slide: 'a', fragment: 1, wish: 'w', atMs: 5 } as const
    const view = deckFold.fold(deckFold.empty, event)
    expect(view.shown).toEqual({ slide: 'a', fragment: 1, wish: 'w', atMs: 5 })
    expect(deckFold.fold(view, undefined as never)).toBe(view)
  })
})

describe('the health of the log', () => {
  test('tells the trouble of now, and since when it is', () => {
    const full = { type: 'log_failed', reason: 'The disk is full.', atMs: 5 } as const
    const trouble = [full, { ...full, reason: 'And now read-only.', atMs: 9 }]
    const view = trouble.reduce(logHealthFold.fold, logHealthFold.empty)
    expect(view.trouble).toEqual({ reason: 'And now read-only.', sinceMs: 5 })
    expect(logHealthFold.fold(view, { type: 'log_healed', atMs: 10 })).toEqual({})
    const replaced = { type: 'log_replaced', reason: 'It was damaged.', atMs: 1 } as const
    const events = [replaced, full, { type: 'log_healed', atMs: 10 } as const]
    const healed = events.reduce(logHealthFold.fold, logHealthFold.empty)
    expect(healed).toEqual({ replaced: 'It was damaged.' })
  })
})
