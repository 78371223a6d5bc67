/*
 * The page's place in the browser's history, and the one door to it. Opening details is a step, so
 * that the way back closes them; all else changes the step that one is on. Each step knows how many
 * lie between it and the last one without details: closing goes back over all of these, and leaves
 * no row of steps behind that look alike.
 */
import { addStep, changeStep as changeAddress, here } from '../../source/address'

/** What the step will say that one goes back to. */
let awaited: string | undefined

const stepsBack = (): number => (history.state as { stepsBack?: number } | null)?.stepsBack ?? 0

export const queryNow = (): string => here().search

export function openStep(query: string): void {
  awaited = undefined
  addStep(query, { stepsBack: stepsBack() + 1 })
}

export function changeStep(query: string): void {
  changeAddress(query, { stepsBack: stepsBack() })
}

export function closeSteps(query: string): void {
  const steps = stepsBack()
  if (steps === 0) return changeStep(query)
  awaited = query
  history.go(-steps)
}

/** One has come to another step; gives what it says. */
export function arriveAtStep(): string {
  if (awaited !== undefined) changeStep(awaited)
  awaited = undefined
  return queryNow()
}
