/* Upgrades in words: what is told of one, on the page. */
import type { Browsers, UpgradeLine, UpgradeView } from '../../protocol/upgrades'
import { duration } from '../parts/time-of-day'

/** Browsers whose line was lost: closed, or loaded again. */
export const droppedOf = ({ before, still }: Browsers): number => before - still

/** What is at hand just now, in one sentence. */
export function stateOf({ underWay, version, last }: UpgradeView): string {
  if (!underWay) {
    return last ? `All play hosts run release ${version}.` : 'Nothing was replaced so far.'
  }
  const { modules, tries, loaded } = underWay
  if (loaded.length > 0) return `${loaded.join(', ')} ${loaded.length > 1 ? 'have' : 'has'} it.`
  return tries ? 'The canary is content.' : `A canary tries ${modules.join(' and ')} …`
}

/** A line of the history. */
export function lineText(line: UpgradeLine): string {
  switch (line.type) {
    case 'upgraded':
      return `Release ${line.from} → ${line.to} in ${duration(line.tookMs)}${fared(line.browsers)}`
    case 'rolled_back':
      return `Back, ${line.from} → ${line.to} in ${duration(line.tookMs)}${fared(line.browsers)}`
    case 'purged':
      return `Purged: ${line.count} ${line.count === 1 ? 'process' : 'processes'} ended`
    case 'upgrade_refused':
      return `Refused: ${line.sentence}`
  }
}

const fared = (browsers: Browsers | undefined): string =>
  browsers ? `, ${droppedOf(browsers)} of ${browsers.before} connections dropped` : ''
