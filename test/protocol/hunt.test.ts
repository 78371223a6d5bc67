/* The words of the hunt: what may be wished, and what its events add up to. */
import { describe, expect, test } from 'vitest'
import { checkHuntCommand, huntFold, type HuntEvent } from '../../src/protocol/hunt'

const code = (command: unknown) => checkHuntCommand(command)?.code ?? 'granted'
const viewOf = (...events: HuntEvent[]) => events.reduce(huntFold.fold, huntFold.empty)
const find = (isShadow = false, atMs = 5): HuntEvent => ({
  ...{ type: 'bug_found', bug: 'negative', isShadow, atMs },
})

describe('a presenter', () => {
  test.each([
    { type: 'arm_hunt', armed: false },
    { type: 'reveal_bug', bug: 'huge' },
    { type: 'reset_hunt' },
  ])('may wish %j', (command) => {
    expect(code(command)).toBe('granted')
  })

  test.each([
    null,
    5,
    'reset_hunt',
    {},
    { type: 'arm_hunt' },
    { type: 'arm_hunt', armed: 'yes' },
    { type: 'reveal_bug', bug: 'toString' },
    { type: 'reveal_bug', bug: 'huge', more: 1 },
    { type: 'reset_hunt', more: 1 },
    { type: 'find_bug', bug: 'huge', isShadow: false },
  ])('may not wish %j', (command) => {
    expect(code(command)).toBe('malformed')
  })
})

describe('the view', () => {
  test('begins armed, with nothing found', () => {
    expect(viewOf()).toMatchObject({ armed: true, round: 0 })
    expect(viewOf().found.negative).toEqual({ count: 0, shadows: 0, isRevealed: false })
  })

  test('counts finds, those through the shadow too, and keeps the first moment', () => {
    const { found } = viewOf(find(false, 5), find(true, 9))
    expect(found.negative).toEqual({ count: 2, shadows: 1, firstAtMs: 5, isRevealed: false })
    expect(found.huge.count).toBe(0)
  })

  test('knows what is shown and whether it is armed', () => {
    const view = viewOf({ type: 'bug_revealed', bug: 'huge' }, { type: 'hunt_armed', armed: false })
    expect(view.found.huge).toEqual({ count: 0, shadows: 0, isRevealed: true })
    expect(view.armed).toBe(false)
  })

  test('begins anew in another round', () => {
    const view = viewOf(
      find(),
      { type: 'hunt_armed', armed: false },
      { type: 'hunt_reset', atMs: 7 },
    )
    expect(view).toEqual({ ...huntFold.empty, round: 1, beganMs: 7 })
  })

  test.each([undefined, null, {}, { type: 'toString' }, { type: 'bug_found', bug: 'none' }])(
    'is left as it is by an event that it does not know: %j',
    (event) => {
      const view = viewOf(find())
      expect(huntFold.fold(view, event as never)).toBe(view)
    },
  )
})
