import { describe, expect, test } from 'vitest'
import { outcomeOf } from './outcome'
import { spread } from './spread'
import type { Judgement } from './stage'

const none = spread([])
const judgement: Judgement = {
  findings: [],
  evidence: undefined,
  rows: [],
  posted: 1,
  acknowledged: 1,
  refused: {},
  kept: 1,
  dropped: 0,
  ackMs: none,
  wallMs: none,
  backMs: none,
  gatewayLagMs: none,
  hosts: {},
}

describe('a phase', () => {
  test('is good when nothing was found and its harm was done', () => {
    const { isGood, wrong } = outcomeOf(judgement, { kills: { boards: 1 } })
    expect({ isGood, wrong }).toEqual({ isGood: true, wrong: [] })
  })

  test('is bad when the checker found something', () => {
    const findings = [{ rule: 'lost', what: 'a note' }] as const
    expect(outcomeOf({ ...judgement, findings }, {}).isGood).toBe(false)
  })

  test('is bad when nothing was killed that was to be', () => {
    const { isGood, wrong } = outcomeOf(judgement, { kills: { boards: 3, gateway: 0 } })
    expect({ isGood, wrong }).toEqual({ isGood: false, wrong: ['gateway was never killed'] })
  })

  test('is bad when what it asks for did not come to pass', () => {
    const { isGood, wrong } = outcomeOf(judgement, { wrong: ['cut 1 tore 0 of 2 lines'] })
    expect({ isGood, wrong }).toEqual({ isGood: false, wrong: ['cut 1 tore 0 of 2 lines'] })
  })

  test('is bad when nothing was acknowledged: there was nothing to lose', () => {
    expect(outcomeOf({ ...judgement, acknowledged: 0 }, {}).isGood).toBe(false)
  })
})
