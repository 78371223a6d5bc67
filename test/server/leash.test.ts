import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import { readCpuMs } from '../../server/kernel'
import { readLines } from '../../server/lines'
import { builtFile } from '../support/build'
import { found, hostSpec, isAlive, supervised } from '../support/supervised'
import { until } from '../support/until'

test('a host that is run without a root says so in one sentence', () => {
  const { status, stderr } = spawnSync(process.execPath, [builtFile('hosts/steady')], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('This is a host: it must be started by the root (npm start).\n')
  expect(status).toBe(1)
})

describe('a root in a process of its own', () => {
  type Told = { type: string; host: string; pid: number; word: unknown }
  let root: ChildProcess | undefined
  const told: Told[] = []
  afterEach(() => {
    root?.kill('SIGKILL')
    for (const { pid } of told.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })

  function startRoot(...hosts: string[]) {
    const entries = hosts.map((name) => builtFile(`hosts/${name}`))
    root = spawn(process.execPath, [builtFile('roots/root'), ...entries], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    readLines(root.stdout!, (line) => told.push(JSON.parse(line) as Told))
    return root
  }

  const tells = (host: string, type: string) =>
    until(() => found(told.find((each) => each.host === host && each.type === type)))

  test('leaves no orphan when it is killed', async () => {
    startRoot('steady', 'deaf')
    const { pid: steady } = await tells('steady', 'host_ready')
    const { pid: deaf } = await tells('deaf', 'host_ready')
    root!.kill('SIGKILL')
    await until(() => expect([steady, deaf].filter(isAlive)).toEqual([]))
  })

  test('leaves no orphan even of a host that is blocked', async () => {
    startRoot('blocker')
    const { pid } = await tells('blocker', 'host_ready')
    await tells('blocker', 'word')
    root!.kill('SIGKILL')
    await until(() => expect(isAlive(pid)).toBe(false))
  })

  test.runIf(process.platform === 'linux')(
    'that was itself stopped for a while finds its hosts well',
    async () => {
      startRoot('busy', 'steady')
      const { pid } = await tells('busy', 'host_ready')
      await tells('steady', 'host_ready')
      const beforeMs = readCpuMs(pid)!
      root!.kill('SIGSTOP')
      await until(() => expect(readCpuMs(pid)! - beforeMs).toBeGreaterThan(2_500))
      root!.kill('SIGCONT')
      const awake = told.length
      await until(() => expect(told.length).toBeGreaterThan(awake + 50))
      expect(told.filter(({ type }) => type === 'host_lost')).toEqual([])
    },
  )
})

describe('a signal to a host', () => {
  test('from the terminal is the root’s business', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    process.kill(system.healthOf('steady').pid!, 'SIGINT')
    system.send('steady', 'still here')
    await system.heard('still here')
    expect(system.events.filter((event) => event.type === 'host_lost')).toEqual([])
  })

  test('to end it lets it end in order, and the root replaces it', async () => {
    const system = supervised([hostSpec('steady')])
    await system.nth('host_ready')
    process.kill(system.healthOf('steady').pid!, 'SIGTERM')
    expect((await system.nth('host_lost')).reason).toBe('exited with 0')
    const lines = system.records.filter(({ event }) => event === 'host_output')
    expect(lines.map(({ line }) => line)).toEqual(['stopping in order'])
    await system.nth('host_ready', 2)
  })
})
