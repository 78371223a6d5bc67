/*
 * The talk's place as a host of the tests' own keeps it: the stream `boards/deck` in memory, in the
 * words of envelope.ts. It keeps the wishes that it heard, and can let things take their time, each
 * apart, since they travel by different ways: wishes before they are granted, answers, what is told.
 */
import type { Server, Socket } from 'socket.io'
import {
  accepted,
  refused,
  type Answer,
  type Follow,
  type Role,
  type Wish,
} from '../../src/protocol/envelope'
import { deckStream, type ShowSlide, type SlideShown } from '../../src/protocol/deck'
import { refuse } from '../../src/protocol/refusals'

/** `[slide, fragment]` */
export type Said = [slide: string, fragment: number]

type Slow = 'wishes' | 'answers' | 'events' | 'snapshots'

export class StandInTalk {
  /** The role of whoever comes from now on. */
  role: Role = 'audience'
  /** Places that were wished for since the talk began, oldest first. */
  readonly wishes: Said[] = []
  /** A slide that there is not. */
  unknown: string | undefined
  readonly #io: Server
  readonly #events: SlideShown[] = []
  readonly #heard = new Set<string>()
  #epoch = 1
  #serial = 0
  #held = new Map<Slow, (() => void)[]>()

  constructor(io: Server) {
    this.#io = io
  }

  /** Where the talk is. */
  get place(): Said | undefined {
    const last = this.#events.at(-1)
    return last && [last.slide, last.fragment]
  }

  /** Another talk, whose deck nobody has turned yet. */
  begin(): void {
    this.#epoch++
    this.wishes.length = 0
    this.#events.length = 0
    this.#held.clear()
    this.unknown = undefined
    this.role = 'audience'
  }

  /** Another window of the presenter turned its deck, so long ago. */
  turn([slide, fragment]: Said, agoMs = 0): void {
    const wish = `another-${++this.#serial}`
    this.#say({ type: 'slide_shown', slide, fragment, wish, atMs: Date.now() - agoMs })
  }

  /** From now on these wait. */
  hold(slow: Slow): void {
    this.#held.set(slow, [])
  }

  /** Lets go what waited, in its order. */
  release(slow: Slow): void {
    const acts = this.#held.get(slow) ?? []
    this.#held.delete(slow)
    for (const act of acts) act()
  }

  attend(socket: Socket): void {
    socket.on('follow', ({ stream }: Follow, answer: (answer: Answer) => void) => {
      answer(accepted)
      if (stream !== deckStream) return
      void socket.join(stream)
      const { type: _, ...shown } = this.#events.at(-1) ?? { type: 'slide_shown' }
      const view = this.#events.length > 0 ? { shown } : {}
      const word = { ...this.#at(), view }
      this.#soonOr('snapshots', () => socket.emit('snapshot', word))
    })
    socket.on('wish', ({ id, command }: Wish, answer: (answer: Answer) => void) => {
      const { slide, fragment } = command as ShowSlide
      const isKnown = slide !== this.unknown
      const reply = () => answer(isKnown ? accepted : refused(refuse('unknown_slide')))
      // Sent once more, since no answer came in time: granted once.
      if (this.#heard.has(id)) return this.#soonOr('answers', reply)
      this.#heard.add(id)
      this.wishes.push([slide, fragment])
      this.#soonOr('wishes', () => {
        this.#soonOr('answers', reply)
        const event = { slide, fragment, wish: id, atMs: Date.now() }
        if (isKnown) this.#say({ type: 'slide_shown', ...event })
      })
    })
  }

  #say(event: SlideShown): void {
    this.#events.push(event)
    const word = { ...this.#at(), events: [event] }
    this.#soonOr('events', () => this.#io.to(deckStream).emit('events', word))
  }

  #soonOr(slow: Slow, act: () => void): void {
    const held = this.#held.get(slow)
    if (held) held.push(act)
    else act()
  }

  #at() {
    return { stream: deckStream, epoch: `${this.#epoch}`, seq: this.#events.length }
  }
}
