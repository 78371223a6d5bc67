/*
 * Questions for a stream that many ask at the same moment: a crowd that was cut off and comes back
 * wants the same view from the same place. The first is asked at once; who asks the same while its
 * window lasts waits for the end of it, and is asked for together with the others. The window is
 * that of the crowd, so for a few followers there is none.
 */
import type { Answer, Follow } from '../protocol/envelope'
import type { Follower } from './fan-out'

export interface QuestionDoors {
  windowMs(stream: string): number
  /** Asks the stream's writer for all of these followers. */
  ask(follow: Follow, followers: ReadonlySet<Follower>): Promise<Answer>
}

/** Those who wait for the end of a window. */
interface Gathering {
  readonly followers: Set<Follower>
  readonly acks: ((answer: Answer) => void)[]
}

export class SharedQuestions {
  private readonly doors: QuestionDoors
  private readonly gatherings = new Map<string, Gathering>()

  constructor(doors: QuestionDoors) {
    this.doors = doors
  }

  /** Asks for one follower, alone or with others. */
  ask(follow: Follow, follower: Follower): Promise<Answer> {
    const { stream, epoch, after } = follow
    const question = JSON.stringify([stream, epoch, after])
    const gathering = this.gatherings.get(question)
    if (!gathering) {
      this.gather(question, follow)
      return this.doors.ask(follow, new Set([follower]))
    }
    gathering.followers.add(follower)
    return new Promise((resolve) => gathering.acks.push(resolve))
  }

  private gather(question: string, follow: Follow): void {
    const windowMs = this.doors.windowMs(follow.stream)
    if (windowMs === 0) return
    const gathering: Gathering = { followers: new Set(), acks: [] }
    this.gatherings.set(question, gathering)
    setTimeout(() => void this.askTogether(question, follow, gathering), windowMs)
  }

  private async askTogether(question: string, follow: Follow, gathering: Gathering): Promise<void> {
    this.gatherings.delete(question)
    if (gathering.followers.size === 0) return
    this.gather(question, follow)
    const answer = await this.doors.ask(follow, gathering.followers)
    for (const ack of gathering.acks) ack(answer)
  }
}
