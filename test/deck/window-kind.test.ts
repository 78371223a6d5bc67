import { expect, test } from 'vitest'
import { isHall, windowKind } from '../../src/deck/window-kind'

test('the hall runs live, in the theme of the system', () => {
  const hall = { receiver: false, still: false, follower: false, replay: false, theme: undefined }
  expect(windowKind('')).toEqual(hall)
})

test.each(['', '?light', '?postMessage=true'])('“%s” is the hall', (query) => {
  expect(isHall(windowKind(query))).toBe(true)
})

test.each([
  '?receiver',
  '?print-pdf',
  '?view=scroll',
  '?still',
  '?follow',
  '?follow&light',
  '?replay',
])('%s is not the hall', (query) => {
  expect(isHall(windowKind(query))).toBe(false)
})

test.each([
  ['?follow', true],
  ['?follow&dark', true],
  ['?follow&receiver', false],
  ['?follow&print-pdf', false],
  ['?following', false],
])('%s goes along with the talk: %s', (query, follower) => {
  expect(windowKind(query)).toMatchObject({ follower })
})

test.each([
  ['?replay', true],
  ['?replay&light', true],
  ['?replay&receiver', false],
  ['?replay&print-pdf', false],
  ['?replaying', false],
])('%s goes along with a recorded talk, live: %s', (query, replay) => {
  expect(windowKind(query)).toMatchObject({
    replay,
    ...(replay && { follower: true, still: false }),
  })
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
