/*
 * The guided path of the lab, gone by a script from its first checkpoint to its last, as somebody
 * with a mouse would. The lab may be a page, or a frame of one.
 */
import type { FrameLocator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { until } from './until'

export type LabWindow = Page | FrameLocator

export const pathIds =
  'first_sum,thirteen,endless,huge,culprit,killed,loaded,upgraded,rolled_back,healed'

const room = (lab: LabWindow, name: string): FrameLocator =>
  lab.frameLocator(`iframe[title=${name}]`)
const go = (lab: LabWindow, name: string) =>
  lab.locator('.rooms nav').getByRole('button', { name, exact: true }).click()
const bench = (lab: LabWindow) => lab.getByRole('region', { name: 'Source' })

/** The ids in the link to how far somebody is. */
export const reachedIn = async (lab: LabWindow): Promise<string> =>
  (await lab.locator('a[href^="#done="]').getAttribute('href'))!.replace('#done=', '')

async function sum(lab: LabWindow, number: string): Promise<void> {
  await go(lab, 'Sum')
  const field = room(lab, 'Sum').getByRole('textbox')
  await field.fill(number)
  await field.press('Enter')
}

async function reach(lab: LabWindow, id: string): Promise<void> {
  await until(async () => expect((await reachedIn(lab)).split(',')).toContain(id))
}

async function openCulprit(lab: LabWindow): Promise<void> {
  await go(lab, 'Processes')
  const row = room(lab, 'Processes').locator('tbody tr').first()
  await until(async () => expect(await row.innerText()).toMatch(/sum\.sum/))
  await row.locator('a').click()
}

async function killIt(lab: LabWindow): Promise<void> {
  const table = room(lab, 'Processes')
  await table.getByRole('button', { name: 'Kill', exact: true }).click()
  await table.getByRole('button', { name: 'Kill it' }).click()
}

async function haveClients(lab: LabWindow, count: string): Promise<void> {
  await go(lab, 'Load')
  const load = room(lab, 'Load')
  await load.locator('#target').fill(count)
  await load.locator('#target').press('Enter')
  const live = new RegExp(`^${count.replace(/\B(?=(...)+$)/g, '\\D?')} virtual clients live`, 'm')
  await until(async () => expect(await load.locator('main').innerText()).toMatch(live))
}

async function press(lab: LabWindow, name: string): Promise<void> {
  await bench(lab).getByRole('button', { name, exact: true }).click()
}

const state = (lab: LabWindow) => bench(lab).getByRole('status').innerText()

/** Upgrades or rolls back, and waits until another release runs. */
async function turnCode(lab: LabWindow, name: string): Promise<void> {
  const before = await state(lab)
  await press(lab, name)
  await until(async () => {
    const now = await state(lab)
    expect(now).toMatch(/run release \d+/)
    expect(now).not.toBe(before)
  })
}

async function quarantine(lab: LabWindow, host: string): Promise<void> {
  const line = lab.locator('.hosts li').filter({ hasText: host })
  await until(async () => {
    if ((await line.innerText()).includes('quarantined')) return
    await line.getByRole('button').click()
    throw new Error(`${host} is in no quarantine yet`)
  })
}

/** Reaches all checkpoints of a lab where none is reached yet. */
export async function goGuidedPath(lab: LabWindow): Promise<void> {
  await sum(lab, '5')
  await reach(lab, 'first_sum')
  await sum(lab, '13')
  await reach(lab, 'thirteen')
  await sum(lab, '-5')
  await reach(lab, 'endless')
  await sum(lab, '99999999999')
  await reach(lab, 'huge')
  await openCulprit(lab)
  await reach(lab, 'culprit')
  await killIt(lab)
  await reach(lab, 'killed')
  await haveClients(lab, '1000')
  await sum(lab, '7')
  await reach(lab, 'loaded')
  await haveClients(lab, '0')
  await press(lab, 'Show the repair')
  await turnCode(lab, 'Upgrade')
  await sum(lab, '13')
  await reach(lab, 'upgraded')
  await turnCode(lab, 'Roll back')
  await reach(lab, 'rolled_back')
  await quarantine(lab, 'play-1')
  await reach(lab, 'healed')
}
