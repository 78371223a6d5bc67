/*
 * Jobs of the virtual clients, as `play` does them: each is a process of its own that is started,
 * monitored, adds up the numbers from 1 to 100 and replies. They come in batches, and each batch is
 * a process too: it answers for all of its jobs at once. Who kills a job fails that job; who kills
 * a batch fails its jobs; who kills the master of all breaks the line, and `load` calls anew.
 */
import { demonitor, receive, self, send, setLabel, spawnMonitor } from '../runtime'
import type { Body, Down, Pid, Ref } from '../runtime'
import type { Batch, FromJobs } from '../protocol/jobs'

/** The name of the port that leads to `load`. */
export const loadPort = 'load'

const none = new Uint32Array()

export function* jobs(): Body {
  send(loadPort, { type: 'none_open' } satisfies FromJobs)
  const open = new Map<Ref, Batch>()
  for (;;) {
    const message = yield* receive<Batch | Down>()
    if (message.type === 'batch') open.set(spawnMonitor(batch, message).ref, message)
    else {
      const lost = open.get(message.ref)
      open.delete(message.ref)
      if (lost && message.reason !== 'normal') answer(lost, lost.jobs)
    }
  }
}

function answer({ line, jobs }: Batch, crashed: Uint32Array): void {
  send(loadPort, { type: 'batch_ended', line, ended: jobs, crashed } satisfies FromJobs)
}

interface Sum {
  readonly type: 'sum'
  /** The job's place in its batch. */
  readonly at: number
  readonly value: number
}

function* batch(given: Batch): Body {
  setLabel(`batch of ${given.jobs.length} jobs`)
  const refs: Ref[] = []
  for (let at = 0; at < given.jobs.length; at++) refs.push(spawnMonitor(job, self(), at).ref)
  const crashed: number[] = []
  for (let left = refs.length; left > 0; left--) {
    const word = yield* receive<Sum | Down>()
    if (word.type === 'sum') demonitor(refs[word.at]!)
    else crashed.push(given.jobs[refs.indexOf(word.ref)]!)
  }
  answer(given, crashed.length > 0 ? Uint32Array.from(crashed) : none)
}

function* job(to: Pid, at: number): Body {
  let value = 0
  for (let number = 1; number <= 100; number++) value += number
  send(to, { type: 'sum', at, value } satisfies Sum)
}
