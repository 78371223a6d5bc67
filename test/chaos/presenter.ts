/*
 * The presenter of a run: enters by the token, opens the board, moderates it, and hears how the log
 * is. Also tries, without the patience of a page, whether anything can be kept at this moment.
 */
import { io, type Socket } from 'socket.io-client'
import { boardStream, type ModeratorCommand } from '../../src/protocol/board'
import type { Answer } from '../../src/protocol/envelope'
import { logHealthFold, logHealthStream, type LogHealthView } from '../../src/protocol/log-health'
import { hostsFold, hostsStream } from '../../src/protocol/hosts'
import { wallFold, type WallNote } from '../../src/protocol/wall'
import { createLiveSource } from '../../src/source/live'
import { newWishId } from '../../src/source/wish-id'
import { token } from '../support/system'

export interface Presenter {
  /** Opens a board. The word filter marks, since what it holds back would be seen by nobody. */
  open(board: string): Promise<void>
  /** Wishes something about the board, as the page does that moderates. */
  wish(board: string, command: ModeratorCommand): Promise<Answer>
  /** Watches the wall from now on. Gives what tells the notes that are there now, oldest first. */
  watch(board: string): () => readonly WallNote[]
  /** Why nothing is kept, if the log or its host says so. */
  trouble(): string | undefined
  /** Wishes something that would have to be kept, once. Gives `ok` or the code of the refusal. */
  tryOnce(board: string): Promise<string>
  /** Numbers of the notes that somebody sees who comes to the board now. */
  look(board: string): Promise<readonly number[]>
  leave(): void
}

const answerWithinMs = 5_000
const wakes = () => () => {}

export async function enter(url: string): Promise<Presenter> {
  const cookie = await takeCookies(url)
  const source = createLiveSource({ url, wakes, cookie })
  let health: LogHealthView = {}
  /** Why the host cannot start, until it can. */
  let outage: string | undefined
  source.follow(logHealthStream, logHealthFold, ({ view }) => {
    health = view
  })
  source.follow(hostsStream, hostsFold, ({ view }) => {
    const boards = view.hosts.find(({ host }) => host === 'boards')
    if (boards?.state === 'ready') outage = undefined
    if (boards?.state === 'quarantined') outage = boards.reason
  })
  const impatient: Socket = io(url, {
    extraHeaders: { cookie: await takeCookies(url) },
    forceNew: true,
  })
  return {
    async open(board) {
      const settings = { open: true, filter: 'mark', approveFirst: false, slowSeconds: 0 }
      const answer = await source.wish(boardStream(board), { type: 'change_settings', settings })
      if (!answer.ok) throw new Error(`The board was not opened: ${answer.refusal.code}`)
    },
    wish: (board, command) => source.wish(boardStream(board), command),
    watch(board) {
      let notes: readonly WallNote[] = []
      source.follow(boardStream(board), wallFold, ({ view }) => {
        notes = view.notes
      })
      return () => notes
    },
    trouble: () => outage ?? health.trouble?.reason,
    async tryOnce(board) {
      const command = { type: 'change_settings', settings: { slowSeconds: 0 } }
      const wish = { id: newWishId(), stream: boardStream(board), command }
      const ask = impatient.timeout(answerWithinMs).emitWithAck('wish', wish) as Promise<Answer>
      return await ask.then(
        (answer) => (answer.ok ? 'ok' : answer.refusal.code),
        () => 'no answer',
      )
    },
    look: (board) => look(url, board),
    leave() {
      impatient.disconnect()
      source.close()
    },
  }
}

/** The cookies of a presenter, for a visitor of its own. */
export async function takeCookies(url: string): Promise<string> {
  const entered = await fetch(`${url}/enter`, {
    method: 'POST',
    headers: { origin: url },
    body: JSON.stringify({ token }),
  })
  const page = await fetch(url)
  await page.arrayBuffer()
  const given = [...entered.headers.getSetCookie(), ...page.headers.getSetCookie()]
  return given.map((line) => line.split(';', 1)[0]).join('; ')
}

async function look(url: string, board: string): Promise<readonly number[]> {
  const page = await fetch(url)
  await page.arrayBuffer()
  const cookie = page.headers.getSetCookie()[0]!.split(';', 1)[0]!
  const source = createLiveSource({ url, wakes, cookie })
  const notes = new Promise<readonly number[]>((resolve) => {
    source.follow(boardStream(board), wallFold, ({ view, epoch }) => {
      if (epoch !== undefined) resolve(view.notes.map(({ id }) => id))
    })
    source.after(answerWithinMs, () => resolve([]))
  })
  return await notes.finally(() => source.close())
}
