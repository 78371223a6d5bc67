/*
 * What a host says to the log: lines of JSON on its stdout, which the root reads. Storms are
 * sampled here, before anything is written.
 *
 * It writes without a logger's help: pino, which writes the system's log in the root, would cost
 * each host a good part of its start.
 */
import { writeSync } from 'node:fs'
import { plainRecord } from '../src/host/log-value'
import { Sampler } from '../src/host/sampler'
import type { HostRecord } from '../src/protocol/log-record'
import { PromptWriter } from './prompt-writer'

const stdoutDescriptor = 1

/** The log of this OS process, which is a host. Never throws. */
export function createHostLog(): (record: HostRecord) => void {
  const after = (ms: number, act: () => void) => void setTimeout(act, ms).unref()
  const stdout = new PromptWriter((bytes) => writeSync(stdoutDescriptor, bytes), after)
  const write = (record: HostRecord) => stdout.write(`${JSON.stringify(plainRecord(record))}\n`)
  const sampler = new Sampler({
    pass(record) {
      write(record)
      const count = stdout.takeLeftOut()
      if (count > 0) write({ level: 'warn', event: 'left_out', count })
    },
    after,
  })
  return (record) => sampler.take(record)
}
