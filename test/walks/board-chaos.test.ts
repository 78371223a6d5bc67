/*
 * The short form of `npm run chaos`: sixty visitors write on a board while its host is killed every
 * second and the gateway twice, and the one checker judges what everybody wished, was answered and
 * saw. And its control: with a log that promises before it keeps, the checker must find the loss.
 */
import { expect, test } from 'vitest'
import { phases, type ChaosOptions } from '../chaos/phases'

const short: ChaosOptions = {
  seconds: 6,
  clients: 60,
  notesPerSecond: 40,
  boardsEveryMs: 1_000,
  gatewayEveryMs: 2_500,
  sleepSeconds: 0,
  virtualClients: 2_000,
  seed: 7,
}
/** Only so that a run that hangs fails: a machine under load may take its time. */
const hangMs = 180_000

test(
  'nothing acknowledged is lost or doubled while boards and gateway are killed',
  { timeout: hangMs },
  async () => {
    const { findings, wrong, acknowledged, kills } = await phases['kill-both'](short)
    expect(findings).toEqual([])
    expect(wrong).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
    expect(kills['boards']).toBeGreaterThan(0)
    expect(kills['gateway']).toBeGreaterThan(0)
  },
)

test('no line is lost while the boards alone are killed', { timeout: hangMs }, async () => {
  const { findings, wrong, dropped, kills } = await phases['kill-boards']({ ...short, seconds: 3 })
  expect(findings).toEqual([])
  expect(wrong).toEqual([])
  expect(kills['boards']).toBeGreaterThan(0)
  expect(dropped).toBe(0)
})

test('a log that promises before it keeps is found out', { timeout: hangMs }, async () => {
  const { findings, kills } = await phases.control({ ...short, seconds: 3 })
  expect(kills['boards']).toBeGreaterThan(0)
  expect(findings.map(({ rule }) => rule)).toContain('lost')
})
