/*
 * Who died between two looks at a host's tree, as far as that can be seen: a child in a list has
 * another pid, or none. Why, and who of a crowd died, nobody can see: that is in the log.
 */
import type { TreeNode } from '../protocol/observe'
import type { Death } from './graveyard'

export type SeenDeath = Omit<Death, 'host'>

/** @param under the serials above these nodes, nearest first */
export function deathsBetween(
  before: readonly TreeNode[],
  after: readonly TreeNode[],
  under: readonly number[] = [],
): SeenDeath[] {
  const pairs = before.flatMap((old) => {
    const now = after.find((node) => isSame(node, old))
    return now ? [{ old, now }] : []
  })
  const replaced = pairs.filter(({ old, now }) => isReplaced(old, now))
  const [first, ...others] = replaced
  // Who follows in the list of one that died is started anew with it, and did not die by itself.
  const dead = first
    ? [
        {
          ...deathOf(first.old, first.now, under),
          ...(others.length > 0 && { others: others.length }),
        },
      ]
    : []
  const below = pairs
    // What stood below one that died went with it.
    .filter((pair) => !replaced.includes(pair))
    .flatMap(({ old, now }) => {
      const path = now.count === 1 ? [...now.serials, ...under] : under
      return deathsBetween(old.children, now.children, path)
    })
  return [...dead, ...below]
}

const isSame = (one: TreeNode, other: TreeNode): boolean =>
  one.id === other.id && (one.id !== undefined || one.initialCall === other.initialCall)

const isReplaced = (old: TreeNode, now: TreeNode): boolean =>
  old.id !== undefined && old.count === 1 && now.serials[0] !== old.serials[0]

const deathOf = (old: TreeNode, now: TreeNode, under: readonly number[]): SeenDeath => ({
  what: 'process',
  name: old.id ?? old.initialCall,
  serial: old.serials[0]!,
  under,
  isRestarted: now.count > 0,
  count: 1,
})

/**
 * The name by which the tree shows a process: that of its line, or of its supervisor's crowd;
 * undefined when it stands nowhere.
 */
export function shownName(
  nodes: readonly TreeNode[],
  serial: number | undefined,
  supervisor: number | undefined,
): string | undefined {
  for (const { id, initialCall, serials, children } of nodes) {
    if (serial !== undefined && serials.includes(serial)) return id ?? initialCall
    const [first] = children
    const isCrowd = first !== undefined && first.id === undefined
    if (supervisor !== undefined && serials.includes(supervisor) && isCrowd) {
      return first.initialCall
    }
    const name = shownName(children, serial, supervisor)
    if (name !== undefined) return name
  }
  return undefined
}
