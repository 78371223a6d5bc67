/*
 * The console's lines, done one after the other whoever typed them, and told to all who look on. A
 * line that waits is shown when its turn comes. What was printed, and what was kept under a name,
 * dies with the gateway.
 */
import { evaluate, type Printed } from '../console/evaluate'
import type { Hands } from '../console/hands'
import type { Variables } from '../console/variables'
import {
  consoleFold,
  consoleStream,
  type ConsoleCommand,
  type ConsoleEvent,
  type ConsoleView,
} from '../protocol/console'
import { accepted, refused, type Events } from '../protocol/envelope'
import type { Log } from '../protocol/log-record'
import { refuse } from '../protocol/refusals'
import { LocalStream } from './local-stream'
import type { Grant } from './local-wishes'

/** More than anybody types ahead. */
const mostWaiting = 20

export interface ConsoleDoors {
  readonly hands: Hands
  readonly log: Log
  /** Tells all who look on. */
  publish(events: Events): void
  /** In milliseconds since the epoch. */
  now(): number
  /** A line as everybody may read it: somebody may have put the presenter's token there. */
  withoutSecrets(line: string): string
}

export class Console {
  readonly stream: LocalStream<ConsoleView, ConsoleEvent>
  private readonly doors: ConsoleDoors
  private readonly variables: Variables = new Map()
  private readonly waiting: string[] = []
  private isBusy = false

  /** @param epoch which life of the gateway this is */
  constructor(epoch: string, doors: ConsoleDoors) {
    this.stream = new LocalStream(consoleStream, epoch, consoleFold)
    this.doors = doors
  }

  /** Takes a line in: it is done when those before it are. */
  readonly grant: Grant = ({ command }) => {
    if (this.waiting.length >= mostWaiting) return refused(refuse('too_busy'))
    this.waiting.push(this.doors.withoutSecrets((command as ConsoleCommand).text))
    if (!this.isBusy) void this.work()
    return accepted
  }

  private async work(): Promise<void> {
    this.isBusy = true
    for (let line = this.waiting.shift(); line !== undefined; line = this.waiting.shift()) {
      const { typed } = this.stream.snapshot().view as ConsoleView
      this.say({ type: 'typed', text: line, atMs: this.doors.now() })
      const { clears, ...printed } = await this.perform(line, typed)
      this.say(clears ? { type: 'cleared' } : { type: 'printed', ...printed })
    }
    this.isBusy = false
  }

  /** An error in our own code is the only thing that can be caught here. */
  private async perform(line: string, typed: readonly string[]): Promise<Printed> {
    const { hands, log } = this.doors
    try {
      return await evaluate(line, { hands, variables: this.variables, typed })
    } catch (error) {
      log({ level: 'error', event: 'handler_failed', host: 'gateway', reason: error })
      return { lines: ['That went wrong here, and not with you.'], isError: true }
    }
  }

  private say(event: ConsoleEvent): void {
    this.doors.publish(this.stream.say(event))
  }
}
