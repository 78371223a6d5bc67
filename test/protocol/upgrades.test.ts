import { parse } from 'valibot'
import { describe, expect, test } from 'vitest'
import { recordedShape } from '../../src/protocol/recorded-streams'
import {
  checkUpgradeCommand,
  maxHistory,
  maxSourceLength,
  totalOf,
  upgradeFold,
  upgradeStream,
  type UpgradeEvent,
  type UpgradeView,
} from '../../src/protocol/upgrades'

const atMs = 1_700_000_000_000
const after = (...events: unknown[]): UpgradeView =>
  events.reduce<UpgradeView>(
    (view, event) => upgradeFold.fold(view, event as UpgradeEvent),
    upgradeFold.empty,
  )

describe('a wish', () => {
  const text = (length: number) => 'x'.repeat(length)
  test.each([
    [{ type: 'upgrade' }, undefined],
    [{ type: 'upgrade', sources: { sum: 'a', session: 'b' } }, undefined],
    [{ type: 'upgrade', sources: { sum: text(maxSourceLength) } }, undefined],
    [{ type: 'upgrade', sources: { sum: text(maxSourceLength), session: 'x' } }, 'code_too_long'],
    [{ type: 'roll_back' }, undefined],
    [{ type: 'purge' }, undefined],
    [{ type: 'purge', sources: { sum: 'a' } }, 'malformed'],
    [{ type: 'upgrade', sources: { board: 'a' } }, 'malformed'],
    [{ type: 'upgrade', sources: { sum: 1 } }, 'malformed'],
    [{ type: 'upgrade', sources: 'a' }, 'malformed'],
    [{ type: 'upgrade', more: 1 }, 'malformed'],
    [{ type: 'load' }, 'malformed'],
    ['upgrade', 'malformed'],
    [null, 'malformed'],
  ])('%j', (command, code) => {
    expect(checkUpgradeCommand(command)?.code).toBe(code)
  })
})

describe('the view', () => {
  const begun = { type: 'upgrade_began', to: 2, modules: ['sum'] }
  const turn = { from: 1, to: 2, tookMs: 840, atMs }
  const refusal = { type: 'upgrade_refused', problem: { sentence: 'No.' }, atMs }

  test('tells an upgrade from its beginning to its end, and the way back', () => {
    const trying = after(begun, { type: 'upgrade_tried', tries: ['a'] })
    expect(trying.underWay).toEqual({ to: 2, modules: ['sum'], tries: ['a'], loaded: [] })
    const done = after(
      begun,
      { type: 'code_loaded', host: 'play-1' },
      { type: 'upgraded', ...turn },
    )
    expect(done).toMatchObject({ version: 2, before: [1], last: turn })
    expect(done.underWay).toBeUndefined()
    const back = upgradeFold.fold(done, { ...turn, type: 'rolled_back', from: 2, to: 1 })
    expect(back).toMatchObject({ version: 1, before: [], last: { from: 2, to: 1 } })
  })

  test('tells what of the bugs the current release has repaired, where that was told', () => {
    const repairs = { repaired: ['13'], hasMore: false }
    const done = after(begun, { type: 'upgraded', ...turn, repairs })
    expect(done.repairs).toEqual(repairs)
    const { view, event } = recordedShape(upgradeStream)!
    expect(parse(view, done)).toEqual(done)
    expect(parse(event, { type: 'upgraded', ...turn, repairs })).toHaveProperty('repairs', repairs)
    const silent = upgradeFold.fold(done, { ...turn, type: 'rolled_back', from: 2, to: 1 })
    expect(silent).not.toHaveProperty('repairs')
  })

  test('keeps a problem until an upgrade is done, and changes nothing else for it', () => {
    const refused = after(begun, refusal)
    expect(refused).toMatchObject({ version: 1, before: [], problem: { sentence: 'No.' } })
    expect(refused.underWay).toBeUndefined()
    expect(upgradeFold.fold(refused, { ...turn, type: 'upgraded' }).problem).toBeUndefined()
  })

  test('counts lost sums of each host since its own last load', () => {
    const one = { type: 'host_code', host: 'play-1', lingering: 2, running: 3, lost: 1 }
    const other = { type: 'host_code', host: 'play-2', lingering: 1, running: 1, lost: 2 }
    expect(totalOf(after(one, other))).toEqual({ lingering: 3, running: 4, lost: 3 })
    const loaded = after(one, other, begun, { type: 'code_loaded', host: 'play-1' })
    expect(totalOf(loaded).lost).toBe(2)
    expect(after(one, other, { type: 'host_code_left', host: 'play-2' }).hosts).toHaveLength(1)
  })

  test('keeps what the browsers were, and the last lines of the history', () => {
    const browsers = { before: 3, still: 3 }
    const view = after(
      ...Array.from({ length: maxHistory + 1 }, () => refusal),
      { type: 'upgraded', ...turn, browsers },
      { type: 'browsers_counted', connected: 4 },
    )
    expect(view).toMatchObject({ connected: 4, browsers })
    expect(view.history).toHaveLength(maxHistory)
    expect(view.history.at(-1)).toMatchObject({ type: 'upgraded', browsers })
    const last = { before: 3, still: 2 }
    expect(
      upgradeFold.fold(view, { type: 'browsers_counted', connected: 3, last }).browsers,
    ).toEqual(last)
  })

  test.each([[undefined], [null], [{ type: 'never' }], [1]])('is the same after %j', (event) => {
    expect(after(event)).toBe(upgradeFold.empty)
  })
})
