/*
 * All rules between hosts together: random histories of three hosts whose pipes delay, fill and
 * break, and which die at any moment and come back as another life. A ledger outside of the
 * runtimes notes what was sent, watched, linked and called; at the end it must all have come out as
 * promised.
 *
 *   order         of each pair of processes, and over each connection without a gap
 *   no loss       over a connection that stands to the end
 *   lives         nothing that was meant for an old life reaches a new one
 *   identity      a name is the same object each time it arrives in a host
 *   monitors      exactly one down each, none after demonitor
 *   calls         each ends once, with its own answer or a reason; nothing comes after it
 *   links         the same on both sides; no exit of one that was ended
 */
import { expect, it } from 'vitest'
import {
  answer,
  call,
  demonitor,
  exit,
  link,
  monitor,
  noReply,
  receive,
  register,
  reply,
  self,
  send,
  sendExit,
  server,
  sleep,
  timeout,
  trapExits,
  unlink,
  type Body,
  type BodyOf,
  type Down,
  type ExitMessage,
  type From,
  type NameOnHost,
  type Pid,
  type Ref,
  type ServerModule,
} from '../../src/runtime'
import { forSeveralHosts, type Host, type SeveralHosts } from '../support/several-hosts'
import type { SimulatedWire } from '../support/simulated-pipe'
import { mayYield } from '../support/simulation'

const seeds = 600
const seedsOfPart = 100
const numbers = [1, 2, 3]
const chatters = 3

/** A message of one chatter to another; `over` is the connection that it was sent over. */
interface Said {
  readonly type: 'said'
  readonly from: string
  readonly to: string
  readonly over: number
  readonly n: number
  readonly contacts: readonly Contact[]
}

/** A pid with a name that holds across hosts and lives: what identity is checked against. */
interface Contact {
  readonly tag: string
  readonly pid: Pid
}

/** What the driver tells a chatter to do. */
interface Act {
  readonly type: 'act'
  readonly act: () => void
}

/** What came of one call. */
interface Called {
  readonly life: string
  ended: number
  readonly stray: unknown[]
}

/** One life of one host, with what its processes know. */
class Life {
  readonly host: Host
  /** Every name that has arrived here, as it was the first time. */
  readonly contacts = new Map<string, Pid>()
  readonly tags = new Map<Pid, string>()
  /** Monitors by ref: how often they were told, and whether they were ended before. */
  readonly monitors = new Map<Ref, { downs: number; isEnded: boolean; holder: Pid }>()
  readonly calls: Called[] = []

  constructor(host: Host) {
    this.host = host
  }

  get isAlive(): boolean {
    return this.host.isAlive
  }

  /** Starts a process whose arguments are the ledger itself, and no copy of it. */
  start<Args extends unknown[]>(body: BodyOf<Args>, ...args: Args): void {
    this.host.runtime.start(undefined, {}, body, args)
  }

  meet({ tag, pid }: Contact): void {
    const known = this.contacts.get(tag)
    if (known && known !== pid) throw new Error(`${tag} is another object this time`)
    this.contacts.set(tag, pid)
    this.tags.set(pid, tag)
  }
}

class History {
  readonly world: SeveralHosts
  readonly lives = new Map<string, Life>()
  readonly broken: string[] = []
  /** By pair of chatters: what was sent and what arrived. */
  readonly sent = new Map<string, Said[]>()
  readonly arrived = new Map<string, Said[]>()
  /** Only the chatters of lower hosts link and unlink, so that the ledger knows whose word holds. */
  readonly linksOneWay: boolean
  readonly unlinked = new Set<string>()
  private readonly connections: object[] = []
  private readonly wires = new Map<string, SimulatedWire>()
  private said = 0

  constructor(world: SeveralHosts) {
    this.world = world
    this.linksOneWay = world.random.chance(0.5)
    for (const number of numbers) this.populate(world.get(number))
    for (const [a, b] of pairs) this.connect(a, b)
  }

  /** Gives a new life its processes. */
  private populate(host: Host): void {
    const life = new Life(host)
    this.lives.set(host.incarnation, life)
    host.runtime.start(undefined, { name: 'desk' }, server, [desk(this, life)])
    for (let n = 0; n < chatters; n++) host.spawn(chatter, this, life, n)
  }

  connect(a: number, b: number): void {
    const { random } = this.world
    const capacity = random.chance(0.5) ? random.between(1, 8) : 50
    const [wire] = this.world.connect(a, b, { capacity, delayMs: random.between(0, 40) })
    this.wires.set(`${a} ${b}`, wire)
  }

  /** What happens to the hosts themselves. */
  disturb(): void {
    const { world } = this
    const { random } = world
    const [a, b] = random.pick(pairs)
    if (random.chance(0.3)) this.wires.get(`${a} ${b}`)?.cut()
    else if (random.chance(0.4)) {
      world.kill(a)
      world.after(random.below(100), () => this.revive(a))
    } else this.reconnect(a, b)
  }

  private revive(number: number): void {
    const { world } = this
    if (world.get(number).isAlive) return
    this.populate(world.start(number))
    for (const other of numbers) {
      const [a, b] = number < other ? [number, other] : [other, number]
      world.after(world.random.below(50), () => this.reconnect(a, b))
    }
  }

  /** Calls again when neither side believes in a connection, as a host's dialler would. */
  reconnect(a: number, b: number): void {
    const [one, two] = [this.world.get(a), this.world.get(b)]
    if (a === b || !one.isAlive || !two.isAlive || one.sees(b) || two.sees(a)) return
    this.connect(a, b)
  }

  /** Numbers connections, as the sender sees them; 0 is none. */
  over(life: Life, to: Pid): number {
    const other = life.host.runtime.hosts.find(to.host)
    const connection = other === to.target ? other?.connection : undefined
    if (!connection) return 0
    const at = this.connections.indexOf(connection)
    return at < 0 ? this.connections.push(connection) : at + 1
  }

  find({ name, host }: NameOnHost): Pid | undefined {
    return this.world.get(host).runtime.registry.find(name)
  }

  stands(over: number): boolean {
    const connection = this.connections[over - 1] as { ended: string | undefined } | undefined
    return connection?.ended === undefined
  }

  say(life: Life, to: Pid): void {
    const [from, toTag] = [life.tags.get(self())!, life.tags.get(to)!]
    const contacts = this.world.random.shuffle([...life.contacts]).slice(0, 2)
    const message: Said = {
      type: 'said',
      from,
      to: toTag,
      over: this.over(life, to),
      n: ++this.said,
      contacts: contacts.map(([tag, pid]) => ({ tag, pid })),
    }
    note(this.sent, message)
    send(to, message)
  }

  hear(life: Life, message: Said): void {
    const own = life.tags.get(self())
    if (message.to !== own) this.broken.push(`${own} got what was for ${message.to}`)
    note(this.arrived, message)
    for (const contact of message.contacts) this.meet(life, contact)
  }

  meet(life: Life, contact: Contact): void {
    try {
      life.meet(contact)
    } catch (error) {
      this.broken.push((error as Error).message)
    }
  }
}

const pairs = [
  [1, 2],
  [1, 3],
  [2, 3],
] as const

function note(ledger: Map<string, Said[]>, message: Said): void {
  const pair = `${message.from} → ${message.to}`
  const all = ledger.get(pair)
  if (all) all.push(message)
  else ledger.set(pair, [message])
}

/** Knows the chatters of its host, and answers in every manner. */
function desk(history: History, life: Life): ServerModule<null> {
  const { random } = history.world
  return {
    *init() {
      return null
    },
    *handleCall(request, from) {
      yield* mayYield()
      if (request === 'contacts') {
        return reply(
          [...life.contacts].map(([tag, pid]) => ({ tag, pid })),
          null,
        )
      }
      if (random.chance(0.3)) return reply([life.host.incarnation, request], null)
      if (random.chance(0.6)) life.start(answerer, life, from, request, random.below(200))
      return noReply(null)
    },
  }
}

function* answerer(life: Life, from: From, request: unknown, afterMs: number): Body {
  yield* sleep(afterMs)
  answer(from, [life.host.incarnation, request])
  // Nobody hears it twice.
  answer(from, 'again')
}

/** Does as the driver says, and notes what it hears. */
function* chatter(history: History, life: Life, n: number): Body {
  trapExits(true)
  register(`chatter ${n}`)
  life.meet({ tag: `${life.host.incarnation}/${n}`, pid: self() })
  for (;;) {
    const message = yield* receive<Said | Act | Down | ExitMessage>()
    yield* mayYield()
    if (message.type === 'act') message.act()
    else if (message.type === 'said') history.hear(life, message)
    else if (message.type === 'down') hearDown(history, life, message)
    else if (message.type === 'exit') hearExit(history, life, message)
  }
}

function hearDown(history: History, life: Life, { ref }: Down): void {
  const held = life.monitors.get(ref)
  if (!held) history.broken.push('a down of no monitor')
  else if (held.isEnded) history.broken.push('a down after demonitor')
  else held.downs++
}

function hearExit(history: History, life: Life, { from, reason }: ExitMessage): void {
  if (reason === 'aimed') return
  const pair = `${life.tags.get(self())} ${life.tags.get(from)}`
  if (history.unlinked.has(pair)) history.broken.push(`an exit after unlink: ${pair}`)
}

/** Asks the desk of a host once, and notes how that ends. */
function* caller(history: History, life: Life, host: number, question: unknown): Body {
  trapExits(true)
  const called: Called = { life: life.host.incarnation, ended: 0, stray: [] }
  life.calls.push(called)
  const limitMs = history.world.random.chance(0.5) ? 100 : 100_000
  try {
    const value = yield* call({ name: 'desk', host }, question, limitMs)
    if (question === 'contacts') {
      for (const contact of value as Contact[]) history.meet(life, contact)
    } else {
      const [incarnation, back] = value as [string, unknown]
      if (back !== question) history.broken.push('the answer of another call')
      if (!history.lives.has(incarnation)) history.broken.push('an answer of no life')
    }
  } catch (error) {
    const { reason } = (error as { reason: { reason: unknown } }).reason
    if (!['noconnection', 'noproc', 'timeout', 'killed'].includes(String(reason))) {
      history.broken.push(`a call failed with ${String(reason)}`)
    }
  }
  called.ended++
  const stray = yield* receive(undefined, 1_000)
  if (stray !== timeout) called.stray.push(stray)
}

/** One random deed of one random process. */
function deed(history: History): void {
  const { random } = history.world
  const host = history.world.get(random.pick(numbers))
  const life = history.lives.get(host.incarnation)!
  const me = host.runtime.registry.find(`chatter ${random.below(chatters)}`)
  if (!host.isAlive || !me || !life.tags.has(me)) return
  const others = [...life.contacts.values()].filter((pid) => pid.host !== host.number)
  const to = others.length > 0 ? random.pick(others) : undefined
  const act = (): void => actOf(history, life, to)
  host.runtime.send(me, { type: 'act', act } satisfies Act)
}

function actOf(history: History, life: Life, to: Pid | undefined): void {
  const { random } = history.world
  const number = random.pick(numbers)
  if (!to || random.chance(0.1)) return life.start(caller, history, life, number, 'contacts')
  const kind = random.below(100)
  if (kind < 45) for (let n = random.between(1, 6); n > 0; n--) history.say(life, to)
  else if (kind < 60) {
    life.monitors.set(monitor(to), { downs: 0, isEnded: false, holder: self() })
  } else if (kind < 66) endMonitor(history, life)
  else if (kind < 78) tie(history, life, to)
  else if (kind < 94) life.start(caller, history, life, number, random.bits())
  else if (kind < 97) sendExit(to, random.chance(0.3) ? 'kill' : 'aimed')
  else exit('tired')
}

function endMonitor(history: History, life: Life): void {
  const own = [...life.monitors].filter(([, held]) => held.holder === self() && !held.isEnded)
  if (own.length === 0) return
  const [ref, held] = history.world.random.pick(own)
  demonitor(ref)
  if (held.downs === 0) held.isEnded = true
}

function tie(history: History, life: Life, to: Pid): void {
  if (history.linksOneWay && to.host < life.host.number) return
  const pair = `${life.tags.get(self())} ${life.tags.get(to)}`
  if (history.world.random.chance(0.6)) {
    if (history.linksOneWay) history.unlinked.delete(pair)
    link(to)
  } else {
    unlink(to)
    if (history.linksOneWay) dropExits(history, life, to, pair)
  }
}

/** What came before the unlink may still lie in the mailbox; only what comes after it is wrong. */
function dropExits(history: History, life: Life, to: Pid, pair: string): void {
  const lying = life.host.runtime.info(self())!.messages as Partial<ExitMessage>[]
  if (!lying.some((message) => message.type === 'exit' && message.from === to)) {
    history.unlinked.add(pair)
  }
}

function play(history: History): void {
  const { world } = history
  const until = 1_500
  for (let ms = 0; ms < until; ms += world.random.between(1, 20)) {
    world.after(ms, () => deed(history))
  }
  for (let n = world.random.between(0, 12); n > 0; n--) {
    world.after(world.random.below(until), () => history.disturb())
  }
  world.runFor(until)
  // Then all is well for a while: everybody who lives is connected, and what is on its way arrives.
  for (let n = 0; n < 10; n++) {
    for (const [a, b] of pairs) history.reconnect(a, b)
    world.runFor(300)
  }
}

function checkMessages(history: History): void {
  for (const [pair, arrived] of history.arrived) {
    const sent = history.sent.get(pair)!
    const numbersOf = (messages: readonly Said[]) => messages.map(({ n }) => n)
    expect(numbersOf(arrived)).toEqual(numbersOf(arrived).toSorted((a, b) => a - b))
    for (const over of new Set(arrived.map((message) => message.over))) {
      const of = (messages: readonly Said[]) =>
        numbersOf(messages.filter((message) => message.over === over))
      expect(of(arrived)).toEqual(of(sent).slice(0, of(arrived).length))
    }
  }
  for (const [pair, sent] of history.sent) {
    const [incarnation = '', n = ''] = sent[0]!.to.split('/')
    const receiver = history.lives.get(incarnation)!
    const sender = history.lives.get(sent[0]!.from.split('/')[0]!)!
    if (
      !sender.isAlive ||
      !receiver.isAlive ||
      !receiver.host.runtime.registry.find(`chatter ${n}`)
    )
      continue
    const owed = sent.filter(({ over }) => over > 0 && history.stands(over))
    const arrived = new Set(history.arrived.get(pair)?.map((message) => message.n))
    expect(owed.filter((message) => !arrived.has(message.n))).toEqual([])
  }
}

/** Every link and monitor of a process stands at the other end too. */
function checkTies(history: History): void {
  const ties = new Set<string>()
  for (const life of history.lives.values()) {
    if (!life.isAlive) continue
    for (const pid of life.host.runtime.list()) {
      const { links, monitors, monitoredNames, monitoredBy } = life.host.runtime.info(pid)!
      for (const other of links) ties.add(`link ${String(pid)} ${String(other)}`)
      const remote = (of: Pid): boolean => of.host !== life.host.number
      const named = monitoredNames.map((whom) => history.find(whom)!)
      for (const other of [...monitors, ...named].filter(remote)) {
        ties.add(`${String(pid)} > ${String(other)}`)
      }
      for (const other of monitoredBy.filter(remote)) ties.add(`${String(other)} < ${String(pid)}`)
    }
  }
  const wrong = [...ties].filter((line) => {
    const [a, b, c] = line.split(' ') as [string, string, string]
    if (a === 'link') return !ties.has(`link ${c} ${b}`)
    return !ties.has(b === '>' ? `${a} < ${c}` : `${a} > ${c}`)
  })
  expect(wrong).toEqual([])
}

/** After the death of all other hosts nothing is left open on the last one. */
function checkLast(history: History, last: number): void {
  const { world } = history
  for (const number of numbers) if (number !== last) world.kill(number)
  world.run()
  const life = history.lives.get(world.get(last).incarnation)!
  const { runtime } = life.host
  for (const { downs, isEnded, holder } of life.monitors.values()) {
    if (holder.target) expect(downs).toBe(isEnded ? 0 : 1)
  }
  for (const { ended, stray } of life.calls) expect([ended, stray]).toEqual([1, []])
  for (const pid of runtime.list()) {
    const { links, monitors, monitoredNames, monitoredBy } = runtime.info(pid)!
    const ties = [...links, ...monitors, ...monitoredNames, ...monitoredBy]
    const remote = ties.filter(({ host }) => host !== last)
    expect(remote).toEqual([])
  }
  expect(runtime.list().filter((pid) => runtime.info(pid)!.initialCall === 'caller')).toEqual([])
}

const parts = Array.from({ length: seeds / seedsOfPart }, (_, part) => part * seedsOfPart)

it.each(parts)('all comes out as promised, whatever dies and returns (seeds from %i)', (before) => {
  forSeveralHosts(
    seedsOfPart,
    numbers,
    (world) => {
      const history = new History(world)
      play(history)
      expect(history.broken).toEqual([])
      checkMessages(history)
      checkTies(history)
      checkLast(history, world.random.pick(numbers.filter((number) => world.get(number).isAlive)))
      expect(history.broken).toEqual([])
      for (const { host } of history.lives.values()) {
        expect(host.records.filter(({ event }) => event === 'process_crashed')).toEqual([])
      }
    },
    before,
  )
})
