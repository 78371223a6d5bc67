/*
 * What a host says to the log: lines of JSON on its stdout, which the root reads. Storms are
 * sampled here, before anything is written. A line is written before the call returns, so the last
 * words of a host that falls are heard, and nothing piles up in its memory. That takes a host that
 * leaves `process.stdout` alone: with it Node would make the descriptor one that does not wait.
 *
 * It writes without a logger's help: pino, which writes the system's log in the root, would cost
 * each host a good part of its start.
 */
import { writeSync } from 'node:fs'
import type { HostRecord } from './log-record'
import { plainRecord } from './log-value'
import { Sampler } from './sampler'

const stdout = 1

/** The log of this OS process, which is a host. Never throws. */
export function createHostLog(): (record: HostRecord) => void {
  const sampler = new Sampler({
    pass: (record) => write(`${JSON.stringify(plainRecord(record))}\n`),
    after: (ms, act) => void setTimeout(act, ms).unref(),
  })
  return (record) => sampler.take(record)
}

function write(line: string): void {
  const bytes = Buffer.from(line)
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(stdout, bytes, at)
  } catch {
    // Without a root that reads it, this host is about to end.
  }
}
