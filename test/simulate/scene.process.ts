/*
 * The bodies of a simulated run. What they do at each step is one plain call of their scene, which
 * tells the model and the runtime in one go: a plain call cannot be preempted, and between any two
 * of them everything can happen.
 */
import {
  announcing,
  answer,
  call,
  cast,
  CallFailed,
  exit,
  log,
  noReply,
  now,
  receive,
  reductions,
  reply,
  self,
  server,
  settle,
  sleep,
  spawn,
  started,
  startTask,
  stop,
  timeout,
  trapExits,
  type Body,
  type BodyOf,
  type Down,
  type ExitMessage,
  type From,
  type Match,
  type Pid,
  type Result,
  type ServerModule,
  type Turn,
} from '../../src/runtime'
import type { CallErrand, Cause, Errand, Life, Treatment, Which, Word, WorkerPlan } from './plan'

/** What an actor is lent: each word, done to the runtime and to the model at once. */
export interface ActorScene {
  script(slot: number): readonly Word[]
  act(word: Word): void
  /** Before a receive: what lies there now, and until when it waits. */
  look(limitMs: number): void
  match(which: Which): Match<unknown>
  took(message: unknown, which: Which | undefined): void
  die(cause: Cause): never
  /** It ends by itself now: since its script is over, or past the hard limit of plain code. */
  ends(): void
  overruns(): void
}

export function* actor(scene: ActorScene, slot: number): Body {
  for (const word of scene.script(slot)) {
    switch (word.do) {
      case 'receive': {
        scene.look(word.limitMs)
        const message = yield* receive(scene.match(word.which), word.limitMs)
        scene.took(message, word.which)
        break
      }
      case 'sleep':
        scene.look(word.ms)
        yield* sleep(word.ms)
        scene.took(timeout, undefined)
        break
      case 'spin':
        for (let step = 0; step < word.steps; step++);
        break
      case 'overrun':
        scene.overruns()
        if (!word.caught) overrun()
        try {
          overrun()
        } catch {
          // Caught, and yet it may not go on.
        }
        break
      case 'die':
        return scene.die(word.cause)
      default:
        scene.act(word)
    }
  }
  scene.ends()
}

/** So many steps at a time, so that the hard limit comes soon. */
const leap = 100_000

/** Plain code past the hard limit. */
function overrun(): never {
  for (;;) reductions.left -= leap
}

/** The witness's own process: it watches all others. */
export function* watcher(): Body {
  for (;;) yield* receive()
}

export function* endless(): Body {
  let turns = 0
  for (;;) turns++
}

/** One of two that pass a word back and forth for ever, and never keep the processor for long. */
export function* chatter(partner: Pid | undefined, pass: (to: Pid, word: unknown) => void): Body {
  if (partner) pass(partner, self())
  for (;;) {
    const to = yield* receive<Pid>()
    for (let step = 0; step < 400; step++);
    pass(to, self())
  }
}

/** What a supervised worker is lent. */
export interface WorkerScene {
  nextLife(worker: string): Life | undefined
  /** It says next that it has started. */
  announces(): void
  /** It ends next, by itself: for a cause of its plan, or for what it was sent. */
  dies(cause: Cause): never
  obeys(message: ExitMessage): void
}

/** The body of one worker, named by its id, so that the witness knows who was started. */
export function workerBody(plan: WorkerPlan, scene: WorkerScene): BodyOf<[], void> {
  const { id, announces } = plan
  const body = {
    *[id](): Body {
      yield* work(plan, scene)
    },
  }[id]!
  return announces ? announcing(body) : body
}

function* work(plan: WorkerPlan, scene: WorkerScene): Body {
  const { announces, traps, startMs, stopMs, id } = plan
  const life = scene.nextLife(id)
  trapExits(traps)
  if (announces) {
    yield* wait(startMs, stopMs, scene)
    if (life?.fails) scene.dies(life.cause)
    scene.announces()
    started()
  }
  yield* wait(life && !life.fails ? life.afterMs : Infinity, stopMs, scene)
  scene.dies(life!.cause)
}

/** Waits, and stops when it is told to. */
function* wait(ms: number, stopMs: number, scene: WorkerScene): Body {
  const word = yield* receive<ExitMessage>(undefined, ms)
  if (word === timeout) return
  yield* sleep(stopMs)
  scene.obeys(word)
  exit(word.reason)
}

/** What clients and desks tell the witness. */
export interface ClientScene {
  script(slot: number): readonly Errand[]
  desk(nth: number): string
  calls(number: number | undefined): void
  /** What came of a call: its value, or why it failed. */
  called(errand: CallErrand, number: number, beganMs: number, outcome: unknown): void
  tasked(ends: string, number: number, outcome: unknown): void
  heard(client: Pid, number: number): void
}

export function* client(scene: ClientScene, slot: number): Body {
  let number = 0
  for (const errand of scene.script(slot)) {
    number++
    switch (errand.do) {
      case 'pause':
        yield* sleep(errand.ms)
        break
      case 'cast':
        cast(scene.desk(errand.desk), { client: self(), number })
        break
      case 'task':
        yield* runTask(scene, errand.ends, number)
        break
      case 'call':
        yield* runCall(scene, errand, number)
    }
  }
  yield* receive()
}

function* runCall(scene: ClientScene, errand: CallErrand, number: number): Body {
  const { desk, how, limitMs } = errand
  const began = now()
  scene.calls(number)
  let outcome: unknown
  try {
    outcome = yield* call(scene.desk(desk), { how, number, client: self() }, limitMs)
  } catch (error) {
    outcome = error
  }
  scene.called(errand, number, began, outcome)
  scene.calls(undefined)
}

function* runTask(scene: ClientScene, ends: string, number: number): Body {
  scene.calls(number)
  let outcome: unknown
  try {
    const task = yield* startTask('tasks', taskBody, ends, number)
    if (task.ok) {
      const word = yield* receive<Result<number> | Down>((message) => {
        return (message as Down).ref === task.ref
      })
      if (word.type === 'result') settle(task)
      outcome = word
    } else outcome = new CallFailed(task.reason, 'tasks')
  } catch (error) {
    outcome = error
  }
  scene.calls(undefined)
  scene.tasked(ends, number, outcome)
}

function* taskBody(ends: string, number: number): Body<number> {
  if (ends === 'crash') throw new Error('a task that fails')
  if (ends === 'long') yield* sleep(3_000)
  return 2 * number
}

interface Request {
  readonly how: Treatment
  readonly number: number
  readonly client: Pid
}

/** A server with every way of treating a call. Its state counts its turns. */
const deskModule: ServerModule<number, [ClientScene['heard']]> = {
  *init() {
    return 0
  },
  *handleCall(request, from, turns): Body<Turn<number>> {
    const { how, number } = request as Request
    switch (how) {
      case 'slow':
        yield* sleep(20)
        return reply(2 * number, turns + 1)
      case 'later':
        spawn(answersLater, from, number, 20)
        return noReply(turns + 1)
      case 'never':
        return noReply(turns + 1)
      case 'leave':
        // Whoever answers for it may do so before its end is told, or behind that.
        spawn(answersLater, from, number, 0)
        throw new Error('a desk that fails')
      case 'crash':
        throw new Error('a desk that fails')
      case 'stop':
        return stop('shutdown', turns)
      case 'now':
        return reply(2 * number, turns + 1)
    }
  },
}

function* answersLater(from: From, number: number, ms: number): Body {
  yield* sleep(ms)
  answer(from, 2 * number)
}

/** A desk that tells what was cast to it. */
export function* desk(heard: ClientScene['heard']): Body {
  const module: ServerModule<number> = {
    ...deskModule,
    *handleCast(request, turns) {
      const { client, number } = request as Request
      heard(client, number)
      return noReply(turns + 1)
    },
  }
  log({ level: 'info', event: 'desk_opens' })
  yield* server(module)
}
announcing(desk)
