/*
 * The moment of a recording that the lab goes on from, on its way from the player to the lab: in
 * the tab's memory, so that a reload begins there again, and other tabs do not.
 */
import { readMoment, type Moment } from '../../source/moment'
import { forget, recall, remember } from './tab-memory'

const name = 'taken-moment'

/** False when the browser does not keep it. */
export const keepMoment = (moment: Moment): boolean => remember(name, JSON.stringify(moment))

export const forgetMoment = (): void => forget(name)

/** What was kept, if anything was; `unfit` when it is no moment, which is then forgotten. */
export function keptMoment(): Moment | 'unfit' | undefined {
  const text = recall(name)
  if (text === undefined) return undefined
  const moment = readMoment(parse(text))
  if (!moment) forget(name)
  return moment ?? 'unfit'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
