/*
 * The stream `gateway/tree`: who watches over whom in all hosts, what each OS process costs, and
 * who died lately. It lives while somebody follows it; its writer is the gateway, who looks into
 * the hosts. Everybody may read it: functions, pids and reasons of code, and no text of the
 * audience.
 *
 * Its clock is the gateway's and comes with the costs once a second, so that whoever reads it needs
 * none: a tombstone is in the view for as long as it is to be shown.
 */
import type { Fold } from './fold'
import type { HostGauge } from './gauges'
import type { TreeNode } from './observe'

export const treeStream = 'gateway/tree'

/** How long a tombstone stays, and how many at a time. */
export const tombstoneMs = 30_000
export const maxTombstones = 50

/** A process that takes much of its host's steps. */
export interface Burning {
  readonly serial: number
  readonly initialCall: string
  /** Of all steps of its host, from 0 to 1. */
  readonly share: number
}

/** What is seen of a host that runs processes. */
export interface HostTree {
  readonly host: string
  readonly roots: readonly TreeNode[]
  readonly burning: readonly Burning[]
}

/** What an OS process costs, as the mean of a second. */
export interface HostCost extends HostGauge {
  /** How late it answers, or has been silent so far; missing while it answers soon. */
  readonly lateMs?: number
}

/** Who died. Deaths of one name, for one reason, at one place share a stone with their number. */
export interface Tombstone {
  /** Counted by the gateway; told again with the same one when more is known. */
  readonly id: number
  readonly host: string
  readonly what: 'host' | 'process'
  /** Its id in its supervisor's list, or the function that it was started with. */
  readonly name: string
  /** Of the last one; missing where it is not known, and of a host. */
  readonly serial?: number
  /** Who is above it, nearest first, as serials: it lies below the first that is still there. */
  readonly under: readonly number[]
  /** Missing where nobody told. */
  readonly reason?: string
  readonly isRestarted: boolean
  /** How many others of its supervisor's list were started anew with it. */
  readonly others?: number
  /** A supervisor that had to restart this too often, and ended with all that it watched over. */
  readonly hasGivenUp?: true
  readonly count: number
  /** When the last of them died, in milliseconds since the epoch. */
  readonly atMs: number
}

export type TreeEvent =
  /** Once a second. */
  | { readonly type: 'costs_taken'; readonly atMs: number; readonly costs: readonly HostCost[] }
  | { readonly type: 'tree_taken'; readonly host: string; readonly roots: readonly TreeNode[] }
  | { readonly type: 'burning_seen'; readonly host: string; readonly burning: readonly Burning[] }
  | { readonly type: 'buried'; readonly tombstones: readonly Tombstone[] }
  /** The host has no processes now. */
  | { readonly type: 'tree_gone'; readonly host: string }

export interface TreeView {
  /** The stream's own time, in milliseconds since the epoch; 0 before it is known. */
  readonly atMs: number
  readonly costs: readonly HostCost[]
  readonly trees: readonly HostTree[]
  /** Oldest first. */
  readonly tombstones: readonly Tombstone[]
}

export const treeFold: Fold<TreeView, TreeEvent> = {
  empty: { atMs: 0, costs: [], trees: [], tombstones: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'costs_taken': {
        const { atMs, costs } = event
        const isFresh = (stone: Tombstone) => atMs - stone.atMs < tombstoneMs
        return { ...view, atMs, costs, tombstones: view.tombstones.filter(isFresh) }
      }
      case 'tree_taken':
        return withTree(view, event.host, { roots: event.roots })
      case 'burning_seen':
        return withTree(view, event.host, { burning: event.burning })
      case 'buried': {
        const told = new Set(event.tombstones.map(({ id }) => id))
        const others = view.tombstones.filter(({ id }) => !told.has(id))
        return { ...view, tombstones: [...others, ...event.tombstones].slice(-maxTombstones) }
      }
      case 'tree_gone':
        return { ...view, trees: view.trees.filter(({ host }) => host !== event.host) }
      default:
        return view
    }
  },
}

function withTree(view: TreeView, host: string, change: Partial<HostTree>): TreeView {
  const known = view.trees.find((tree) => tree.host === host)
  const tree = { ...(known ?? { host, roots: [], burning: [] }), ...change }
  return {
    ...view,
    trees: known ? view.trees.map((one) => (one === known ? tree : one)) : [...view.trees, tree],
  }
}
