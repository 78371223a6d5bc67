/*
 * Runs phases one after the other and says what came of them: a table of figures with a column for
 * each, and above it whatever the checker found. A figure that misses its target is marked with `!`.
 */
import buildFixtures from '../support/build'
import type { Outcome } from './outcome'
import { phases, type ChaosOptions, type PhaseName } from './phases'
import type { Spread } from './spread'
import { cellOf, namedTarget, targets, type Target } from './targets'

type Words = Readonly<Record<string, string | undefined>>

const shownFindings = 5

/** Runs these phases; whether all were good. */
export async function runChaos(names: readonly PhaseName[], words: Words): Promise<boolean> {
  const options: ChaosOptions = {
    seconds: Number(words['seconds'] ?? 300),
    clients: Number(words['clients'] ?? 1000),
    notesPerSecond: Number(words['notes'] ?? 200),
    boardsEveryMs: Number(words['boards-every'] ?? 1) * 1000,
    gatewayEveryMs: Number(words['gateway-every'] ?? 20) * 1000,
    sleepSeconds: Number(words['sleep'] ?? 60),
    virtualClients: Number(words['virtual'] ?? 100_000),
    seed: Number(words['seed'] ?? 7),
  }
  await buildFixtures()
  say(`${options.clients} visitors, ${options.notesPerSecond} notes/s, seed ${options.seed}`)
  const outcomes: [PhaseName, Outcome][] = []
  for (const name of names) {
    say(`${name} …`)
    const outcome = await phases[name](options)
    outcomes.push([name, outcome])
    for (const line of told(outcome)) say(`  ${line}`)
  }
  say(`\n${tableOf(outcomes)}\n`)
  return outcomes.every(([, { isGood }]) => isGood)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** What the checker found, by rule, and what else was seen. */
function told({ findings, wrong, remarks, refused, evidence }: Outcome): string[] {
  const rules = [...new Set(findings.map(({ rule }) => rule))]
  const found = rules.flatMap((rule) => {
    const all = findings.filter((finding) => finding.rule === rule)
    const some = all.slice(0, shownFindings).map(({ what }) => `  ${what}`)
    return [`${rule}: ${all.length}`, ...some]
  })
  const reasons = Object.entries(refused).map(([code, count]) => `refused as ${code}: ${count}`)
  const where = evidence === undefined ? [] : [`all of it is kept in ${evidence}`]
  return [...remarks, ...wrong.map((what) => `BAD: ${what}`), ...reasons, ...found, ...where]
}

type Cell = (outcome: Outcome, phase: PhaseName) => string
type Figure = readonly [name: string, cell: Cell]

const ms = (value: number): string => String(Math.round(value))
/** Middle, last but one in a hundred and worst, in milliseconds, against a target. */
const timed = (
  name: string,
  target: Target,
  readings: (outcome: Outcome) => Spread | undefined,
): Figure => [
  `${name} ${namedTarget(target)}`,
  (outcome, phase) => cellOf(phase, target, readings(outcome)),
]
const count =
  (rule: string): Cell =>
  ({ findings }) =>
    String(findings.filter((finding) => finding.rule === rule).length)
const memory =
  (host: string): Cell =>
  ({ hosts }) => {
    const cost = hosts[host]
    return cost ? [cost.firstMb, cost.lastMb, cost.mostMb].map(ms).join(' / ') : '-'
  }
const cpu =
  (host: string): Cell =>
  ({ hosts }) => {
    const cost = hosts[host]
    return cost ? `${ms(cost.cpuPercent)} %` : '-'
  }

const figures: readonly Figure[] = [
  ['notes posted', ({ posted }) => String(posted)],
  ['  acknowledged', ({ acknowledged }) => String(acknowledged)],
  ['  kept in the log', ({ kept }) => String(kept)],
  ['  acknowledged and lost', count('lost')],
  ['  doubled', count('doubled')],
  timed('ack p50 / p99 / max, ms', targets.ack, ({ ackMs }) => ackMs),
  timed('wall p50 / p99 / max, ms', targets.wall, ({ wallMs }) => wallMs),
  timed('gateway loop late, ms', targets.late, ({ gatewayLagMs }) => gatewayLagMs),
  timed('hidden after, ms', targets.hidden, ({ hiddenMs }) => hiddenMs),
  timed('blank after, ms', targets.blank, ({ blankMs }) => blankMs),
  ['gateway of one core', cpu('gateway')],
  ['boards of one core', cpu('boards')],
  ['gateway MB first/last/most', memory('gateway')],
  ['boards MB first/last/most', memory('boards')],
  ['kills', ({ kills }) => Object.values(kills).join(' + ') || '-'],
  ['lines lost', ({ dropped }) => String(dropped)],
  timed('  in sync again after, ms', targets.back, ({ backMs }) => backMs),
  timed('awake and in sync after, ms', targets.woken, ({ wokenMs }) => wokenMs),
  ['findings of the checker', ({ findings }) => String(findings.length)],
  ['verdict', ({ isGood }) => (isGood ? 'good' : 'BAD')],
]

function tableOf(outcomes: readonly (readonly [PhaseName, Outcome])[]): string {
  const lines = [
    ['', ...outcomes.map(([name]) => name)],
    ...figures.map(([name, cell]) => [
      name,
      ...outcomes.map(([phase, outcome]) => cell(outcome, phase)),
    ]),
  ]
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)))
  return lines
    .map((line) =>
      line.map((cell, at) =>
        at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]! + 2),
      ),
    )
    .map((cells) => cells.join(''))
    .join('\n')
}
