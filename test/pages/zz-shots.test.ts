import { test } from 'vitest'
import { accepted, refused } from '/work/main/src/protocol/envelope'
import { hostsFold, hostsStream } from '/work/main/src/protocol/hosts'
import { refuse } from '/work/main/src/protocol/refusals'
import { sumFold } from '/work/main/src/protocol/sum'
import { mine, phone, projector, showPages } from '/work/main/test/pages/shown-pages'
test('shots', async () => {
  const shown = await showPages()
  const { gateway } = shown
  const views = [['phone', phone], ['wide', projector]] as const
  for (const [name, viewport] of views) for (const colorScheme of ['light', 'dark'] as const) {
    const reset = () => { gateway.keep(mine, sumFold, 'h1.1'); gateway.keep(hostsStream, hostsFold, 'g' + Math.random()); gateway.swallow(hostsStream, { type: 'host_ready', host: 'play' }, { type: 'host_ready', host: 'boards' }); gateway.onWish = () => accepted }
    const shot = async (p: any, what: string) => { await p.waitForTimeout(150); await p.screenshot({ path: `/tmp/shots/${what}-${name}-${colorScheme}.png` }) }
    reset()
    const page = await shown.open('/sum', { viewport, colorScheme })
    await page.getByText('None yet').waitFor()
    await shot(page, 'empty')
    const started = (id: string, number: string) => ({ type: 'sum_started', id, number })
    gateway.say(mine, started('z','9'.repeat(40)), started('a', '50000'), started('b', '13'), started('d', '100'), started('c', '-5'), started('e', '10'))
    gateway.say(mine, { type: 'sum_finished', id: 'a', result: '1250025000' }, { type: 'sum_failed', id: 'z', reason: 'killed' }, { type: 'sum_finished', id: 'd', result: '4'.repeat(79) },{ type: 'sum_failed', id: 'b', reason: 'Error: bad luck' }, { type: 'sum_finished', id: 'e', result: '55' })
    await page.getByText('bad luck').waitFor()
    await shot(page, 'list')
    gateway.onWish = () => refused(refuse('not_a_number'))
    await page.getByLabel('n, a whole number').fill('five')
    await page.getByRole('button', { name: 'Add up' }).click()
    await page.getByText('That is not').waitFor()
    await shot(page, 'refusal')
    gateway.say(hostsStream, { type: 'host_lost', host: 'play', reason: 'killed (SIGKILL)' })
    await page.getByText('is down').waitFor()
    gateway.onWish = () => refused(refuse('host_down'))
    await page.getByLabel('n, a whole number').fill('12')
    await page.getByRole('button', { name: 'Add up' }).click()
    await page.waitForTimeout(1200)
    await shot(page, 'host-lost')
    gateway.onWish = () => accepted
    gateway.restart(mine, 'h2.1'); gateway.say(hostsStream, { type: 'host_ready', host: 'play' })
    await page.waitForTimeout(300)
    gateway.restart(mine, 'h2.2')
    await page.waitForTimeout(300)
    await shot(page, 'restarted')
    await gateway.kill()
    await page.getByText('The connection was lost').waitFor()
    await page.getByLabel('n, a whole number').fill('12')
    await page.getByRole('button', { name: 'Add up' }).click()
    await shot(page, 'lost')
    await gateway.live()
    await page.getByText('came back').waitFor()
    gateway.welcome = { ...gateway.welcome, version: '2' }; gateway.sendAway()
    await page.getByText('newer version').waitFor()
    await shot(page, 'old')
    gateway.welcome = { ...gateway.welcome, version: '1' }
    await page.context().close()
    reset()
    gateway.say(hostsStream, { type: 'host_lost', host: 'play', reason: 'silent for 512 ms in sumUpTo (src/system/sum.ts:12:3)' }, { type: 'host_starting', host: 'load' })
    gateway.welcome = { ...gateway.welcome, role: 'presenter' }
    const pres = await shown.open('/presenter', { viewport, colorScheme })
    await pres.getByText('boards').waitFor()
    await shot(pres, 'presenter')
    await pres.context().close()
    gateway.welcome = { ...gateway.welcome, role: 'audience' }
    shown.enterStatus = 404
    const enter = await shown.open('/enter#abc', { viewport, colorScheme })
    await enter.getByText('not valid').waitFor()
    await shot(enter, 'enter')
    await enter.context().close()
  }
  console.log(shown.complaints)
  await shown.close()
}, 120000)
