/*
 * All lines on which `load` brings its jobs: one to each play host that lives and takes jobs, as
 * the root says. Who is no longer among them is drained, so that a planned change fails no job. A
 * host that died is not among them either, nor is the last life of one that is back: such a line
 * breaks, which ends it at once.
 */
import { JobLine } from './job-line'
import type { Lines } from './lines'
import type { OpenJobs } from './open-jobs'

export interface JobLines {
  /** These are the play hosts now, all of them: address by name. */
  serve(addresses: Readonly<Record<string, string>>): void
}

export function createJobLines(jobs: OpenJobs, calls: Lines): JobLines {
  /** By address: each life of a host has another one. */
  const lines = new Map<string, JobLine>()
  return {
    serve(addresses) {
      const present = new Set(Object.values(addresses))
      for (const [address, line] of lines) {
        if (present.has(address)) continue
        lines.delete(address)
        line.drain()
      }
      for (const address of present) {
        if (!lines.has(address)) lines.set(address, new JobLine(jobs, address, calls))
      }
    },
  }
}
