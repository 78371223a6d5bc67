/*
 * The virtual clients: each is a process of its own that has one job a second done, at its own
 * moment of the second. Their keeper starts and ends them until there are as many as are wanted. It
 * is preempted like everybody, so a million of them hold nobody up, and looks for a new target
 * after each few hundred.
 */
import {
  demonitor,
  isAlive,
  now,
  receiveWithin,
  self,
  send,
  sendExit,
  setLabel,
  setPriority,
  sleep,
  spawnMonitor,
  timeout,
  whereis,
  type Body,
  type Down,
  type Pid,
  type Ref,
} from '../runtime'
import { loadStream } from '../protocol/load'

/** What a virtual client does with its jobs. */
export interface JobDoor {
  /** Has a job done that should have started at `dueMs` on the host's monotonic clock. */
  start(dueMs: number): void
  /** So many jobs should have started, and their client was too late to start them. */
  miss(count: number): void
}

/** Said to the keeper: so many there shall be. */
export interface Want {
  readonly type: 'want'
  readonly target: number
}

/** Said by the keeper: so many live. */
export interface Living {
  readonly type: 'living'
  readonly clients: number
}

/** Started in each millisecond, at most: those that live have the rest of it. */
const startedAtOnce = 250
/** Ended between two looks at the mailbox. */
const endedAtOnce = 500

const everyMs = 1000

/**
 * The moments of a second lie so far apart: one wake-up of the host, and one batch of jobs, is then
 * for many clients.
 */
const momentMs = 4

/**
 * Where there are many, those that were started together have the same moment: they lie together in
 * memory, and to wake a hundred thousand that lie apart costs twice as much.
 */
const manyClients = 1_000
const neighbours = 16

/** The golden ratio's multiples fill a circle evenly, however many of them there are. */
const goldenRatio = 0.618_033_988_749_894_9

interface Client {
  readonly pid: Pid
  readonly ref: Ref
}

export function* clients(door: JobDoor): Body {
  // Waiting for its turn behind a million clients, it would end none of them for seconds.
  setPriority('high')
  const living: Client[] = []
  let target = 0
  for (;;) {
    const message = yield* receiveWithin<Want | Down>(pauseMs(living.length, target))
    if (message !== timeout) {
      if (message.type === 'want') target = message.target
      // Somebody has killed one: another takes its place.
      else remove(living, message.ref)
    }
    approach(living, target, door)
    tellLiving(living.length)
  }
}

/** How long it waits for a word before it goes on. */
function pauseMs(count: number, target: number): number {
  if (count === target) return Infinity
  return count < target ? 1 : 0
}

/** Starts or ends some, towards the target. */
function approach(living: Client[], target: number, door: JobDoor): void {
  const wanted = Math.min(target, living.length + startedAtOnce)
  while (living.length < wanted) {
    living.push(spawnMonitor(client, self(), living.length + 1, door))
  }
  const spared = Math.max(target, living.length - endedAtOnce)
  while (living.length > spared) end(living.pop())
}

function end(one: Client | undefined): void {
  if (!one) return
  demonitor(one.ref)
  sendExit(one.pid, 'shutdown')
}

function remove(living: Client[], ref: Ref): void {
  const at = living.findIndex((one) => one.ref === ref)
  const last = living.pop()
  if (last && at < living.length) living[at] = last
}

function tellLiving(count: number): void {
  const control = whereis(loadStream)
  if (control) send(control, { type: 'living', clients: count } satisfies Living)
}

/** One virtual client. It ends with its keeper, which would not know it any more. */
export function* client(keeper: Pid, number: number, door: JobDoor): Body {
  setLabel(`virtual client ${number}`)
  let dueMs = firstDueMs(number)
  let waitMs = dueMs - now()
  while (isAlive(keeper)) {
    yield* sleep(waitMs)
    door.start(dueMs)
    dueMs += everyMs
    waitMs = dueMs - now()
    if (waitMs > -everyMs) continue
    // Whoever is late by whole rounds says so, and goes on at its own moment.
    const missed = Math.floor(-waitMs / everyMs)
    door.miss(missed)
    dueMs += missed * everyMs
    waitMs += missed * everyMs
  }
}

/**
 * The next moment of the second that is this client's own, by its number. In whole milliseconds: a
 * small integer is kept in place, where a fraction is a new object of each client in each round.
 */
function firstDueMs(number: number): number {
  const moments = everyMs / momentMs
  const turn = number < manyClients ? number : Math.floor(number / neighbours)
  const phaseMs = Math.floor(((turn * goldenRatio) % 1) * moments) * momentMs
  return (Math.floor((now() - phaseMs) / everyMs) + 1) * everyMs + phaseMs
}
