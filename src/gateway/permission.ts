/*
 * Who may follow which stream, and wish what of it: one table over the kinds of streams, read by
 * the gateway before a host sees anything. What is not in the table is unknown; whether a board of
 * that name exists, its host knows.
 */
import { adminStream, boardStream, exportStream, ownStream } from '../protocol/board'
import { checkBoardCommand } from '../protocol/board-check'
import { checkConsoleCommand, consoleStream } from '../protocol/console'
import { checkDeckCommand, deckStream } from '../protocol/deck'
import { sessionStream, type Role, type Wish } from '../protocol/envelope'
import { gaugesStream } from '../protocol/gauges'
import { hallSumsStream } from '../protocol/hall-sums'
import { checkHostsCommand, hostsStream } from '../protocol/hosts'
import { checkHuntCommand, huntStream } from '../protocol/hunt'
import { checkLoadCommand, loadStream } from '../protocol/load'
import { logHealthStream } from '../protocol/log-health'
import { logsStream } from '../protocol/logs'
import { checkProcessCommand, processesStream } from '../protocol/processes'
import { refuse, type Refusal } from '../protocol/refusals'
import { checkSumCommand } from '../protocol/sum'
import { treeStream } from '../protocol/tree'
import { checkUpgradeCommand, upgradeStream } from '../protocol/upgrades'

/** Who was let in, and as what. */
export interface Admitted {
  readonly visitor: string
  readonly role: Role
}

/** Says why not, if anything speaks against it. `whose` is the visitor in the stream's name. */
type Rule = (admitted: Admitted, whose: string | undefined) => Refusal | undefined

interface Kind {
  readonly name: RegExp
  readonly follow: Rule
  /** Who may wish anything, and what; missing where nobody may. */
  readonly wish?: Rule
  readonly check?: (command: unknown, isPresenter: boolean) => Refusal | undefined
}

const everybody: Rule = () => undefined
const presenter: Rule = ({ role }) => (role === 'presenter' ? undefined : refuse('presenter_only'))
const owner: Rule = ({ visitor }, whose) => (visitor === whose ? undefined : refuse('not_yours'))

const named = (name: string) => new RegExp(`^${name}$`)
const any = '[\\w-]+'
const whose = '([\\w-]+)'

const kinds: readonly Kind[] = [
  { name: named(sessionStream(whose)), follow: owner, wish: owner, check: checkSumCommand },
  { name: named(boardStream(any)), follow: everybody, wish: everybody, check: checkBoardCommand },
  { name: named(adminStream(any)), follow: presenter, wish: presenter, check: checkBoardCommand },
  { name: named(exportStream(any)), follow: presenter },
  { name: named(ownStream(any, whose)), follow: owner },
  { name: named(deckStream), follow: everybody, wish: everybody, check: checkDeckCommand },
  { name: named(huntStream), follow: everybody, wish: presenter, check: checkHuntCommand },
  { name: named(loadStream), follow: everybody, wish: presenter, check: checkLoadCommand },
  { name: named(logHealthStream), follow: presenter },
  { name: named(hostsStream), follow: everybody, wish: presenter, check: checkHostsCommand },
  { name: named(consoleStream), follow: everybody, wish: presenter, check: checkConsoleCommand },
  {
    name: named(processesStream),
    follow: everybody,
    wish: presenter,
    check: checkProcessCommand,
  },
  { name: named(`${processesStream}/[a-z0-9/_-]+`), follow: everybody },
  { name: /^gateway\/process\/\d+-\d+$/, follow: everybody },
  { name: named(hallSumsStream), follow: everybody },
  { name: named(gaugesStream), follow: everybody },
  { name: named(treeStream), follow: everybody },
  { name: named(upgradeStream), follow: everybody, wish: presenter, check: checkUpgradeCommand },
  { name: named(logsStream), follow: everybody },
]

/** Why somebody may not follow a stream, or undefined. */
export function mayFollow(admitted: Admitted, stream: string): Refusal | undefined {
  const [kind, whose] = kindOf(stream)
  return kind ? kind.follow(admitted, whose) : refuse('unknown_stream')
}

/**
 * Why somebody may not wish that of a stream, or undefined; what it asks for has the right shape.
 */
export function checkWish(
  admitted: Admitted,
  { stream, command }: Pick<Wish, 'stream' | 'command'>,
): Refusal | undefined {
  const [kind, whose] = kindOf(stream)
  if (!kind?.wish || !kind.check) return refuse('unknown_stream')
  return kind.wish(admitted, whose) ?? kind.check(command, admitted.role === 'presenter')
}

function kindOf(stream: string): [kind?: Kind, whose?: string] {
  for (const kind of kinds) {
    const match = kind.name.exec(stream)
    if (match) return match[1] === undefined ? [kind] : [kind, match[1]]
  }
  return []
}
