import { describe, expect, test } from 'vitest'
import { demandCuts, demandKills, syncAfterWaking } from './demands'
import type { Row } from './history'

const lost = (client: number, at: number): Row => ({
  type: 'connection',
  at,
  client,
  state: 'lost',
})
const synced = (client: number, at: number): Row => ({ type: 'synced', at, client })

describe('a phase demands', () => {
  test('that every host was killed that was to be', () => {
    expect(demandKills({ boards: 3, gateway: 1 })).toEqual([])
    expect(demandKills({})).toEqual([])
    expect(demandKills({ boards: 3, gateway: 0 })).toEqual(['gateway was never killed'])
  })

  test('that each cut tore the lines', () => {
    const rows = [lost(0, 11), lost(1, 12), lost(0, 21), lost(1, 22)]
    expect(demandCuts(rows, [10, 20], 2)).toEqual([])
    expect(demandCuts(rows.slice(0, 2), [10, 20], 2)).toEqual(['cut 2 tore 0 of 2 lines'])
    expect(demandCuts([], [10], 2)).toEqual(['cut 1 tore 0 of 2 lines'])
  })

  test('that the same visitor does not count as two who were cut off', () => {
    expect(demandCuts([lost(0, 11), lost(0, 12)], [10], 2)).toEqual(['cut 1 tore 1 of 2 lines'])
  })

  test('that everybody who slept is in sync again, and counts nobody else', () => {
    const rows = [synced(0, 190), synced(8, 120), synced(9, 130), synced(8, 150)]
    expect(syncAfterWaking(rows, [8, 9], 100)).toEqual({ syncMs: [20, 30], wrong: [] })
    expect(syncAfterWaking(rows.slice(0, 2), [8, 9], 100)).toEqual({
      syncMs: [20],
      wrong: ['visitor 9 slept and was never in sync again'],
    })
  })

  test('that they were in sync after they woke, not before', () => {
    const { syncMs, wrong } = syncAfterWaking([synced(8, 90)], [8], 100)
    expect(syncMs).toEqual([])
    expect(wrong).toHaveLength(1)
  })
})
