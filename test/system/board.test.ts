/*
 * A board in its whole host, under many orders of events: what it keeps, what it answers, and what
 * everybody sees of it, whatever is killed meanwhile.
 */
import { describe, expect, test } from 'vitest'
import {
  adminStream,
  boardFold,
  boardStream,
  exportStream,
  maxMuted,
  maxWaiting,
  ownStream,
  type BoardCommand,
  type BoardEvent,
} from '../../src/protocol/board'
import type { ExportView } from '../../src/protocol/board-export'
import type { Answer } from '../../src/protocol/envelope'
import { logHealthStream, type LogHealthView } from '../../src/protocol/log-health'
import type { OwnView } from '../../src/protocol/own-notes'
import { isPassing } from '../../src/protocol/refusals'
import { wallFold, wallOf } from '../../src/protocol/wall'
import { checkpointEvery } from '../../src/system/kept-stream'
import { MemoryLog } from '../support/memory-log'
import { forSeeds, World } from '../support/simulation'
import { Boards, Follower } from './boards'

const seeds = 100

const ok = { ok: true }
const refusedAs = (code: string) => ({ ok: false, refusal: { code } })
const post = (text: string): BoardCommand => ({ type: 'post_note', text })

const fresh = (): Boards => new Boards(new World(1))

/** Waits so long that nobody is told that they are fast. */
const later = (boards: Boards): void => boards.world.runFor(60_000)

describe('a note', () => {
  test('is kept, shown to everybody, and shown to its author as shown', () => {
    const boards = fresh()
    expect(boards.answer(boards.wish('anna', post('  log   files\u202e ')))).toEqual(ok)
    expect(boards.wall().notes).toEqual([{ id: 2, text: 'log files', votes: 0, pinned: false }])
    expect(boards.own('anna').notes).toMatchObject([{ text: 'log files', state: 'shown' }])
    expect(boards.own('ben').notes).toEqual([])
    expect(JSON.stringify(boards.wall())).not.toContain('anna')
  })

  test('that is sent again is accepted again, and is there once', () => {
    const boards = fresh()
    const sent = [1, 2, 3].map(() => boards.wish('anna', post('logs'), 'the-same-wish'))
    for (const ref of sent) expect(boards.answer(ref)).toEqual(ok)
    later(boards)
    expect(boards.answer(boards.wish('anna', post(' logs'), 'the-same-wish'))).toEqual(ok)
    expect(boards.view().posted).toBe(1)
  })

  test('under the id of another one is refused, and the first one stays', () => {
    const boards = fresh()
    boards.answer(boards.wish('anna', post('logs'), 'the-same-wish'))
    const again = boards.wish('anna', post('metrics'), 'the-same-wish')
    expect(boards.answer(again)).toEqual(refusedAs('wish_reused'))
    expect(boards.wall().notes).toMatchObject([{ text: 'logs' }])
  })

  test.each([
    ['', 'empty_note'],
    [' \n\t\u200b\u202e ', 'empty_note'],
    ['\u0301\u0302', 'empty_note'],
    ['x'.repeat(281), 'note_too_long'],
  ])('%j is refused and nothing is kept', (text, code) => {
    const boards = fresh()
    const before = boards.events().length
    expect(boards.answer(boards.wish('anna', post(text)))).toEqual(refusedAs(code))
    expect(boards.events().length - before).toBeLessThanOrEqual(1)
    expect(boards.view().posted).toBe(0)
  })

  test('of 280 characters as readers count them is taken, whatever they take', () => {
    const boards = fresh()
    expect(boards.answer(boards.wish('anna', post('👩‍👩‍👧‍👦'.repeat(280).slice(0, 2_000))))).toEqual(ok)
    expect(boards.answer(boards.wish('anna', post('e\u0301'.repeat(280))))).toEqual(ok)
  })

  test('is refused by a board that is not open', () => {
    const boards = fresh()
    const early = boards.wish('anna', post('first!'), undefined, 'later')
    expect(boards.answer(early)).toEqual(refusedAs('board_closed'))
    boards.answer(boards.moderate({ type: 'change_settings', settings: { open: false } }))
    expect(boards.answer(boards.wish('anna', post('late')))).toEqual(refusedAs('board_closed'))
    expect(boards.wall()).toMatchObject({ open: false, wasOpened: true, notes: [] })
  })

  test('is one of few that an author may post at once, and of one a while in slow mode', () => {
    const boards = fresh()
    const many = Array.from({ length: 10 }, (_, at) => boards.wish('anna', post(`note ${at}`)))
    const answers = many.map((ref) => boards.answer(ref))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5)
    expect(answers.at(-1)).toEqual(refusedAs('too_fast'))
    expect(boards.answer(boards.wish('ben', post('mine')))).toEqual(ok)
    later(boards)
    boards.answer(boards.moderate({ type: 'change_settings', settings: { slowSeconds: 30 } }))
    expect(boards.answer(boards.wish('anna', post('one')))).toEqual(ok)
    expect(boards.answer(boards.wish('anna', post('two')))).toEqual(refusedAs('slow_mode'))
    boards.world.runFor(30_000)
    expect(boards.answer(boards.wish('anna', post('three')))).toEqual(ok)
  })

  test('can be taken back by its author alone, and for ten seconds', () => {
    const boards = fresh()
    const note = boards.post('anna', 'oops')
    const withdraw = (visitor: string) =>
      boards.answer(boards.wish(visitor, { type: 'withdraw_note', note }))
    expect(withdraw('ben')).toEqual(refusedAs('not_yours'))
    expect(withdraw('anna')).toEqual(ok)
    expect(withdraw('anna')).toEqual(refusedAs('unknown_note'))
    expect(boards.wall().notes).toEqual([])
    const second = boards.post('anna', 'stays')
    boards.world.runFor(14_000)
    const late = boards.wish('anna', { type: 'withdraw_note', note: second })
    expect(boards.answer(late)).toEqual(refusedAs('too_late'))
  })

  test('is seconded once by a visitor, and not by its author', () => {
    const boards = fresh()
    const note = boards.post('anna', 'logs')
    const second = (visitor: string, id?: string) =>
      boards.answer(boards.wish(visitor, { type: 'second_note', note }, id))
    expect(second('ben', 'vote-of-ben')).toEqual(ok)
    expect(second('ben', 'vote-of-ben')).toEqual(ok)
    expect(second('ben')).toEqual(refusedAs('already_seconded'))
    expect(second('anna')).toEqual(refusedAs('own_note'))
    expect(second('cleo')).toEqual(ok)
    expect(boards.wall().notes).toMatchObject([{ votes: 2 }])
    boards.answer(boards.moderate({ type: 'moderate_note', note, state: 'hidden' }))
    expect(second('dora')).toEqual(refusedAs('unknown_note'))
  })
})

describe('moderation', () => {
  test('lets notes wait, shows them, hides them; the wall knows only the shown ones', () => {
    const boards = fresh()
    boards.answer(boards.moderate({ type: 'change_settings', settings: { approveFirst: true } }))
    const note = boards.post('anna', 'logs')
    expect(boards.wall()).toMatchObject({ approveFirst: true, notes: [] })
    expect(boards.own('anna').notes).toMatchObject([{ state: 'waiting' }])
    boards.answer(boards.moderate({ type: 'moderate_note', note, state: 'shown' }))
    expect(boards.wall().notes).toMatchObject([{ id: note }])
    boards.answer(boards.moderate({ type: 'moderate_note', note, state: 'hidden' }))
    expect(JSON.stringify(boards.wall())).not.toContain('logs')
    const told = boards.said.flatMap((word) =>
      word.type === 'snapshot' && word.stream === ownStream('tools', 'anna') && !word.ref
        ? (word.view as OwnView).notes.map(({ state }) => state)
        : [],
    )
    expect(told).toEqual(['waiting', 'shown', 'hidden'])
    expect(boards.own('anna').notes).toMatchObject([{ state: 'hidden' }])
  })

  test('is told of listed words, and holds such notes back without losing them', () => {
    const boards = fresh()
    boards.post('anna', 'So ein BLÖDSINN!')
    boards.post('anna', 'fuuuck this')
    expect(boards.wall().notes).toEqual([])
    expect(boards.admin().notes).toMatchObject([
      { marked: true, state: 'waiting' },
      { marked: true, state: 'waiting' },
    ])
    boards.answer(boards.moderate({ type: 'change_settings', settings: { filter: 'mark' } }))
    boards.post('ben', 'blödsinn again')
    expect(boards.wall().notes).toHaveLength(1)
    boards.answer(boards.moderate({ type: 'change_settings', settings: { filter: 'off' } }))
    boards.post('cleo', 'blödsinn at last')
    expect(boards.admin().notes.at(-1)).toMatchObject({ marked: false, state: 'shown' })
  })

  test('mutes an author, and takes it back', () => {
    const boards = fresh()
    boards.post('anna', 'spam')
    boards.post('ben', 'logs')
    boards.answer(boards.moderate({ type: 'mute_author', author: 'anna', muted: true }))
    boards.post('anna', 'more spam')
    expect(boards.wall().notes).toMatchObject([{ text: 'logs' }])
    expect(boards.own('anna').notes.map(({ state }) => state)).toEqual(['hidden', 'hidden'])
    boards.answer(boards.moderate({ type: 'mute_author', author: 'anna', muted: false }))
    expect(boards.wall().notes).toMatchObject([{ text: 'spam' }, { text: 'logs' }])
  })

  test('merges notes that say the same, with their votes, and separates them again', () => {
    const boards = fresh()
    const [first, second] = [boards.post('anna', 'logs'), boards.post('ben', 'log files')]
    boards.answer(boards.wish('cleo', { type: 'second_note', note: second }))
    const merge = (note: number, into: number | null) =>
      boards.answer(boards.moderate({ type: 'merge_note', note, into }))
    expect(merge(first, first)).toEqual(refusedAs('unknown_note'))
    expect(merge(second, first)).toEqual(ok)
    expect(boards.wall().notes).toMatchObject([{ text: 'logs', votes: 2 }])
    expect(merge(first, second)).toEqual(refusedAs('unknown_note'))
    expect(merge(second, null)).toEqual(ok)
    expect(boards.wall().notes).toHaveLength(2)
  })

  test('puts one note into the light, blanks the wall, and resets the board, each to be undone', () => {
    const boards = fresh()
    const note = boards.post('anna', 'logs')
    const wish = (command: BoardCommand) => boards.answer(boards.moderate(command))
    wish({ type: 'spotlight_note', note })
    wish({ type: 'blank_wall', blank: true })
    expect(boards.wall()).toMatchObject({ spotlight: note, blank: true })
    const before = boards.wall()
    expect(wish({ type: 'reset_board' })).toEqual(ok)
    expect(boards.wall()).toMatchObject({ spotlight: null, blank: false, notes: [] })
    expect(wish({ type: 'undo_reset' })).toEqual(ok)
    expect(boards.wall()).toEqual(before)
    expect(wish({ type: 'undo_reset' })).toEqual(refusedAs('nothing_to_undo'))
  })

  test('takes home what is shown, and nothing else', () => {
    const boards = fresh()
    const hidden = boards.post('anna', 'hidden')
    boards.post('ben', 'shown')
    boards.answer(boards.moderate({ type: 'moderate_note', note: hidden, state: 'hidden' }))
    const taken = boards.seen<ExportView>(exportStream('tools'))
    expect(taken).toMatchObject({ question: 'What are your tools?', notes: [{ text: 'shown' }] })
    expect(JSON.stringify(taken)).not.toMatch(/hidden|anna|ben/)
  })
})

describe('what is withheld', () => {
  test('is told to no latecomer, whatever cursor it brings', () => {
    const boards = fresh()
    const note = boards.post('anna', 'a name and an address')
    boards.answer(boards.moderate({ type: 'moderate_note', note, state: 'hidden' }))
    const ref = boards.follow(boardStream('tools'), { epoch: 'log', after: 0 })
    boards.until(() => boards.told(ref).length > 0)
    expect(boards.told(ref)).toMatchObject([{ type: 'events', seq: 3 }])
    expect(JSON.stringify(boards.told(ref))).not.toContain('address')
  })

  test('is as much as may wait, and authors as many as may be muted: more is refused', () => {
    const boards = fresh()
    boards.answer(boards.moderate({ type: 'change_settings', settings: { approveFirst: true } }))
    for (let at = 0; at < maxWaiting; at++) boards.post(`visitor${at}`, `note ${at}`)
    expect(boards.answer(boards.wish('anna', post('more')))).toEqual(refusedAs('board_full'))
    const mute = (author: string) =>
      boards.answer(boards.moderate({ type: 'mute_author', author, muted: true }))
    for (let at = 0; at < maxMuted; at++) expect(mute(`visitor${at}`)).toEqual(ok)
    expect(mute('anna')).toEqual(refusedAs('too_many_muted'))
    expect(boards.view().muted).toHaveLength(maxMuted)
  })
})

describe('what is taken home', () => {
  test('is what the wall shows, after every history in which nothing was let go', () => {
    forSeeds(seeds, (world) => {
      const boards = new Boards(world)
      for (let step = 0; step < 60; step++) {
        send(boards, someWish(boards))
        world.runFor(world.random.below(3_000))
      }
      world.settle()
      const { notes } = boards.seen<ExportView>(exportStream('tools'))
      const shown = notes.map(({ atMs: _, ...note }) => note)
      expect(shown).toEqual(wallOf(boards.view()).notes)
    })
  })
})

describe('a log that cannot keep', () => {
  test('takes back what was decided in one turn, the last first, and refuses nothing for good', () => {
    const boards = fresh()
    later(boards)
    boards.log.isFull = true
    const refs = [1, 2, 3, 4, 5, 6].map((at) =>
      boards.wish('anna', post(`note ${at}`), `wish-a${at}`),
    )
    for (const ref of refs) expect(boards.answer(ref)).toEqual(refusedAs('not_kept'))
    boards.log.isFull = false
    const again = [1, 2, 3, 4, 5].map((at) =>
      boards.wish('anna', post(`note ${at}`), `wish-a${at}`),
    )
    for (const ref of again) expect(boards.answer(ref)).toEqual(ok)
  })

  test('and was replaced when it was opened is told of', () => {
    const boards = new Boards(new World(1), new MemoryLog(), 'The log was damaged.')
    const health = boards.seen<LogHealthView>(logHealthStream)
    expect(health).toEqual({ replaced: 'The log was damaged.' })
  })

  test('has no note accepted, tells the presenter, and heals by itself', () => {
    const boards = fresh()
    boards.post('anna', 'before')
    boards.log.isFull = true
    boards.tellTrouble('The disk is full.')
    // A phone that tries again and again is not told at last that it was too fast.
    for (let attempt = 0; attempt < 8; attempt++) {
      const ref = boards.wish('ben', post('kept later'), 'b-wish')
      expect(boards.answer(ref)).toEqual(refusedAs('not_kept'))
    }
    expect(boards.wall().notes).toHaveLength(1)
    expect(boards.seen<LogHealthView>(logHealthStream).trouble?.reason).toBe('The disk is full.')
    boards.log.isFull = false
    boards.tellTrouble()
    expect(boards.answer(boards.wish('ben', post('kept later'), 'b-wish'))).toEqual(ok)
    expect(boards.seen<LogHealthView>(logHealthStream)).toEqual({})
  })
})

describe('a killed board', () => {
  test('folds its log, with a checkpoint or without, and goes on with the next number', () => {
    for (const notes of [3, checkpointEvery * 2 + 7]) {
      const boards = fresh()
      for (let at = 0; at < notes; at++) boards.post(`visitor${at}`, `note ${at}`)
      const [wall, admin] = [boards.wall(), boards.admin()]
      boards.world.runtime.exit(boards.process()!, 'kill')
      boards.world.settle()
      expect(boards.wall()).toEqual(wall)
      expect(boards.admin()).toEqual(admin)
      expect(boards.post('anna', 'after')).toBe(notes + 2)
    }
  })

  test('tells everybody where it is, and its authors what became of their notes', () => {
    const boards = fresh()
    boards.post('anna', 'logs')
    boards.world.settle()
    const after = boards.said.length
    boards.world.runtime.exit(boards.process()!, 'kill')
    boards.world.settle()
    const told = boards.said.slice(after)
    const place = { type: 'events', epoch: 'log', seq: 2, events: [] }
    expect(told).toContainEqual({ ...place, stream: boardStream('tools') })
    expect(told).toContainEqual({ ...place, stream: adminStream('tools') })
    const own = { type: 'snapshot', stream: ownStream('tools', 'anna'), seq: 2 }
    expect(told).toContainEqual(expect.objectContaining(own))
  })

  test('asks its declared question again only when the deck changed it', () => {
    const boards = fresh()
    boards.post('anna', 'logs')
    const again = new Boards(new World(2), boards.log)
    again.post('ben', 'metrics')
    const declared = again.events().filter(({ type }) => type === 'board_declared')
    expect(declared).toHaveLength(1)
  })
})

describe('a hall', () => {
  test('that does everything at once, with boards killed and a disk that fills, loses nothing', () => {
    forSeeds(seeds, (world) => {
      const boards = new Boards(world)
      const wall = new Follower(boards, boardStream('tools'), wallFold)
      const admin = new Follower(boards, adminStream('tools'), boardFold)
      const open = new Map<number, Sent>()
      const accepted: Sent[] = []
      for (let step = 0; step < 60; step++) {
        disturb(boards)
        const sent = someWish(boards)
        open.set(send(boards, sent), sent)
        for (let turns = world.random.below(20); turns > 0; turns--) world.runtime.turn()
        wall.listen()
        admin.listen()
        for (const [ref, wish] of open) {
          const [answer] = boards.answers(ref)
          if (answer) open.delete(ref)
          if (answer?.ok) accepted.push(wish)
          // Whoever hears that it could not be kept sends the same wish again.
          if (isToBeSentAgain(answer)) open.set(send(boards, wish), wish)
        }
      }
      boards.log.isFull = false
      world.settle()
      for (const follower of [wall, admin]) {
        follower.ask()
        world.settle()
        follower.listen()
      }
      expect(admin.view).toEqual(boards.view())
      expect(wall.view).toEqual(wallOf(boards.view()))
      expect(notGranted(accepted, boards.events())).toEqual([])
    })
  })
})

interface Sent {
  readonly visitor: string
  readonly id: string
  readonly command: BoardCommand
}

const visitors = ['anna', 'ben', 'cleo', 'dora']

const isToBeSentAgain = (answer: Answer | undefined): boolean =>
  answer?.ok === false && isPassing(answer.refusal)

const send = (boards: Boards, { visitor, id, command }: Sent): number =>
  visitor === 'host' ? boards.moderate(command, id) : boards.wish(visitor, command, id)

function disturb(boards: Boards): void {
  const { world, log } = boards
  const pid = world.random.chance(0.05) ? boards.process() : undefined
  if (pid) world.runtime.exit(pid, 'kill')
  if (world.random.chance(0.1)) log.isFull = !log.isFull
  if (world.random.chance(0.3)) world.runFor(world.random.below(5_000))
}

function someWish(boards: Boards): Sent {
  const { random } = boards.world
  const ids = boards.view().notes.map(({ id }) => id)
  const note = ids.length > 0 && random.chance(0.9) ? random.pick(ids) : 999
  const id = `wish-${random.below(100)}-${random.chance(0.9) ? random.bits() : 0}`
  const wishes: readonly (() => Omit<Sent, 'id'>)[] = [
    () => by(random.pick(visitors), post(`note ${random.below(20)}`)),
    () => by(random.pick(visitors), post(`note ${random.below(20)}`)),
    () => by(random.pick(visitors), { type: 'second_note', note }),
    () => by(random.pick(visitors), { type: 'withdraw_note', note }),
    () => by('host', { type: 'moderate_note', note, state: random.pick(['shown', 'hidden']) }),
    () => by('host', { type: 'pin_note', note, pinned: random.chance(0.5) }),
    () => by('host', { type: 'spotlight_note', note: random.chance(0.5) ? note : null }),
    () => by('host', { type: 'merge_note', note, into: random.pick([null, ...ids]) }),
    () => by('host', muteSome(random.pick(visitors), random.chance(0.5))),
    () => by('host', { type: 'change_settings', settings: { approveFirst: random.chance(0.5) } }),
    () => by('host', { type: 'blank_wall', blank: random.chance(0.5) }),
    () => by('host', random.chance(0.2) ? { type: 'reset_board' } : { type: 'undo_reset' }),
  ]
  return { ...random.pick(wishes)(), id }
}

const by = (visitor: string, command: BoardCommand) => ({ visitor, command })

const muteSome = (author: string, muted: boolean): BoardCommand => ({
  type: 'mute_author',
  author,
  muted,
})

/** Accepted notes and votes that the log has not exactly once. */
function notGranted(accepted: readonly Sent[], events: readonly BoardEvent[]): Sent[] {
  return accepted.filter(({ id, command, visitor }) => {
    if (command.type !== 'post_note') return false
    const kept = events.filter((event) => event.type === 'note_posted' && event.wish === id)
    return kept.length !== 1 || (kept[0] as { author: string }).author !== visitor
  })
}
