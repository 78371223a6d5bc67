/*
 * A full hall on one board: a thousand visitors in other processes write two hundred notes a second
 * for a minute. How long each waits for the acknowledgement and a wall for the note, counted from
 * when it was to be written; what gateway and boards cost; and whether all of it was kept. Prints a
 * line of JSON.
 *   npm run bench -- only=board seconds=60 clients=1000 notes=200
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Spread } from '../chaos/spread'
import { setStage } from '../chaos/stage'
import buildFixtures from '../support/build'

const words = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
const seconds = Number(words['seconds'] ?? 60)
const clients = Number(words['clients'] ?? 1000)
const notesPerSecond = Number(words['notes'] ?? 200)

const rounded = (figures: object) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [name, Math.round(figure * 10) / 10]),
  )
const named = ({ n, p50, p99, max }: Spread) => rounded({ n, p50Ms: p50, p99Ms: p99, maxMs: max })

await buildFixtures()
const stage = await setStage({
  clients,
  notesPerSecond,
  seed: 7,
  limitMs: (seconds + 300) * 1000,
})
try {
  stage.hall.post()
  await pause(seconds * 1000)
  const { findings, posted, acknowledged, ackMs, wallMs, gatewayLagMs, hosts } =
    await stage.judge(false)
  const line = {
    measure: 'a full hall on one board',
    ...{ clients, notesPerSecond, seconds, posted, acknowledged, findings: findings.length },
    ...{ ack: named(ackMs), wall: named(wallMs), gatewayLoopLate: named(gatewayLagMs) },
    hosts: Object.fromEntries(Object.entries(hosts).map(([host, cost]) => [host, rounded(cost)])),
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
} finally {
  await stage.close()
}
