/*
 * Wishes of the gateway's own streams. A page sends a wish again until it is answered, so each id
 * is granted once in a life of the gateway, and asked again it gets the same answer.
 */
import type { Answer, Role, Wish } from '../protocol/envelope'
import { isPassing } from '../protocol/refusals'

export interface Wisher {
  readonly visitor: string
  readonly role: Role
}

/** Does what is wished. The shape of the command was checked, and who may. */
export type Grant = (wish: Wish, by: Wisher) => Answer | Promise<Answer>

/** More than presenters have under way. */
const remembered = 1_000

export class LocalWishes {
  private readonly grants = new Map<string, Grant>()
  private readonly answers = new Map<string, Promise<Answer>>()

  add(stream: string, grant: Grant): void {
    this.grants.set(stream, grant)
  }

  /** The answer; undefined when no such stream takes wishes here. */
  ask(wish: Wish, by: Wisher): Promise<Answer> | undefined {
    const grant = this.grants.get(wish.stream)
    if (!grant) return undefined
    const key = `${by.visitor} ${wish.id}`
    const known = this.answers.get(key)
    if (known) return known
    const answer = Promise.resolve(grant(wish, by))
    this.answers.set(key, answer)
    if (this.answers.size > remembered) this.answers.delete(this.answers.keys().next().value!)
    // What is refused for now is wished again under the same id.
    void answer.then((given) => {
      if (!given.ok && isPassing(given.refusal)) this.answers.delete(key)
    })
    return answer
  }
}
