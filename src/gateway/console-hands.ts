/*
 * The console's hands in the running system: it looks into the hosts by their observers, and wishes
 * what a presenter's pages wish, by the same rules.
 */
import type { Hands, Told } from '../console/hands'
import type { PidName } from '../console/parse'
import { boardStream } from '../protocol/board'
import { hostOfNumber } from '../protocol/hosts'
import { loadStream } from '../protocol/load'
import { pidText, sumCall, type NotSeen, type Observe, type Seen } from '../protocol/observe'
import { isPassing, refuse, sentenceOf, type Refusal } from '../protocol/refusals'
import type { UpgradeCommand, UpgradeEnd } from '../protocol/upgrades'
import { newWishId } from '../source/wish-id'
import type { Observing } from './observing'
import { checkWish } from './permission'
import type { Streams } from './streams'
import type { UpgradeStream } from './upgrade-stream'

const mostShown = 10
const admitted = { visitor: 'console', role: 'presenter' } as const

/** @param upgrades what conducts them; not there before the root has said how they stand */
export function consoleHands(
  streams: Streams,
  observing: Observing,
  upgrades: () => UpgradeStream | undefined,
): Hands {
  const wish = async (stream: string, command: object): Promise<Told<undefined>> => {
    const asked = { id: newWishId(), stream, command }
    const refusal = checkWish(admitted, asked)
    const answer = refusal
      ? { ok: false as const, refusal }
      : await streams.wish(asked, admitted.visitor, admitted.role)
    return answer.ok ? { ok: true, value: undefined } : notGranted(answer.refusal)
  }

  /** Changes the hot modules, and waits until that is over. */
  const change = async (command: UpgradeCommand): Promise<Told<UpgradeEnd>> => {
    const end = (await upgrades()?.perform(command)) ?? refuse('host_down')
    return 'code' in end ? notGranted(end) : { ok: true, value: end }
  }

  /** Asks the host of a process. */
  const ask = async <Kind extends Seen['kind']>(
    pid: PidName,
    question: Observe,
    kind: Kind,
  ): Promise<Told<Extract<Seen, { kind: Kind }>>> => {
    const host = hostOfNumber(pid.host)
    const seen = await observing.ask(host, question, kind)
    if (seen.kind === 'host_down') return no(`${host} does not answer just now.`)
    return seen.kind === 'refused'
      ? no(sentenceOf(seen as NotSeen))
      : { ok: true, value: seen as Extract<Seen, { kind: Kind }> }
  }

  return {
    async top() {
      const told = await observing.askAll({ kind: 'top' }, 'top')
      if (told.length === 0) return no('No host tells anything just now.')
      const lines = told.flatMap(({ host, seen }) =>
        seen.rows.map(({ serial, ...line }) => ({ ...line, pid: pidText(host, serial) })),
      )
      lines.sort((one, other) => other.reductions - one.reductions)
      return { ok: true, value: lines.slice(0, mostShown) }
    },
    look: (pid) => ask(pid, { kind: 'process', serial: pid.serial }, 'process'),
    trace: (pid) => ask(pid, { kind: 'trace', serial: pid.serial }, 'trace'),
    kill: (pid) => ask(pid, { kind: 'kill', serial: pid.serial }, 'kill'),
    async killMath() {
      const told = await observing.askAll({ kind: 'kill_all', initialCall: sumCall }, 'kill')
      return { ok: true, value: told.reduce((sum, { seen }) => sum + seen.killed, 0) }
    },
    setLoad: (target) => wish(loadStream, { type: 'set_target', target }),
    resetBoard: (id) => wish(boardStream(id), { type: 'reset_board' }),
    upgrade: () => change({ type: 'upgrade' }),
    rollback: () => change({ type: 'roll_back' }),
    purge: () => change({ type: 'purge' }),
  }
}

/** Nothing is sent again by itself here, whatever the catalogue says of such refusals. */
const notGranted = (refusal: Refusal) =>
  isPassing(refusal)
    ? no('That part of the system cannot do it just now. Try again in a moment.')
    : no(sentenceOf(refusal))

const no = (sentence: string) => ({ ok: false, sentence }) as const
