/*
 * Looking into the hosts that run the demo system, for the pages and the console: which of
 * them live, and what their observers tell.
 */
import { hostNumber } from '../protocol/hosts'
import type { Observe, Seen } from '../protocol/observe'
import type { Streams } from './streams'

/** What a host told, by its kind; or why not. */
export type Told<Kind extends Seen['kind']> =
  | Extract<Seen, { kind: Kind }>
  | Extract<Seen, { kind: 'refused' }>
  | { readonly kind: 'host_down' }

const silent = { kind: 'host_down' } as const

export class Observing {
  private readonly streams: Streams
  private readonly living: () => readonly string[]

  /** @param living the names of the hosts that serve now */
  constructor(streams: Streams, living: () => readonly string[]) {
    this.streams = streams
    this.living = living
  }

  /** The hosts that can be asked now, in the order of their numbers. */
  hosts(): readonly string[] {
    const asked = this.living().filter((host) => this.streams.groupWith(host))
    return [...asked].sort((one, other) => hostNumber(one) - hostNumber(other))
  }

  /** Asks a host. It may be silent, or tell of something else than it was asked. */
  async ask<Kind extends Seen['kind']>(
    host: string,
    question: Observe,
    kind: Kind,
  ): Promise<Told<Kind>> {
    // Who is not there has no processes.
    if (!this.hosts().includes(host)) return { kind: 'refused', code: 'no_such_process' }
    const seen = await this.streams.observe(host, question)
    return seen?.kind === kind || seen?.kind === 'refused' ? (seen as Told<Kind>) : silent
  }

  /** Asks all hosts at once, or the only one that is meant; who does not tell is left out. */
  async askAll<Kind extends Seen['kind']>(
    question: Observe,
    kind: Kind,
    only?: string,
  ): Promise<readonly { readonly host: string; readonly seen: Extract<Seen, { kind: Kind }> }[]> {
    const asked = this.hosts().filter((host) => only === undefined || host === only)
    const told = await Promise.all(
      asked.map(async (host) => ({ host, seen: await this.ask(host, question, kind) })),
    )
    return told.filter(
      (each): each is { host: string; seen: Extract<Seen, { kind: Kind }> } =>
        each.seen.kind === kind,
    )
  }
}
