/*
 * The log on real disks and in real processes: what it promises about groups, keys and numbers, and
 * what is left after kills, torn writes and disks that take nothing.
 */
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { openSqliteLog } from '../../server/sqlite-log'
import type { Entry } from '../../src/protocol/log'
import { diskKinds, type SmallDisk } from '../support/log-disk'
import { keepLog, kill, startFixture, type LogProcess } from '../support/log-process'

const newFile = () => join(mkdtempSync(join(tmpdir(), 'log-')), 'data', 'log.db')

const open = (file: string, troubles: (string | undefined)[] = []) =>
  openSqliteLog({ file, onTrouble: (reason) => troubles.push(reason) })

const numbered = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** A group that says the numbers from one to another. */
const group = (from: number, to: number): Entry[] =>
  numbered(from, to).map((number) => ({ key: `number ${number}`, event: { number } }))

const events = (from: number, to: number) => numbered(from, to).map((number) => ({ number }))

describe('a group', () => {
  test('is kept in order, and read and found again', () => {
    const log = open(newFile())
    expect(log.last('numbers')).toBe(0)
    expect(log.append('numbers', 0, group(1, 3))).toBe(true)
    expect(log.append('numbers', 3, group(4, 4))).toBe(true)
    expect(log.last('numbers')).toBe(4)
    expect(log.read('numbers', 0)).toEqual(events(1, 4))
    expect(log.read('numbers', 2)).toEqual(events(3, 4))
    expect(log.read('numbers', 4)).toEqual([])
    expect(log.find('numbers', 'number 2')).toEqual({ number: 2 })
    expect(log.find('numbers', 'number 5')).toBeUndefined()
    log.close()
  })

  test('of nothing is kept at once', () => {
    const log = open(newFile())
    expect(log.append('numbers', 0, [])).toBe(true)
    expect(log.last('numbers')).toBe(0)
    log.close()
  })

  test('with a key that is taken throws, and nothing of it is kept', () => {
    const log = open(newFile())
    log.append('numbers', 0, group(1, 3))
    const twice = [...group(4, 5), ...group(2, 2)]
    expect(() => log.append('numbers', 3, twice)).toThrow('The key number 2 is taken in numbers.')
    const within = [...group(4, 5), ...group(4, 4)]
    expect(() => log.append('numbers', 3, within)).toThrow('The key number 4 is taken in numbers.')
    expect(log.read('numbers', 0)).toEqual(events(1, 3))
    expect(log.append('numbers', 3, group(4, 5))).toBe(true)
    log.close()
  })

  test.each([2, 4])('after number %i of three throws, and nothing of it is kept', (after) => {
    const log = open(newFile())
    log.append('numbers', 0, group(1, 3))
    expect(() => log.append('numbers', after, group(7, 8))).toThrow(
      `numbers is at 3, not at ${after}.`,
    )
    expect(log.read('numbers', 0)).toEqual(events(1, 3))
    log.close()
  })

  test('that is not JSON throws, and nothing of it is kept', () => {
    const log = open(newFile())
    const ring: { ring?: object } = {}
    ring.ring = ring
    for (const event of [undefined, ring, 1n]) {
      expect(() => log.append('numbers', 0, [...group(1, 1), { key: 'k', event }])).toThrow()
    }
    expect(log.last('numbers')).toBe(0)
    expect(log.append('numbers', 0, group(1, 1))).toBe(true)
    log.close()
  })

  test('keeps any text as it is', () => {
    const log = open(newFile())
    const texts = ["'); DROP TABLE events; --", '\u0000', '\ud83d', '👩‍👩‍👧', '\u202e', '"\\\n']
    log.append(
      'numbers',
      0,
      texts.map((text, at) => ({ key: `k${at}`, event: { text } })),
    )
    expect(log.read('numbers', 0)).toEqual(texts.map((text) => ({ text })))
    log.close()
  })

  test('of one stream says nothing about another', () => {
    const log = open(newFile())
    log.append('numbers', 0, group(1, 3))
    expect(log.append('others', 0, group(1, 1))).toBe(true)
    expect(log.last('numbers')).toBe(3)
    expect(log.read('others', 0)).toEqual(events(1, 1))
    log.close()
  })
})

describe('a checkpoint', () => {
  test('takes the place of the one before', () => {
    const file = newFile()
    const log = open(file)
    expect(log.restore('numbers')).toBeUndefined()
    log.checkpoint('numbers', { seq: 2, view: { sum: 3 } })
    log.checkpoint('numbers', { seq: 4, view: { sum: 10 } })
    log.checkpoint('others', { seq: 1, view: null })
    log.close()
    const again = open(file)
    expect(again.restore('numbers')).toEqual({ seq: 4, view: { sum: 10 } })
    expect(again.restore('others')).toEqual({ seq: 1, view: null })
    again.close()
  })
})

describe('opening', () => {
  test('finds the id, numbers and keys of before', () => {
    const file = newFile()
    const log = open(file)
    log.append('numbers', 0, group(1, 3))
    log.close()
    const again = open(file)
    expect(again.id).toBe(log.id)
    expect(again.last('numbers')).toBe(3)
    expect(() => again.append('numbers', 3, group(2, 2))).toThrow('is taken')
    expect(again.append('numbers', 3, group(4, 4))).toBe(true)
    again.close()
  })

  test('makes the folder for nobody else, and each new log has an id of its own', () => {
    const [first, second] = [newFile(), newFile()]
    const logs = [open(first), open(second)]
    expect(statSync(dirname(first)).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(dirname(first))) {
      expect(statSync(join(dirname(first), name)).mode & 0o777).toBe(0o600)
    }
    expect(logs[0]!.id).toMatch(/^[0-9a-f]{32}$/)
    expect(logs[1]!.id).not.toBe(logs[0]!.id)
    logs.forEach((log) => log.close())
  })

  test('after an end in order finds everything in the one file', () => {
    const file = newFile()
    const log = open(file)
    log.append('numbers', 0, group(1, 3))
    log.close()
    expect(readdirSync(dirname(file))).toEqual(['log.db'])
  })

  test('a log that another process has throws a sentence', async () => {
    const file = newFile()
    const owner = keepLog(file)
    await owner.opened
    expect(() => open(file)).toThrow(`${file} cannot be opened. Another process has it open.`)
    expect(await owner.ask('append', 'numbers', 0, group(1, 1))).toBe(true)
    await owner.kill()
    const log = open(file)
    expect(log.last('numbers')).toBe(1)
    log.close()
  })

  test('a folder that is a file throws a sentence', () => {
    const file = newFile()
    writeFileSync(dirname(file), '')
    expect(() => open(file)).toThrow(/cannot be opened\. The disk cannot be written: EEXIST/)
  })
})

describe('a damaged log', () => {
  const pages: [what: string, damage: (content: Buffer) => void][] = [
    ['its first bytes', (content) => content.fill(0, 0, 100)],
    ['its list of tables', (content) => content.fill(1, 100, 4096)],
    ['a page in the middle', (content) => content.fill(9, 4096 * 20, 4096 * 21)],
  ]

  test.each(pages)('in %s is put aside for a new one, and that is told', (_what, damage) => {
    const file = newFile()
    const before = open(file)
    before.append('numbers', 0, group(1, 3_000))
    before.close()
    const content = readFileSync(file)
    damage(content)
    writeFileSync(file, content)
    const troubles: (string | undefined)[] = []
    const log = open(file, troubles)
    expect(troubles).toEqual([
      `The log was damaged. It is kept as ${file}.damaged-1, and a new one was begun.`,
    ])
    expect(statSync(`${file}.damaged-1`).size).toBe(content.length)
    expect(log.id).not.toBe(before.id)
    expect(log.append('numbers', 0, group(1, 1))).toBe(true)
    // That the new one works is no reason to take the news back.
    expect(troubles).toHaveLength(1)
    log.close()
  })

  test('does not take the place of another damaged one', () => {
    const file = newFile()
    open(file).close()
    for (const count of [1, 2]) {
      writeFileSync(file, `no log ${count}`.repeat(1_000))
      open(file).close()
      expect(readFileSync(`${file}.damaged-${count}`, 'utf8')).toContain(`no log ${count}`)
    }
  })

  test('cannot take the new one’s last events with it', async () => {
    const file = newFile()
    const before = open(file)
    before.append('numbers', 0, group(1, 3_000))
    before.close()
    const owner = await killed(file, 3_000, group(3_001, 3_010))
    const content = readFileSync(file)
    writeFileSync(file, content.fill(9, 4096 * 20, 4096 * 21))
    const log = await killed(file, 0, group(1, 10))
    expect(log.id).not.toBe(owner.id)
    // With it lies what only its write-ahead file had.
    expect(readdirSync(dirname(file))).toContain('log.db.damaged-1-wal')
    const again = open(file)
    expect(again.read('numbers', 0)).toEqual(events(1, 10))
    again.close()
  })
})

/** Keeps a group in a process of its own, which is killed then. */
async function killed(file: string, after: number, entries: Entry[]): Promise<{ id: unknown }> {
  const owner = keepLog(file)
  const id = await owner.opened
  expect(await owner.ask('append', 'numbers', after, entries)).toBe(true)
  await owner.kill()
  return { id }
}

/**
 * Lets a writer append until it has said that so many groups are kept, and kills it. Gives the first
 * and the last number that it said.
 */
async function writeAndKill(file: string, size: number, groups: number) {
  const writer = startFixture('log-writer', [file, String(size)])
  const said: number[] = []
  const lines = createInterface(writer.stdout!)
  const enough = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (said.push(Number(line)) === groups) resolve()
    })
  })
  await Promise.race([enough, once(writer, 'exit')])
  await kill(writer)
  expect(said.length).toBeGreaterThanOrEqual(groups)
  return { first: said[0]!, last: said.at(-1)! }
}

describe('after kill -9', () => {
  test.each([1, 50])('all that was said to be kept is there, groups of %i', async (size) => {
    const file = newFile()
    let kept = 0
    for (let round = 1; round <= 10; round++) {
      const said = await writeAndKill(file, size, 60)
      // What was kept and not said may be there too, so the next life begins at or behind it.
      expect(said.first).toBeGreaterThan(kept)
      kept = said.last
      // Every other time the next life has to do with what the kill has left.
      if (round % 2 === 1) continue
      const log = open(file)
      const last = log.last('numbers')
      expect(last).toBeGreaterThanOrEqual(kept)
      // A group is there as a whole or not at all.
      expect(last % size).toBe(0)
      expect(log.read('numbers', 0)).toEqual(events(1, last))
      log.close()
    }
  })

  test.each([1, 2_000, 4_096, 4_110])(
    'a last write that lacks its last %i bytes costs that write alone',
    async (cutBytes) => {
      const file = newFile()
      await killed(file, 0, group(1, 50))
      await killed(file, 50, group(51, 100))
      await killed(file, 100, group(101, 105))
      truncateSync(`${file}-wal`, statSync(`${file}-wal`).size - cutBytes)
      const log = open(file)
      expect(log.read('numbers', 0)).toEqual(events(1, 100))
      expect(log.append('numbers', 100, group(101, 150))).toBe(true)
      log.close()
    },
  )

  test.each([
    ['garbage', () => Buffer.alloc(2_000, 0x5a)],
    ['half of a write of before', (ahead: Buffer) => ahead.subarray(32, 32 + 2_000)],
  ])('%s at the end of the write-ahead file costs nothing', async (_what, torn) => {
    const file = newFile()
    await killed(file, 0, group(1, 50))
    await killed(file, 50, group(51, 55))
    appendFileSync(`${file}-wal`, torn(readFileSync(`${file}-wal`)))
    const log = open(file)
    expect(log.read('numbers', 0)).toEqual(events(1, 55))
    expect(log.append('numbers', 55, group(56, 60))).toBe(true)
    log.close()
    const again = open(file)
    expect(again.read('numbers', 0)).toEqual(events(1, 60))
    again.close()
  })
})

test('the write-ahead file stays small however much is kept', () => {
  const file = newFile()
  const log = open(file)
  for (let last = 0; last < 20_000; last += 100) {
    log.append('numbers', last, group(last + 1, last + 100))
  }
  expect(statSync(`${file}-wal`).size).toBeLessThan(8_388_608)
  log.close()
})

/** Appends groups of ten until one is not kept; gives the last number that was. */
async function appendUntilFull(log: LogProcess, from: number): Promise<number> {
  let last = from
  while (await log.ask('append', 'numbers', last, group(last + 1, last + 10))) last += 10
  return last
}

describe.each(diskKinds)('a disk that takes nothing more ($how)', (kind) => {
  async function filled(): Promise<{ disk: SmallDisk; log: LogProcess }> {
    const disk = await kind.create()
    const log = disk.keepLog()
    await log.opened
    expect(await log.ask('append', 'numbers', 0, group(1, 100))).toBe(true)
    await log.ask('checkpoint', 'numbers', { seq: 100, view: 'hundred' })
    disk.fill()
    return { disk, log }
  }

  test('is told once, what was kept can be read, and nothing more is said to be kept', async () => {
    const { log } = await filled()
    const last = await appendUntilFull(log, 100)
    expect(log.troubles).toEqual([kind.whenFull])
    const more = group(last + 1, last + 10)
    const tries = numbered(1, 5).map(() => log.ask('append', 'numbers', last, more))
    expect(await Promise.all(tries)).not.toContain(true)
    await log.ask('checkpoint', 'numbers', { seq: last, view: 'x'.repeat(100_000) })
    expect(await log.ask('probe')).toBe(false)
    expect(log.troubles).toEqual([kind.whenFull])
    expect(await log.ask('last', 'numbers')).toBe(last)
    expect(await log.ask('read', 'numbers', 0)).toEqual(events(1, last))
    expect(await log.ask('find', 'numbers', 'number 100')).toEqual({ number: 100 })
    expect(await log.ask('restore', 'numbers')).toEqual({ seq: 100, view: 'hundred' })
  })

  test.each(['probe', 'append'] as const)('heals by itself, seen by %s', async (method) => {
    const { disk, log } = await filled()
    const last = await appendUntilFull(log, 100)
    expect(await log.ask('probe')).toBe(false)
    disk.free()
    const healed =
      method === 'probe'
        ? await log.ask('probe')
        : await log.ask('append', 'numbers', last, group(last + 1, last + 50))
    expect(healed).toBe(true)
    expect(log.troubles).toEqual([kind.whenFull, null])
    const now = (await log.ask('last', 'numbers')) as number
    expect(await log.ask('append', 'numbers', now, group(now + 1, now + 50))).toBe(true)
    expect(await log.ask('read', 'numbers', 0)).toEqual(events(1, now + 50))
    expect(log.troubles).toEqual([kind.whenFull, null])
  })

  test('can be filled and freed again and again', async () => {
    const { disk, log } = await filled()
    let last = 100
    for (let round = 1; round <= 5; round++) {
      last = await appendUntilFull(log, last)
      disk.free()
      expect(await log.ask('probe')).toBe(true)
      disk.fill()
    }
    await log.kill()
    disk.free()
    const again = disk.keepLog()
    await again.opened
    expect(await again.ask('read', 'numbers', 0)).toEqual(events(1, last))
  })

  test.each(['kill', 'close'])('opens a log on it after a %s', async (end) => {
    const { disk, log } = await filled()
    const id = await log.opened
    const last = await appendUntilFull(log, 100)
    if (end === 'close') await log.ask('close')
    await log.kill()
    const again = disk.keepLog()
    expect(await again.opened).toBe(id)
    expect(await again.ask('read', 'numbers', 0)).toEqual(events(1, last))
    expect(await again.ask('append', 'numbers', last, group(last + 1, last + 10))).toBe(false)
    expect(again.troubles).toEqual([kind.whenFull])
    disk.free()
    expect(await again.ask('append', 'numbers', last, group(last + 1, last + 10))).toBe(true)
    expect(again.troubles).toEqual([kind.whenFull, null])
  })

  test('has no room for a new log, and the opening says so', async () => {
    const disk = await kind.create()
    disk.fill()
    const sentence = `${disk.folder}/log.db cannot be opened. ${kind.whenFull}`
    await expect(disk.keepLog().opened).rejects.toThrow(sentence)
  })
})

describe.each(diskKinds)('a disk that is read-only ($how)', (kind) => {
  test('lets no log be opened, in a sentence, until it can be written', async () => {
    const disk = await kind.create()
    disk.protect()
    const sentence = `${disk.folder}/log.db cannot be opened. ${kind.whenProtected}`
    await expect(disk.keepLog().opened).rejects.toThrow(sentence)
    disk.unprotect()
    const log = disk.keepLog()
    await log.opened
  })

  test('keeps what is on it until then', async () => {
    const disk = await kind.create()
    const before = disk.keepLog()
    const id = await before.opened
    await before.ask('append', 'numbers', 0, group(1, 10))
    await before.kill()
    disk.protect()
    const meanwhile = disk.keepLog()
    const sentence = `The log ${disk.folder}/log.db cannot be opened. ${kind.whenProtected}`
    const opened = await meanwhile.opened.catch((error: Error) => error.message)
    // An opening alone need not write; what cannot even be locked is not opened.
    expect([id, sentence]).toContain(opened)
    await meanwhile.kill()
    disk.unprotect()
    const again = disk.keepLog()
    expect(await again.opened).toBe(id)
    expect(await again.ask('read', 'numbers', 0)).toEqual(events(1, 10))
    expect(await again.ask('append', 'numbers', 10, group(11, 20))).toBe(true)
  })
})
