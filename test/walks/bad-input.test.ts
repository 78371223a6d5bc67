/*
 * Whatever a room full of developers sends to the gateway: a typed refusal, a cut line, or nothing;
 * never a dead gateway, never a lost list. Raw sockets, since no page of ours would send any of
 * this.
 */
import { get, type IncomingMessage } from 'node:http'
import { io, type Socket } from 'socket.io-client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Answer, Welcome } from '../../src/protocol/envelope'
import { sessionStream } from '../../src/protocol/envelope'
import { startSystem, token, type System } from '../support/system'
import { until } from '../support/until'

let system: System
let sockets: Socket[] = []

beforeAll(async () => {
  system = await startSystem()
})

afterAll(() => system?.stop())

afterEach(async () => {
  for (const socket of sockets) socket.disconnect()
  sockets = []
})

interface Client {
  readonly socket: Socket
  readonly stream: string
  ask(word: string, body: unknown): Promise<Answer>
  sum(text: unknown, id?: string): Promise<Answer>
}

let lastId = 0

async function join(options: object = {}): Promise<Client> {
  const socket = io(system.url, { forceNew: true, reconnection: false, ...options })
  sockets.push(socket)
  const welcome = await new Promise<Welcome>((resolve, reject) => {
    socket.once('welcome', resolve)
    socket.once('connect_error', reject)
  })
  const stream = sessionStream(welcome.visitor)
  const ask = (word: string, body: unknown) =>
    socket.timeout(10_000).emitWithAck(word, body) as Promise<Answer>
  return {
    socket,
    stream,
    ask,
    sum: (text, id = `wish-id-${++lastId}`) =>
      ask('wish', { id, stream, command: { type: 'start_sum', text } }),
  }
}

const refusal = (code: string) => ({ ok: false, refusal: { code } })

/** The lines of a client's list, read by another follow. */
async function list({ socket, stream, ask }: Client): Promise<{ number: string }[]> {
  const snapshot = new Promise<{ view: { lines: { number: string }[] } }>((resolve) =>
    socket.once('snapshot', resolve),
  )
  await ask('follow', { stream })
  return (await snapshot).view.lines
}

describe('a wish', () => {
  test.each([
    ['an object for a text', { evil: true }, 'malformed'],
    ['nothing for a text', undefined, 'malformed'],
    ['a number for a text', 5, 'malformed'],
    ['41 characters', '1'.repeat(41), 'too_long'],
    ['letters', 'abc', 'not_a_number'],
    ['a float', '1e309', 'not_a_number'],
    ['other digits', '５', 'not_a_number'],
    ['nothing typed', '', 'not_a_number'],
  ])('with %s is refused, and the list stays', async (_, text, code) => {
    const client = await join()
    expect(await client.sum('4')).toEqual({ ok: true })
    expect(await client.sum(text)).toEqual(refusal(code))
    expect(await list(client)).toMatchObject([{ number: '4' }])
  })

  test.each([
    ['no object', 'hello'],
    ['null', null],
    ['an array', []],
    ['a forged prototype', JSON.parse('{"__proto__":{"id":"wish-id-0"},"stream":"x"}') as unknown],
    ['too many fields', { id: 'wish-id-0', stream: 'play/session/x', command: {}, more: 1 }],
    ['a short id', { id: 'x', stream: 'play/session/x', command: {} }],
    ['an absurd stream', { id: 'wish-id-0', stream: '../../etc', command: {} }],
    ['binary data', Buffer.alloc(1_000)],
  ])('that is %s is refused as malformed', async (_, body) => {
    const client = await join()
    expect(await client.ask('wish', body)).toEqual(refusal('malformed'))
    expect(await client.sum('5')).toEqual({ ok: true })
  })

  test('with 5,000 nested arrays is refused, and the gateway lives on', async () => {
    const client = await join()
    const { engine } = client.socket.io
    const answer = new Promise<string>((resolve) =>
      engine.on('message', (data: string) => {
        if (data.startsWith('3777')) resolve(data.slice('3777'.length))
      }),
    )
    // Written as it goes over the wire: the client's own encoder would overflow its stack.
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const command = `{"type":"start_sum","text":${deep}}`
    engine.write(`2777["wish",{"id":"wish-deep","stream":"${client.stream}","command":${command}}]`)
    expect(JSON.parse(await answer)).toEqual([refusal('malformed')])
    expect(await client.sum('5')).toEqual({ ok: true })
  })

  test('without an ack, or with something else for one, is granted all the same', async () => {
    const client = await join()
    const wish = (id: string, text: string) => {
      return { id, stream: client.stream, command: { type: 'start_sum', text } }
    }
    client.socket.emit('wish', wish('without-ack', '3'))
    client.socket.emit('wish', wish('odd-ack-00', '4'), 'no function')
    client.socket.emit('wish')
    client.socket.emit('wish', null)
    await until(async () => {
      expect(await list(client)).toMatchObject([{ number: '3' }, { number: '4' }])
    })
  })

  test('that comes twice under one id is granted once', async () => {
    const client = await join()
    expect(await client.sum('7', 'same-wish-id')).toEqual({ ok: true })
    expect(await client.sum('7', 'same-wish-id')).toEqual({ ok: true })
    expect(await list(client)).toHaveLength(1)
  })

  test('for another visitor’s session is refused, and so is following it', async () => {
    const [one, other] = [await join(), await join()]
    const body = {
      id: 'wish-id-x',
      stream: other.stream,
      command: { type: 'start_sum', text: '5' },
    }
    expect(await one.ask('wish', body)).toEqual(refusal('not_yours'))
    expect(await one.ask('follow', { stream: other.stream })).toEqual(refusal('not_yours'))
    expect(await one.ask('follow', { stream: 'boards/board/x' })).toEqual(refusal('unknown_stream'))
  })

  test('beyond 20 running sums is refused until one ends', async () => {
    const client = await join()
    for (let sum = 0; sum < 20; sum++) {
      await until(async () => expect(await client.sum('-5')).toEqual({ ok: true }))
    }
    await until(async () => {
      expect(await client.sum('-5')).toEqual(refusal('too_many_running'))
    })
  })
})

describe('the line', () => {
  test('of a flood is slowed by refusals and then cut, and nobody else is', async () => {
    const [honest, flood] = [await join(), await join()]
    const cut = new Promise((resolve) => flood.socket.once('disconnect', resolve))
    const asked = Array.from({ length: 50 }, (_, word) => flood.ask('no such word', { word }))
    const answers = await Promise.all(asked)
    for (let word = 0; word < 500; word++) flood.socket.emit('no such word', { word })
    await cut
    expect(answers).toContainEqual(refusal('too_fast'))
    expect(await honest.sum('5')).toEqual({ ok: true })
  })

  test('that carries a megabyte is cut, and the gateway lives on', async () => {
    const gateway = await system.pidOf('gateway')
    const client = await join({ transports: ['websocket'] })
    const cut = new Promise((resolve) => client.socket.once('disconnect', resolve))
    client.socket.emit('wish', 'x'.repeat(1_000_000))
    await cut
    expect(await system.pidOf('gateway')).toBe(gateway)
    expect(await (await join()).sum('5')).toEqual({ ok: true })
  })

  test.each([
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['a null origin', { origin: 'null' }],
  ])('from %s is not opened', async (_, extraHeaders) => {
    for (const transport of ['polling', 'websocket']) {
      await expect(join({ transports: [transport], extraHeaders })).rejects.toThrow()
    }
  })
})

describe('a request', () => {
  test.each(['/', '/deck/', '/socket.io/?EIO=4&transport=polling'])(
    'for %s under a foreign name reaches nothing',
    async (path) => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { host: `evil.example:${system.port}` }
        get(`${system.url}${path}`, { headers }, resolve).on('error', reject)
      })
      response.resume()
      expect([403, 421]).toContain(response.statusCode)
    },
  )

  test.each([
    '/../package.json',
    '/%2e%2e/server/main.js',
    '/pages/sum/',
    '/deck-csp.json',
    '/%00',
  ])('for %s finds nothing', async (path) => {
    expect((await fetch(`${system.url}${path}`)).status).toBe(404)
  })
})

describe('the presenter’s pages', () => {
  const page = (headers: Record<string, string> = {}) =>
    fetch(`${system.url}/presenter`, { headers })
  const enter = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${system.url}/enter`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', origin: system.url, ...headers },
    })
  const withToken = JSON.stringify({ token })

  test('are not there for anybody else', async () => {
    const [hidden, nowhere] = [await page(), await fetch(`${system.url}/no-such-page`)]
    expect(hidden.status).toBe(404)
    expect(await hidden.text()).toBe(await nowhere.text())
    expect((await page({ cookie: 'presenter=guess' })).status).toBe(404)
  })

  test('open to the cookie that the right token is exchanged for', async () => {
    const entered = await enter(withToken)
    expect(entered.status).toBe(204)
    const cookie = entered.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toContain(token)
    expect((await page({ cookie: cookie.split(';')[0]! })).status).toBe(200)
  })

  test.each([
    ['a wrong token', JSON.stringify({ token: `${token}x` }), {}],
    ['no JSON', token, {}],
    ['a long body', JSON.stringify({ token: 'x'.repeat(5_000) }), {}],
    ['another origin', withToken, { origin: 'http://evil.example' }],
    ['no origin', withToken, { origin: 'null' }],
    ['a proxy without TLS', withToken, { 'x-forwarded-for': '10.1.2.3' }],
  ])('stay shut for %s', async (_, body, headers) => {
    expect((await enter(body, headers)).status).toBe(404)
  })

  test('and no line of the log shows the token', () => {
    expect(system.log.join('\n')).not.toContain(token)
  })
})
