/*
 * The moment of a recording that the lab goes on from, on its way from the player to the lab: in
 * the tab's memory, so that a reload begins there again, and other tabs do not.
 */
import { readMoment, type Moment } from '../../source/moment'
import { recall, remember } from './tab-memory'

const name = 'taken-moment'

/** False when the browser does not keep it. */
export function keepMoment(moment: Moment): boolean {
  const text = JSON.stringify(moment)
  remember(name, text)
  return recall(name) === text
}

export const forgetMoment = (): void => remember(name, '')

/** What was kept, if anything was; `unfit` when it is no moment, which is then forgotten. */
export function keptMoment(): Moment | 'unfit' | undefined {
  const text = recall(name) ?? ''
  if (text === '') return undefined
  const moment = readMoment(parse(text))
  if (!moment) forgetMoment()
  return moment ?? 'unfit'
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
