/*
 * A rehearsal of an upgrade: the system of `play` runs on the current code, and a session has
 * calculated; then the new code is loaded as a play host would, and must do what any repair leaves
 * true: a session goes on with its list, small sums come out right, what is no number is refused,
 * and no crash of a sum takes its session along.
 */
import { sessionStream, type Answer, type FromHost, type ToHost } from '../protocol/envelope'
import type { SumEvent, SumView } from '../protocol/sum'
import { LoadRefused, drive, Runtime, supervisor } from '../runtime'
import type { Body, Loop, LogRecord, Place, RunQueue } from '../runtime'
import { application } from '../system/application'
import { loadPort } from '../system/jobs'
import { createMemoryStore } from '../system/memory-store'
import { gatewayPort } from '../system/stream'
import type { Loaded } from './loader'
import { sourcePlaceIn, type SourcePlace } from './source-place'

/** What the new code did wrong, in one sentence, and where it was or crashed last. */
export class TrialFailed extends Error {
  readonly place: SourcePlace | undefined

  constructor(sentence: string, place: SourcePlace | undefined) {
    super(sentence)
    this.place = place
  }
}

const visitor = 'canary'
const stream = sessionStream(visitor)
/** On a machine whose cores are all busy, too. */
const patienceMs = 3_000
const rightSum = '15'

type Outcome = { readonly answer: Answer; readonly event?: SumEvent }

export class Trial {
  private readonly runtime: Runtime
  private readonly loop: Loop
  private readonly words: FromHost[] = []
  private onWord = () => {}
  private lastRef = 0
  private crashed: SourcePlace | undefined

  /**
   * @param current the code that runs everywhere now
   * @param loop of whoever tries it
   * @param queue another order of the runnable than the fair one
   */
  constructor(current: Loaded, loop: Loop, queue?: RunQueue) {
    this.loop = loop
    this.runtime = new Runtime({
      now: () => performance.now(),
      random: Math.random,
      log: (record) => this.takeCrash(record),
      ...(queue && { queue }),
    })
    this.runtime.code.loadAll(current)
    this.runtime.openPort(gatewayPort, (word) => {
      this.words.push(word as FromHost)
      this.onWord()
    })
    // Nobody has jobs done here.
    this.runtime.openPort(loadPort, () => {})
    const [body, ...args] = supervisor('application', application(this.streams())).start
    this.runtime.spawn(body, ...args)
    drive(this.runtime, loop)
  }

  /** Lets a session calculate on the current code. What that does wrong is not the new code's. */
  async begin(): Promise<void> {
    const untilMs = performance.now() + patienceMs
    while (!this.runtime.registry.find('reception')) {
      if (performance.now() > untilMs) throw this.wrong('Its supervision tree did not start.')
      await new Promise<void>((resolve) => void this.loop.soon(resolve))
    }
    await this.ask('5').catch(() => {})
    this.crashed = undefined
  }

  /** Loads the new code and tries it; gives what was tried. Rejects with a TrialFailed. */
  async run(code: Loaded): Promise<string[]> {
    const before = await this.look()
    this.load(code)
    const { answer, event } = await this.ask('5')
    if (!answer.ok) throw this.wrong(`The sum of 1 to 5 was refused: ${answer.refusal.code}.`)
    if (event?.type !== 'sum_finished') {
      const why = event?.type === 'sum_failed' ? `: ${event.reason}` : ''
      throw this.wrong(`The sum of 1 to 5 crashed${why}.`)
    }
    if (event.result !== rightSum) {
      throw this.wrong(`The sum of 1 to 5 came out as ${event.result}, and not as ${rightSum}.`)
    }
    const after = await this.look()
    const isWhole = after.lines >= before.lines + 1 && after.epoch === before.epoch
    if (!isWhole) throw this.wrong('A session lost its list.')
    const noNumber = await this.ask('x')
    if (noNumber.answer.ok) throw this.wrong("A session took 'x' for a number.")
    await this.crashASum(after.epoch)
    return [
      'a session went on with its list',
      '1 to 5 made 15',
      'what is no number was refused',
      'a session outlived the crash of a sum',
    ]
  }

  private load(code: Loaded): void {
    try {
      this.runtime.code.loadAll(code)
    } catch (error) {
      if (!(error instanceof LoadRefused)) throw error
      throw new TrialFailed(refusalSentence(error), {
        module: error.module as 'sum',
        line: 1,
        column: 1,
      })
    }
  }

  private async crashASum(epoch: string): Promise<void> {
    const crash = function* (): Body {
      throw new Error('the canary crashes a sum')
    }
    this.load([['sum', { sum: crash, $code: { places: [], bodies: () => [] } }]])
    const { event } = await this.ask('7')
    const sentence = 'A session did not survive the crash of a sum.'
    if (event?.type !== 'sum_failed') throw this.wrong(sentence)
    if ((await this.look()).epoch !== epoch) throw this.wrong(sentence)
  }

  /** Wishes a sum; gives the answer and, if it was accepted, what came of it. */
  private async ask(text: string): Promise<Outcome> {
    const ref = ++this.lastRef
    const id = `canary-${ref}`
    const command = { type: 'start_sum', text }
    this.send({ type: 'wish', ref, id, stream, command, visitor, role: 'audience' })
    const what = `When asked for ${text}, a session`
    const answer = await this.find(`${what} did not answer.`, (word) =>
      word.type === 'answer' && word.ref === ref ? word.answer : undefined,
    )
    if (!answer.ok) return { answer }
    const event = await this.find(`${what} never said what came of it.`, (word) =>
      word.type === 'events'
        ? (word.events as SumEvent[]).find((each) => each.id === id && each.type !== 'sum_started')
        : undefined,
    )
    return { answer, event }
  }

  private async look(): Promise<{ epoch: string; lines: number }> {
    const ref = ++this.lastRef
    this.send({ type: 'follow', ref, stream })
    return await this.find('A session did not show its list.', (word) => {
      if (word.type !== 'snapshot' || word.ref !== ref) return undefined
      return { epoch: word.epoch, lines: (word.view as SumView).lines.length }
    })
  }

  private send(word: ToHost): void {
    this.runtime.send('reception', word)
  }

  /** The first of all words so far, or of those to come, in which something is found. */
  private async find<Found>(
    otherwise: string,
    look: (word: FromHost) => Found | undefined,
  ): Promise<Found> {
    const untilMs = performance.now() + patienceMs
    for (let at = 0; ; at++) {
      while (at >= this.words.length) {
        const leftMs = untilMs - performance.now()
        if (leftMs <= 0) throw this.wrong(otherwise)
        await new Promise<void>((resolve) => {
          const limit = setTimeout(resolve, leftMs)
          this.onWord = () => {
            clearTimeout(limit)
            resolve()
          }
        })
      }
      const found = look(this.words[at]!)
      if (found !== undefined) return found
    }
  }

  private wrong = (sentence: string): TrialFailed =>
    new TrialFailed(sentence, this.crashed ?? this.busyPlace())

  private takeCrash({ event, reason }: LogRecord): void {
    if (event !== 'process_crashed' || !(reason instanceof Error)) return
    const { place } = reason as { readonly place?: Place }
    const stack = place ? `${place.file}:${place.line}:${place.column}` : (reason.stack ?? '')
    this.crashed = sourcePlaceIn(stack) ?? this.crashed
  }

  /** Where somebody counts who should long have ended. */
  private busyPlace(): SourcePlace | undefined {
    for (const pid of this.runtime.list()) {
      const stack = this.runtime.stacktrace(pid)
      const [frame] = stack?.status === 'runnable' ? stack.frames : []
      const place = frame && sourcePlaceIn(`${frame.file}:${frame.line}:${frame.column}`)
      if (place) return place
    }
    return undefined
  }

  private streams = () => ({ store: createMemoryStore(), life: 'canary' })
}

function refusalSentence({ why, details }: LoadRefused): string {
  const names = details.map((name) => `'${String(name)}'`).join(', ')
  if (why === 'lacks_exports') return `It exports no ${names}, which is called.`
  return why === 'not_process_code' ? 'It holds no process code.' : `It was not loaded: ${why}.`
}
