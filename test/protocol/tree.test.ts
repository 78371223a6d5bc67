import { expect, test } from 'vitest'
import type { TreeNode } from '../../src/protocol/observe'
import { maxTombstones, treeFold, type TreeEvent, type TreeView } from '../../src/protocol/tree'

const viewOf = (...events: TreeEvent[]): TreeView => events.reduce(treeFold.fold, treeFold.empty)
const node = (initialCall: string): TreeNode => {
  return { initialCall, type: 'worker', count: 1, serials: [1], children: [] }
}
const stone = (id: number, atMs = 1_000) => {
  const place = { host: 'play-1', what: 'process', under: [], isRestarted: false } as const
  return { ...place, id, name: 'sum.sum', count: 1, atMs }
}
const buried = (...ids: number[]): TreeEvent => {
  return { type: 'buried', tombstones: ids.map((id) => stone(id)) }
}
const ids = ({ tombstones }: TreeView) => tombstones.map(({ id }) => id)

test('each host has the tree that was told last, and none once it is gone', () => {
  const [one, two] = [[node('a')], [node('b')]]
  const view = viewOf(
    { type: 'tree_taken', host: 'play-1', roots: one },
    { type: 'tree_taken', host: 'boards', roots: one },
    { type: 'burning_seen', host: 'play-1', burning: [{ serial: 1, initialCall: 'a', share: 1 }] },
    { type: 'tree_taken', host: 'play-1', roots: two },
  )
  expect(view.trees).toMatchObject([
    { host: 'play-1', roots: two, burning: [{ serial: 1 }] },
    { host: 'boards', roots: one, burning: [] },
  ])
  const after = treeFold.fold(view, { type: 'tree_gone', host: 'play-1' })
  expect(after.trees.map(({ host }) => host)).toEqual(['boards'])
})

test('a tombstone stays for 30 seconds by the clock of the stream', () => {
  const taken = (atMs: number): TreeEvent => ({ type: 'costs_taken', atMs, costs: [] })
  expect(ids(viewOf(buried(1), taken(30_999)))).toEqual([1])
  expect(ids(viewOf(buried(1), taken(31_000)))).toEqual([])
})

test('a tombstone that is told again takes the place of the first', () => {
  const reason = 'killed'
  const view = viewOf(buried(1, 2), { type: 'buried', tombstones: [{ ...stone(1), reason }] })
  expect(view.tombstones).toEqual([stone(2), { ...stone(1), reason }])
})

test('tombstones are few', () => {
  const all = Array.from({ length: maxTombstones + 7 }, (_, at) => at)
  expect(ids(viewOf(buried(...all)))).toEqual(all.slice(7))
})

test.each([{ type: 'host_lost' }, { type: 'constructor' }, {}, [], undefined, null])(
  'an event that it does not know leaves the view as it is: %j',
  (event) => {
    const view = viewOf(buried(1))
    expect(treeFold.fold(view, event as never)).toBe(view)
  },
)
