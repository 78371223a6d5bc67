/*
 * What axe finds on a page. It runs in the page itself, since there is no frame of another origin
 * here: to join what several frames say it would open a page of its own each time. What passed is
 * nobody's question, and not collected.
 */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations']

/** @param rules the ids of those that are asked; all of them, unless told otherwise */
export async function violations(page: Page, rules?: readonly string[]): Promise<Violations> {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  const some = rules && { runOnly: { type: 'rule' as const, values: [...rules] } }
  return (await axe.options({ resultTypes: ['violations'], ...some }).analyze()).violations
}
