/*
 * How long the audience waits while a host is replaced: from a kill to ready again, and from the
 * beginning of a native block to ready again. Prints one line of JSON for each kind; these are
 * figures, not checks.
 *   node test/bench/wedge.mjs [rounds]
 */
import { EventEmitter, once } from 'node:events'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const rounds = Number(process.argv[2] ?? 10)
const here = import.meta.dirname

const fixtures = (await runnerImport(resolve(here, '../support/build.ts'))).module
const { superviseHosts } = (await runnerImport(resolve(here, '../../server/supervisor.ts'))).module
await fixtures.default()

/** What happens once the host is ready; gives nothing. */
const ways = {
  kill: (supervisor) => process.kill(supervisor.health()[0].pid, 'SIGKILL'),
  blockForever: (supervisor) => supervisor.send('blocker', 'blockForever'),
  matchForever: (supervisor) => supervisor.send('blocker', 'matchForever'),
  deriveForever: (supervisor) => supervisor.send('blocker', 'deriveForever'),
  parseAtLength: (supervisor) => supervisor.send('blocker', 'parseAtLength'),
}

for (const [way, begin] of Object.entries(ways)) {
  const changes = new EventEmitter()
  const reasons = []
  const supervisor = superviseHosts({
    hosts: [{ name: 'blocker', entry: fixtures.builtFile('hosts/blocker'), maxRssMb: 4000 }],
    log: () => {},
    onHosts(event) {
      if (event.type === 'host_quarantined') changes.emit('error', new Error(event.reason))
      changes.emit(event.type, event)
    },
  })
  await once(changes, 'host_ready')
  const lostMs = []
  const readyMs = []
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now()
    begin(supervisor)
    const [{ reason }] = await once(changes, 'host_lost')
    lostMs.push(performance.now() - startMs)
    reasons.push(reason)
    await once(changes, 'host_ready')
    readyMs.push(performance.now() - startMs)
  }
  await supervisor.stop()
  const stacks = reasons.filter((reason) => reason.includes(' in ')).length
  const line = { way, rounds, stacks, lostMs: spread(lostMs), readyMs: spread(readyMs) }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function spread(figures) {
  const sorted = figures.toSorted((a, b) => a - b).map(Math.round)
  return { min: sorted[0], median: sorted[sorted.length >> 1], max: sorted.at(-1) }
}
