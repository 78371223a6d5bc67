/* Who died: what two looks at a tree show, what a record of the log tells, and the stone for it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { deathIn } from '../../src/gateway/death-record'
import { Graveyard, type Death } from '../../src/gateway/graveyard'
import { othersCall, pruneTree } from '../../src/gateway/prune-tree'
import { deathsBetween, shownName } from '../../src/gateway/tree-deaths'
import type { LogEntry } from '../../src/protocol/logs'
import type { TreeNode } from '../../src/protocol/observe'

const worker = (id: string, serial: number, more: Partial<TreeNode> = {}): TreeNode => {
  const children: TreeNode[] = []
  return { id, initialCall: id, type: 'worker', count: 1, serials: [serial], children, ...more }
}
const supervisor = (id: string, serial: number, children: TreeNode[], left = 10): TreeNode =>
  worker(id, serial, { type: 'supervisor', children, restartsLeft: left, intensity: 10 })
const crowd = (initialCall: string, ...serials: number[]): TreeNode => {
  const count = serials.length
  return { initialCall, type: 'worker', count, serials: serials.slice(0, 5), children: [] }
}

describe('two looks at a tree', () => {
  const tree = (reception: number, observer: number, left: number, session = 9) => [
    supervisor('application', 1, [
      supervisor('sessions', 2, [crowd('session.session', session)], left),
      worker('reception', reception),
      worker('observer', observer),
    ]),
  ]

  test('show nothing when everybody lives, and nothing of who ends as usual', () => {
    expect(deathsBetween(tree(3, 4, 10), tree(3, 4, 10, 12))).toEqual([])
    expect(deathsBetween(tree(3, 4, 10), [])).toEqual([])
  })

  test('show who died in a list, and those that were started anew with it', () => {
    const died = { what: 'process', name: 'reception', serial: 3, under: [1], isRestarted: true }
    expect(deathsBetween(tree(3, 4, 10), tree(5, 6, 10))).toEqual([
      { ...died, count: 1, others: 1 },
    ])
    expect(deathsBetween(tree(3, 4, 10), tree(5, 4, 10))).toEqual([{ ...died, count: 1 }])
  })

  test('show who did not come back', () => {
    const after = [
      supervisor('application', 1, [worker('reception', 3, { count: 0, serials: [] })]),
    ]
    expect(deathsBetween(tree(3, 4, 10), after)).toMatchObject([
      { name: 'reception', isRestarted: false },
    ])
  })

  test('a process is named as the tree shows it', () => {
    expect(shownName(tree(3, 4, 10), 3, undefined)).toBe('reception')
    expect(shownName(tree(3, 4, 10), 77, 2)).toBe('session.session')
    expect(shownName(tree(3, 4, 10), 77, 1)).toBe(undefined)
  })
})

describe('a record', () => {
  const host = 'play-1'
  const entry = (more: Partial<LogEntry> & Pick<LogEntry, 'event'>): LogEntry => {
    return { number: 1, atMs: 1, level: 'warn', host, ...more }
  }
  const about = { host, what: 'process', isRestarted: false, count: 1 }

  test.each([
    [
      {
        event: 'process_crashed',
        pid: '<0.12.0>',
        call: 'sum.sum',
        reason: 'Error: 13 brings bad luck',
        ancestors: [{ pid: '<0.5.0>' }, { pid: '<0.4.0>' }],
      },
      { name: 'sum.sum', serial: 12, under: [5, 4], reason: 'Error: 13 brings bad luck' },
    ],
    [
      {
        event: 'child_ended',
        pid: '<0.7.0>',
        child: 'reception',
        supervisor: '<0.4.0>',
        reason: 'killed',
        details: { isRestarted: true },
      },
      { name: 'reception', serial: 7, under: [4], reason: 'killed', isRestarted: true },
    ],
    [
      {
        event: 'gave_up',
        child: 'tools',
        supervisor: 'boards <1.5.0>',
        details: { intensity: 20, periodSeconds: 10 },
      },
      {
        name: 'boards',
        serial: 5,
        under: [],
        reason: 'more than 20 restarts in 10 s',
        hasGivenUp: true,
      },
    ],
    [
      { event: 'left_out', of: 'process_crashed', call: 'sum.sum', reason: 'Error: x', count: 99 },
      { name: 'sum.sum', under: [], reason: 'Error: x', count: 99 },
    ],
    [
      { event: 'host_lost', reason: 'killed (SIGKILL)' },
      { name: host, what: 'host', under: [], reason: 'killed (SIGKILL)' },
    ],
  ])('%j tells of a death', (record, death) => {
    expect(deathIn(entry(record))).toEqual({ ...about, ...death })
  })

  test('of a host that ended as it was told to tells of none', () => {
    expect(deathIn(entry({ event: 'host_lost', level: 'info', reason: 'stopped' }))).toBe(undefined)
  })

  test.each(['host_ready', 'left_out', 'constructor', ''])('%s tells of none', (event) => {
    expect(deathIn(entry({ event }))).toBe(undefined)
  })
})

describe('a graveyard', () => {
  let nowMs = 0
  let graveyard: Graveyard
  beforeEach(() => {
    nowMs = 1_000
    graveyard = new Graveyard(() => nowMs)
  })

  const death = (more: Partial<Death> = {}): Death => {
    const place = { host: 'play-1', what: 'process', under: [5], isRestarted: false } as const
    return { ...place, name: 'sum.sum', count: 1, ...more }
  }

  test('has one stone for one death, however often it is told', () => {
    graveyard.bury(death({ serial: 7 }))
    graveyard.bury(death({ serial: 7, reason: 'killed', isRestarted: true, under: [] }))
    expect(graveyard.take()).toEqual([
      { ...death({ serial: 7, reason: 'killed', isRestarted: true }), id: 1, atMs: 1_000 },
    ])
    expect(graveyard.take()).toEqual([])
  })

  test('has one stone for a storm, and another for each reason and place', () => {
    for (let serial = 0; serial < 2_000; serial++) graveyard.bury(death({ serial, reason: 'x' }))
    graveyard.bury(death({ reason: 'x', under: [], count: 500 }))
    graveyard.bury(death({ reason: 'y' }))
    graveyard.bury(death({ reason: 'y', under: [6] }))
    graveyard.bury(death({ reason: 'y', host: 'play-2' }))
    expect(graveyard.take().map(({ count }) => count)).toEqual([2_500, 1, 1, 1])
  })

  test('forgets after 30 seconds, and the serials of a host with its life', () => {
    graveyard.bury(death({ serial: 7 }))
    graveyard.forgetSerials('play-1')
    graveyard.bury(death({ serial: 7 }))
    expect(graveyard.all().map(({ count }) => count)).toEqual([2])
    graveyard.bury(death({ name: 'long ago' }), nowMs - 30_000)
    expect(graveyard.take().map(({ name }) => name)).toEqual(['sum.sum'])
    nowMs += 30_000
    expect(graveyard.all()).toEqual([])
    graveyard.bury(death({ serial: 9 }))
    expect(graveyard.take().map(({ count }) => count)).toEqual([1])
  })
})

describe('a tree to be shown', () => {
  test('begins with the top supervisor', () => {
    const top = supervisor('top', 2, [])
    expect(pruneTree([worker('holder', 1, { children: [top] }), crowd('lost', 8)])).toEqual([
      top,
      crowd('lost', 8),
    ])
  })

  test('is neither broad nor deep nor large, and counts who is left out', () => {
    const many = Array.from({ length: 100 }, (_, at) => worker(`a${at}`, at, { count: 2 }))
    const shown = pruneTree(many)
    expect(shown).toHaveLength(12)
    expect(shown.at(-1)).toMatchObject({ initialCall: othersCall, count: 178, children: [] })
    const size = (nodes: readonly TreeNode[]): number =>
      nodes.reduce((total, { children }) => total + 1 + size(children), 0)
    let all = many
    for (let depth = 0; depth < 3; depth++) {
      all = all.map((node) => ({ ...node, children: all.slice(0, 12) }))
    }
    expect(size(pruneTree(all))).toBeLessThan(400)
  })
})
