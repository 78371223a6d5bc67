/*
 * The gateway's line to one host: words go out with a ref, answers come back under it, and so does
 * the first word of a stream that was asked for; that question is answered when its word is here. A
 * host that dies takes the open questions with it, so each of them is answered `host_down`, once;
 * so is one that a process inside the host never answers. Both are passing: the page asks again. A
 * line that breaks while its host lives is dialled again until the root says otherwise.
 */
import type { Call, Line, Lines } from '../host/lines'
import {
  accepted,
  refused,
  type Answer,
  type FromHost,
  type HandedOver,
  type QuestionRef,
  type ToHost,
} from '../protocol/envelope'
import { isFromHost } from '../protocol/from-host'
import type { Observe, Seen } from '../protocol/observe'
import { refuse } from '../protocol/refusals'
import type { Telling } from './fan-out'

export interface HostLinkHears {
  /** The line stands. */
  onOpen(): void
  /** A snapshot or events for all who follow. */
  onWord(word: Telling): void
  /** Another host of the group is to write this stream. */
  onHandedOver(handed: HandedOver): void
}

/** A word that was asked for. */
type Asked = Telling | Extract<FromHost, { type: 'seen' }>

/** What is answered. */
export type Question = ToHost extends infer Word
  ? Word extends unknown
    ? Omit<Word, 'ref'>
    : never
  : never

const answerWithinMs = 5_000
const hostDown = refused(refuse('host_down'))

export class HostLink {
  private readonly hears: HostLinkHears
  private readonly open = new Map<QuestionRef, (answer: Answer) => void>()
  /** Who waits for a stream's first word under a ref. */
  private readonly awaited = new Map<QuestionRef, (word: Asked) => void>()
  /** Who waits until the line stands. */
  private readonly standing = new Set<(stands: boolean) => void>()
  private readonly call: Call
  private line: Line<ToHost> | undefined
  private lastRef = 0

  constructor(hears: HostLinkHears, lines: Lines) {
    this.hears = hears
    this.call = lines.createCall<ToHost>({
      onStand: (line) => this.stand(line),
      hear: (word) => this.judge(word),
      onDrop: () => this.drop(),
    })
  }

  get isOpen(): boolean {
    return this.line !== undefined
  }

  /** Calls the host at its address; an older line is given up. */
  connect(address: string): void {
    this.call.connect(address)
  }

  /** The host is gone: answers what is open. */
  hangUp(): void {
    this.call.hangUp()
  }

  /** True as soon as the line stands; false when it still does not after `withinMs`. */
  stands(withinMs: number): Promise<boolean> {
    if (this.line) return Promise.resolve(true)
    return new Promise((resolve) => {
      const settle = (stands: boolean) => {
        clearTimeout(timer)
        this.standing.delete(settle)
        resolve(stands)
      }
      const timer = setTimeout(() => settle(false), withinMs)
      this.standing.add(settle)
    })
  }

  /**
   * Asks the host. Gives its answer, which always comes. `hear` gets the word that was asked for,
   * once and before the answer, if that is granted.
   */
  ask(question: Question, hear?: (word: Telling) => void): Promise<Answer> {
    return this.put(question, hear && ((word) => word.type !== 'seen' && hear(word)))
  }

  /** Asks what is to be seen of the processes; undefined when nothing comes. */
  async observe(host: string, question: Observe): Promise<Seen | undefined> {
    let seen: Seen | undefined
    await this.put({ type: 'observe', host, question }, (word) => {
      if (word.type === 'seen') seen = word.seen
    })
    return seen
  }

  private put(question: Question, hear?: (word: Asked) => void): Promise<Answer> {
    if (!this.line) return Promise.resolve(hostDown)
    const ref = ++this.lastRef
    this.line.send({ ...question, ref } as ToHost)
    if (hear) this.awaited.set(ref, hear)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(ref, hostDown), answerWithinMs)
      this.open.set(ref, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  private stand(line: Line<ToHost>): void {
    this.line = line
    for (const settle of [...this.standing]) settle(true)
    this.hears.onOpen()
  }

  private drop(): void {
    this.line = undefined
    for (const ref of [...this.open.keys()]) this.answer(ref, hostDown)
  }

  /** The audience may have broken the host. */
  private judge(word: unknown): void {
    if (isFromHost(word)) this.hear(word)
  }

  private hear(word: FromHost): void {
    if (word.type === 'answer') return this.answer(word.ref, word.answer)
    if (word.type === 'handed_over') return this.hears.onHandedOver(word)
    if (word.type === 'seen') return this.hearAsked(word.ref, word)
    const { ref, ...telling } = word
    if (ref === undefined) this.hears.onWord(telling)
    else this.hearAsked(ref, telling)
  }

  private hearAsked(ref: QuestionRef, word: Asked): void {
    const hear = this.awaited.get(ref)
    this.awaited.delete(ref)
    if (!hear) return
    hear(word)
    this.answer(ref, accepted)
  }

  private answer(ref: QuestionRef, answer: Answer): void {
    if (answer.ok && this.awaited.has(ref)) return
    this.awaited.delete(ref)
    const resolve = this.open.get(ref)
    this.open.delete(ref)
    resolve?.(answer)
  }
}
