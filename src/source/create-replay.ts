/* A replay in a browser's page, by the page's own clock. */
import type { Recording } from '../protocol/recording'
import { browserClock } from './browser-clock'
import { Replay } from './replay'

export const createReplay = (recording: Recording): Replay => new Replay(recording, browserClock)
