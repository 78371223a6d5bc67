/*
 * A gateway's sockets in the test's own process: real Socket.IO over a real port, and for hosts,
 * ends of real pipes that the test speaks for. A phone is whoever its cookie says.
 */
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo, type Socket as Call } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { localLines } from '../../server/local-lines'
import { openPipe, type Pipe } from '../../server/pipe'
import { socketSide, type SocketSide } from '../../server/sockets'
import { Streams, type StreamsHears } from '../../src/gateway/streams'
import type { Answer, FromHost, ToHost } from '../../src/protocol/envelope'
import { until } from '../support/until'

export interface StandInHost {
  readonly address: string
  /** Lines that the gateway has opened. */
  readonly calls: readonly Call[]
  /** Everything heard over all lines. */
  readonly heard: ToHost[]
  /** Says words over the last line, in one frame; without a line they are lost. */
  say(...words: FromHost[]): void
  /** Called with each word that is heard. */
  onWord: (word: ToHost) => void
  /** Breaks the line that stands. */
  hangUp(): void
  close(): void
}

export async function createHost(): Promise<StandInHost> {
  const calls: Call[] = []
  let pipe: Pipe<FromHost> | undefined
  const listening = createServer((socket) => {
    calls.push(socket)
    const mine = openPipe<FromHost, ToHost>(socket, (word) => {
      host.heard.push(word)
      host.onWord(word)
    })
    pipe = mine
    socket.on('close', () => {
      if (pipe === mine) pipe = undefined
    })
  })
  const host: StandInHost = {
    address: join(mkdtempSync(join(tmpdir(), 'host-')), 'host.sock'),
    calls,
    heard: [],
    say: (...words) => words.forEach((word) => pipe?.send(word)),
    onWord: () => {},
    hangUp() {
      pipe?.close()
      pipe = undefined
    },
    close() {
      calls.forEach((call) => call.destroy())
      listening.close()
    },
  }
  await once(listening.listen(host.address), 'listening')
  return host
}

export interface Phone {
  readonly socket: Socket
  /** Snapshots and events, oldest first. */
  readonly told: [word: string, body: { seq: number; events?: unknown[] }][]
  ask(word: string, body: unknown): Promise<Answer>
}

export interface Hall {
  readonly url: string
  readonly port: number
  readonly streams: Streams
  /** How often the line to a host was opened. */
  readonly opened: string[]
  sockets(): number
  join(cookie?: string, options?: object): Promise<Phone>
  close(): Promise<void>
}

export interface HallDoors {
  readonly hosts: Readonly<Record<string, StandInHost>>
  readonly windowMs?: (followers: number) => number
  readonly cap?: SocketSide['cap']
}

/** Hears nothing of what streams tell their owner. */
export const deaf: StreamsHears = {
  onHostOpen: () => {},
  onWish: () => {},
  onWord: () => {},
  onEmptied: () => {},
}

/** Opens a gateway whose lines to all hosts stand. */
export async function openHall({ hosts, windowMs, cap }: HallDoors): Promise<Hall> {
  const opened: string[] = []
  const hears = { ...deaf, onHostOpen: (host: string) => void opened.push(host) }
  const streams = new Streams(Object.keys(hosts), hears, localLines, windowMs)
  const http = createHttp()
  const side = socketSide({
    http,
    streams,
    log: ({ error }) => {
      throw error
    },
    version: '1',
    audienceAddress: 'http://talk.test',
    admit: ({ headers }) => readVisitor(headers.cookie),
    ...(cap && { cap }),
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const { port } = http.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const phones: Socket[] = []
  for (const [name, { address }] of Object.entries(hosts)) {
    streams.groupWith(name)!.join(name, address)
  }
  await until(() => {
    if (opened.length < Object.keys(hosts).length) throw new Error(`only ${opened} opened`)
  })
  return {
    url,
    port,
    streams,
    opened,
    sockets: side.count,
    async join(cookie = 'anna', options = {}) {
      const socket = io(url, {
        forceNew: true,
        reconnection: false,
        transports: ['websocket'],
        extraHeaders: { cookie },
        ...options,
      })
      phones.push(socket)
      const told: Phone['told'] = []
      for (const word of ['snapshot', 'events']) {
        socket.on(word, (body: Phone['told'][0][1]) => void told.push([word, body]))
      }
      await new Promise((resolve, reject) => {
        socket.once('welcome', resolve)
        socket.once('connect_error', reject)
      })
      const ask: Phone['ask'] = (word, body) => {
        const answer = socket.emitWithAck(word, body)
        // Whoever leaves gets no answer, and awaits none.
        answer.catch(() => {})
        return answer
      }
      return { socket, told, ask }
    },
    async close() {
      phones.forEach((phone) => phone.disconnect())
      for (const name of Object.keys(hosts)) streams.groupWith(name)!.hangUp(name)
      await side.close()
      Object.values(hosts).forEach((host) => host.close())
    },
  }
}

/** `anna`; `anna presenter` is one. */
function readVisitor(cookie = '') {
  const [visitor = '', role] = cookie.split(' ')
  return { visitor, role: role === 'presenter' ? role : 'audience' } as const
}
