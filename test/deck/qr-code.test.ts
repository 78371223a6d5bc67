import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHall, type Hall } from './hall'

let hall: Hall
beforeAll(async () => {
  hall = await openHall({ welcomes: false })
})
afterAll(() => hall.close())

test('a code waits in words, not as a broken picture, until the address is known', async () => {
  const page = await hall.open('#/break-the-system')
  await page.locator('#break-the-system qr-code').getByText('as soon as the server tells').waitFor()
  expect(await page.locator('qr-code img').count()).toBe(0)
  await page.context().close()
})

test('the deck turns its slides all the same', async () => {
  const page = await hall.open()
  await page.keyboard.press('End')
  await page.locator('#break-the-system.present').waitFor()
  expect(hall.faults).toEqual([])
  await page.context().close()
})
