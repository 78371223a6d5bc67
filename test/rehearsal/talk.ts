/*
 * The talk as it is rehearsed: slide by slide, and on the live ones what the presenter and the
 * audience do there. The presenter shows the deck in a real browser; what is typed in the console or
 * wished on other pages goes the way that those pages use.
 */
import type { Browser, FrameLocator, Page } from 'playwright-core'
import { boardStream } from '../../src/protocol/board'
import { consoleFold, consoleStream } from '../../src/protocol/console'
import { huntFold, huntStream } from '../../src/protocol/hunt'
import { loadFold, loadStream } from '../../src/protocol/load'
import { treeFold, treeStream } from '../../src/protocol/tree'
import { upgradeFold, upgradeStream } from '../../src/protocol/upgrades'
import { wallFold } from '../../src/protocol/wall'
import { createLiveSource, type LiveSource } from '../../src/source/live'
import { takeCookies } from '../chaos/presenter'
import { projector } from '../support/browser'
import type { HotSources } from '../support/hot-sources'
import { token, type System } from '../support/system'
import { until } from '../support/until'
import type { Observer } from './observer'
import type { Visitor } from './visitor'
import { buildingBlocks, hidden, observability } from './words'

export interface Hall {
  readonly system: System
  readonly browser: Browser
  readonly sources: HotSources
  readonly visitors: readonly Visitor[]
  readonly observer: Observer
  /** How long all takes, in what is usual. */
  readonly pace: number
  /** Only these slides. */
  readonly slides?: readonly string[] | undefined
}

const clients = 2_000
const inTheHunt = 300

export class Talk {
  private readonly hall: Hall
  readonly deck: Page
  private readonly source: LiveSource

  private constructor(hall: Hall, deck: Page, source: LiveSource) {
    this.hall = hall
    this.deck = deck
    this.source = source
  }

  static async prepare(hall: Hall): Promise<Talk> {
    const { url } = hall.system
    const deck = await (await hall.browser.newContext(projector)).newPage()
    await deck.goto(`${url}/enter#${token}`)
    await deck.waitForURL(/\/deck\//)
    await deck.locator('.reveal.ready').waitFor()
    const cookie = await takeCookies(url)
    return new Talk(hall, deck, createLiveSource({ url, wakes: () => () => {}, cookie }))
  }

  async give(): Promise<void> {
    const all = await this.deck
      .locator('.slides section[id]:not(.stack)')
      .evaluateAll((slides) => slides.map(({ id }) => id))
    for (const slide of this.hall.slides ?? all) {
      await this.show(slide)
      await this.acts[slide]?.()
    }
  }

  leave(): void {
    this.source.close()
  }

  /** What is done on a slide, once it is on. */
  private readonly acts: Readonly<Record<string, () => Promise<void>>> = {
    'live-sum': async () => {
      await this.add('10', '55')
      await this.some(0, 6, (visitor, at) => visitor.sum(String(10 + 7 * at)))
      await this.stay(5)
    },
    'live-load': async () => {
      await this.load(clients)
      await this.stay(14)
      await this.load(0)
      await this.stay(4)
    },
    'how-would-you-build-it': async () => {
      await this.hall.visitors[0]!.reads('Which building blocks would you need?')
      await this.write('building-blocks', buildingBlocks)
      await this.hall.visitors[1]!.post(hidden)
      await this.moderate('building-blocks', hidden, 'hide')
      await this.second(buildingBlocks)
      await this.moderate('building-blocks', buildingBlocks[0]!, 'pin')
      await this.stay(8)
    },
    hunt: async () => {
      await this.load(inTheHunt)
      await this.some(3, 6, (visitor, at) => visitor.sum(String(100 * at)))
      await this.visitor(0).sum('13')
      await this.finds(1)
      await this.stay(3)
      await this.visitor(1).sum('-5')
      await this.finds(2)
      await this.visitor(2).sum('99999999999')
      await this.finds(3)
      await this.some(3, 6, (visitor, at) => visitor.sum(at % 2 ? '13' : '42'))
      await this.stay(6)
    },
    'your-tools': async () => {
      await this.hall.visitors[0]!.reads('How do you find software that misbehaves in production?')
      await this.write('observability', observability)
      await this.second(observability)
      await this.moderate('observability', observability[1]!, 'spotlight')
      await this.stay(6)
    },
    culprit: async () => {
      const table = this.frame('culprit')
      await table.locator('tbody tr').filter({ hasText: 'sum.sum' }).first().waitFor()
      await this.stay(4)
      await table.locator('tbody tr').filter({ hasText: 'sum.sum' }).locator('a').first().click()
      await table.locator('.frames li').first().waitFor()
      await this.stay(5)
      await this.backToSlides()
    },
    'hunt-console': async () => {
      await this.type('Runtime.top()', /sum\.sum/)
      await this.stay(2)
      const pid = /<0\.(\d+)\.0>[^\n]*sum\.sum/.exec(this.printed())![1]!
      await this.type(`pid = pid(0, ${pid}, 0)`, new RegExp(`pid\\(0, ${pid}`))
      await this.type('Runtime.trace(pid)', /Runtime\.trace[^]*add/)
      await this.stay(2)
      await this.type('Runtime.stacktrace(pid)', /Runtime\.stacktrace[^]*add/)
      await this.stay(3)
      await this.type('Runtime.kill_math()', /2 processes/)
      await this.visitor(1).reads(/killed/)
      await this.stay(3)
    },
    'hunt-large': async () => {
      this.hall.sources.repair('all')
      await this.type('upgrade()', /→ 2 in/)
      await this.release(2)
      await this.visitor(0).sum('13')
      await this.visitor(0).reads(/91/)
      await this.visitor(1).sum('-7')
      await this.visitor(1).reads(/Only whole numbers from 1 on/)
      await this.stay(5)
      await this.type('rollback()', /rollback\(\)\n./)
      await this.release(1)
      await this.load(0)
      await this.stay(3)
    },
    'live-tree': async () => {
      await this.visitor(0).sum('13')
      await this.buries(/sum\.sum|^sums?/)
      await this.stay(5)
      await this.kill('play-1')
      await this.stay(6)
      await this.kill('boards')
      await this.some(0, 4, (visitor, at) => visitor.sum(String(20 + at)))
      await this.stay(6)
    },
    feedback: async () => {
      await this.stay(4)
    },
  }

  /** Shows a slide, and its steps one after the other. */
  private async show(slide: string): Promise<void> {
    await this.backToSlides()
    await this.deck.evaluate((id) => (location.hash = `#/${id}`), slide)
    await this.deck.locator(`section#${slide}.present`).waitFor()
    await this.stay(3)
    const steps = await this.deck.locator(`#${slide} .fragment`).evaluateAll((steps) => {
      const all = steps.map((step) => step.getAttribute('data-fragment-index'))
      return new Set(all).size
    })
    for (let step = 0; step < steps; step++) {
      await this.deck.keyboard.press('n')
      await this.stay(1)
    }
  }

  private async backToSlides(): Promise<void> {
    await this.deck.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      focus()
    })
  }

  private frame(slide: string): FrameLocator {
    return this.deck.frameLocator(`#${slide} iframe`)
  }

  /** Adds up on the projected page, as the presenter does. */
  private async add(number: string, result: string): Promise<void> {
    const sums = this.frame('live-sum')
    await sums.getByText('Your session').waitFor()
    // A frame gets the keys of whoever presses in it.
    await sums.getByLabel('n, a whole number').click()
    await sums.getByLabel('n, a whole number').fill(number)
    await sums.getByRole('button', { name: 'Add up' }).click()
    await sums.getByRole('listitem').filter({ hasText: result }).waitFor()
    await this.backToSlides()
  }

  private visitor(at: number): Visitor {
    return this.hall.visitors[at % this.hall.visitors.length]!
  }

  /** Has some of the visitors do something, at once. */
  private async some(
    from: number,
    to: number,
    act: (visitor: Visitor, at: number) => Promise<void>,
  ): Promise<void> {
    const those = this.hall.visitors.slice(from, to)
    await Promise.all(those.map((visitor, at) => act(visitor, from + at)))
  }

  /** Each visitor writes a note, one shortly after the other. */
  private async write(board: string, texts: readonly string[]): Promise<void> {
    for (const [at, visitor] of this.hall.visitors.entries()) {
      await visitor.post(texts[at % texts.length]!)
      await this.stay(0.5)
    }
    await until(() => {
      if (this.notes(board).length < this.hall.visitors.length) throw new Error('not all yet')
    })
  }

  /** Each visitor seconds one of the first notes, never their own. */
  private async second(texts: readonly string[]): Promise<void> {
    const few = Math.min(5, this.hall.visitors.length)
    for (const [at, visitor] of this.hall.visitors.entries()) {
      const of = at % few
      await visitor.second(texts[of === at ? (of + 1) % few : of]!)
      await this.stay(0.2)
    }
  }

  private notes(board: string) {
    return this.hall.observer.now(boardStream(board), wallFold).notes
  }

  private async moderate(board: string, text: string, how: 'hide' | 'pin' | 'spotlight') {
    const note = await until(() => this.notes(board).find((each) => each.text === text)!.id)
    const command = {
      hide: { type: 'moderate_note', note, state: 'hidden' },
      pin: { type: 'pin_note', note, pinned: true },
      spotlight: { type: 'spotlight_note', note },
    }[how]
    await this.wish(boardStream(board), command)
  }

  private async wish(stream: string, command: unknown): Promise<void> {
    const answer = await this.source.wish(stream, command)
    if (!answer.ok) throw new Error(`${JSON.stringify(command)}: ${answer.refusal.code}`)
  }

  private async load(target: number): Promise<void> {
    await this.wish(loadStream, { type: 'set_target', target })
    await until(() => {
      const last = this.hall.observer.now(loadStream, loadFold).samples.at(-1)
      if (last?.clients !== target) throw new Error('not there yet')
    })
  }

  private async finds(count: number): Promise<void> {
    await until(() => {
      const { found } = this.hall.observer.now(huntStream, huntFold)
      const those = Object.values(found).filter((bug) => bug.count > 0)
      if (those.length < count) throw new Error(`${those.length} found`)
    })
  }

  private printed(): string {
    const { lines } = this.hall.observer.now(consoleStream, consoleFold)
    return lines.map(({ text }) => text).join('\n')
  }

  /** Types a line into the console, and waits until it is done. */
  private async type(text: string, prints: RegExp): Promise<void> {
    await this.wish(consoleStream, { type: 'line', text })
    await until(() => {
      const { isBusy } = this.hall.observer.now(consoleStream, consoleFold)
      if (isBusy || !prints.test(this.printed())) throw new Error(this.printed())
    })
  }

  private async release(version: number): Promise<void> {
    await until(() => {
      const view = this.hall.observer.now(upgradeStream, upgradeFold)
      if (view.version !== version || view.underWay) throw new Error('not loaded yet')
    })
  }

  private async buries(name: RegExp): Promise<void> {
    await until(() => {
      const { tombstones } = this.hall.observer.now(treeStream, treeFold)
      if (!tombstones.some((stone) => name.test(stone.name))) throw new Error('nobody died')
    })
  }

  private async kill(host: string): Promise<void> {
    const { system } = this.hall
    const pid = await system.pidOf(host)
    process.kill(pid, 'SIGKILL')
    await until(async () => {
      if ((await system.pidOf(host)) === pid) throw new Error('not seen yet')
    })
    await system.ready()
  }

  /** A talk takes its time. */
  private async stay(seconds: number): Promise<void> {
    await this.deck.waitForTimeout(seconds * 1000 * this.hall.pace)
  }
}
