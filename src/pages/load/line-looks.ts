/*
 * How the lines of charts look. Each has a colour and a pattern of its own, so that nobody needs
 * the colours; these are far enough apart for every kind of colour blindness, see LoadPage.svelte.
 */
import { groupOfHost, numberOfHost } from '../../protocol/hosts'

export interface Look {
  /** The name of a custom property. */
  readonly colour: string
  readonly widthRem: number
  /** Line, space, line, …; empty for a solid line. */
  readonly dashRem: readonly number[]
}

const look = (colour: string, widthRem: number, ...dashRem: number[]): Look => ({
  colour: `--line-${colour}`,
  widthRem,
  dashRem,
})

export const done = look('blue', 0.1875)
export const wanted = look('grey', 0.125, 0.5, 0.375)
export const jobs = look('blue', 0.1875)
export const sums = look('orange', 0.1875, 0.75, 0.1875)

const ofGroup: Readonly<Record<string, Look>> = {
  root: look('grey', 0.125, 0.125, 0.25),
  gateway: look('green', 0.125, 0.75, 0.25),
  boards: look('purple', 0.125, 0.375, 0.25),
  load: look('orange', 0.1875, 0.75, 0.1875, 0.1875, 0.1875),
  'play-spare': look('grey', 0.125, 0.25, 0.5),
  recorder: look('purple', 0.125, 0.125, 0.5),
}
const ofPlay: readonly Look[] = [
  look('blue', 0.25),
  look('red', 0.25, 1.25, 0.1875),
  look('green', 0.25, 0.25, 0.1875),
  look('purple', 0.25, 1.25, 0.1875, 0.25, 0.1875),
]

/** The look of a host's line; the same for as long as it is named so. */
export const lookOfHost = (host: string): Look =>
  ofGroup[groupOfHost(host)] ?? ofPlay[(numberOfHost(host) - 1) % ofPlay.length]!
