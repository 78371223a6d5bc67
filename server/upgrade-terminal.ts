/*
 * An upgrade wished from a terminal: edits the sources if it is told to, wishes, and prints what
 * the stream tells until it is over.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { plant, plantedBugs, repair, type PlantedBug } from '../src/compile/repairs'
import { plain } from '../src/console/print'
import { sentenceOf, type Refusal } from '../src/protocol/refusals'
import {
  checkUpgradeCommand,
  hotModules,
  totalOf,
  upgradeFold,
  upgradeStream,
} from '../src/protocol/upgrades'
import type { Problem, Sources, UpgradeLine, UpgradeView } from '../src/protocol/upgrades'
import type { LiveSource } from '../src/source/live'
import { askToken, NoEntry, openPresenterLine } from './presenter-line'

const usage = `npm run upgrade [-- --fix ${plantedBugs.join('|')}|all] [--reset] [--to URL]`

interface Words {
  readonly to?: string | undefined
  readonly fix?: string | undefined
  readonly reset?: boolean | undefined
}

/** Gives what the program shall exit with: 1 when nothing was loaded for a reason. */
export async function upgradeFromTerminal(args: readonly string[]): Promise<number> {
  const words = readWords(args)
  const folder = resolve(process.env.HOT_SOURCES || 'src/system')
  const wrong = words ? edit(folder, words) : usage
  if (wrong !== undefined || !words) return complain(wrong ?? usage)
  try {
    const { source } = await openPresenterLine({
      to: words.to,
      env: process.env,
      askToken: process.stdin.isTTY ? askToken : undefined,
    })
    try {
      return await upgrade(source, words.to === undefined ? undefined : readSources(folder))
    } finally {
      source.close()
    }
  } catch (error) {
    if (!(error instanceof NoEntry)) throw error
    return complain(error.message)
  }
}

function readWords(args: readonly string[]): Words | undefined {
  try {
    const options = {
      to: { type: 'string' },
      fix: { type: 'string' },
      reset: { type: 'boolean' },
    } as const
    return parseArgs({ args: [...args], options }).values
  } catch {
    return undefined
  }
}

const readSources = (folder: string) => ({
  sum: readFileSync(join(folder, 'sum.ts'), 'utf8'),
  session: readFileSync(join(folder, 'session.ts'), 'utf8'),
})

/** Repairs or plants bugs in the files; gives what is wrong, if anything is. */
function edit(folder: string, { fix, reset }: Words): string | undefined {
  if (fix === undefined && !reset) return undefined
  const isBug = fix === 'all' || plantedBugs.includes(fix as PlantedBug)
  if (fix !== undefined && (!isBug || reset)) return usage
  const sources = readSources(folder)
  const edited = reset ? plant(sources, 'all') : repair(sources, fix as PlantedBug | 'all')
  if (!edited.ok) return edited.problem
  for (const module of hotModules) {
    if (edited.sources[module] === sources[module]) continue
    writeFileSync(join(folder, `${module}.ts`), edited.sources[module])
    say(`${join(folder, `${module}.ts`)} is ${reset ? 'as it was' : 'repaired'}.`)
  }
  return undefined
}

async function upgrade(source: LiveSource, sources: Sources | undefined): Promise<number> {
  const command = { type: 'upgrade', ...(sources && { sources }) }
  const refusal = checkUpgradeCommand(command)
  if (refusal) return refusedWith(refusal)
  const views = new Views(source)
  const before = (await views.find(() => true)).history.at(-1)
  const answer = await source.wish(upgradeStream, command)
  if (!answer.ok) return refusedWith(answer.refusal)
  const isNews = ({ history }: UpgradeView): boolean =>
    JSON.stringify(history.at(-1)) !== JSON.stringify(before)
  const view = await views.find((now) => {
    tellProgress(now)
    return isNews(now)
  })
  if (view.problem) return complain(problemText(view.problem))
  say(resultText(view))
  return 0
}

/** A wish that found nothing to do is no trouble. */
function refusedWith(refusal: Refusal): number {
  if (refusal.code !== 'nothing_changed') return complain(sentenceOf(refusal))
  say(sentenceOf(refusal))
  return 0
}

/** The stream's views as they come. */
class Views {
  private now: UpgradeView | undefined
  private hear: () => void = () => {}

  constructor(source: LiveSource) {
    source.follow(upgradeStream, upgradeFold, ({ view, epoch }) => {
      if (epoch === undefined) return
      this.now = view
      this.hear()
    })
  }

  /** The first view from now on of which `look` is true. */
  find(look: (view: UpgradeView) => boolean): Promise<UpgradeView> {
    return new Promise((done) => {
      this.hear = () => {
        if (!this.now || !look(this.now)) return
        this.hear = () => {}
        done(this.now)
      }
      this.hear()
    })
  }
}

let told = ''

/** Each step once. */
function tellProgress({ underWay }: UpgradeView): void {
  if (!underWay) return
  const { modules, tries, loaded } = underWay
  const last = loaded.at(-1)
  const text =
    (last !== undefined && `${last} has it.`) ||
    (tries && `The canary is content: ${tries.join(', ')}.`) ||
    `A canary tries ${modules.join(' and ')} …`
  if (text !== told) say(text)
  told = text
}

/** What is wrong, where, and the lines around it. */
export function problemText({ sentence, module, line, column, excerpt }: Problem): string {
  const place =
    module && line !== undefined ? `\n  at src/system/${module}.ts:${line}:${column}` : ''
  return `Nothing was changed. ${sentence}${place}${excerpt ? `\n\n${excerpt}` : ''}`
}

function resultText(view: UpgradeView): string {
  const { from, to, tookMs, browsers } = view.history.at(-1) as Extract<
    UpgradeLine,
    { type: 'upgraded' }
  >
  const { lingering, lost } = totalOf(view)
  const stayed = browsers ? `; ${browsers.still} of ${browsers.before} browsers stayed` : ''
  const old = lingering > 0 ? `; ${lingering} still run old code` : ''
  return `Release ${from} → ${to} in ${tookMs} ms${stayed}; ${lost} sums lost${old}.`
}

/** A system elsewhere may tell anything: nothing of it is obeyed by a terminal. */
const shown = (text: string): string => `${text.split('\n').map(plain).join('\n')}\n`

const say = (text: string): void => void process.stdout.write(shown(text))

function complain(text: string): number {
  process.stderr.write(shown(text))
  return 1
}
