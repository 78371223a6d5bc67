/*
 * The way a phone really comes: plain http at a name that is not this machine, which browsers call
 * an insecure context. Much of what pages take for granted is missing there.
 */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projector, readQr, startBrowser } from '../support/browser'
import { openPhone } from '../support/sum-page'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let browser: Browser
let there: string

beforeAll(async () => {
  system = await startSystem((port) => ({ PUBLIC_URL: `http://talk.test:${port}` }))
  browser = await startBrowser(['--host-resolver-rules=MAP talk.test 127.0.0.1'])
  there = `http://talk.test:${system.port}`
})

afterAll(async () => {
  await browser?.close()
  await system?.stop()
})

test('a phone on plain http sums, reloads, loses its network and comes back', async () => {
  const phone = await openPhone(browser, there)
  expect(await phone.page.evaluate(() => isSecureContext)).toBe(false)
  await phone.sum('5')
  await phone.sees('5', /→ 15$/)
  await phone.page.reload()
  await phone.sees('5', /→ 15$/)

  await phone.page.context().setOffline(true)
  await phone.reads(/Connection lost/)
  await phone.sum('6')
  await phone.reads(/sent as soon as the connection is back/)
  await phone.page.context().setOffline(false)
  await phone.sees('6', /→ 21$/)
  await phone.reads(/connection was lost and came back/)
  expect(await phone.list()).toEqual(['up to 6 → 21', 'up to 5 → 15'])
  await phone.page.context().close()
})

test('a QR code leads to the public address', async () => {
  const context = await browser.newContext(projector)
  const page = await context.newPage()
  await page.goto(`${system.url}/deck/`)
  await page.keyboard.press('q')
  await until(async () => {
    expect(await readQr(page, await page.screenshot())).toBe(there.toUpperCase())
  })
  await context.close()
})

test('the presenter’s key does not open a door that others could listen at', async () => {
  const context = await browser.newContext({ extraHTTPHeaders: { 'x-forwarded-for': '10.1.2.3' } })
  const page = await context.newPage()
  await page.goto(`${there}/enter#${token}`)
  await page.getByText(/not valid/).waitFor()
  expect((await page.goto(`${there}/presenter`))?.status()).toBe(404)
  await context.close()
})
