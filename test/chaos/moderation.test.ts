import { describe, expect, test } from 'vitest'
import type { Row } from './history'
import { measure, type Deed } from './moderation'

const hide = (at: number, note: number, outcome = 'ok'): Deed => {
  return { at, command: { type: 'moderate_note', note, state: 'hidden' }, outcome }
}
const blanking = (at: number, blank = true): Deed => {
  return { at, command: { type: 'blank_wall', blank }, outcome: 'ok' }
}
const walls = [0, 1, 2, 3, 4]
const goneAt = (at: number, note: number): Row[] =>
  walls.map((client) => ({ type: 'gone', at: at + client, client, note }))
const blankAt = (at: number): Row[] =>
  walls.map((client) => ({ type: 'blank', at: at + client, client }))

const deeds = [hide(100, 7), blanking(200), blanking(300, false), blanking(400)]
const rows = [...goneAt(110, 7), ...blankAt(220), ...blankAt(450)]

describe('how soon walls obey', () => {
  test('counts from the wish until each wall has done it', () => {
    const { hiddenMs, blankMs, wrong } = measure(deeds, rows)
    expect(hiddenMs).toEqual({ n: 5, p50: 12, p99: 14, max: 14 })
    expect(blankMs).toEqual({ n: 10, p50: 24, p99: 54, max: 54 })
    expect(wrong).toEqual([])
  })

  test('is not content with too few walls, or with none', () => {
    const fewer = rows.filter((row) => row.type !== 'gone' || row.client > 0)
    expect(measure(deeds, fewer).wrong).toEqual([
      '1 of 1 times somebody hid a note, fewer than 5 walls obeyed',
    ])
    expect(measure(deeds, [...goneAt(110, 8), ...blankAt(450)]).wrong).toHaveLength(1)
    expect(measure(deeds, goneAt(110, 7)).wrong).toEqual([
      '2 of 2 times somebody blanked the wall, fewer than 5 walls obeyed',
    ])
  })

  test('does not take for obedience what happened before the wish', () => {
    const before = [...goneAt(50, 7), ...blankAt(220), ...blankAt(450)]
    expect(measure(deeds, before).wrong).toHaveLength(1)
  })

  test('is not content when nothing was ever wished', () => {
    expect(measure([], rows).wrong).toEqual([
      'nobody ever hid a note',
      'nobody ever blanked the wall',
    ])
  })

  test('lets a wish be that came too late, and no other that was refused or not answered', () => {
    expect(measure([...deeds, hide(500, 9, 'unknown_note')], rows).wrong).toEqual([])
    expect(measure([...deeds, hide(500, 7, 'presenter_only')], rows).wrong).toContain(
      'moderate_note: presenter_only',
    )
    const { outcome: _, ...silent } = blanking(430)
    expect(measure([...deeds, silent], rows).wrong).toEqual(['blank_wall: no answer'])
  })
})
