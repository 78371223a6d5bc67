/*
 * What the guided path is graded by: the streams that it follows itself, and what any window of the
 * lab asks of the lab's source. So it makes no difference by which page, or by what script, a thing
 * is done.
 */
import { consoleFold, consoleStream } from '../../../protocol/console'
import { sessionStream } from '../../../protocol/envelope'
import { hostsFold, hostsStream } from '../../../protocol/hosts'
import { loadFold, loadStream } from '../../../protocol/load'
import { processesStream, readProcessStream, type ProcessView } from '../../../protocol/processes'
import { sumFold } from '../../../protocol/sum'
import { upgradeFold, upgradeStream } from '../../../protocol/upgrades'
import type { Source, Stop } from '../../../source/source'
import type { Sight } from './grading'

/** What is asked of a source, as it is asked. */
export interface Asked {
  /** Somebody follows a process, and is told that. */
  onProcess(view: ProcessView): void
  onWish(stream: string, command: unknown): void
}

/** The same source, which lets somebody know what is asked of it. */
export interface WatchedSource extends Source {
  /** One watches at a time. */
  watch(asked: Asked): Stop
}

export function watched(source: Source): WatchedSource {
  let asked: Asked | undefined
  return {
    ...source,
    follow(stream, fold, tell) {
      const isProcess = readProcessStream(stream) !== undefined
      return source.follow(stream, fold, (followed) => {
        if (isProcess) asked?.onProcess(followed.view as ProcessView)
        tell(followed)
      })
    },
    wish(stream, command, id) {
      asked?.onWish(stream, command)
      return source.wish(stream, command, id)
    },
    watch(next) {
      asked = next
      return () => {
        if (asked === next) asked = undefined
      }
    },
  }
}

/** Tells whatever the path is graded by, until stopped. */
export function watchLab(source: WatchedSource, tell: (sight: Sight) => void): Stop {
  const atMs = () => source.now()
  let stopSession: Stop | undefined
  const stops = [
    source.follow(hostsStream, hostsFold, ({ view }) => tell({ of: 'hosts', view, atMs: atMs() })),
    source.follow(loadStream, loadFold, ({ view }) => tell({ of: 'load', view, atMs: atMs() })),
    source.follow(upgradeStream, upgradeFold, ({ view, epoch }) => {
      if (epoch !== undefined) tell({ of: 'upgrades', view, atMs: atMs() })
    }),
    source.follow(consoleStream, consoleFold, ({ view }) =>
      tell({ of: 'console', view, atMs: atMs() }),
    ),
    source.onWelcome(({ visitor }) => {
      stopSession?.()
      stopSession = source.follow(sessionStream(visitor), sumFold, ({ view, epoch: life }) =>
        tell({ of: 'session', view, life, atMs: atMs() }),
      )
    }),
    source.watch({
      onProcess: (view) => tell({ of: 'process', view, atMs: atMs() }),
      onWish(stream, command) {
        if (isKill(stream, command)) tell({ of: 'kill', atMs: atMs() })
      },
    }),
  ]
  return () => {
    stopSession?.()
    for (const stop of stops) stop()
  }
}

function isKill(stream: string, command: unknown): boolean {
  const { type, text } = (command ?? {}) as { readonly type?: unknown; readonly text?: unknown }
  if (stream === processesStream) return type === 'kill_process'
  return stream === consoleStream && typeof text === 'string' && /kill/i.test(text)
}
