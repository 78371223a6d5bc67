/*
 * The demo system of `src/system` with its visitors, in place of gateway and phones. Each phone
 * folds what it is told; numbers must be right or have an epitaph; and nobody is touched by what
 * befalls another.
 */
import { CallFailed, supervisor, type ExitReason, type Pid } from '../../src/runtime'
import { sessionStream, type Answer, type FromHost } from '../../src/protocol/envelope'
import { sumFold, type SumEvent, type SumView } from '../../src/protocol/sum'
import { application } from '../../src/system/application'
import { loadPort } from '../../src/system/jobs'
import { createMemoryStore } from '../../src/system/memory-store'
import * as sessionModule from '../../src/system/session'
import { gatewayPort } from '../../src/system/stream'
import * as sumModule from '../../src/system/sum'
import { visitors, type Deed } from './plan'
import type { Judge, Witness } from './witness'

interface Phone {
  readonly stream: string
  epoch: string
  seq: number
  view: SumView
  /** Wishes by id, and the text of each. */
  readonly typed: Map<string, string>
  /** Lives of its session that were ended by somebody, or fell with their supervisor. */
  livesSeen: number
}

type Told = Extract<FromHost, { epoch: string }>

export class Hall implements Judge {
  private readonly witness: Witness
  private readonly phones: Phone[]
  private readonly asked = new Map<number, { phone: Phone; id: string | undefined }>()
  private readonly answers = new Map<number, Answer>()
  private readonly roles = new Map<Pid, string>()
  /** How many lives of sessions ended, by name, for a reason that is known. */
  private readonly ended = new Map<string, number>()
  private readonly names = new Map<Pid, string>()
  private lastRef = 0
  /** Whether one of its supervisors was killed: who calls it at that moment falls too. */
  private fallen = false
  private readonly sums = new Set<Pid>()

  constructor(witness: Witness) {
    this.witness = witness
    this.phones = Array.from({ length: visitors }, (_, nth) => ({
      stream: sessionStream(`visitor${nth}`),
      epoch: '',
      seq: 0,
      view: sumFold.empty,
      typed: new Map<string, string>(),
      livesSeen: 0,
    }))
  }

  open(): void {
    const { runtime } = this.witness
    runtime.code.load('sum', { ...sumModule })
    runtime.code.load('session', { ...sessionModule })
    runtime.openPort(gatewayPort, (word) => this.hear(word as FromHost))
    runtime.openPort(loadPort, () => {})
    const streams = { store: createMemoryStore(), life: `life${runtime.host}` }
    runtime.spawn(...supervisor('application', application(streams)).start)
  }

  spawned(pid: Pid, _parent: Pid | undefined, initialCall: string): void {
    if (initialCall === 'session.session') this.roles.set(pid, 'session')
    if (initialCall === 'reception') this.roles.set(pid, 'reception')
    // A task is a child of `sums`, and says what it is only when it runs.
    if (initialCall === 'task') this.sums.add(pid)
  }

  begins(pid: Pid): void {
    if (this.roles.get(pid) === 'session' && !this.names.has(pid)) {
      this.names.set(pid, this.witness.runtime.info(pid)?.name ?? '')
    }
  }

  died(pid: Pid, reason: ExitReason): void {
    this.sums.delete(pid)
    const role = this.roles.get(pid)
    if (role === undefined) return
    if (!this.isKnown(role, reason)) this.witness.fail(`a ${role} died of ${String(reason)}`)
    const name = this.names.get(pid)
    if (name !== undefined) this.ended.set(name, (this.ended.get(name) ?? 0) + 1)
  }

  /** Ended by somebody, or by a call of its own to a supervisor that somebody has ended. */
  private isKnown(role: string, reason: ExitReason): boolean {
    if (reason === 'killed' || reason === 'shutdown') return true
    const called = role === 'session' ? 'sums' : 'sessions'
    if (!(reason instanceof CallFailed) || !this.fallen) return false
    return ['killed', 'shutdown', 'noproc'].some((why) => {
      return reason.message === `call to ${called} failed: ${why}`
    })
  }

  /** Whether somebody counts, perhaps for ever. */
  get isCounting(): boolean {
    return this.sums.size > 0
  }

  act(deed: Deed): void {
    if (deed.do === 'wish') return this.wish(deed.visitor, deed.text)
    if (deed.do === 'again') return this.wishAgain(deed.visitor)
    if (deed.do === 'follow') return this.follow(this.phones[deed.visitor]!)
    if (deed.do === 'killDemo') return this.kill(deed.whom)
  }

  private wish(visitor: number, text: string): void {
    const phone = this.phones[visitor]!
    const id = `wish${visitor}.${phone.typed.size}`
    phone.typed.set(id, text)
    this.sendWish(visitor, id)
  }

  /** A phone that got no answer sends the same wish again. */
  private wishAgain(visitor: number): void {
    const ids = [...this.phones[visitor]!.typed.keys()]
    if (ids.length === 0) return
    this.witness.fire('wish_again')
    this.sendWish(visitor, ids.at(-1)!)
  }

  private sendWish(visitor: number, id: string): void {
    const phone = this.phones[visitor]!
    const command = { type: 'start_sum', text: phone.typed.get(id)! }
    const word = { type: 'wish', id, command, visitor: `visitor${visitor}`, role: 'audience' }
    this.send(phone, { ...word, stream: phone.stream }, id)
  }

  private follow(phone: Phone): void {
    const cursor = phone.epoch === '' ? {} : { epoch: phone.epoch, after: phone.seq }
    this.send(phone, { type: 'follow', stream: phone.stream, ...cursor }, undefined)
  }

  private send(phone: Phone, word: object, id: string | undefined): void {
    const ref = ++this.lastRef
    this.asked.set(ref, { phone, id })
    if (!this.witness.runtime.send('reception', { ...word, ref })) this.asked.delete(ref)
  }

  private kill(whom: 'sum' | 'session' | 'reception' | 'sums' | 'sessions'): void {
    const { runtime } = this.witness
    const isNamed = whom === 'sums' || whom === 'sessions'
    const candidates = [...this.roles].filter(([pid, role]) => {
      return role === whom && this.witness.isAlive(pid)
    })
    const pid = isNamed
      ? runtime.registry.find(whom)
      : whom === 'sum'
        ? [...this.sums][0]
        : candidates[0]?.[0]
    if (!pid) return
    this.witness.fire(`kill_${whom}`)
    this.fallen ||= isNamed
    this.witness.kill(pid, 'kill')
  }

  private hear(word: FromHost): void {
    this.witness.event(word.type)
    if (word.type === 'answer') return this.hearAnswer(word.ref, word.answer)
    if (word.type === 'handed_over') return this.witness.fail('nothing was to be handed over')
    if (word.type === 'seen') return this.witness.fail('nobody asked what is to be seen')
    const phone = word.ref === undefined ? undefined : this.asked.get(word.ref)?.phone
    const told = phone ?? this.phones.find(({ stream }) => stream === word.stream)
    if (told) this.tell(told, word)
  }

  private hearAnswer(ref: number, answer: Answer): void {
    const asked = this.asked.get(ref)
    if (!asked) return this.witness.fail(`an answer to ${ref}, which nobody asked`)
    if (this.answers.has(ref)) this.witness.fail(`${ref} is answered twice`)
    this.answers.set(ref, answer)
    if (asked.id === undefined) return
    const text = asked.phone.typed.get(asked.id)!
    const isNumber = /^[+-]?[0-9]+$/.test(text.trim())
    if (answer.ok && !isNumber) this.witness.fail(`'${text}' is taken for a number`)
    if (!answer.ok && isNumber && answer.refusal.code === 'not_a_number')
      this.witness.fail(`'${text}' is not taken for a number`)
  }

  /** One word, as a page hears it. */
  private tell(phone: Phone, word: Told): void {
    if (word.type === 'snapshot') {
      const isOld = word.epoch === phone.epoch && word.seq < phone.seq
      if (isOld) return this.witness.fail(`${word.stream} goes back to ${word.seq}`)
      if (word.epoch !== phone.epoch) this.newLife(phone)
      const isSame = word.epoch === phone.epoch && word.seq === phone.seq
      if (isSame && JSON.stringify(word.view) !== JSON.stringify(phone.view))
        this.witness.fail(`${word.stream} shows otherwise than it told`)
      phone.view = word.view as SumView
    } else {
      const isMissing = word.seq - word.events.length > phone.seq
      if (word.epoch !== phone.epoch || isMissing)
        this.witness.fail(`${word.stream} leaves a gap before ${word.epoch} ${word.seq}`)
      const fresh = word.seq > phone.seq ? word.events.slice(phone.seq - word.seq) : []
      phone.view = (fresh as SumEvent[]).reduce(sumFold.fold, phone.view)
    }
    phone.epoch = word.epoch
    phone.seq = Math.max(word.seq, word.type === 'snapshot' ? 0 : phone.seq)
    this.checkNumbers(phone)
  }

  private newLife(phone: Phone): void {
    if (phone.livesSeen++ > (this.ended.get(phone.stream) ?? 0))
      this.witness.fail(`${phone.stream} begins a new life, though nobody ended the old one`)
  }

  private checkNumbers({ view, typed }: Phone): void {
    this.witness.checked()
    for (const { id, number, state, outcome } of view.lines) {
      const n = BigInt(number)
      if (String(BigInt(typed.get(id) ?? '')) !== number)
        this.witness.fail(`${id} counts ${number}`)
      if (state === 'finished' && (n < 1n || outcome !== String((n * (n + 1n)) / 2n)))
        this.witness.fail(`the sum to ${number} is said to be ${outcome}`)
      // A task that was killed before its session could watch it is one that never was.
      const epitaphs = ['Error: 13 brings bad luck', 'killed', 'shutdown', 'noproc']
      if (state === 'failed' && !epitaphs.includes(outcome!))
        this.witness.fail(`the sum to ${number} failed: ${outcome}`)
      if (state === 'failed' && outcome === epitaphs[0] && n !== 13n)
        this.witness.fail(`${number} brings bad luck`)
    }
  }

  /** Faults end: what counts for ever is ended too. */
  heal(): void {
    for (const pid of [...this.sums]) this.witness.kill(pid, 'kill')
  }

  /** Each phone asks once more for all that its session has. */
  ask(): void {
    for (const phone of this.phones) if (phone.epoch !== '') this.follow(phone)
  }

  healed(): void {
    const { runtime } = this.witness
    const isUp = ['sums', 'sessions', 'reception'].every((name) => runtime.registry.find(name))
    const gaveUp = this.witness.records.some(({ event }) => event === 'gave_up')
    if (!isUp && !gaveUp) this.witness.fail('the demo system is down, and its supervisor is silent')
    if (!isUp) return
    for (const { view, stream } of this.phones) {
      const open = view.lines.find(({ state }) => state === 'calculating')
      if (open) this.witness.fail(`${stream} calculates ${open.number}, and nobody does`)
    }
  }
}
