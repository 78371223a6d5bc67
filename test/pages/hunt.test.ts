import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accepted, refused } from '../../src/protocol/envelope'
import { huntFold, huntStream, type Bug } from '../../src/protocol/hunt'
import { refuse } from '../../src/protocol/refusals'
import { until } from '../support/until'
import { inLightAndDark, phone, projector, showPages, type ShownPages } from './shown-pages'

const atMs = 1_700_000_000_000

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})
afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  gateway.welcome = { ...gateway.welcome, role: 'audience' }
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.keep(huntStream, huntFold, 'log1')
})
afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const open = async (options: BrowserContextOptions = {}) => {
  page = await shown.open('/hunt', { viewport: projector, ...options })
}
const present = () => {
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'presenter' }
}
const find = (bug: Bug, isShadow = false) =>
  shown.gateway.say(huntStream, { type: 'bug_found', bug, isShadow, atMs })
const sees = (text: string | RegExp) => page.getByText(text).first().waitFor()
const press = (name: string) => page.getByRole('button', { name }).click()
const wishes = () =>
  shown.gateway.heard.flatMap(([word, body]) =>
    word === 'wish' ? [(body as { command: unknown }).command] : [],
  )

describe('the page', () => {
  test('hides what nobody has found, and shows it once somebody has', async () => {
    await open()
    await sees('0 of 3 found')
    expect(await page.getByText('not found yet').count()).toBe(3)
    expect(await page.getByText('A negative number').count()).toBe(0)
    find('negative')
    await sees('1 of 3 found')
    await sees('A negative number')
    await sees('found by 1 visitor')
    find('negative', true)
    await sees('found by 2 visitors, 1 of them with 0')
    find('thirteen')
    find('huge')
    await sees('3 of 3 found')
    expect(await page.getByText('not found yet').count()).toBe(0)
  })

  test('has nothing to press for the audience', async () => {
    await open()
    await sees('0 of 3 found')
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('says that the hunt rests', async () => {
    await open()
    shown.gateway.say(huntStream, { type: 'hunt_armed', armed: false })
    await sees(/It rests: nothing counts now/)
  })
})

describe('whoever gives the talk', () => {
  beforeEach(present)

  test('shows a bug before it is found', async () => {
    await open()
    await press('Show bug 3')
    await until(() => expect(wishes()).toEqual([{ type: 'reveal_bug', bug: 'huge' }]))
    shown.gateway.say(huntStream, { type: 'bug_revealed', bug: 'huge' })
    await sees('A huge number')
    await sees('shown, and found by nobody')
    await sees('0 of 3 found')
  })

  test('lets it rest, and go on', async () => {
    await open()
    await press('Let it rest')
    await until(() => expect(wishes()).toEqual([{ type: 'arm_hunt', armed: false }]))
    shown.gateway.say(huntStream, { type: 'hunt_armed', armed: false })
    await press('Go on')
    await until(() => expect(wishes().at(-1)).toEqual({ type: 'arm_hunt', armed: true }))
  })

  test('is asked once more before all is forgotten', async () => {
    await open()
    await press('Begin anew…')
    await press('Keep it')
    expect(wishes()).toEqual([])
    await press('Begin anew…')
    await press('Forget all that was found')
    await until(() => expect(wishes()).toEqual([{ type: 'reset_hunt' }]))
  })

  test('reads why it was refused', async () => {
    shown.gateway.onWish = () => refused(refuse('presenter_only'))
    await open()
    await press('Let it rest')
    await sees('Only whoever gives the talk can do that.')
  })
})

test('nothing is serious for axe, or cut off, on a projector or a phone', async () => {
  present()
  for (const bug of ['negative', 'thirteen'] as const) {
    shown.gateway.swallow(huntStream, { type: 'bug_found', bug, isShadow: false, atMs })
  }
  for (const viewport of [phone, projector]) {
    await open({ viewport })
    await sees('2 of 3 found')
    const { width, height } = viewport
    await inLightAndDark(page, async (faults) => {
      expect(faults).toEqual([])
      const size = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.scrollHeight,
      ])
      expect(size[0]).toBe(width)
      if (viewport === projector) expect(size[1]).toBe(height)
    })
    await shown.leave(page)
  }
})
