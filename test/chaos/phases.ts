/*
 * The phases of `npm run chaos`, one after the other in the order of their names below: each sets a
 * stage of its own, does its harm while everybody writes, and is judged. A phase is good when the
 * checker finds nothing and what the phase itself asks for holds; the control is good when the
 * checker finds that acknowledged notes are lost.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '../support/until'
import { rowsOf } from './checker'
import { fillDisk } from './disk'
import { killEvery } from './faults'
import { nowMs } from './history'
import { setStage, type Judgement, type Stage, type StageOptions } from './stage'

export interface ChaosOptions {
  /** How long the load lasts in the phases that have no length of their own. */
  readonly seconds: number
  readonly clients: number
  readonly notesPerSecond: number
  readonly boardsEveryMs: number
  readonly gatewayEveryMs: number
  /** How long the sleepers sleep. */
  readonly sleepSeconds: number
  readonly seed: number
}

export interface Outcome extends Judgement {
  readonly isGood: boolean
  readonly kills: Readonly<Record<string, number>>
  /** What else was seen, for people. */
  readonly remarks: readonly string[]
}

export type Phase = (options: ChaosOptions) => Promise<Outcome>

const sleepers = 10
const cutAgain = 3
/** Quiet before and after each harm, so that its effect is its own. */
const calmMs = 5_000
const syncWithinMs = 60_000
const controlSeconds = 15

export const phases = {
  load: (options: ChaosOptions) => killing(options, {}),
  'kill-boards': (options: ChaosOptions) => killing(options, { boards: options.boardsEveryMs }),
  'kill-both': (options: ChaosOptions) =>
    killing(options, { boards: options.boardsEveryMs, gateway: options.gatewayEveryMs }),
  cut,
  sleep,
  control,
  disk,
} as const satisfies Readonly<Record<string, Phase>>

export type PhaseName = keyof typeof phases

async function killing(options: ChaosOptions, everyMs: Record<string, number>): Promise<Outcome> {
  return await onStage(optionsOf(options), async (stage) => {
    const kills = await killWhile(stage, options, everyMs, options.seconds)
    const judgement = await stage.judge('gateway' in everyMs)
    return { ...judgement, isGood: isFine(judgement), kills, remarks: [] }
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
    for (let round = 0; round < cutAgain; round++) {
      await pause(calmMs)
      stage.hall.cut()
      await until(() => {
        if (stage.hall.there() === stage.hall.clients) throw new Error('nobody is gone yet')
      }).catch(() => undefined)
      await everybodyIsBack(stage)
    }
    await pause(calmMs)
    const judgement = await stage.judge(true)
    return { ...judgement, isGood: isFine(judgement), kills: {}, remarks: [] }
  })
}

async function sleep(options: ChaosOptions): Promise<Outcome> {
  return await onStage({ ...optionsOf(options), sleepers }, async (stage) => {
    stage.hall.post()
    await pause(calmMs)
    await stage.hall.sleep(options.sleepSeconds)
    const wokenMs = nowMs()
    await pause(calmMs)
    await everybodyIsBack(stage)
    await pause(calmMs)
    const judgement = await stage.judge(true)
    const synced = rowsOf(judgement.rows, 'synced').filter(({ at }) => at > wokenMs)
    const syncMs = Math.max(0, ...synced.map(({ at }) => at - wokenMs))
    const slept = `${sleepers} visitors slept for ${options.sleepSeconds} s`
    const remarks = [`${slept}, and were in sync ${Math.round(syncMs)} ms after they woke`]
    return { ...judgement, isGood: isFine(judgement), kills: {}, remarks }
  })
}

async function control(options: ChaosOptions): Promise<Outcome> {
  const env = { FAULTY_BOARDS: 'yes' }
  const stageOptions = { ...optionsOf(options), keepsEvidence: false, env }
  return await onStage(stageOptions, async (stage) => {
    const seconds = Math.min(options.seconds, controlSeconds)
    const kills = await killWhile(stage, options, { boards: options.boardsEveryMs }, seconds)
    const judgement = await stage.judge(false)
    const isGood = judgement.findings.some(({ rule }) => rule === 'lost')
    const remarks = [isGood ? 'the checker finds it, as it must' : 'THE CHECKER FOUND NOTHING']
    return { ...judgement, isGood, kills, remarks }
  })
}

async function disk(options: ChaosOptions): Promise<Outcome> {
  return await fillDisk(optionsOf(options))
}

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

export const isFine = ({ findings }: Judgement): boolean => findings.length === 0

async function everybodyIsBack({ hall }: Stage): Promise<void> {
  await until(() => {
    if (hall.there() < hall.clients) throw new Error('not everybody is back')
  }, syncWithinMs).catch(() => undefined)
}
