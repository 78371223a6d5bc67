import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inLightAndDark, showPages, type ShownPages } from './shown-pages'
import { until } from '../support/until'

const token = '5ADmEmw-EH1hWm2rRLuKWg'

let shown: ShownPages
let page: Page

beforeAll(async () => {
  shown = await showPages()
})

afterAll(() => shown.close())

afterEach(async () => {
  await shown.leave(page)
  shown.entered.length = 0
  expect(shown.complaints.splice(0)).toEqual([])
})

const sees = (text: string) => page.getByText(text).waitFor()

describe('the enter page', () => {
  test('exchanges the token of its link and goes on to the slides', async () => {
    shown.enterStatus = 204
    page = await shown.open(`/enter#${token}`)
    await page.waitForURL('**/deck/')
    expect(shown.entered).toEqual([JSON.stringify({ token })])
    expect(shown.gateway.welcomed()).toBe(0)
  })

  test('keeps the token in no address, no history and no text', async () => {
    shown.enterStatus = 404
    page = await shown.open(`/enter#${token}`)
    await sees('This link is not valid, or not any more.')
    expect(await page.evaluate(() => location.href)).not.toContain(token)
    expect(await page.content()).not.toContain(token)
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2)
  })

  test('asks nothing when its link has no token', async () => {
    page = await shown.open('/enter')
    await sees('This link is not valid, or not any more.')
    expect(shown.entered).toEqual([])
  })

  test('tries again with the same token when the system did not answer', async () => {
    shown.enterStatus = 503
    page = await shown.open(`/enter#${token}`)
    await sees('The system did not answer as expected.')
    shown.enterStatus = 204
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForURL('**/deck/')
    expect(new Set(shown.entered)).toEqual(new Set([JSON.stringify({ token })]))
  })

  test('takes another link that is opened in the same tab', async () => {
    shown.enterStatus = 404
    page = await shown.open('/enter#old')
    await sees('This link is not valid, or not any more.')
    await page.evaluate((token) => void (location.hash = token), token)
    await until(() => expect(shown.entered.at(-1)).toBe(JSON.stringify({ token })))
    expect(await page.evaluate(() => location.href)).not.toContain(token)
  })

  test('has nothing serious for axe', async () => {
    shown.enterStatus = 404
    page = await shown.open('/enter#x')
    await sees('This link is not valid, or not any more.')
    await inLightAndDark(page, (faults) => expect(faults).toEqual([]))
  })
})
