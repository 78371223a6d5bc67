/*
 * Many upgrades in a row while phones ask for sums: repaired, planted and broken code by turns. Each
 * phone knows what every sum must come out as, so what is lost or wrong is found without asking the
 * system how it fared; and the system's own account is held against that.
 */
import { sessionStream } from '../../src/protocol/envelope'
import { sumFold, type SumLine } from '../../src/protocol/sum'
import { totalOf, upgradeFold, upgradeStream } from '../../src/protocol/upgrades'
import type { UpgradeView } from '../../src/protocol/upgrades'
import { createLiveSource } from '../../src/source/live'
import type { HotSources } from '../support/hot-sources'
import { until } from '../support/until'
import { takeCookies } from './presenter'

export interface UpgradesPlan {
  readonly url: string
  readonly sources: HotSources
  readonly upgrades: number
  /** Every so many-th is broken. */
  readonly brokenEvery: number
  readonly phones: number
}

export interface UpgradesSeen {
  readonly tookMs: readonly number[]
  readonly sums: number
  /** What should not have been, in words. */
  readonly wrong: readonly string[]
}

/** Upgrades so many times while phones ask; gives what was seen. */
export async function upgradeAgain(plan: UpgradesPlan): Promise<UpgradesSeen> {
  const { url, sources, upgrades, brokenEvery } = plan
  const cookie = await takeCookies(url)
  const presenter = createLiveSource({ url, wakes: () => () => {}, cookie })
  const phones = Array.from({ length: plan.phones }, (_, at) => openPhone(url, at))
  const wrong: string[] = []
  const tookMs: number[] = []
  let view: UpgradeView | undefined
  presenter.follow(upgradeStream, upgradeFold, (now) => {
    if (now.epoch !== undefined) view = now.view
  })
  try {
    await everybodyAsks(phones)
    for (let nth = 1; nth <= upgrades; nth++) {
      const isBroken = nth % brokenEvery === 0
      edit(sources, nth, isBroken)
      const before = await until(() => view ?? notYet())
      const answer = await presenter.wish(upgradeStream, { type: 'upgrade' })
      if (!answer.ok) wrong.push(`upgrade ${nth} was refused: ${answer.refusal.code}`)
      const after = await until(() => newer(view, before))
      wrong.push(...judge(nth, isBroken, before, after))
      if (!isBroken && after.last) tookMs.push(after.last.tookMs)
      await everybodyAsks(phones)
    }
    await Promise.all(phones.map((phone) => phone.rest()))
  } finally {
    presenter.close()
    for (const phone of phones) phone.close()
  }
  return {
    tookMs,
    sums: phones.reduce((all, { asked }) => all + asked(), 0),
    wrong: [...wrong, ...phones.flatMap(({ troubles }) => troubles)],
  }
}

/** Waits until each phone has got one more sum. */
async function everybodyAsks(phones: readonly Phone[]): Promise<void> {
  const before = phones.map(({ asked }) => asked())
  await until(() => {
    if (phones.some(({ asked }, at) => asked() === before[at])) notYet()
  })
}

const notYet = (): never => {
  throw new Error('not yet')
}

function newer(view: UpgradeView | undefined, before: UpgradeView): UpgradeView {
  const [now, then] = [view?.history.at(-1), before.history.at(-1)]
  return view && !view.underWay && JSON.stringify(now) !== JSON.stringify(then) ? view : notYet()
}

const brokenLines = ['let let = 1', "throw new Error('broken')", 'export const { a } = undefined']

function edit(sources: HotSources, nth: number, isBroken: boolean): void {
  sources.reset()
  if (nth % 2 === 1) sources.repair('all')
  const line = isBroken ? brokenLines[nth % brokenLines.length] : `export const upgrade = ${nth}`
  sources.edit('sum', (text) => `${text}\n${line}\n`)
}

function judge(nth: number, isBroken: boolean, before: UpgradeView, after: UpgradeView): string[] {
  const isRefused = after.history.at(-1)?.type === 'upgrade_refused'
  const hasChanged = after.version !== before.version
  const { browsers } = after
  const dropped = !isBroken && browsers ? browsers.before - browsers.still : 0
  const { lost } = totalOf(after)
  return [
    ...(isBroken === isRefused
      ? []
      : [`upgrade ${nth}: ${after.problem?.sentence ?? 'it was loaded'}`]),
    ...(isBroken === hasChanged ? [`upgrade ${nth}: the release is ${after.version}`] : []),
    ...(dropped > 0 ? [`upgrade ${nth} dropped ${dropped} browsers`] : []),
    ...(lost > 0 ? [`upgrade ${nth} lost ${lost} sums`] : []),
  ]
}

interface Phone {
  /** How many sums it has got so far. */
  asked(): number
  /** Asks no more, and waits for what it asked. */
  rest(): Promise<void>
  readonly troubles: string[]
  close(): void
}

/** Between two sums of a phone: the gateway takes ten words a second. */
const askEveryMs = 200

function openPhone(url: string, nth: number): Phone {
  const source = createLiveSource({ url, wakes: () => () => {} })
  const troubles: string[] = []
  const epochs = new Set<string>()
  let lines: readonly SumLine[] = []
  let [asked, isResting] = [0, false]
  let turn: Promise<void> = Promise.resolve()
  source.onConnection((now) => {
    if (now === 'lost') troubles.push(`phone ${nth} lost its line`)
  })
  const stop = source.onWelcome(({ visitor }) => {
    queueMicrotask(() => stop())
    const stream = sessionStream(visitor)
    source.follow(stream, sumFold, ({ view, epoch }) => {
      lines = view.lines
      if (epoch === undefined || epochs.has(epoch)) return
      if (epochs.add(epoch).size > 1) troubles.push(`phone ${nth} lost its list`)
    })
    turn = ask(stream)
  })

  async function ask(stream: string): Promise<void> {
    while (!isResting) {
      const number = 100 + ((asked * 37 + nth) % 900)
      const id = `phone-${nth}-${asked}`
      const answer = await source.wish(stream, { type: 'start_sum', text: String(number) }, id)
      if (!answer.ok) troubles.push(`phone ${nth}: ${number} was refused: ${answer.refusal.code}`)
      const line = await until(() => lines.find((one) => one.id === id && isOver(one)) ?? notYet())
      const right = String((number * (number + 1)) / 2)
      if (line.outcome !== right) troubles.push(`phone ${nth}: ${number} gave ${line.outcome}`)
      asked++
      await new Promise<void>((resolve) => source.after(askEveryMs, resolve))
    }
  }

  return {
    troubles,
    asked: () => asked,
    async rest() {
      isResting = true
      await turn.catch((error: unknown) => troubles.push(`phone ${nth}: ${String(error)}`))
    },
    close: () => source.close(),
  }
}

const isOver = ({ state }: SumLine): boolean => state !== 'calculating'
