/*
 * The whole system as one tree of items to be shown: root, hosts, supervisors, processes, and below
 * whoever watched over them, for a while, those that died. Each item says all that it is in words,
 * for whoever does not see it.
 */
import { groupOfHost, numberOfHost, type HostLine, type HostsView } from '../../protocol/hosts'
import { pidText, type TreeNode } from '../../protocol/observe'
import type { HostCost, HostTree, Tombstone, TreeView } from '../../protocol/tree'
import { groupDigits } from '../parts/digits'
import {
  burningWords,
  deathOf,
  lateWords,
  mailboxWords,
  whatBefell,
  whoDied,
  type Death,
} from './tree-words'

export type Kind = Death | 'root' | 'host' | 'supervisor' | 'worker' | 'crowd' | 'missing' | 'slow'

export interface Item {
  /** The same for as long as it is the same place in the tree. */
  readonly key: string
  readonly kind: Kind
  readonly name: string
  /** Stands behind or below the name. */
  readonly note?: string
  /** Of a host. */
  readonly line?: HostLine
  /** Of a supervisor: how many restarts it would still survive now, of how many. */
  readonly restarts?: { readonly left: number; readonly most: number }
  /** Where its details are. */
  readonly href?: string
  /** Another one for each process that stood here. */
  readonly life: string
  /** All of it in words. */
  readonly label: string
  readonly children: readonly Item[]
}

/** Hosts in places that stay. */
const groups = ['gateway', 'play-spare', 'boards', 'play', 'load', 'recorder']
const spare = 'play-spare'
/** A supervisor without a place in another's list: `src/system/application.ts`. */
const topName = 'application'
/** As many tombstones lie below one that watched over them; the rest is counted. */
const mostStones = 3
/** So many messages are more than anybody handles in a moment. */
const longMailbox = 100

/** A host that runs no processes, or none yet, so that a line has room for it. */
export const isPlain = ({ kind, name }: Item): boolean =>
  kind === 'host' && ['gateway', 'recorder', spare].includes(name)

const placeOf = (host: string): number =>
  groups.indexOf(groupOfHost(host)) * 1_000 + numberOfHost(host)

/** The root, with all that is below it. */
export function systemItem({ hosts }: HostsView, tree: TreeView): Item {
  const byName = new Map(hosts.map((line): [string, HostLine | undefined] => [line.host, line]))
  const costs = new Map(tree.costs.map((cost) => [cost.host, cost]))
  if (costs.has(spare)) byName.set(spare, undefined)
  const children = [...byName]
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([host, line]) => hostItem(host, line, costs.get(host), tree))
  const note = costWords(costs.get('root'))
  const label = ['root, supervises all hosts', note].filter(Boolean).join(', ')
  return { key: 'root', kind: 'root', name: 'root', note, life: '', label, children }
}

function hostItem(
  host: string,
  line: HostLine | undefined,
  cost: HostCost | undefined,
  { trees, tombstones }: TreeView,
): Item {
  const tree = trees.find((each) => each.host === host) ?? { host, roots: [], burning: [] }
  const stones = tombstones.filter((stone) => stone.host === host)
  const place = new Places(tree, stones)
  const late = cost?.lateMs
  const slow = late === undefined ? [] : [slowItem(`${host} late`, 'event loop', lateWords(late))]
  const state = host === spare ? 'stands by' : line?.state
  const costs = costWords(cost)
  const reason = line?.state === 'quarantined' ? line.reason : undefined
  const label = [host, 'host', state, reason, costs].filter(Boolean).join(', ')
  return {
    key: host,
    kind: 'host',
    name: host,
    ...(line && { line }),
    note: reason ?? (host === spare ? `${state}` : costs),
    life: String(line?.losses ?? 0),
    label,
    children: [...slow, ...place.below(undefined), ...place.items(tree.roots, host)],
  }
}

function costWords(cost: HostCost | undefined): string {
  if (!cost) return ''
  const { busy, rssMb, processes } = cost
  const parts = [`${Math.round(100 * busy)}\u00a0%`, `${groupDigits(String(rssMb))}\u00a0MB`]
  const counted = processes === undefined ? [] : [`${groupDigits(String(processes))} processes`]
  return [...parts, ...counted].join(' · ')
}

/** The items of one host, with what is found below each. */
class Places {
  private readonly tree: HostTree
  /** By the serial of whom they lie below; undefined: of none that is still there. */
  private readonly stones = new Map<number | undefined, Tombstone[]>()

  constructor(tree: HostTree, stones: readonly Tombstone[]) {
    this.tree = tree
    const serials = new Set(allSerials(tree.roots))
    for (const stone of stones) {
      const above = stone.under.find((serial) => serials.has(serial))
      this.stones.set(above, [...(this.stones.get(above) ?? []), stone])
    }
  }

  items(nodes: readonly TreeNode[], path: string): Item[] {
    const found = new Map<string, number>()
    return nodes.map((node) => {
      const name = node.id ?? (node.type === 'supervisor' ? topName : node.initialCall)
      const before = found.get(name) ?? 0
      found.set(name, before + 1)
      return this.item(node, name, `${path}/${name}${before > 0 ? ` ${before}` : ''}`)
    })
  }

  /** The tombstones below a process, newest first. */
  below(serial: number | undefined): Item[] {
    const stones = [...(this.stones.get(serial) ?? [])].reverse()
    const hidden = stones.slice(mostStones).reduce((total, { count }) => total + count, 0)
    const shown = stones.slice(0, mostStones).map(stoneItem)
    if (hidden === 0) return shown
    const text = `${groupDigits(String(hidden))} more died`
    const key = `${this.tree.host} ${serial} more`
    return [...shown, { key, kind: 'dead', name: text, life: '', label: text, children: [] }]
  }

  private item(node: TreeNode, name: string, key: string): Item {
    const { host } = this.tree
    const { type, count, serials, restartsLeft: left, intensity: most, id } = node
    const [serial] = serials
    const kind = kindOf(node)
    const isOne = count === 1 && serial !== undefined
    const note = noteOf(node, kind)
    const pid = isOne ? pidText(host, serial) : ''
    const restarts = left !== undefined && most !== undefined ? { left, most } : undefined
    const words = [
      name,
      type === 'supervisor' ? 'supervisor' : id === undefined ? '' : 'process',
      pid,
      note,
      restarts && `${restarts.left} of ${restarts.most} restarts left`,
    ]
    const lies = serials.flatMap((each) => this.below(each))
    return {
      key,
      kind,
      name,
      ...(note !== '' && { note }),
      ...(restarts && { restarts }),
      ...(count > 0 && { href: hrefOf(node, pid) }),
      life: id === undefined ? '' : pid,
      label: words.filter(Boolean).join(', '),
      children: [...this.slowness(node, key), ...this.items(node.children, key), ...lies],
    }
  }

  private slowness(node: TreeNode, key: string): Item[] {
    const { host, burning } = this.tree
    const { serials, initialCall, longestMailbox = 0 } = node
    const burns = burning
      .filter((each) => serials.includes(each.serial) || isOfCrowd(node, each.initialCall))
      .map((each) => {
        const pid = pidText(host, each.serial)
        return slowItem(`${key} burns ${pid}`, `${initialCall} ${pid}`, burningWords(each), pid)
      })
    if (longestMailbox < longMailbox) return burns
    return [...burns, slowItem(`${key} mailbox`, 'its mailbox', mailboxWords(longestMailbox))]
  }
}

const isOfCrowd = ({ id, count, serials, initialCall }: TreeNode, call: string): boolean =>
  id === undefined && count > serials.length && initialCall === call

const allSerials = (nodes: readonly TreeNode[]): number[] =>
  nodes.flatMap(({ serials, children }) => [...serials, ...allSerials(children)])

function kindOf({ type, count, id }: TreeNode): Kind {
  if (count === 0) return 'missing'
  if (type === 'supervisor') return 'supervisor'
  return id === undefined ? 'crowd' : 'worker'
}

function noteOf({ restarting, count }: TreeNode, kind: Kind): string {
  if (kind === 'missing') return restarting ? 'is tried again' : 'does not run'
  return kind === 'crowd' ? `${groupDigits(String(count))} running` : ''
}

const details = '/dashboard/processes'

const hrefOf = ({ initialCall }: TreeNode, pid: string): string =>
  pid === ''
    ? `${details}?search=${encodeURIComponent(initialCall)}`
    : `${details}?info=${encodeURIComponent(pid)}`

function stoneItem(stone: Tombstone): Item {
  const [name, note] = [whoDied(stone), whatBefell(stone)]
  const key = `stone ${stone.id}`
  const life = `${stone.count}`
  return { key, kind: deathOf(stone), name, note, life, label: `${name} ${note}`, children: [] }
}

const slowItem = (key: string, name: string, note: string, pid?: string): Item => ({
  key,
  kind: 'slow',
  name,
  note,
  ...(pid !== undefined && { href: `${details}?info=${encodeURIComponent(pid)}` }),
  life: '',
  label: `${name}, ${note}`,
  children: [],
})
