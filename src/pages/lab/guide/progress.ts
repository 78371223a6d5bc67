/*
 * How far somebody is, as it is kept and sent: ids of checkpoints and nothing else, so that a link
 * shows nobody's code. Ids that are not known are left out.
 */
import { checkpointIds, type CheckpointId } from './checkpoints'

/** The fragment of a link: `#done=first_sum,thirteen`; of nothing, an empty one. */
export const fragmentOf = (reached: readonly CheckpointId[]): string =>
  `#done=${checkpointIds.filter((id) => reached.includes(id)).join(',')}`

/** What of a fragment is understood. */
export const readFragment = (fragment: string): readonly CheckpointId[] =>
  readIds(new URLSearchParams(fragment.replace(/^#/, '')).get('done') ?? '')

/** Ids with commas between them. */
export function readIds(text: string): readonly CheckpointId[] {
  const said = text.split(',').map((id) => id.trim())
  return checkpointIds.filter((id) => said.includes(id))
}
