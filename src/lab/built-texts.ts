/* The sources of the hot modules that the lab was built with. */
import type { HotTexts } from '../host/upgrades'
import session from '../system/session.ts?raw'
import sum from '../system/sum.ts?raw'

export const builtTexts: HotTexts = { sum, session }
