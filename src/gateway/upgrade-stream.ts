/*
 * The gateway's side of live upgrades: the stream `gateway/upgrade`, whose events the root tells,
 * and beside them what the gateway alone can see, how the browsers fare. Counted are lines, one a
 * page: which of those that stood when an upgrade began still stand when it is done, and for some
 * seconds after that. A page that is reloaded loses its line, and so is counted as dropped; so is
 * one that somebody just closes.
 */
import type { Answer } from '../protocol/envelope'
import type { UpgradeWord } from '../protocol/host-words'
import type { Refusal } from '../protocol/refusals'
import { isEnd, upgradeFold, upgradeStream } from '../protocol/upgrades'
import type {
  Browsers,
  UpgradeCommand,
  UpgradeEnd,
  UpgradeEvent,
  UpgradeView,
} from '../protocol/upgrades'
import { LocalStream } from './local-stream'
import type { Streams } from './streams'

const countEveryMs = 1_000
/** Whatever an upgrade breaks has shown by then; later, people leave. */
const watchedMs = 5_000

export class UpgradeStream {
  private readonly streams: Streams
  private readonly stream: LocalStream<UpgradeView, UpgradeEvent>
  private readonly say: (word: UpgradeWord) => void
  private lines: () => Iterable<string> = () => []
  private readonly answers = new Map<number, (answer: Answer) => void>()
  /** Who waits for the end of what is under way. */
  private readonly waiting: ((end: UpgradeEnd) => void)[] = []
  private lastRef = 0
  /** The lines that stood when the last upgrade began, and until when they are watched. */
  private before: ReadonlySet<string> | undefined
  private watchedUntilMs = 0
  private told = ''

  /**
   * @param view how the upgrades stand, as the root knows it
   * @param say to the root
   */
  constructor(
    streams: Streams,
    epoch: string,
    view: UpgradeView,
    say: (word: UpgradeWord) => void,
  ) {
    this.streams = streams
    this.stream = new LocalStream(upgradeStream, epoch, upgradeFold, view)
    this.say = say
    streams.addLocal(this.stream, ({ command }) => this.ask(command))
  }

  /** The doors are open: `lines` are those that stand. */
  open(lines: () => Iterable<string>): void {
    this.lines = lines
    setInterval(() => this.count(), countEveryMs)
  }

  /**
   * Has a wish fulfilled for somebody in the gateway; gives how it ended, or why it cannot begin.
   */
  perform(command: UpgradeCommand): Promise<UpgradeEnd | Refusal> {
    return new Promise((done) => {
      this.send(command, (answer) => {
        // One at a time is under way, and it is told after its answer: the next end is this one's.
        if (answer.ok) this.waiting.push(done)
        else done(answer.refusal)
      })
    })
  }

  /** The root tells what happened. */
  hear(told: UpgradeEvent): void {
    if (told.type === 'upgrade_began') {
      this.before = new Set(this.lines())
      this.watchedUntilMs = Infinity
    }
    const isTurn = told.type === 'upgraded' || told.type === 'rolled_back'
    const browsers = isTurn ? this.browsers() : undefined
    const event = { ...told, ...(browsers && { browsers }) }
    if (isTurn) this.watchedUntilMs = performance.now() + watchedMs
    this.publish(event)
    if (isTurn) this.count()
    if (isEnd(event)) for (const done of this.waiting.splice(0)) done(event)
  }

  hearAnswer(ref: number, answer: Answer): void {
    this.answers.get(ref)?.(answer)
    this.answers.delete(ref)
  }

  private ask(command: unknown): Promise<Answer> {
    return new Promise((resolve) => this.send(command, resolve))
  }

  private send(command: unknown, onAnswer: (answer: Answer) => void): void {
    const ref = ++this.lastRef
    this.answers.set(ref, onAnswer)
    this.say({ type: 'upgrade', ref, command })
  }

  private browsers(): Browsers | undefined {
    if (!this.before) return undefined
    const now = new Set(this.lines())
    return {
      before: this.before.size,
      still: [...this.before].filter((one) => now.has(one)).length,
    }
  }

  private count(): void {
    const isWatched = performance.now() < this.watchedUntilMs && this.watchedUntilMs < Infinity
    const last = isWatched ? this.browsers() : undefined
    const connected = [...this.lines()].length
    const counted = { connected, ...(last && { last }) }
    const text = JSON.stringify(counted)
    if (text === this.told) return
    this.told = text
    this.publish({ type: 'browsers_counted', ...counted })
  }

  private publish(event: UpgradeEvent): void {
    this.streams.publish(this.stream.say(event))
  }
}
