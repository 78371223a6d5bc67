/*
 * Questions for a stream that many ask at the same moment: a crowd that was cut off and comes back
 * wants the same view from the same place. The first is asked at once; who asks the same while its
 * window lasts waits for the end of it, and is asked for together with the others. The window is
 * that of the crowd, so for a few followers there is none.
 */
import type { Answer, Follow, Role } from '../protocol/envelope'
import type { Follower } from './fan-out'

/** What is asked for, and for whom: a presenter finds room where the audience finds none. */
export interface Question extends Follow {
  readonly role: Role
}

export interface QuestionDoors {
  windowMs(stream: string): number
  /** Asks the stream's writer for all of these followers. */
  ask(question: Question, followers: ReadonlySet<Follower>): Promise<Answer>
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
  ask(question: Question, follower: Follower): Promise<Answer> {
    const { stream, epoch, after, role } = question
    const key = JSON.stringify([stream, epoch, after, role])
    const gathering = this.gatherings.get(key)
    if (!gathering) {
      this.gather(key, question)
      return this.doors.ask(question, new Set([follower]))
    }
    gathering.followers.add(follower)
    return new Promise((resolve) => gathering.acks.push(resolve))
  }

  private gather(key: string, question: Question): void {
    const windowMs = this.doors.windowMs(question.stream)
    if (windowMs === 0) return
    const gathering: Gathering = { followers: new Set(), acks: [] }
    this.gatherings.set(key, gathering)
    setTimeout(() => void this.askTogether(key, question, gathering), windowMs)
  }

  private async askTogether(key: string, question: Question, gathering: Gathering): Promise<void> {
    this.gatherings.delete(key)
    if (gathering.followers.size === 0) return
    this.gather(key, question)
    const answer = await this.doors.ask(question, gathering.followers)
    for (const ack of gathering.acks) ack(answer)
  }
}
