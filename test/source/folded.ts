/* The plainest reading of a recording: each stream word by word, from its beginning. */
import type { Fold } from '../../src/protocol/fold'
import type { Recording } from '../../src/protocol/recording'
import type { Followed } from '../../src/source/source'

/** What was known of a stream at a moment of a recording without gaps. */
export function foldedTo<View, Event>(
  { words }: Recording,
  stream: string,
  fold: Fold<View, Event>,
  untilMs: number,
): Followed<View> {
  let known: Followed<View> = { view: fold.empty, epoch: undefined }
  for (const word of words) {
    if (word.type === 'gap' || word.stream !== stream || word.atMs > untilMs) continue
    const { epoch } = word
    if (word.type === 'snapshot') known = { view: word.view as View, epoch }
    else known = { view: (word.events as Event[]).reduce(fold.fold, known.view), epoch }
  }
  return known
}
