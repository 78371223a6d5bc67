import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { found, hostSpec, isAlive, supervised } from '../support/supervised'
import { until } from '../support/until'

const onLinux = process.platform === 'linux'

describe('a host that is lost', () => {
  test('is told with its reason, and another process is ready in its place', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    const { pid } = system.healthOf('steady')
    process.kill(pid!, 'SIGKILL')
    expect((await system.nth('host_lost')).reason).toBe('killed (SIGKILL)')
    await system.nth('host_ready', 2)
    expect(system.events.map((event) => event.type)).toEqual([
      'host_starting',
      'host_ready',
      'host_lost',
      'host_starting',
      'host_ready',
    ])
    const health = system.healthOf('steady')
    expect(health).toMatchObject({ state: 'ready', restarts: 1, reason: 'killed (SIGKILL)' })
    expect(health.pid).not.toBe(pid)
    expect(isAlive(pid!)).toBe(false)
  })

  test.each([
    ['exit', 'exited with 7'],
    ['throw', 'exited with 1'],
  ])('by its own deed tells how: %s', async (word, reason) => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    system.send('steady', word)
    expect((await system.nth('host_lost')).reason).toBe(reason)
    await system.nth('host_ready', 2)
  })

  test('leaves the others alone', async () => {
    const system = supervised([hostSpec('steady'), hostSpec('steady', { name: 'other' })])
    await system.nth('host_ready', 2)
    const { pid } = system.healthOf('other')
    process.kill(system.healthOf('steady').pid!, 'SIGKILL')
    await system.nth('host_ready', 3)
    expect(system.healthOf('other')).toMatchObject({ pid, state: 'ready', restarts: 0 })
  })

  test('too often waits before it starts again, but does not give up', async () => {
    const intensity = { restarts: 2, withinMs: 600_000 }
    const system = supervised([hostSpec('brief')], { intensity })
    await system.nth('host_lost', 3)
    expect(system.healthOf('brief').state).toBe('lost')
    expect(system.records).toContainEqual(
      expect.objectContaining({ event: 'host_waits', host: 'brief', waitMs: 1_000 }),
    )
    await system.nth('host_ready', 4)
  })
})

describe('a host that is wedged', () => {
  test.each(['blockForever', 'matchForever', 'waitForever'])(
    'is replaced, and the reason names the place: %s',
    async (way) => {
      // On a busy machine the inspector may need longer than it gets on stage.
      const system = supervised([hostSpec('blocker')], { stackWithinMs: 20_000 })
      await system.nth('host_ready')
      const { pid } = system.healthOf('blocker')
      system.send('blocker', way)
      const { reason } = await system.nth('host_lost')
      const place = `in ${way} \\(test/support/hosts/blocker\\.ts:\\d+\\)`
      expect(reason).toMatch(new RegExp(`^wedged: silent for \\d+ ms.* ${place}$`))
      const record = found(system.records.find(({ event }) => event === 'host_wedged'))
      // Above it may lie what Node itself does to open the inspector.
      expect(record.stack).toContainEqual(expect.stringMatching(new RegExp(`^${way} `)))
      expect(record.stack).toContain('processImmediate')
      expect(system.records.filter(({ event }) => event === 'host_output')).toEqual([])
      await system.nth('host_ready', 2)
      expect(isAlive(pid!)).toBe(false)
    },
  )

  test.each(['parseAtLength', 'deriveForever'])(
    'is replaced without a stack when native code does not answer: %s',
    async (way) => {
      const system = supervised([hostSpec('blocker', { maxRssMb: 4_000 })])
      await system.nth('host_ready')
      system.send('blocker', way)
      expect((await system.nth('host_lost')).reason).toMatch(/^wedged: silent for \d+ ms/)
      await system.nth('host_ready', 2)
    },
  )

  test('is one that was stopped by a signal, too', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    process.kill(system.healthOf('steady').pid!, 'SIGSTOP')
    expect((await system.nth('host_lost')).reason).toMatch(/^wedged: silent for \d{4,} ms/)
    await system.nth('host_ready', 2)
  })

  test('cannot lead the root to an address of its own making', async () => {
    let visits = 0
    const trap = createServer((socket) => {
      visits++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(trap, 'listening')
    const { port } = trap.address() as AddressInfo
    const system = supervised([hostSpec('forger', { args: [String(port)] })])
    await system.nth('host_ready')
    system.send('forger', 'forge')
    expect((await system.nth('host_lost')).reason).toMatch(/^wedged: silent for \d+ ms/)
    await system.nth('host_ready', 2)
    trap.close()
    expect(visits).toBe(0)
    // Nor does it hide a line from the log: only what follows a real question may be Node's own.
    expect(system.records).toContainEqual(
      expect.objectContaining({ line: expect.stringContaining(`ws://127.0.0.1:${port}/`) }),
    )
  })

  test('is not one that is busy and alive', async () => {
    const system = supervised([hostSpec('busy')])
    await system.heard(40)
    expect(system.events.map((event) => event.type)).toEqual(['host_starting', 'host_ready'])
  })
})

describe('a host that takes too much memory', () => {
  test.runIf(onLinux)('in Buffers is killed', async () => {
    const bomber = hostSpec('bomber', { maxRssMb: 200 })
    const system = supervised([bomber], { stackWithinMs: 100 })
    await system.nth('host_ready')
    system.send('bomber', 'Buffers')
    expect((await system.nth('host_lost')).reason).toMatch(/^memory: \d+ MB of 200 MB$/)
    expect(system.records).toContainEqual(
      expect.objectContaining({ event: 'host_overgrown', host: 'bomber', limitMb: 200 }),
    )
    await system.nth('host_ready', 2)
  })

  test('in the heap ends by its heap limit, and the reason says so', async () => {
    const system = supervised([hostSpec('bomber', { maxRssMb: 4_000, heapMb: 64 })])
    await system.nth('host_ready')
    system.send('bomber', 'heap')
    // On a busy machine its last, desperate collections may take so long that it counts as wedged.
    expect((await system.nth('host_lost')).reason).toMatch(/^(memory: heap over 64 MB$|wedged: )/)
    await system.nth('host_ready', 2)
  })
})

describe('a host that does not become ready', () => {
  test('three times in a row is quarantined, and the others go on', async () => {
    const system = supervised([hostSpec('doomed'), hostSpec('steady')])
    const { reason } = await system.nth('host_quarantined')
    expect(reason).toBe('died 3 times before it was ready, the last time: exited with 3')
    expect(system.healthOf('doomed')).toMatchObject({ state: 'quarantined', restarts: 2, reason })
    expect(system.events.filter((event) => event.type === 'host_lost')).toHaveLength(3)
    // The first attempts follow at once; the last one gives a passing trouble a second to pass.
    const waits = system.records.filter(({ event }) => event === 'host_waits')
    expect(waits).toMatchObject([{ host: 'doomed', waitMs: 1_000 }])
    await system.nth('host_ready')
    expect(system.healthOf('steady').state).toBe('ready')
    expect(system.givenUp).toEqual([])
  })

  test('and is quarantined starts at once when that is wanted, and only then', async () => {
    const system = supervised([hostSpec('doomed'), hostSpec('steady')])
    await system.nth('host_quarantined')
    await system.nth('host_ready')
    const before = system.events.length
    system.startNow('steady')
    system.startNow('nobody')
    expect(system.events).toHaveLength(before)
    system.startNow('doomed')
    system.startNow('doomed')
    expect(system.events.slice(before)).toEqual([{ type: 'host_starting', host: 'doomed' }])
    expect(system.healthOf('doomed').restarts).toBe(3)
  })

  test('now and then is not quarantined', async () => {
    const lives = join(mkdtempSync(join(tmpdir(), 'lives-')), 'lives')
    const system = supervised([hostSpec('fickle', { args: [lives] })])
    await system.nth('host_ready', 3)
    expect(system.events.filter((event) => event.type === 'host_lost')).toHaveLength(8)
    expect(system.healthOf('fickle').state).toBe('ready')
  })

  test('in time is killed', async () => {
    const system = supervised([hostSpec('dawdler')], { startWithinMs: 500 })
    expect((await system.nth('host_lost')).reason).toBe('not ready within 0.5 s')
  })

  test('because its file is missing is quarantined', async () => {
    const system = supervised([hostSpec('nobody')])
    expect((await system.nth('host_quarantined')).reason).toContain('exited with 1')
  })

  test('and is essential ends the root, once and with a sentence', async () => {
    const system = supervised([hostSpec('steady'), hostSpec('doomed', { essential: true })])
    await until(() => found(system.givenUp[0]))
    expect(system.givenUp).toEqual([
      'Host doomed died 3 times before it was ready, the last time: exited with 3.',
    ])
    expect(system.healthOf('steady').pid).toBeUndefined()
  })

  test('and says why and is essential ends the root at once with its own sentence', async () => {
    const system = supervised([hostSpec('steady'), hostSpec('refuser', { essential: true })])
    await until(() => found(system.givenUp[0]))
    expect(system.givenUp).toEqual(['Port 4000 is in use by another program.'])
    expect(system.healthOf('refuser').restarts).toBe(0)
    expect(system.healthOf('steady').pid).toBeUndefined()
  })

  test('and says why and is not essential is quarantined with its own sentence', async () => {
    const system = supervised([hostSpec('refuser')])
    const { reason } = await system.nth('host_quarantined')
    expect(reason).toContain('Port 4000 is in use by another program.')
    expect(system.givenUp).toEqual([])
  })
})

describe('stop', () => {
  test('ends all hosts in order, the last one first', async () => {
    const system = supervised([
      hostSpec('steady', { name: 'first' }),
      hostSpec('steady', { name: 'second' }),
      hostSpec('steady', { name: 'third' }),
    ])
    await system.nth('host_ready', 3)
    await system.stop()
    expect(system.events.slice(6)).toEqual([
      { type: 'host_lost', host: 'third', reason: 'stopped' },
      { type: 'host_lost', host: 'second', reason: 'stopped' },
      { type: 'host_lost', host: 'first', reason: 'stopped' },
    ])
    const lines = system.records.filter(({ event }) => event === 'host_output')
    expect(lines.map(({ line }) => line)).toEqual(Array(3).fill('stopping in order'))
  })

  test('twice is once', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    const stopped = system.stop()
    expect(system.stop()).toBe(stopped)
    await stopped
    expect(system.events.filter((event) => event.type === 'host_lost')).toHaveLength(1)
  })

  test('before the hosts have started starts none', async () => {
    const system = supervised([hostSpec('steady')])
    await system.stop()
    expect(system.events).toEqual([])
  })

  test('kills a host that ignores it', async () => {
    const system = supervised([hostSpec('deaf', { shutdownMs: 200 })])
    await system.nth('host_ready')
    const { pid } = system.healthOf('deaf')
    process.kill(pid!, 'SIGTERM')
    await system.stop()
    expect((await system.nth('host_lost')).reason).toBe(
      'killed (SIGKILL): not stopped within 200 ms',
    )
    expect(isAlive(pid!)).toBe(false)
  })

  test('kills a host that is blocked', async () => {
    const system = supervised([hostSpec('blocker', { shutdownMs: 100 })])
    await system.nth('host_ready')
    system.send('blocker', 'blockForever')
    await system.heard('blocking')
    const { pid } = system.healthOf('blocker')
    await system.stop()
    expect(isAlive(pid!)).toBe(false)
  })

  test('is over in time however long the hosts might take in sum', async () => {
    const deaf = (name: string) => hostSpec('deaf', { name, shutdownMs: 60_000 })
    const system = supervised([deaf('one'), deaf('two'), deaf('three')])
    await system.nth('host_ready', 3)
    const pids = system.health().map(({ pid }) => pid!)
    await system.stop()
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('does not restart who dies meanwhile', async () => {
    const system = supervised([hostSpec('steady'), hostSpec('deaf', { shutdownMs: 500 })])
    await system.nth('host_ready', 2)
    const stopped = system.stop()
    process.kill(system.healthOf('steady').pid!, 'SIGKILL')
    expect(await system.nth('host_lost')).toMatchObject({ host: 'steady' })
    await stopped
    expect(system.events.filter((event) => event.type === 'host_starting')).toHaveLength(2)
  })
})

describe('a host’s reports', () => {
  test('carry details and words, and reach the root with the host’s name', async () => {
    const system = supervised([hostSpec('steady', { args: ['4000'] })])
    await system.nth('host_ready')
    expect(system.healthOf('steady').details).toEqual(['4000'])
    system.send('steady', { kill: 'play' })
    await until(() => found(system.words[0]))
    expect(system.words).toEqual([{ host: 'steady', word: { kill: 'play' } }])
  })

  test.each(['babble', 'nest'])('are dropped when they are malformed: %s', async (word) => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    system.send('steady', word)
    await until(() => found(system.records.find(({ event }) => event === 'report_malformed')))
    system.send('steady', 'well?')
    await system.heard('well?')
    expect(system.words).toHaveLength(1)
  })

  test('of being ready count once', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    system.send('steady', 'ready again')
    await system.heard('ready again')
    expect(system.events.filter((event) => event.type === 'host_ready')).toHaveLength(1)
  })

  test('include its output, line by line', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    system.send('steady', 'print')
    const record = await until(() =>
      found(system.records.find(({ event }) => event === 'host_output')),
    )
    expect(record).toEqual({
      level: 'info',
      event: 'host_output',
      host: 'steady',
      stream: 'stdout',
      line: 'a line of output',
    })
  })

  test('are complete before its loss is told', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    system.send('steady', 'throw')
    await system.nth('host_lost')
    const told = system.records.map(({ event, line }) => line ?? event)
    expect(told.indexOf('Error: as told')).toBeGreaterThan(0)
    expect(told.indexOf('Error: as told')).toBeLessThan(told.indexOf('host_lost'))
  })
})

describe('a host’s environment', () => {
  test('holds what it was given, and no secret of the root', async () => {
    vi.stubEnv('PRESENTER_TOKEN', 'secret')
    vi.stubEnv('DATABASE_URL', 'secret')
    vi.stubEnv('NODE_OPTIONS', '--no-warnings')
    const system = supervised([hostSpec('steady', { env: { PORT: '4000' } })])
    await system.nth('host_ready')
    vi.unstubAllEnvs()
    system.send('steady', 'environment')
    const { word } = await until(() => found(system.words[0]))
    expect(word).toEqual(expect.arrayContaining(['PATH', 'PORT', 'ROOT_PID']))
    for (const name of ['PRESENTER_TOKEN', 'DATABASE_URL', 'NODE_OPTIONS']) {
      expect(word).not.toContain(name)
    }
  })

  test('bounds its heap, and opens its inspector on loopback when asked', async () => {
    const system = supervised([hostSpec('steady', { heapMb: 96 })])
    await system.nth('host_ready')
    system.send('steady', 'arguments')
    const { word } = await until(() => found(system.words[0]))
    expect(word).toEqual([
      '--max-old-space-size=96',
      '--enable-source-maps',
      '--inspect-port=127.0.0.1:0',
    ])
  })
})
