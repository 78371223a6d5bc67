/*
 * Who is given a visitor's id with a page. What else the gateway answers is in the walks.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ServedFile } from '../../server/files'
import { httpSide } from '../../server/http'
import { Identity } from '../../server/identity'
import { createPages } from '../../server/pages'
import { RateLimit } from '../../server/rate'

let server: Server
let url: string
let nowMs = 0

beforeEach(async () => {
  const identity = new Identity({ token: 'a-token-that-is-long-enough', key: 'a key' }, false)
  const ownHosts = new Set<string>()
  server = createServer(
    httpSide({
      files: new Map([['pages/sum/index.html', new ServedFile(import.meta.filename)]]),
      pages: createPages(['tools']),
      identity,
      ownHosts,
      audienceAddress: 'http://talk.test',
      arrivals: new RateLimit({ perSecond: 1, burst: 3, cutAfter: Infinity }, () => nowMs),
      scriptHashes: [],
      asking: ({ headers: { cookie } }) => ({ cookie, isPrivate: false }),
      health: () => ({ ready: true }),
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  ownHosts.add(`127.0.0.1:${port}`)
  url = `http://127.0.0.1:${port}/sum`
})

afterEach(() => void server.close())

const scan = async (cookie = '') => {
  const page = await fetch(url, { headers: { cookie } })
  return { status: page.status, cookie: page.headers.get('set-cookie')?.split(';')[0] }
}

test('an address brings as many visitors as a hall has, and more as time goes by', async () => {
  const first = await scan()
  expect(first.cookie).toMatch(/^visitor=/)
  for (const _ of [2, 3]) expect((await scan()).cookie).toBeDefined()
  expect(await scan()).toEqual({ status: 200, cookie: undefined })
  expect(await scan(first.cookie)).toEqual({ status: 200, cookie: undefined })
  nowMs += 1_000
  expect((await scan()).cookie).toBeDefined()
})
