import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { consoleFold, consoleStream } from '../../src/protocol/console'
import { accepted, refused } from '../../src/protocol/envelope'
import { refuse } from '../../src/protocol/refusals'
import { until } from '../support/until'
import { phone, projector, seriousFaults, showPages, type ShownPages } from './shown-pages'

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})
afterAll(() => shown.close())

beforeEach(() => {
  const { gateway } = shown
  gateway.welcome = { ...gateway.welcome, role: 'presenter' }
  gateway.heard.length = 0
  gateway.onWish = () => accepted
  gateway.keep(consoleStream, consoleFold, 'g1.1')
})
afterEach(async () => {
  await shown.leave(page)
  expect(shown.complaints.splice(0)).toEqual([])
})

const top = [
  'pid           reductions  of host  msgs  process',
  '<0.302790.0>  48_000_000     99 %     0  sum.sum',
  '<1.7.0>              120     50 %     0  reception',
]
const fault = ['Runtime.tpo()', '^', 'Column 1: Did you mean Runtime.top()?']

const typed = (text: string) => ({ type: 'typed', text, atMs: 1_700_000_000_000 })
const printed = (...lines: string[]) => ({ type: 'printed', lines })
const say = (...events: object[]) => shown.gateway.say(consoleStream, ...events)
const swallow = (...events: object[]) => shown.gateway.swallow(consoleStream, ...events)

const open = async (path = '/console', options: BrowserContextOptions = {}) => {
  page = await shown.open(path, { viewport: projector, ...options })
  await page.locator('.xterm-rows').waitFor()
}
/** What stands on the screen, without empty rows and what pads them. */
const rows = async () => {
  const texts = await page.locator('.xterm-rows > div').allInnerTexts()
  return texts.map((text) => text.replaceAll('\u00a0', ' ').trimEnd()).filter(Boolean)
}
const sees = (...expected: string[]) => until(async () => expect(await rows()).toEqual(expected))
const lines = () =>
  shown.gateway.heard.flatMap(([word, body]) =>
    word === 'wish' ? [(body as { command: { text: string } }).command.text] : [],
  )
const sent = (...expected: string[]) => until(() => expect(lines()).toEqual(expected))
const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

describe('whoever gives the talk', () => {
  test('types, and reads what is printed', async () => {
    await open()
    await sees('>')
    await page.keyboard.type('Runtime.top()')
    await sees('> Runtime.top()')
    await press('Enter')
    await sent('Runtime.top()')
    say(typed('Runtime.top()'))
    await page.getByText('At work').waitFor()
    say(printed(...top))
    await sees('> Runtime.top()', ...top, '>')
    expect(await page.getByText('At work').count()).toBe(0)
  })

  test('keeps what is being typed while something is printed', async () => {
    await open()
    await page.keyboard.type('Load.set(1)')
    await press('ArrowLeft')
    say(typed('help'), printed('one', 'two'))
    await sees('> help', 'one', 'two', '> Load.set(1)')
    await page.keyboard.type('00')
    await sees('> help', 'one', 'two', '> Load.set(100)')
    await press('Control+c')
    await sees('> help', 'one', 'two', '>')
  })

  test('brings back earlier lines, and completes', async () => {
    swallow(typed('pid = <0.1.0>'), printed('<0.1.0>'), typed('help'), printed('…'))
    await open()
    const before = ['> pid = <0.1.0>', '<0.1.0>', '> help', '…']
    await page.keyboard.type('Runt')
    await press('ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown')
    await sees(...before, '> help')
    await press('ArrowDown')
    await sees(...before, '> Runt')
    await press('Tab')
    await page.keyboard.type('tr')
    await press('Tab')
    await page.keyboard.type('p')
    await press('Tab', 'Tab')
    await sees(...before, 'pid(  pid', '> Runtime.trace(pid')
    await press('Control+u')
    await sees(...before, 'pid(  pid', '>')
  })

  test('empties the screen, for all', async () => {
    await open()
    say(typed('help'), printed('one'))
    await sees('> help', 'one', '>')
    await press('Control+l')
    await sent('clear')
    say(typed('clear'), { type: 'cleared' })
    await sees('>')
    say(typed('help'), printed('two'))
    await sees('> help', 'two', '>')
  })

  test('reads why a line was refused', async () => {
    shown.gateway.onWish = () => refused(refuse('too_busy'))
    await open()
    await page.keyboard.type('help\n')
    await page.getByText('The system is as full as it may be. Try again soon.').waitFor()
  })

  test('can leave the terminal by the keyboard alone', async () => {
    await open()
    await press('Tab')
    const isInside = () => page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA')
    expect(await isInside()).toBe(true)
    await press('Escape', 'Tab')
    await until(async () => expect(await isInside()).toBe(false))
  })

  test('has the console of the next gateway when that one is gone', async () => {
    swallow(typed('help'), printed('one'))
    await open()
    await sees('> help', 'one', '>')
    shown.gateway.restart(consoleStream, 'g2.1')
    await sees('The gateway began anew, and the console with it.', '>')
  })
})

test('a phone fills in the words, with the process that was printed last', async () => {
  await open('/console', { viewport: phone, hasTouch: true, isMobile: true })
  say(typed('Runtime.top()'), printed(...top))
  await page.getByRole('button', { name: 'trace' }).tap()
  const field = page.getByRole('textbox', { name: 'Line' })
  await until(async () => expect(await field.inputValue()).toBe('Runtime.trace(<0.302790.0>)'))
  expect(lines()).toEqual([])
  await page.getByRole('button', { name: 'Send' }).tap()
  await sent('Runtime.trace(<0.302790.0>)')
})

test('everybody else looks on, and has nothing to type into', async () => {
  shown.gateway.welcome = { ...shown.gateway.welcome, role: 'audience' }
  swallow(typed('Runtime.top()'), printed(...top))
  await open('/dashboard/console')
  await sees('> Runtime.top()', ...top)
  await page.locator('.xterm').click()
  await page.keyboard.type('help\n')
  say(typed('help'), printed('one'))
  await sees('> Runtime.top()', ...top, '> help', 'one')
  expect(lines()).toEqual([])
  expect(await page.getByRole('button').count()).toBe(0)
})

test('nothing that is printed is obeyed', async () => {
  const nasty = '\u001b[2J\u001b]0;owned\u0007\u009b31m<img src=x onerror=alert(1)>\r\n\u202e'
  swallow(typed(nasty), printed(nasty))
  await open()
  const plain = '·[2J·]0;owned··31m<img src=x onerror=alert(1)>···'
  await sees(`> ${plain}`, plain, '>')
  expect(await page.locator('img').count()).toBe(0)
})

test('as many lines as the view has are shown, the last ones in sight', async () => {
  for (let at = 0; at < 100; at++) {
    swallow(typed(`line ${at}`), printed(...Array.from({ length: 20 }, () => `of ${at}`)))
  }
  await open()
  await until(async () => expect((await rows()).slice(-2)).toEqual(['of 99', '>']))
  for (let at = 100; at < 250; at++) {
    say(typed(`line ${at}`), printed(...Array.from({ length: 20 }, () => `of ${at}`)))
  }
  await until(async () => expect((await rows()).slice(-2)).toEqual(['of 249', '>']))
})

test('nothing is serious for axe, or cut off, on a projector or a phone', async () => {
  swallow(typed('Runtime.top()'), printed(...top))
  swallow(typed('Runtime.tpo()'), { type: 'printed', lines: fault, isError: true })
  for (const viewport of [phone, projector]) {
    await open('/console', { colorScheme: 'light', viewport })
    await until(async () => expect((await rows()).at(-1)).toBe('>'))
    const { width, height } = viewport
    const size = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.scrollHeight,
      parseFloat(getComputedStyle(document.querySelector('.xterm-rows')!).fontSize),
    ])
    expect(size.slice(0, 2)).toEqual([width, height])
    expect(size[2]).toBeGreaterThanOrEqual(viewport === projector ? 22 : 12)
    expect(await seriousFaults(page)).toEqual([])
    if (viewport === phone) await shown.leave(page)
  }
  const colour = () =>
    page.evaluate(() => getComputedStyle(document.querySelector('.xterm-rows')!).color)
  const light = await colour()
  await page.emulateMedia({ colorScheme: 'dark' })
  await until(async () => expect(await colour()).not.toBe(light))
  expect(await seriousFaults(page)).toEqual([])
})
