/* Repairs of the planted bugs, on the sources as they are. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { plant, plantedBugs, repair, repairsIn, type Rewritten } from '../../src/compile/repairs'

const read = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../../src/system/${name}.ts`), 'utf8')
const whole = plant({ sum: read('sum'), session: read('session') }, 'all')
const planted = sourcesOf(whole)

function sourcesOf(rewritten: Rewritten) {
  if (!rewritten.ok) throw new Error(rewritten.problem)
  return rewritten.sources
}

test('the project as it is kept has all its bugs', () => {
  expect(planted).toEqual({ sum: read('sum'), session: read('session') })
})

describe.each(plantedBugs)('%s', (bug) => {
  const better = sourcesOf(repair(planted, bug))

  test('is repaired in one place, and planted again as it was', () => {
    const changed = (['sum', 'session'] as const).filter((name) => better[name] !== planted[name])
    expect(changed).toEqual([bug === 'negative' ? 'session' : 'sum'])
    expect(sourcesOf(plant(better, bug))).toEqual(planted)
  })

  test('twice is once', () => {
    expect(sourcesOf(repair(better, bug))).toEqual(better)
    expect(sourcesOf(plant(planted, bug))).toEqual(planted)
  })
})

test('all are repaired in any order to the same, and none names a repair any more', () => {
  const all = sourcesOf(repair(planted, 'all'))
  const one = plantedBugs.toReversed().reduce((now, bug) => sourcesOf(repair(now, bug)), planted)
  expect(one).toEqual(all)
  expect(all.sum + all.session).not.toMatch(/repair:/)
  expect(sourcesOf(plant(all, 'all'))).toEqual(planted)
})

test('which are made is read off the sources, and whether there is more', () => {
  const some = sourcesOf(repair(sourcesOf(repair(planted, 'large')), 'negative'))
  expect(repairsIn(planted, planted)).toEqual({ repaired: [], hasMore: false })
  expect(repairsIn(some, planted)).toEqual({ repaired: ['negative', 'large'], hasMore: false })
  const more = { ...some, session: `${some.session}\n// more` }
  expect(repairsIn(more, planted)).toEqual({ repaired: ['negative', 'large'], hasMore: true })
  const other = { ...some, sum: 'export function* sum() {}' }
  expect(repairsIn(other, planted)).toEqual({ repaired: ['negative'], hasMore: true })
})

test('what was written in another way is left alone, and that is said', () => {
  const other = { ...planted, sum: planted.sum.replaceAll('13n', '14n').replaceAll('to:', 'n:') }
  expect(repair(other, '13')).toEqual({
    ok: false,
    problem: expect.stringMatching(/^In sum\.ts neither the bug '13' nor/) as string,
  })
  expect(repair(other, 'all').ok).toBe(false)
  expect(repair(other, 'negative').ok).toBe(true)
})
