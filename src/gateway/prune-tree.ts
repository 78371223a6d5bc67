/*
 * A host's tree as a page can show it: a host may be broken, or have a crowd of kinds that nobody
 * foresaw, so breadth, depth and size are bounded. What is cut off is counted.
 */
import type { TreeNode } from '../protocol/observe'

const maxSiblings = 12
const maxDepth = 6
const maxNodes = 150

/** Stands for siblings that are not shown one by one. */
export const othersCall = '…'

/** The trees of a host, without whoever only holds the top supervisor. */
export function pruneTree(roots: readonly TreeNode[]): readonly TreeNode[] {
  const room = { nodes: maxNodes }
  return prune(roots.flatMap(withoutHolder), 1, room)
}

function withoutHolder(root: TreeNode): readonly TreeNode[] {
  const { type, count, children } = root
  const isHolder = type === 'worker' && count === 1 && children[0]?.type === 'supervisor'
  return isHolder ? children : [root]
}

function prune(
  nodes: readonly TreeNode[],
  depth: number,
  room: { nodes: number },
): readonly TreeNode[] {
  const most = Math.min(nodes.length > maxSiblings ? maxSiblings - 1 : maxSiblings, room.nodes)
  const shown = nodes.slice(0, most)
  const others = nodes.slice(most)
  room.nodes -= shown.length
  const kept = shown.map((node) => ({
    ...node,
    children: depth < maxDepth ? prune(node.children, depth + 1, room) : [],
  }))
  return others.length === 0 ? kept : [...kept, togetherOf(others)]
}

const togetherOf = (nodes: readonly TreeNode[]): TreeNode => ({
  initialCall: othersCall,
  type: 'worker',
  count: nodes.reduce((total, { count }) => total + count, 0),
  serials: [],
  children: [],
})
