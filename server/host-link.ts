/*
 * The gateway's line to one host: words go out with a ref, answers come back under it. A host that
 * dies takes the open questions with it, so each of them is answered `host_down`, once; so is one
 * that a process inside the host never answers. Both are passing: the page sends the same wish
 * again. A line that breaks while its host lives is dialled again until the root says otherwise.
 */
import { connect, type Socket } from 'node:net'
import {
  refused,
  type Answer,
  type FromHost,
  type QuestionRef,
  type ToHost,
} from '../src/protocol/envelope'
import { refuse } from '../src/protocol/refusals'
import { openPipe, type Pipe } from './pipe'

export interface HostLinkHears {
  /** The line stands. */
  onOpen(): void
  /** A snapshot or events; with a ref, for whoever asked under it. */
  onWord(word: Exclude<FromHost, { type: 'answer' }>): void
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

  /** Asks the host. Gives the ref, and the answer, which always comes. */
  ask(question: Question): { ref: QuestionRef; answer: Promise<Answer> } {
    const ref = ++this.lastRef
    if (!this.pipe) return { ref, answer: Promise.resolve(hostDown) }
    this.pipe.send({ ...question, ref } as ToHost)
    const answer = new Promise<Answer>((resolve) => {
      const timer = setTimeout(() => this.answer(ref, hostDown), answerWithinMs)
      this.open.set(ref, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
    return { ref, answer }
  }

  private dial(address: string): void {
    // The root may have said meanwhile that this life of the host is over.
    if (this.address !== address) return
    const socket = connect(address)
    this.socket = socket
    socket.once('connect', () => {
      if (this.socket !== socket) return void socket.destroy()
      this.pipe = openPipe<ToHost, FromHost>(socket, (word) => this.hear(word))
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
    if (word.type === 'answer') this.answer(word.ref, word.answer)
    else this.hears.onWord(word)
  }

  private answer(ref: QuestionRef, answer: Answer): void {
    const resolve = this.open.get(ref)
    this.open.delete(ref)
    resolve?.(answer)
  }
}
