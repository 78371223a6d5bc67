import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { readCpuMs } from '../../server/kernel'
import { launch } from '../../server/launch'
import { readLines } from '../../server/lines'
import { inspectorAddress, takeStack, type StackTarget } from '../../server/stack'
import { hostSpec } from '../support/supervised'
import { until } from '../support/until'

/** Generous: on a busy machine the inspector may need longer than the supervisor would wait. */
const patientMs = 20_000
/** Long enough for whoever answers at all in the tests where nobody should. */
const briefMs = 500

const uuid = '01234567-89ab-cdef-0123-456789abcdef'
const listening = (address: string) => `Debugger listening on ${address}`

describe('a line of stderr', () => {
  test('tells the inspector’s address', () => {
    expect(inspectorAddress(listening(`ws://127.0.0.1:38809/${uuid}`))).toBe(
      `ws://127.0.0.1:38809/${uuid}`,
    )
  })

  test.each([
    listening(`ws://10.0.0.7:38809/${uuid}`),
    listening(`ws://localhost:38809/${uuid}`),
    listening(`ws://127.0.0.1.example.org:38809/${uuid}`),
    listening(`ws://127.0.0.1@example.org:38809/${uuid}`),
    listening(`wss://127.0.0.1:38809/${uuid}`),
    listening(`ws://127.0.0.1:0/${uuid}`),
    listening(`ws://127.0.0.1:65536/${uuid}`),
    listening(`ws://127.0.0.1:38809/`),
    listening(`ws://127.0.0.1:38809/${uuid}/../other`),
    listening(`ws://127.0.0.1:38809/${uuid}?x`),
    ` ${listening(`ws://127.0.0.1:38809/${uuid}`)}`,
    `Debugger ending on ws://127.0.0.1:38809/${uuid}`,
    '',
  ])('that is not exactly Node’s own tells none: %j', (line) => {
    expect(inspectorAddress(line)).toBeUndefined()
  })
})

describe('the stack of a blocked host', () => {
  let child: ChildProcess | undefined
  afterEach(() => child?.kill('SIGKILL'))

  async function blocked(way: string): Promise<StackTarget> {
    const host = (child = launch(hostSpec('blocker')))
    const listeners = new Set<(line: string) => void>()
    readLines(host.stderr!, (line) => listeners.forEach((listener) => listener(line)))
    const heard = (type: string) =>
      new Promise<void>((resolve) => {
        host.on('message', (report: { type: string }) => report.type === type && resolve())
      })
    await heard('ready')
    host.send({ type: 'word', word: way })
    await heard('word')
    // It has said so just before: only its processor time proves that it is in the block.
    const saidAtMs = readCpuMs(host.pid!) ?? 0
    await until(() => expect(readCpuMs(host.pid!) ?? Infinity).toBeGreaterThan(saidAtMs + 100))
    return {
      openInspector: () => host.kill('SIGUSR1'),
      onErrorLine: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
  }

  test.each([
    ['blockForever', 'for (;;)'],
    ['matchForever', '.test('],
  ])('names the function and its line in the source: %s', async (way, code) => {
    const stack = await takeStack(await blocked(way), patientMs)
    // Above it may lie what Node itself does to open the inspector.
    const top = stack?.find(({ file }) => file !== '')
    expect(top).toMatchObject({ name: way, file: 'test/support/hosts/blocker.ts' })
    expect(readFileSync(top!.file, 'utf8').split('\n')[top!.line - 1]).toContain(code)
  })

  test('is cut when it is deep', async () => {
    expect(await takeStack(await blocked('blockDeeply'), patientMs)).toHaveLength(20)
  })

  test('is none when native code never answers', async () => {
    expect(await takeStack(await blocked('deriveForever'), briefMs)).toBeUndefined()
  })
})

describe('whoever answers in the host’s place', () => {
  let server: WebSocketServer | undefined
  afterEach(() => server?.close())

  async function takeStackFrom(answer: (socket: WebSocket) => void, withinMs = briefMs) {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    server.on('connection', (socket) => {
      socket.on('error', () => {})
      answer(socket)
    })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    let tell: (line: string) => void = () => {}
    return takeStack(
      {
        openInspector: () => tell(listening(`ws://127.0.0.1:${port}/${uuid}`)),
        onErrorLine: (listener) => {
          tell = listener
          return () => {}
        },
      },
      withinMs,
    )
  }

  const frame = { functionName: 'x'.repeat(1_000), location: { scriptId: '1', lineNumber: 1 } }
  const pausedWith = (callFrames: unknown) =>
    JSON.stringify({ method: 'Debugger.paused', params: { callFrames } })

  test.each<[what: string, answer: string]>([
    ['no JSON', 'Debugger.paused'],
    ['null', 'null'],
    ['a deep nest', '['.repeat(100_000)],
    ['an unknown method', '{"method":"Runtime.evaluate"}'],
    ['no call frames', pausedWith(undefined)],
    ['call frames without a place', pausedWith([{ functionName: 'f' }])],
    ['more than a stack can be', pausedWith([{ ...frame, this: 'x'.repeat(5_000_000) }])],
  ])('is not believed when it says %s', async (_what, answer) => {
    expect(await takeStackFrom((socket) => socket.send(answer))).toBeUndefined()
  })

  test('is not waited for when it says nothing, or hangs up', async () => {
    expect(await takeStackFrom(() => {})).toBeUndefined()
    expect(await takeStackFrom((socket) => socket.terminate())).toBeUndefined()
  })

  test('may at most tell a short name without a file', async () => {
    const stack = await takeStackFrom((socket) => socket.send(pausedWith([frame])), patientMs)
    expect(stack).toEqual([{ name: 'x'.repeat(80), file: '', line: 2, column: 1 }])
  })
})

test('an address where nobody listens is no stack', async () => {
  let tell: (line: string) => void = () => {}
  const stack = await takeStack(
    {
      openInspector: () => tell(listening(`ws://127.0.0.1:1/${uuid}`)),
      onErrorLine: (listener) => {
        tell = listener
        return () => {}
      },
    },
    briefMs,
  )
  expect(stack).toBeUndefined()
})
