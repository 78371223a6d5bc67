/*
 * The short form of `npm run simulate`: some hundred seeds, a small exhaustive search, the kept
 * cases, and a few planted faults, each of another part.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundle } from './bundle.mjs'
import { hunt, readFaults } from './hunt.mjs'
import { runCase, runExhaustive, runSeeds } from './program.mjs'

const kept = join(import.meta.dirname, 'kept')

let folder = ''
beforeAll(async () => {
  folder = await bundle('test')
})

describe('the simulation', () => {
  it('holds over some hundred seeds, and the same seed gives the same run', async () => {
    const report = await runSeeds(folder, { seeds: 150 })
    expect(report.failed).toBeUndefined()
    expect(report.seeds).toBe(150)
    expect(report.repeated).toBeGreaterThan(0)
  })

  it('holds in all histories of three processes and four signals', async () => {
    const { failure, histories } = await runExhaustive(folder, { processes: 3, signals: 4 })
    expect(failure).toBeUndefined()
    expect(histories).toBeGreaterThan(1_000_000)
  })

  it.each(readdirSync(kept))('holds in the kept case %s', async (name) => {
    expect(await runCase(folder, join(kept, name))).toEqual({})
  })

  it('finds planted faults', async () => {
    const few = ['a link holds on one side', 'late timers are lost', 'a late reply arrives']
    const names = [...few, 'a window is one restart too wide', 'long-runners starve']
    const faults = (await readFaults()).filter(({ name }) => names.includes(name))
    const lines: string[] = []
    const missed = await hunt(folder, faults, availableParallelism(), (line) => lines.push(line))
    expect(lines).toHaveLength(names.length)
    expect({ missed, lines }).toMatchObject({ missed: 0 })
  })
})
