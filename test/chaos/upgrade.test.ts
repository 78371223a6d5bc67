/* A short form of `npm run chaos -- only=upgrade`. */
import { expect, test } from 'vitest'
import { hotSources } from '../support/hot-sources'
import { startSystem } from '../support/system'
import { watchLoad } from './load'
import { upgradeAgain } from './upgrade'

test('three upgrades in a row, one of them broken, are noticed by no phone and no client', async () => {
  const sources = hotSources()
  const system = await startSystem(() => ({ HOT_SOURCES: sources.folder }))
  try {
    const load = await watchLoad(system)
    await load.wish({ type: 'set_target', target: 500 })
    await load.flows(500)
    const plan = { url: system.url, sources, upgrades: 3, brokenEvery: 2, phones: 5 }
    const { wrong, tookMs, sums } = await upgradeAgain(plan)
    load.leave()
    expect(wrong).toEqual([])
    expect(tookMs).toHaveLength(2)
    expect(sums).toBeGreaterThanOrEqual(15)
    expect(load.samples.flatMap(({ failed }) => Object.keys(failed))).toEqual([])
  } finally {
    await system.stop()
    sources.remove()
  }
})
