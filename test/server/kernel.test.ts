import { describe, expect, test } from 'vitest'
import { readCosts, readCpuMs, readRssMb } from '../../server/kernel'

/** Surely no process: the kernel's highest pid is 4194304. */
const nobody = 99_999_999

describe.runIf(process.platform === 'linux')('the kernel tells', () => {
  test('the processor time of a main thread, which grows with its work', () => {
    const beforeMs = readCpuMs(process.pid)!
    const start = process.cpuUsage()
    while (process.cpuUsage(start).user < 200_000) {
      for (let turn = 0; turn < 1_000_000; turn++) Math.sqrt(turn)
    }
    expect(readCpuMs(process.pid)! - beforeMs).toBeGreaterThanOrEqual(100)
  })

  test('the processor time of all threads, and of the main one of them', () => {
    const { mainMs, allMs } = readCosts(process.pid)!
    expect(mainMs).toBeGreaterThan(0)
    expect(allMs).toBeGreaterThanOrEqual(mainMs)
  })

  test('the memory of a process, Buffers included', () => {
    const beforeMb = readRssMb(process.pid)!
    const held = Buffer.alloc(64 * 1024 * 1024, 1)
    expect(readRssMb(process.pid)! - beforeMb).toBeGreaterThan(48)
    expect(held.length).toBeGreaterThan(0)
    const ownMb = process.memoryUsage.rss() / 1024 / 1024
    expect(readRssMb(process.pid)! / ownMb).toBeCloseTo(1, 0)
  })
})

test('nothing is told of a process that does not exist', () => {
  expect(readCpuMs(nobody)).toBeUndefined()
  expect(readCosts(nobody)).toBeUndefined()
  expect(readRssMb(nobody)).toBeUndefined()
})
