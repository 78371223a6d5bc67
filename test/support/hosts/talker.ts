/*
 * A host whose processes speak to those of another one: it listens on a local socket, and has a
 * server named `echo` that answers what it is asked, or never, or with a great deal.
 */
import { createServer } from 'node:net'
import { hostLine } from '../../../server/host-line'
import { drive, noReply, reply, Runtime, server, type ServerModule } from '../../../src/runtime'

const [address = '', incarnation = ''] = process.argv.slice(2)

const Echo: ServerModule<null> = {
  *init() {
    return null
  },
  *handleCall(request) {
    if (request === 'never') return noReply(null)
    return reply(request === 'incarnation' ? incarnation : request, null)
  },
}

const runtime = new Runtime({
  host: 2,
  incarnation,
  now: () => performance.now(),
  random: Math.random,
  log: () => {},
})
runtime.start(undefined, { name: 'echo' }, server, [Echo])
drive(runtime, {
  soon: setImmediate,
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
})
createServer((socket) => runtime.hosts.connect(hostLine(socket))).listen(address, () => {
  process.stdout.write('listening\n')
})
