/*
 * A task: a process that computes one value for its owner and ends. The value comes as a `result`
 * message; the owner monitors the task, so that a crash comes as `down` instead, and owner and task
 * do not die together (Elixir, `Task.Supervisor.async_nolink`).
 */
import { demonitor, monitor, self, send, setLabel } from './body'
import { ask } from './children'
import type { Pid, Ref } from './pid'
import type { Body, BodyOf } from './process'
import type { ExitReason } from './reason'
import { receive } from './receive'
import type { Down } from './signals'
import type { Started } from './start'

export interface Task {
  readonly pid: Pid
  /** On its `result`, or on its `down`. */
  readonly ref: Ref
}

/** The value of a task, sent once before it ends. */
export interface Result<Value> {
  readonly type: 'result'
  readonly ref: Ref
  readonly value: Value
}

/**
 * Starts `body` as a task under a dynamic supervisor, as a temporary child whatever its others are:
 * a task that were started again would have no owner. Gives the reason instead when that refuses
 * (`max_children`); ends the caller when there is no such supervisor.
 */
export function* startTask<Args extends unknown[], Value>(
  supervisor: Pid | string,
  body: BodyOf<Args, Value>,
  ...args: Args
): Body<({ ok: true } & Task) | { ok: false; reason: ExitReason }> {
  const start = [task, self(), body, args] as const
  const child = yield* ask<Started>(supervisor, {
    type: 'start_child',
    // By its body: as tasks they are all alike.
    id: body.name || task.name,
    start,
    restart: 'temporary',
  })
  if (!child.ok) return child
  // 1. The task waits for this word, so 2. the monitor stands before its first line, and
  // 3. even a task that crashes at once is seen to crash, and not as one that never was.
  const ref = monitor(child.pid)
  send(child.pid, { type: 'begin', ref } satisfies Begin)
  return { ok: true, pid: child.pid, ref }
}

interface Begin {
  readonly type: 'begin'
  readonly ref: Ref
}

function* task(owner: Pid, body: BodyOf, args: unknown[]): Body {
  setLabel(body.name)
  const watch = monitor(owner)
  const word = yield* receive<Begin | Down>((message) => isOfOwner(message, watch))
  if (word.type === 'down') return
  demonitor(watch)
  const value = yield* body(...args)
  send(owner, { type: 'result', ref: word.ref, value } satisfies Result<unknown>)
}

/** What anybody else has sent meanwhile is for the body. */
function isOfOwner(message: unknown, watch: Ref): boolean {
  const word = message as Partial<Begin | Down> | null | undefined
  return word?.type === 'begin' || word?.ref === watch
}

/** Ends the monitor of a task whose result has come, so that its `down` stays away. */
export const settle = (task: { readonly ref: Ref }): void => demonitor(task.ref)
