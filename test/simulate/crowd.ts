/*
 * The actors of a host, under the model of signals: each word is done to the runtime and to the
 * model, and whoever was touched is compared at the end of the slice. What an actor takes out of
 * its mailbox, what it is refused, and when its limits pass, is foretold and held to.
 */
import {
  demonitor,
  link,
  monitor,
  register,
  self,
  send,
  sendAfter,
  sendExit,
  setPriority,
  spawnWith,
  timeout,
  trapExits,
  unlink,
  whereis,
  type Pid,
  type Priority,
  type Ref,
} from '../../src/runtime'
import { isCopiable, reasonOf, toldAs } from './causes'
import { inRealOrder, isEntry, type Read } from './mailbox-check'
import { actorsAtFirst, slots, type Cause, type Operation, type Which, type Word } from './plan'
import { actor, type ActorScene } from './scene.process'
import { anyReason, isReason, SignalsModel, type Entry } from './signals-model'
import { world, type Judge, type Witness } from './witness'

/** A wheel of whole milliseconds may fire this late. */
const slackMs = 2
/** Scripts start each other: so many processes are enough. */
const mostStarts = 60

interface Letter {
  readonly type: 'letter'
  readonly number: number
  readonly text: unknown[]
  readonly deep: { number: number }
}

interface Alarm {
  readonly to: Pid
  readonly dueMs: number
  readonly cancel: () => boolean
  state: 'pending' | 'fired' | 'cancelled'
}

interface Wait {
  readonly beganMs: number
  /** When it ran last: it may have been preempted before its receive began to count. */
  ranMs: number
  readonly limitMs: number
}

export class Crowd implements Judge {
  private readonly witness: Witness
  private readonly scripts: Word[][] = Array.from({ length: slots }, () => [])
  private readonly model = new SignalsModel<Pid>()
  private readonly slot: (Pid | undefined)[] = []
  private readonly refs = new Map<Pid, Ref[]>()
  private readonly alarms = new Map<number, Alarm>()
  private readonly alarmsOf = new Map<Pid, number[]>()
  private readonly priorities = new Map<Pid, Priority>()
  /** Until when who waits may wait. */
  private readonly waits = new Map<Pid, Wait>()
  /** Who was ended within its own slice: its next step would be one too many. */
  private readonly ended = new Set<Pid>()
  private lastNumber = 0
  private starts = 0
  private readonly scene: ActorScene

  constructor(witness: Witness, operations: readonly Operation[]) {
    this.witness = witness
    for (const operation of operations) {
      if (operation.of === 'actor') this.scripts[operation.slot]!.push(operation)
    }
    this.scene = {
      script: (slot) => this.scripts[slot]!,
      act: (word) => this.act(word),
      look: (limitMs) => this.look(limitMs),
      match: (which) => (message) => isWhich(read(message), which),
      took: (message, which) => this.took(message, which),
      die: (cause) => this.die(cause),
      ends: () => this.model.exit(self(), 'normal'),
      overruns: () => this.overruns(),
    }
  }

  start(count: number): void {
    for (let slot = 0; slot < count; slot++) {
      if (this.scripts[slot]!.length === 0) continue
      this.slot[slot] = this.witness.runtime.spawn(actor, this.scene, slot)
    }
  }

  spawned(pid: Pid, _parent: Pid | undefined, initialCall: string): void {
    if (initialCall === actor.name) this.model.spawn(pid)
  }

  died(pid: Pid, reason: unknown): void {
    if (!this.model.knows(pid)) return
    if (this.model.isAlive(pid)) {
      this.witness.fail(`${pid} died of ${String(reason)}, and nobody ended it`)
    }
    const expected = this.model.reasons.get(pid)
    if (!isReason(reason, expected)) {
      this.witness.fail(`${pid} died of ${String(reason)} instead of ${String(expected)}`)
    }
    this.waits.delete(pid)
  }

  kill(slot: number, cause: Cause): void {
    const pid = this.slot[slot]
    if (!pid) return
    this.witness.fire(this.model.traps(pid) ? 'kill_trapping_actor' : 'kill_actor')
    this.signalExit(world, pid, cause, (reason) => this.witness.kill(pid, reason))
  }

  /** Before its slice: what timers have brought is entered now. */
  begins(pid: Pid): void {
    if (!this.model.isAlive(pid)) return
    this.compareOne(pid)
    const wait = this.waits.get(pid)
    if (wait) wait.ranMs = this.witness.nowMs()
  }

  /** Compares whoever was touched. */
  ran(pid: Pid): void {
    const looksOnly = this.waits.get(pid)?.limitMs === 0
    if (looksOnly && this.witness.runtime.info(pid)?.status === 'waiting')
      this.witness.fail(`${pid} waits, though its limit is 0`)
    for (const pid of this.model.touched) this.compareOne(pid)
    this.model.touched.clear()
  }

  private compareOne(pid: Pid): void {
    const { witness, model } = this
    witness.checked()
    const info = witness.runtime.info(pid)
    if (!model.isAlive(pid)) {
      if (info) witness.fail(`${pid} lives on, though it was ended`)
      return
    }
    if (!info) return witness.fail(`${pid} is dead, though nobody ended it`)
    if (info.trapsExits !== model.traps(pid)) witness.fail(`${pid} traps otherwise`)
    const name = model.nameOf(pid)
    if (info.name !== name) witness.fail(`${pid} is named ${info.name} instead of ${name}`)
    if (name !== undefined && witness.runtime.registry.find(name) !== pid)
      witness.fail(`the name '${name}' does not lead to ${pid}`)
    this.sameSet(pid, 'links', info.links, [...model.linksOf(pid)])
    this.sameSet(pid, 'monitors', info.monitors, model.watchedBy(pid))
    this.compareMailbox(pid, info.messages)
  }

  private compareMailbox(pid: Pid, messages: readonly unknown[]): void {
    const reals = messages.map(read)
    for (const real of reals) if (real.from === undefined) this.firedAlarm(pid, real)
    try {
      this.model.reorder(pid, inRealOrder(reals, this.model.mailboxOf(pid)))
    } catch (error) {
      this.witness.fail(`${pid} ${(error as Error).message}`)
    }
  }

  /** A letter of a timer stands in no order: it is entered when it is first seen. */
  private firedAlarm(pid: Pid, { kind, name }: Read): void {
    const alarm = kind === 'message' ? this.alarms.get(name as number) : undefined
    if (alarm?.state !== 'pending') return
    if (this.witness.nowMs() < alarm.dueMs) this.witness.fail(`timer ${String(name)} fired early`)
    if (alarm.to !== pid) this.witness.fail(`timer ${String(name)} fired at another process`)
    alarm.state = 'fired'
    this.model.send(undefined, pid, name)
  }

  private sameSet(pid: Pid, what: string, real: readonly Pid[], modelled: readonly Pid[]): void {
    const rest = [...modelled]
    for (const each of real) {
      const at = rest.indexOf(each)
      if (at < 0) this.witness.fail(`${pid} has ${each} among its ${what}`)
      rest.splice(at, 1)
    }
    if (rest[0]) this.witness.fail(`${pid} misses ${rest[0]} among its ${what}`)
  }

  /** At rest: what was due has happened. */
  rest(): void {
    const nowMs = this.witness.nowMs()
    for (const pid of this.model.living()) this.compareOne(pid)
    for (const [number, alarm] of this.alarms) {
      const late = alarm.state === 'pending' && alarm.dueMs + slackMs < nowMs
      if (late && this.model.isAlive(alarm.to)) this.witness.fail(`timer ${number} never fires`)
    }
    for (const [pid, { ranMs, limitMs }] of this.waits) {
      if (!this.model.isAlive(pid)) this.waits.delete(pid)
      else if (ranMs + limitMs + slackMs < nowMs) this.witness.fail(`${pid} waits past its limit`)
    }
  }

  private me(): Pid {
    const me = self()
    if (this.ended.has(me)) this.witness.fail(`${me} goes on after its end`)
    if (!this.model.isAlive(me)) this.ended.add(me)
    return me
  }

  private act(word: Word): void {
    const me = this.me()
    this.witness.event(word.do)
    this.perform(me, word)
    if (!this.model.isAlive(me)) this.ended.add(me)
  }

  private perform(me: Pid, word: Word): void {
    const { model } = this
    const to = 'to' in word ? this.slot[word.to] : undefined
    switch (word.do) {
      case 'trap':
        model.trap(me, word.traps)
        return void trapExits(word.traps)
      case 'priority':
        return this.setPriority(me, word.priority)
      case 'register':
        return this.register(me, word.name)
      case 'sendName':
        return this.sendName(me, word.name)
      case 'demonitor': {
        const ref = this.refs.get(me)?.[word.nth]
        if (!ref) return
        model.demonitor(me, ref)
        return demonitor(ref)
      }
      case 'cancel':
        return this.cancel(me, word.nth)
      case 'spawn':
        return this.spawn(me, word.to, word.how)
    }
    if (!to) return
    switch (word.do) {
      case 'send':
        return this.sendLetter(me, to, to)
      case 'link':
        model.link(me, to)
        return link(to)
      case 'unlink':
        model.unlink(me, to)
        return unlink(to)
      case 'monitor':
        return this.watch(me, to)
      case 'exit':
        return this.signalExit(me, to, word.cause, (reason) => sendExit(to, reason))
      case 'sendAfter':
        return this.startAlarm(me, to, word.ms)
      case 'uncopiable':
        this.witness.fire('message_uncopiable')
        return this.refused(model.isAlive(me) && model.isAlive(to), () => send(to, [new Foreign()]))
      case 'lastWords':
        return this.lastWords(me, to)
    }
  }

  private watch(me: Pid, to: Pid): void {
    const ref = monitor(to)
    this.refsOf(me).push(ref)
    this.model.monitor(me, ref, to)
  }

  private letter(): Letter {
    const number = ++this.lastNumber
    return { type: 'letter', number, text: [number, 'x'], deep: { number } }
  }

  private sendLetter(me: Pid, to: Pid, by: Pid | string): void {
    const letter = this.letter()
    this.model.send(me, to, letter.number)
    send(by, letter)
    // Nobody but the sender sees what it does to its own copy.
    letter.text.push('changed')
    letter.deep.number = -1
  }

  private sendName(me: Pid, name: string): void {
    const holder = this.model.whereis(name)
    if (this.model.isAlive(me) && whereis(name) !== holder)
      this.witness.fail(`the name '${name}' leads to ${whereis(name)} instead of ${holder}`)
    if (holder) return this.sendLetter(me, holder, name)
    this.witness.fire('send_to_free_name')
    this.refused(this.model.isAlive(me), () => send(name, 'nobody'))
  }

  private register(me: Pid, name: string): void {
    const alive = this.model.isAlive(me)
    const given = this.model.register(me, name)
    if (alive && !given) this.witness.fire('name_taken')
    this.refused(alive && !given, () => register(name))
  }

  private setPriority(me: Pid, priority: Priority): void {
    const before = setPriority(priority)
    const expected = this.priorities.get(me) ?? 'normal'
    if (before !== expected) this.witness.fail(`${me} is ${before} instead of ${expected}`)
    this.priorities.set(me, priority)
  }

  /** Does what must throw, or must not. */
  private refused(must: boolean, act: () => void): void {
    let threw = false
    try {
      act()
    } catch {
      threw = true
    }
    if (threw !== must) this.witness.fail(`${self()} is ${must ? 'not ' : ''}refused`)
  }

  private signalExit(from: Pid, to: Pid, cause: Cause, act: (reason: unknown) => void): void {
    const reason = reasonOf(cause)
    const { model } = this
    const acts = model.isAlive(to) && (from.serial === 0 || model.isAlive(from))
    if (isCopiable(cause)) {
      if (acts) model.signalExit(from, to, reason)
      return act(reason)
    }
    this.witness.fire('exit_uncopiable')
    let threw = false
    try {
      act(reason)
    } catch {
      threw = true
    }
    if (threw !== acts) this.witness.fail(`an exit reason that cannot be copied is taken`)
  }

  private startAlarm(me: Pid, to: Pid, ms: number): void {
    const letter = this.letter()
    const { cancel } = sendAfter(ms, to, letter)
    if (!this.model.isAlive(me)) return
    letter.text.push('changed')
    const dueMs = this.witness.nowMs() + ms
    this.alarms.set(letter.number, { to, dueMs, cancel, state: 'pending' })
    const mine = this.alarmsOf.get(me) ?? []
    this.alarmsOf.set(me, [...mine, letter.number])
  }

  private cancel(me: Pid, nth: number): void {
    const number = this.alarmsOf.get(me)?.[nth]
    const alarm = number === undefined ? undefined : this.alarms.get(number)
    if (!alarm) return
    if (this.model.isAlive(alarm.to)) this.compareOne(alarm.to)
    const inTime = alarm.cancel()
    const { state, dueMs, to } = alarm
    if (inTime && state !== 'pending') this.witness.fail(`timer ${number} is cancelled twice`)
    const mustBe = state === 'pending' && (this.model.isAlive(to) || dueMs > this.witness.nowMs())
    if (!inTime && mustBe) this.witness.fail(`timer ${number} cannot be cancelled in time`)
    this.witness.fire(inTime ? 'timer_cancelled' : 'timer_cancelled_late')
    if (inTime) alarm.state = 'cancelled'
  }

  private spawn(me: Pid, slot: number, how: 'plain' | 'link' | 'monitor'): void {
    if (this.starts++ >= mostStarts) return
    const options = { link: how === 'link', monitor: how === 'monitor' }
    const { pid, ref } = spawnWith(options, actor, this.scene, slot)
    if (!this.model.isAlive(me)) return
    this.slot[slot] = pid
    if (how === 'link') this.model.link(me, pid)
    if (!ref) return
    this.refsOf(me).push(ref)
    this.model.monitor(me, ref, pid)
  }

  /** Falls with one that it ends, and then tries everything that it may do no more. */
  private lastWords(me: Pid, to: Pid): void {
    if (!this.model.isAlive(me)) return
    this.witness.fire('last_words')
    this.model.trap(me, false)
    trapExits(false)
    const { pid } = spawnWith({ link: true }, actor, this.scene, actorsAtFirst)
    this.model.link(me, pid)
    this.model.signalExit(me, pid, 'kill')
    sendExit(pid, 'kill')
    send(to, this.letter())
    link(to)
    monitor(to)
    sendExit(to, 'kill')
    sendAfter(1, to, this.letter())
    register('cid')
    spawnWith({ name: 'cid' }, actor, this.scene, 0)
    if (whereis('cid')) this.witness.fail('a dead process gives names')
  }

  private look(limitMs: number): void {
    const me = this.me()
    if (!this.model.isAlive(me)) return
    this.compareOne(me)
    const nowMs = this.witness.nowMs()
    this.waits.set(me, { beganMs: nowMs, ranMs: nowMs, limitMs })
  }

  private took(message: unknown, which: Which | undefined): void {
    const me = this.me()
    const { beganMs, limitMs } = this.waits.get(me) ?? { beganMs: 0, limitMs: 0 }
    this.waits.delete(me)
    if (!this.model.isAlive(me)) return this.witness.fail(`${me} receives after its end`)
    const first = this.model.mailboxOf(me).find((entry) => which && isWhich(entry, which))
    if (message === timeout) {
      if (this.witness.nowMs() < beganMs + limitMs) this.witness.fail(`${me} waits too short`)
      if (first) this.witness.fail(`${me} gives up, though a message lies there`)
      return
    }
    const real = read(message)
    if (!first || !isEntry(real, first) || !isWhole(message))
      this.witness.fail(`${me} takes ${JSON.stringify(message)}, which is not the first`)
    else this.model.take(me, first)
  }

  private die(cause: Cause): never {
    const me = this.me()
    const reason = reasonOf(cause)
    this.witness.fire(`die_${cause.replace(' ', '_')}`)
    this.model.exit(me, toldAs(cause, reason))
    return this.witness.end(cause, reason)
  }

  private overruns(): void {
    this.witness.fire('overrun')
    this.model.exit(self(), anyReason)
  }

  private refsOf(pid: Pid): Ref[] {
    const refs = this.refs.get(pid) ?? []
    this.refs.set(pid, refs)
    return refs
  }
}

class Foreign {}

/** A real message as an entry of the model. */
function read(message: unknown): Read {
  const { type, number, from, ref, pid, reason } = message as Record<string, unknown>
  if (type === 'exit') return { kind: 'exit', from, name: undefined, reason }
  if (type === 'down') return { kind: 'down', from: pid, name: ref, reason }
  return { kind: 'message', from: undefined, name: number, reason: undefined }
}

function isWhich({ kind, name }: Read | Entry<Pid>, which: Which): boolean {
  if (which === 'any') return true
  return which === 'odd' ? kind === 'message' && (name as number) % 2 === 1 : kind === which
}

/** Whether a letter is as it was when it was sent. */
function isWhole(message: unknown): boolean {
  const { type, number, text, deep } = message as Letter
  if (type !== 'letter') return true
  return text.length === 2 && text[0] === number && text[1] === 'x' && deep.number === number
}
