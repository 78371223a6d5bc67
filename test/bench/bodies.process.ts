/*
 * What the benchmarks run: process code of the same shape as the peer's (peer.exs), compiled with
 * the same checks as the system's.
 */
import {
  call,
  demonitor,
  now,
  receive,
  reply,
  self,
  send,
  sendExit,
  sleep,
  spawnMonitor,
  stacktrace,
  top,
  whereis,
} from '../../src/runtime'
import type { Body, Down, Pid, ServerModule } from '../../src/runtime'

function* sum(to: number): Body<number> {
  let total = 0
  for (let number = 1; number <= to; number++) total += number
  return total
}

export function* job(to: Pid): Body {
  send(to, { type: 'sum', value: yield* sum(100) })
}

/** One isolated job: spawned, monitored, replying. Gives whether it replied. */
function* isolatedJob(): Body<boolean> {
  const { ref } = spawnMonitor(job, self())
  const word = yield* receive<{ type: 'sum' } | Down>()
  if (word.type === 'down') return false
  demonitor(ref)
  return true
}

/** Does jobs one after the other for ever. */
export function* driver(done: () => void): Body {
  for (;;) if (yield* isolatedJob()) done()
}

/** Does one job a second, at its own phase. */
export function* client(phaseMs: number, done: () => void): Body {
  yield* sleep(phaseMs)
  for (;;) {
    if (yield* isolatedJob()) done()
    yield* sleep(1_000)
  }
}

export function* idle(): Body {
  yield* receive()
}

/** Counts for ever, starting anew in time to stay a small integer. */
export function* endless(): Body {
  let count = 0
  for (;;) if (++count === 1_000_000) count = 0
}

/**
 * Starts a job each `everyMs` by the clock and tells how long after its due time each was answered.
 */
export function* probe(everyMs: number, count: number, tell: (ms: number[]) => void): Body {
  const begin = now()
  const took: number[] = []
  for (let at = 1; at <= count; at++) {
    const due = begin + at * everyMs
    yield* sleep(Math.max(due - now(), 0))
    yield* isolatedJob()
    took.push(now() - due)
  }
  tell(took)
}

export const sumServer: ServerModule<null> = {
  *init() {
    return null
  },
  *handleCall(to, _from, state) {
    return reply(yield* sum(to as number), state)
  },
}

function* nothing(): Body {}

/**
 * Kills a supervised server again and again, and tells how long until it answered the next call.
 */
export function* killer(name: string, kills: number, tell: (ms: number[]) => void): Body {
  const took: number[] = []
  for (let kill = 0; kill < kills; kill++) {
    yield* call(name, 100)
    const killed = now()
    const old = whereis(name)
    if (old) sendExit(old, 'kill')
    // Gives way once a turn, as the peer does, until the name has a new holder.
    while (!whereis(name)) {
      spawnMonitor(nothing)
      yield* receive<Down>()
    }
    yield* call(name, 100)
    took.push(now() - killed)
    yield* sleep(2)
  }
  tell(took)
}

/** Starts `count` of something from within, as a parent would. */
export function* many(count: number, start: (at: number) => void): Body {
  for (let at = 0; at < count; at++) start(at)
}

/** Adds up `count` numbers and tells how many nanoseconds each turn of the loop took. */
export function* turns(count: number, tell: (ns: number) => void): Body {
  const begin = now()
  yield* sum(count)
  tell(((now() - begin) * 1e6) / count)
}

function* crasher(): Body {
  throw new Error('crash')
}

/** Has processes crash one after the other for ever, each seen by its monitor. */
export function* crashDriver(done: () => void): Body {
  for (;;) {
    const { ref } = spawnMonitor(crasher)
    yield* receive((message) => (message as Down).ref === ref)
    done()
  }
}

/**
 * Looks for the ten busiest over a window of `ms`, again and again, and tells how much longer than
 * the window each look took.
 */
export function* looker(count: number, ms: number, tell: (ms: number[]) => void): Body {
  const took: number[] = []
  for (let look = 0; look < count; look++) {
    const begin = now()
    yield* top(ms)
    took.push(now() - begin - ms)
    yield* sleep(20)
  }
  tell(took)
}

/** Takes the stack trace of a process again and again, and tells how long each took. */
export function* tracer(whom: Pid, count: number, tell: (ms: number[]) => void): Body {
  const took: number[] = []
  for (let look = 0; look < count; look++) {
    const begin = now()
    stacktrace(whom)
    took.push(now() - begin)
    yield* sleep(2)
  }
  tell(took)
}
