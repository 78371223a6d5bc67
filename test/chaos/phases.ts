/*
 * The phases of `npm run chaos`, one after the other in the order of their names below: each sets a
 * stage of its own, does its harm while everybody writes, and is judged. A phase is good when the
 * checker finds nothing and the harm was done (outcome.ts); the control is good when the
 * checker finds that acknowledged notes are lost.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { hotSources } from '../support/hot-sources'
import { until } from '../support/until'
import { rowsOf } from './checker'
import { demandCuts, syncAfterWaking } from './demands'
import { fillDisk } from './disk'
import { killEvery } from './faults'
import { nowMs, type Row } from './history'
import { recoveries, watchLoad } from './load'
import { measure, moderate } from './moderation'
import { outcomeOf, type Outcome } from './outcome'
import { spread, type Spread } from './spread'
import { board, setStage, type Stage, type StageOptions } from './stage'
import { upgradeAgain } from './upgrade'

export interface ChaosOptions {
  /** How long the load lasts in the phases that have no length of their own. */
  readonly seconds: number
  readonly clients: number
  readonly notesPerSecond: number
  readonly boardsEveryMs: number
  readonly gatewayEveryMs: number
  /** How long the sleepers sleep. */
  readonly sleepSeconds: number
  /** How many virtual clients there are in the phases that have any. */
  readonly virtualClients: number
  readonly seed: number
}

export type Phase = (options: ChaosOptions) => Promise<Outcome>

const sleepers = 10
const cutAgain = 3
/** Quiet before and after each harm, so that its effect is its own. */
const calmMs = 5_000
const syncWithinMs = 60_000
/** Before there is something to moderate, and after, until everybody has heard of it. */
const firstNotesMs = 2_000
/** By then a farm has told that its visitors are gone. */
const noticedMs = 500
const controlSeconds = 15
/** Virtual clients while code is replaced, and what is done then. */
const upgradedClients = 10_000
const upgradesPlan = { upgrades: 50, brokenEvery: 10, phones: 50 }
/** Between two kills of the load's hosts: the rate shall be back long before the next. */
const loadKillsMs = 10_000

export const phases = {
  load: (options: ChaosOptions) => killing(options, {}),
  moderate: moderating,
  'kill-boards': (options: ChaosOptions) => killing(options, { boards: options.boardsEveryMs }),
  'kill-both': (options: ChaosOptions) =>
    killing(options, { boards: options.boardsEveryMs, gateway: options.gatewayEveryMs }),
  cut,
  sleep,
  control,
  disk,
  busy,
  'kill-load': killingLoad,
  upgrade: upgrading,
} as const satisfies Readonly<Record<string, Phase>>

export type PhaseName = keyof typeof phases

async function killing(options: ChaosOptions, everyMs: Record<string, number>): Promise<Outcome> {
  return await onStage(optionsOf(options), async (stage) => {
    const kills = await killWhile(stage, options, everyMs, options.seconds)
    const judgement = await stage.judge('gateway' in everyMs)
    return outcomeOf(judgement, { kills })
  })
}

async function moderating(options: ChaosOptions): Promise<Outcome> {
  return await onStage({ ...optionsOf(options), isSeconding: true }, async (stage) => {
    stage.hall.post()
    await pause(firstNotesMs)
    const deeds = await moderate(stage.presenter, board, options.seconds)
    await pause(firstNotesMs)
    const judgement = await stage.judge(false)
    const obeyed = measure(deeds, judgement.rows)
    const hidden = `${obeyed.hiddenMs.n} times a wall lost a hidden note`
    return outcomeOf(judgement, {
      ...obeyed,
      remarks: [`${hidden}, ${obeyed.blankMs.n} times one became blank`],
    })
  })
}

/** Everybody writes for so long, and hosts are killed meanwhile; gives how often each was. */
async function killWhile(
  { hall, system }: Stage,
  { seed }: ChaosOptions,
  everyMs: Readonly<Record<string, number>>,
  seconds: number,
): Promise<Record<string, number>> {
  hall.post()
  const killers = Object.entries(everyMs).map(([host, everyMs], at) => {
    return { host, killer: killEvery(system, { host, everyMs, seed: seed + at }) }
  })
  await pause(seconds * 1000)
  return Object.fromEntries(killers.map(({ host, killer }) => [host, killer.stop()]))
}

async function cut(options: ChaosOptions): Promise<Outcome> {
  return await onStage(optionsOf(options), async (stage) => {
    stage.hall.post()
    const cutsMs: number[] = []
    for (let round = 0; round < cutAgain; round++) {
      await pause(calmMs)
      cutsMs.push(nowMs())
      stage.hall.cut()
      await pause(noticedMs)
      await everybodyIsBack(stage)
    }
    await pause(calmMs)
    const judgement = await stage.judge(true)
    return outcomeOf(judgement, { wrong: demandCuts(judgement.rows, cutsMs, stage.hall.clients) })
  })
}

async function sleep(options: ChaosOptions): Promise<Outcome> {
  return await onStage({ ...optionsOf(options), sleepers }, async (stage) => {
    stage.hall.post()
    await pause(calmMs)
    const wakeMs = nowMs() + options.sleepSeconds * 1000
    await stage.hall.sleep(options.sleepSeconds)
    await pause(calmMs)
    await everybodyIsBack(stage)
    await pause(calmMs)
    const judgement = await stage.judge(true)
    // They are the last who came in.
    const asleep = Array.from({ length: sleepers }, (_, at) => options.clients + at)
    const { syncMs, wrong } = syncAfterWaking(judgement.rows, asleep, wakeMs)
    const slept = `${sleepers} visitors slept for ${options.sleepSeconds} s`
    const remarks = [`${slept}, and ${syncMs.length} were in sync again`]
    return outcomeOf(judgement, { wrong, remarks, wokenMs: spread(syncMs) })
  })
}

async function control(options: ChaosOptions): Promise<Outcome> {
  const env = { FAULTY_BOARDS: 'yes' }
  const stageOptions = { ...optionsOf(options), keepsEvidence: false, env }
  return await onStage(stageOptions, async (stage) => {
    const seconds = Math.min(options.seconds, controlSeconds)
    const kills = await killWhile(stage, options, { boards: options.boardsEveryMs }, seconds)
    const judgement = await stage.judge(false)
    const isFound = judgement.findings.some(({ rule }) => rule === 'lost')
    const remarks = [isFound ? 'the checker finds it, as it must' : 'THE CHECKER FOUND NOTHING']
    const outcome = outcomeOf(judgement, { kills, remarks })
    return { ...outcome, isGood: isFound && outcome.wrong.length === 0 }
  })
}

async function disk(options: ChaosOptions): Promise<Outcome> {
  return await fillDisk(optionsOf(options))
}

/** Everybody writes, first without and then with virtual clients: the boards shall not notice. */
async function busy(options: ChaosOptions): Promise<Outcome> {
  return await onStage(optionsOf(options), async (stage) => {
    const load = await watchLoad(stage.system)
    const half = (options.seconds * 1000) / 2
    stage.hall.post()
    await pause(half)
    const turnedMs = nowMs()
    await load.wish({ type: 'set_target', target: options.virtualClients })
    await load.flows(options.virtualClients)
    const flowsMs = nowMs()
    await pause(half)
    load.leave()
    const judgement = await stage.judge(false)
    const ackMs = ackedMs(judgement.rows)
    const idle = spread(ackMs(0, turnedMs))
    const loaded = spread(ackMs(flowsMs, Infinity))
    const name = `${options.virtualClients} virtual clients`
    const remarks = [
      `ack p50 / p99 / max without ${name}: ${figuresOf(idle)} ms of ${idle.n}`,
      `ack p50 / p99 / max with them: ${figuresOf(loaded)} ms of ${loaded.n}`,
      `ack p99 with them is ${(loaded.p99 / idle.p99).toFixed(2)} times that without`,
    ]
    return outcomeOf(judgement, { remarks })
  })
}

/** How long the acks of those notes took that were posted between two moments. */
function ackedMs(rows: readonly Row[]): (fromMs: number, untilMs: number) => number[] {
  const posts = new Map(rowsOf(rows, 'post').map((post) => [post.wish, post]))
  return (fromMs, untilMs) =>
    rowsOf(rows, 'answer').flatMap(({ ok, wish, at }) => {
      const post = posts.get(wish)
      return ok && post && post.at >= fromMs && post.at < untilMs ? [at - post.at] : []
    })
}

/** `load` and one of two play hosts are killed in turn under the virtual clients. */
async function killingLoad(options: ChaosOptions): Promise<Outcome> {
  return await onStage(optionsOf(options), async (stage) => {
    const load = await watchLoad(stage.system)
    await load.wish({ type: 'set_play_hosts', count: 2 })
    await load.wish({ type: 'set_target', target: options.virtualClients })
    await load.flows(options.virtualClients)
    stage.hall.post()
    const hits: Record<string, number[]> = { load: [], 'play-2': [] }
    const killers = Object.keys(hits).map((host, at) =>
      killEvery(stage.system, {
        ...{ host, everyMs: 2 * loadKillsMs, seed: options.seed + at },
        onHit: () => hits[host]!.push(Date.now()),
      }),
    )
    await pause(options.seconds * 1000)
    for (const killer of killers) killer.stop()
    await load.flows(options.virtualClients)
    load.leave()
    const kills = Object.fromEntries(Object.entries(hits).map(([host, all]) => [host, all.length]))
    const told = Object.entries(hits).map(([host, killsMs]) => {
      const { tookMs, never } = recoveries(load.samples, killsMs, options.virtualClients)
      return { never, remark: `${host} killed: rate back after ${figuresOf(spread(tookMs))} ms` }
    })
    const never = told.reduce((sum, each) => sum + each.never, 0)
    const judgement = await stage.judge(false)
    const wrong = never > 0 ? [`the rate was not back before the next kill, ${never} times`] : []
    return outcomeOf(judgement, { kills, wrong, remarks: told.map(({ remark }) => remark) })
  })
}

/** Code is replaced again and again, now and then by what is broken, and nobody shall notice. */
async function upgrading(options: ChaosOptions): Promise<Outcome> {
  const sources = hotSources()
  try {
    const env = { HOT_SOURCES: sources.folder }
    return await onStage({ ...optionsOf(options), env }, async (stage) => {
      const load = await watchLoad(stage.system)
      await load.wish({ type: 'set_target', target: upgradedClients })
      await load.flows(upgradedClients)
      stage.hall.post()
      const { url } = stage.system
      const seen = await upgradeAgain({ url, sources, ...upgradesPlan })
      load.leave()
      const judgement = await stage.judge(false)
      const remarks = [
        `${upgradesPlan.upgrades} upgrades, every ${upgradesPlan.brokenEvery}th of them broken`,
        `an upgrade took p50 / p99 / max: ${figuresOf(spread(seen.tookMs))} ms`,
        `${seen.sums} sums of ${upgradesPlan.phones} phones, ${seen.wrong.length} troubles`,
      ]
      return outcomeOf(judgement, { wrong: seen.wrong, remarks })
    })
  } finally {
    sources.remove()
  }
}

const figuresOf = ({ p50, p99, max }: Spread): string => [p50, p99, max].map(Math.round).join(' / ')

const optionsOf = ({ clients, notesPerSecond, seed, seconds, sleepSeconds }: ChaosOptions) => {
  const limitMs = (seconds + sleepSeconds + 300) * 1000
  return { clients, notesPerSecond, seed, limitMs, keepsEvidence: true }
}

async function onStage(
  options: StageOptions,
  act: (stage: Stage) => Promise<Outcome>,
): Promise<Outcome> {
  const stage = await setStage(options)
  try {
    return await act(stage)
  } finally {
    await stage.close()
  }
}

async function everybodyIsBack({ hall }: Stage): Promise<void> {
  await until(() => {
    if (hall.there() < hall.clients) throw new Error('not everybody is back')
  }, syncWithinMs).catch(() => undefined)
}
