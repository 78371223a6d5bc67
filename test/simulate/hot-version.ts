/*
 * Versions of one hot module, as many as a run loads. The compiler gives one version for each file,
 * so these are written as it would write them: each has a place of its own in the source, and says
 * so when it is looked at.
 */
import {
  become,
  qualified,
  receive,
  via,
  type Body,
  type Exports,
  type Place,
} from '../../src/runtime'

/** What a reader is told: to go on in the current version, to stay in its own, and so on. */
export type HotWord = 'turn' | 'again' | 'call' | 'end'

/** What a version is lent. */
export interface HotScene {
  /** A body of that version begins, or goes on as itself. */
  begins(version: number): void
  /** It goes on next in whatever is current. */
  turns(): void
  /** A qualified call has led to that version. */
  called(version: number): void
}

interface Hot {
  serve(scene: HotScene): Body
  version(): number
}

/** The view of the module: all readers are spawned and turned by it. */
export const Hot = qualified<Hot>('hot')

/** The exports of version `number`. */
export function hotVersion(number: number): Exports {
  const place: Place = {
    kind: 'delegation',
    file: 'test/simulate/hot-version.ts',
    function: 'serve',
    line: number,
    column: 1,
    names: [],
  }

  function* serve(scene: HotScene): Body {
    scene.begins(number)
    for (;;) {
      const word = yield* via(receive(), [place]) as Body<HotWord>
      if (word === 'end') return
      if (word === 'again') return become(serve, scene)
      if (word === 'call') scene.called(Hot.version())
      else {
        scene.turns()
        return become(Hot.serve, scene)
      }
    }
  }

  const exports = { serve, version: () => number }
  return { ...exports, $code: { places: [place], bodies: () => [serve] } }
}
