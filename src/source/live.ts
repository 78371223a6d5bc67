/* A page's source while the system runs: Socket.IO to the gateway. */
import { Line, type LineDoors } from './line'
import { createSourceOver, type LineSource } from './over-line'

export type LiveSource = LineSource

/** Connects at once, and from then on until closed. */
export const createLiveSource = (doors: LineDoors): LiveSource =>
  createSourceOver((hears) => new Line(doors, hears))
