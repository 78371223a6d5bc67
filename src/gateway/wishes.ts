/*
 * Wishes on their way to their host. While that is being restarted they wait here, and go first
 * when its line stands again: a host that is killed again and again has answered the hall's wishes
 * before it is killed once more. A page sends again what it has no answer to; such a copy of a wish
 * that is under way shares its answer, and the host hears of it once.
 */
import type { Answer, Role, Wish } from '../protocol/envelope'
import type { HostGroup, StreamQuestion } from './host-group'

/** How long a wish waits for its host, which is mostly back in a quarter of it. */
const holdMs = 2_500
/** Wishes that wait: several halls of people with one each. */
const maxHeld = 5_000

export class Wishes {
  private readonly underWay = new Map<string, Promise<Answer>>()
  private held = 0

  /** Asks the host on behalf of a visitor; the answer always comes. */
  ask(group: HostGroup, wish: Wish, visitor: string, role: Role): Promise<Answer> {
    const { id, stream, command } = wish
    const name = JSON.stringify([stream, visitor, role, id, command])
    const known = this.underWay.get(name)
    if (known) return known
    const answer = this.persist(group, { type: 'wish', ...wish, visitor, role } as const)
    this.underWay.set(name, answer)
    return answer.finally(() => this.underWay.delete(name))
  }

  /** Asks, and asks each next life of the host, until there is an answer or patience ends. */
  private async persist(group: HostGroup, question: StreamQuestion): Promise<Answer> {
    const untilMs = performance.now() + holdMs
    for (;;) {
      const answer = await group.ask(question)
      const isDown =
        !answer.ok && answer.refusal.code === 'host_down' && !group.isOpen(question.stream)
      // An id is granted once, so it does not matter whether the host knows the wish already.
      if (!isDown || !(await this.hold(group, question, untilMs - performance.now()))) return answer
    }
  }

  /** Waits for a host's line. False when it is not back in time, or too much waits already. */
  private async hold(
    group: HostGroup,
    { stream }: StreamQuestion,
    withinMs: number,
  ): Promise<boolean> {
    if (withinMs <= 0 || this.held >= maxHeld) return false
    this.held++
    const stands = await group.stands(stream, withinMs)
    this.held--
    return stands
  }
}
