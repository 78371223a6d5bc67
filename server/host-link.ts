/*
 * The gateway's line to one host: words go out with a ref, answers come back under it, and so does
 * the first word of a stream that was asked for; that question is answered when its word is here. A
 * host that dies takes the open questions with it, so each of them is answered `host_down`, once;
 * so is one that a process inside the host never answers. Both are passing: the page asks again. A
 * line that breaks while its host lives is dialled again until the root says otherwise.
 */
import { connect, type Socket } from 'node:net'
import {
  accepted,
  refused,
  type Answer,
  type FromHost,
  type QuestionRef,
  type ToHost,
} from '../src/protocol/envelope'
import { refuse } from '../src/protocol/refusals'
import type { Telling } from './fan-out'
import { openPipe, type Pipe } from './pipe'

export interface HostLinkHears {
  /** The line stands. */
  onOpen(): void
  /** A snapshot or events for all who follow. */
  onWord(word: Telling): void
}

type Question = ToHost extends infer Word
  ? Word extends unknown
    ? Omit<Word, 'ref'>
    : never
  : never

const answerWithinMs = 5_000
const redialAfterMs = 100
const hostDown = refused(refuse('host_down'))

export class HostLink {
  private readonly hears: HostLinkHears
  private readonly open = new Map<QuestionRef, (answer: Answer) => void>()
  /** Who waits for a stream's first word under a ref. */
  private readonly awaited = new Map<QuestionRef, (word: Telling) => void>()
  /** Who waits until the line stands. */
  private readonly standing = new Set<(stands: boolean) => void>()
  private pipe: Pipe<ToHost> | undefined
  /** The call under way or the one that stands; what an older one still tells is not heard. */
  private socket: Socket | undefined
  private address: string | undefined
  private lastRef = 0

  constructor(hears: HostLinkHears) {
    this.hears = hears
  }

  get isOpen(): boolean {
    return this.pipe !== undefined
  }

  /** Calls the host at its local socket; an older line is given up. */
  connect(address: string): void {
    if (address === this.address) return
    this.hangUp()
    this.address = address
    this.dial(address)
  }

  /** The host is gone: answers what is open. */
  hangUp(): void {
    this.address = undefined
    this.drop()
  }

  /** True as soon as the line stands; false when it still does not after `withinMs`. */
  stands(withinMs: number): Promise<boolean> {
    if (this.pipe) return Promise.resolve(true)
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
    if (!this.pipe) return Promise.resolve(hostDown)
    const ref = ++this.lastRef
    this.pipe.send({ ...question, ref } as ToHost)
    if (hear) this.awaited.set(ref, hear)
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(ref, hostDown), answerWithinMs)
      this.open.set(ref, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  private dial(address: string): void {
    // The root may have said meanwhile that this life of the host is over.
    if (this.address !== address) return
    const socket = connect(address)
    this.socket = socket
    socket.once('connect', () => {
      if (this.socket !== socket) return void socket.destroy()
      this.pipe = openPipe<ToHost, FromHost>(socket, (word) => this.hear(word))
      for (const settle of [...this.standing]) settle(true)
      this.hears.onOpen()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.socket !== socket) return
      this.drop()
      setTimeout(() => this.dial(address), redialAfterMs)
    })
  }

  private drop(): void {
    this.pipe?.close()
    this.pipe = undefined
    this.socket = undefined
    for (const ref of [...this.open.keys()]) this.answer(ref, hostDown)
  }

  private hear(word: FromHost): void {
    if (word.type === 'answer') return this.answer(word.ref, word.answer)
    const { ref, ...telling } = word
    if (ref === undefined) return this.hears.onWord(telling)
    const hear = this.awaited.get(ref)
    this.awaited.delete(ref)
    if (!hear) return
    hear(telling)
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
