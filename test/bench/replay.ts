/*
 * How long a jump in a recording takes, until every followed stream has its view: 40 minutes, 50,000
 * words of every kind, all streams followed at once. The first jump leads to the end, before
 * anything was folded; the others anywhere. Prints a line of JSON.
 */
import { Replay } from '../../src/source/replay'
import { kinds, makeRecording } from '../source/made-recording'
import { Random } from '../support/random'

const lengthMs = 40 * 60_000
const recording = makeRecording(1, { words: 50_000, lengthMs })
const random = new Random(1)

/** What the replay wants to do next; it is done at once, so no pause is measured. */
let next: (() => void) | undefined
const beganMs = performance.now()
const replay = new Replay(recording, {
  now: () => performance.now(),
  after(_, act) {
    next = act
    return () => (next = undefined)
  },
})
for (const { stream, fold } of kinds) replay.source.follow(stream, fold, () => {})
const openMs = performance.now() - beganMs

function goOn() {
  const act = next
  next = undefined
  act?.()
}

function jump(atMs: number): number {
  const fromMs = performance.now()
  replay.seek(atMs)
  while (!replay.isThere) goOn()
  return performance.now() - fromMs
}

const round = (ms: number) => Math.round(ms * 10) / 10
const first = jump(lengthMs)
while (next) goOn()
const jumps = Array.from({ length: 500 }, () => jump(random.next() * lengthMs))
jumps.sort((one, other) => one - other)
const at = (share: number) => round(jumps[Math.ceil(share * jumps.length) - 1]!)
const fields = { openMs: round(openMs), firstMs: round(first), n: jumps.length }
const spread = { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
process.stdout.write(`${JSON.stringify({ measure: 'replay jump', ...fields, ...spread })}\n`)
