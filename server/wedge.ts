/*
 * The judgement: is a host that says nothing wedged, or only slow? A host beats every 100 ms from
 * its event loop. The rule, and why it has three parts:
 *
 *   silent 500 ms, 400 ms of processor time used meanwhile, and the root itself punctual → wedged
 *   silent 2 s, whatever the rest                                                        → wedged
 *
 * Silence alone proves little: on a machine whose cores are all busy, a healthy host is silent
 * because it gets no turn (it burns nothing), or seems silent because the root got none (it listens
 * late). Both get the long patience. What burned a core through its own silence is caught in native
 * code or in a loop. Pure: the readings are handed in, so the rule can be tested as a table.
 */
import type { Frame } from './stack'

/** How often a host beats while its event loop turns. */
export const heartbeatMs = 100

const silentLimitMs = 500
const burnedLimitMs = 400
const rootLagLimitMs = 100
const patienceMs = 2_000

/** What the root knows of a host since it was last heard. */
export interface Silence {
  /** How long nothing was heard, counted only while the root itself was awake to listen. */
  readonly silentMs: number
  /** Processor time of its main thread meanwhile; undefined where the platform does not tell. */
  readonly burnedMs: number | undefined
  /** The worst delay of the root's own pulse meanwhile. */
  readonly rootLagMs: number
}

/** True when waiting longer would help nobody. */
export function isWedged({ silentMs, burnedMs, rootLagMs }: Silence): boolean {
  if (silentMs >= patienceMs) return true
  if (silentMs < silentLimitMs || rootLagMs >= rootLagLimitMs) return false
  return burnedMs !== undefined && burnedMs >= burnedLimitMs
}

/**
 * The finding in words for people, with the place where the host hangs if its stack could be taken:
 * `wedged: silent for 512 ms in blockForever (test/support/hosts/blocker.ts:12)`.
 */
export function wedgeReason(silence: Silence, stack: readonly Frame[] | undefined): string {
  const { silentMs, burnedMs } = silence
  const idle = burnedMs !== undefined && burnedMs < burnedLimitMs
  const cpu = idle ? `, ${burnedMs} ms of CPU` : ''
  const finding = `wedged: silent for ${Math.round(silentMs)} ms${cpu}`
  const top = stack?.find((frame) => frame.file !== '') ?? stack?.[0]
  if (!top) return `${finding}, no stack`
  return `${finding} in ${top.name}${top.file === '' ? '' : ` (${top.file}:${top.line})`}`
}
