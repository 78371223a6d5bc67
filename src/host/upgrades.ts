/*
 * Conducts live upgrades, in the root: reads the sources, has a canary try what has changed, gives
 * it to every play host, and remembers which release is the current one. All or nothing: if one
 * host refuses, those that have loaded go back. Whatever dies meanwhile comes up with the release
 * that is current at that moment, and is told of the next one like all others.
 */
import { excerptOf } from '../compile/excerpt'
import { repairsIn } from '../compile/repairs'
import { readFromPlay, type CodeWord, type FromPlay, type HotFiles } from '../protocol/code-words'
import { accepted, refused, type Answer } from '../protocol/envelope'
import type { HostHealth } from '../protocol/host-health'
import { groupOfHost, type HostsEvent } from '../protocol/hosts'
import type { HostRecord, Log } from '../protocol/log-record'
import { refuse, type RefusalCode } from '../protocol/refusals'
import {
  checkUpgradeCommand,
  hotModules,
  upgradeFold,
  type HotModule,
  type Problem,
  type Sources,
  type UpgradeCommand,
  type UpgradeEvent,
  type UpgradeView,
} from '../protocol/upgrades'
import type { Finding } from './finding'
import { HostRound } from './host-round'
import { redact } from './redact'
import { soon } from './turn'

/** Keeps what is current beyond the life of the root. */
export interface Kept {
  /** What was current, if that is not what was built. */
  read(): HotTexts | undefined
  keep(current: HotTexts): void
}

export interface UpgradesWorld {
  /** What the running code was built from. */
  readonly built: HotTexts
  /** Where the current release outlives the root. */
  readonly kept: Kept
  /** The name of the process that is kept ready, where there is one. */
  readonly spare?: string
  readonly log: Log
  /** What somebody has made of the sources; or why that cannot be read. */
  edited(): Promise<{ readonly texts: HotTexts } | { readonly problem: Problem }>
  /** Has a canary compile and try changed modules, beside what runs everywhere now. */
  tryOut(changed: Sources, current: HotFiles): Promise<Finding>
  health(): readonly HostHealth[]
  send(host: string, word: CodeWord): void
  /** Told of each event, once `view` shows it. */
  onEvent(event: UpgradeEvent): void
}

/** A text for each hot module. */
export type HotTexts = Readonly<Record<HotModule, string>>

/** A text for each hot module, and its file where it is not the built one. */
interface Release {
  readonly version: number
  readonly texts: HotTexts
  readonly files: HotFiles
  readonly before: Release | undefined
}

/** A play host that does not answer by then answers nothing any more. */
const answerWithinMs = 5_000
/** Of hosts and the canary no longer one is heard (code-words.ts). */
const longestSentence = 450

export class Upgrades {
  private readonly world: UpgradesWorld
  private current: Release
  private lastVersion = 1
  private lastRef = 0
  private isBusy = false
  /** What all play hosts are asked just now: its number, and what was said meanwhile. */
  private asked: { readonly ref: number; readonly round: HostRound } | undefined
  private refusal: string | undefined
  private loaded = 0
  private purged = 0
  /** Sums that were lost with former lives of hosts, since those hosts loaded the last code. */
  private readonly lostBefore = new Map<string, number>()
  private folded: UpgradeView

  constructor(world: UpgradesWorld) {
    this.world = world
    const { built } = world
    this.current = { version: 1, texts: built, files: {}, before: undefined }
    this.folded = { ...upgradeFold.empty, repairs: repairsIn(built, built) }
  }

  get view(): UpgradeView {
    return this.folded
  }

  /** Answers a presenter's wish; what comes of it is told by events. */
  async wish(raw: unknown): Promise<Answer> {
    const refusal = checkUpgradeCommand(raw)
    return refusal ? refused(refusal) : await this.begin(raw as UpgradeCommand)
  }

  /**
   * Goes on with what was current when the system ended, tried like any other.
   * @param version the number that it gets
   */
  async restore(version = this.lastVersion + 1): Promise<void> {
    const sources = this.world.kept.read()
    this.lastVersion = version - 1
    if (sources) await this.begin({ type: 'upgrade', sources })
  }

  private async begin(command: UpgradeCommand): Promise<Answer> {
    if (this.isBusy) return refused(refuse('upgrade_under_way'))
    this.isBusy = true
    const begunMs = performance.now()
    const work = await this.plan(command, begunMs)
    if (typeof work === 'string') {
      this.isBusy = false
      return refused(refuse(work))
    }
    // Whoever wished it has the answer before anything comes of it.
    soon(() => {
      void work()
        .catch((error: unknown) => refusedBy({ sentence: `That went wrong: ${error}.` }))
        .then((event) => {
          // Whoever hears that it is over may wish the next one.
          this.isBusy = false
          this.say(event)
        })
    })
    return accepted
  }

  /** A word from a play host or the spare. What a host says is judged: it may be broken. */
  hear(host: string, raw: unknown): void {
    const word = readFromPlay(raw)
    if (!word || groupOfHost(host) !== 'play') return
    if (word.type === 'code_state') this.takeState(host, word)
    else if (word.ref === this.asked?.ref && this.asked.round.take(host))
      this.takeAnswer(host, word)
  }

  /** A host of the system has changed. */
  see({ type, host }: HostsEvent): void {
    if (groupOfHost(host) !== 'play') return
    if (type === 'host_starting') this.tell(host)
    if (type === 'host_lost' || type === 'host_left') this.asked?.round.take(host)
    if (type === 'host_lost') this.takeLoss(host)
    if (type === 'host_left') {
      this.lostBefore.delete(host)
      this.say({ type: 'host_code_left', host })
    }
  }

  /** The spare was started. */
  seeSpare(): void {
    this.tellSpare()
  }

  /** What is to be done, which gives what is told in the end; or why nothing is. */
  private async plan(
    command: UpgradeCommand,
    begunMs: number,
  ): Promise<RefusalCode | (() => Promise<UpgradeEvent>)> {
    const { current } = this
    if (command.type === 'purge') return () => this.purge()
    if (command.type === 'roll_back') {
      const { before } = current
      return before ? () => this.rollBack(before, begunMs) : 'nothing_to_roll_back'
    }
    const read = command.sources ? { texts: command.sources } : await this.world.edited()
    if ('problem' in read) return async () => refusedBy(read.problem)
    const texts: HotTexts = { ...current.texts, ...(read.texts as Sources as Partial<HotTexts>) }
    const changed = hotModules.filter((module) => texts[module] !== current.texts[module])
    return changed.length > 0 ? () => this.upgrade(texts, changed, begunMs) : 'nothing_changed'
  }

  private async upgrade(
    texts: HotTexts,
    changed: readonly HotModule[],
    begunMs: number,
  ): Promise<UpgradeEvent> {
    const { current } = this
    const version = this.lastVersion + 1
    this.say({ type: 'upgrade_began', to: version, modules: changed })
    const sources = Object.fromEntries(changed.map((module) => [module, texts[module]]))
    const tried = await this.world.tryOut(sources, current.files)
    if ('problem' in tried) return refusedBy(withExcerpt(tried.problem, texts))
    this.say({ type: 'upgrade_tried', tries: tried.tries })
    const files = { ...current.files, ...tried.files }
    const release = { version, texts, files, before: current }
    const sentence = await this.offer(release)
    this.settle(sentence === undefined ? release : current)
    if (sentence !== undefined) return refusedBy({ sentence })
    this.lastVersion = version
    return { type: 'upgraded', ...this.turn(current, release, begunMs) }
  }

  /**
   * All have run that release. A host that does not take it is broken by the one it has, and no
   * reason to keep that: it ends, and begins anew with what all others have.
   */
  private async rollBack(to: Release, begunMs: number): Promise<UpgradeEvent> {
    const from = this.current
    const modules = hotModules.filter((module) => from.files[module] !== to.files[module])
    this.say({ type: 'upgrade_began', to: to.version, modules })
    await this.offer(to)
    this.settle(to)
    return { type: 'rolled_back', ...this.turn(from, to, begunMs) }
  }

  /** Asks all play hosts to load a release; gives why not all have, in a sentence for people. */
  private async offer(release: Release): Promise<string | undefined> {
    this.refusal = undefined
    this.loaded = 0
    const ref = ++this.lastRef
    const { files } = release
    const { asked, silent } = await this.ask(ref, { type: 'code', ref, files, isSettled: false })
    if (this.refusal !== undefined) return this.refusal
    if (silent.length > 0) {
      return `No answer from ${silent.join(', ')}: all keep the code they had.`
    }
    // One may die of something else meanwhile, and comes up with it; but who is left to say so?
    return asked > 0 && this.loaded === 0
      ? 'No host outlived it: all keep the code they had.'
      : undefined
  }

  /** From now on that is the current release, for whoever was not asked, or has another one. */
  private settle(release: Release): void {
    if (release !== this.current) this.world.kept.keep(release.texts)
    this.current = release
    for (const { name } of this.world.health()) if (groupOfHost(name) === 'play') this.tell(name)
    this.tellSpare()
  }

  private async purge(): Promise<UpgradeEvent> {
    this.purged = 0
    const ref = ++this.lastRef
    await this.ask(ref, { type: 'purge_code', ref })
    return { type: 'purged', count: this.purged, atMs: Date.now() }
  }

  /** Asks all play hosts that serve; gives how many, and those that were silent. */
  private async ask(
    ref: number,
    word: CodeWord,
  ): Promise<{ readonly asked: number; readonly silent: readonly string[] }> {
    const serving = this.world
      .health()
      .filter(({ name, state }) => groupOfHost(name) === 'play' && isServing(state))
      .map(({ name }) => name)
    const round = new HostRound(serving, answerWithinMs)
    this.asked = { ref, round }
    for (const host of serving) this.world.send(host, word)
    const silent = await round.ended
    this.asked = undefined
    return { asked: serving.length, silent }
  }

  /** Tells a host what is current; one that has it already has nothing to do. */
  private tell(host: string): void {
    const { files } = this.current
    this.world.send(host, { type: 'code', ref: ++this.lastRef, files, isSettled: true })
  }

  private tellSpare(): void {
    const { spare } = this.world
    if (spare !== undefined) this.tell(spare)
  }

  private takeAnswer(host: string, word: Exclude<FromPlay, { type: 'code_state' }>): void {
    switch (word.type) {
      case 'code_loaded':
        this.loaded++
        this.lostBefore.delete(host)
        return this.say({ type: 'code_loaded', host })
      case 'code_refused':
        this.refusal = `${host} did not take it: ${word.sentence}`
        return this.asked?.round.finish()
      case 'code_purged':
        this.purged += word.count
    }
  }

  private takeState(
    host: string,
    { lingering, running, lost }: Extract<FromPlay, { type: 'code_state' }>,
  ): void {
    const all = lost + (this.lostBefore.get(host) ?? 0)
    this.say({ type: 'host_code', host, lingering, running, lost: all })
  }

  /** With a host go the sums in it. */
  private takeLoss(host: string): void {
    const known = this.folded.hosts.find((line) => line.host === host)
    if (!known) return
    const lost = known.lost + known.running
    this.lostBefore.set(host, lost)
    this.say({ type: 'host_code', host, lingering: 0, running: 0, lost })
  }

  private turn(from: Release, to: Release, begunMs: number) {
    return {
      from: from.version,
      to: to.version,
      tookMs: Math.round(performance.now() - begunMs),
      atMs: Date.now(),
      repairs: repairsIn(to.texts, this.world.built),
    }
  }

  private say(event: UpgradeEvent): void {
    this.folded = upgradeFold.fold(this.folded, event)
    const record = recordOf(event)
    if (record) this.world.log({ host: 'root', ...record })
    this.world.onEvent(event)
  }
}

/** What the log has of it. */
function recordOf(event: UpgradeEvent): HostRecord | undefined {
  switch (event.type) {
    case 'upgraded':
    case 'rolled_back': {
      const name = event.type === 'upgraded' ? 'upgrade_done' : 'upgrade_rolled_back'
      const reason = `release ${event.from} → ${event.to} in ${event.tookMs} ms`
      return { level: 'info', event: name, reason }
    }
    case 'upgrade_refused': {
      const { sentence, module, line } = event.problem
      const place = module && line !== undefined ? ` (src/system/${module}.ts:${line})` : ''
      return { level: 'warn', event: 'upgrade_refused', reason: `${sentence}${place}` }
    }
    case 'purged':
      return { level: 'info', event: 'upgrade_purged', reason: `${event.count} ran old code` }
    default:
      return undefined
  }
}

const isServing = (state: HostHealth['state']): boolean => state === 'ready' || state === 'leaving'

/** Everybody may read it, and some sentences are a host's or an error's own. */
const refusedBy = (problem: Problem): UpgradeEvent => ({
  type: 'upgrade_refused',
  problem: { ...problem, sentence: redact(problem.sentence, longestSentence) },
  atMs: Date.now(),
})

function withExcerpt(problem: Problem, texts: HotTexts): Problem {
  const { module, line, column } = problem
  if (module === undefined || line === undefined) return problem
  return { ...problem, excerpt: excerptOf(texts[module], line, column ?? 1) }
}
