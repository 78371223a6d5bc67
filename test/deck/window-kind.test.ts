import { expect, test } from 'vitest'
import { windowKind } from '../../src/deck/window-kind'

test('the hall runs live, in the theme of the system', () => {
  expect(windowKind('')).toEqual({ receiver: false, still: false, theme: undefined })
})

test.each(['?receiver&progress=false', '?light&receiver', '?RECEIVER'])(
  '%s is a preview: still, and without a socket',
  (query) => {
    expect(windowKind(query)).toMatchObject({ receiver: true, still: true })
  },
)

test.each(['?print-pdf', '?view=print', '?view=scroll', '?still'])('%s is still', (query) => {
  expect(windowKind(query)).toMatchObject({ receiver: false, still: true })
})

test.each(['light', 'dark'] as const)('?%s asks for a theme', (theme) => {
  expect(windowKind(`?${theme}`).theme).toBe(theme)
})
