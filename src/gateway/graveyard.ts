/*
 * Who died lately, for the tree's stream. A death may be told twice, by who saw it and by who knows
 * why: it has one stone. A storm has few: those of one name, for one reason, at one place share a
 * stone, and it tells how many they are.
 */
import { maxTombstones, tombstoneMs, type Tombstone } from '../protocol/tree'

export type Death = Omit<Tombstone, 'id' | 'atMs'>

/** More than die between a death and what is told of it later. */
const maxRemembered = 1_000

export class Graveyard {
  private readonly nowMs: () => number
  private lastId = 0
  /** Oldest first. */
  private stones: readonly Tombstone[] = []
  private readonly changed = new Set<number>()
  /** The stones of single processes, by host and serial. */
  private readonly bySerial = new Map<string, number>()

  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  /** @param atMs when they died, in milliseconds since the epoch */
  bury(death: Death, atMs = this.nowMs()): void {
    if (this.nowMs() - atMs >= tombstoneMs) return

    const known = this.stoneOf(death)
    if (known) return this.put({ ...known, ...tellsMore(known, death) })
    const alike = this.all().find((stone) => isAlike(stone, death))
    const count = death.count + (alike?.count ?? 0)
    const id = alike?.id ?? ++this.lastId
    const under = alike?.under ?? death.under
    this.put({ ...alike, ...death, under, count, id, atMs })
  }

  /** A new life of a host counts its processes anew. */
  forgetSerials(host: string): void {
    for (const key of this.bySerial.keys())
      if (key.startsWith(`${host} `)) this.bySerial.delete(key)
  }

  /** Those that have changed since they were taken. */
  take(): Tombstone[] {
    const taken = this.stones.filter(({ id }) => this.changed.has(id))
    this.changed.clear()
    return taken
  }

  /** All that are to be shown now. */
  all(): readonly Tombstone[] {
    return this.stones.filter(({ atMs }) => this.nowMs() - atMs < tombstoneMs)
  }

  private stoneOf({ host, serial }: Death): Tombstone | undefined {
    const id = serial === undefined ? undefined : this.bySerial.get(`${host} ${serial}`)
    return id === undefined ? undefined : this.stones.find((stone) => stone.id === id)
  }

  private put(stone: Tombstone): void {
    const { id, host, serial } = stone
    const fresh = this.all().filter((other) => other.id !== id)
    this.stones = [...fresh, stone].slice(-maxTombstones)
    this.changed.add(id)
    // While nobody follows, nobody takes them.
    const kept = new Set(this.stones.map((each) => each.id))
    for (const each of this.changed) if (!kept.has(each)) this.changed.delete(each)
    if (serial === undefined) return
    this.bySerial.set(`${host} ${serial}`, id)
    if (this.bySerial.size > maxRemembered) {
      this.bySerial.delete(this.bySerial.keys().next().value!)
    }
  }
}

const isAlike = (stone: Tombstone, death: Death): boolean =>
  stone.host === death.host &&
  stone.what === death.what &&
  stone.name === death.name &&
  stone.reason === death.reason &&
  stone.hasGivenUp === death.hasGivenUp &&
  // How many more there were in a storm is told without their places.
  (death.under.length === 0 || stone.under[0] === death.under[0])

/** What a second word about the same death adds to the first. */
function tellsMore(stone: Tombstone, death: Death): Partial<Tombstone> {
  const reason = stone.reason ?? death.reason
  return {
    ...(reason !== undefined && { reason }),
    isRestarted: stone.isRestarted || death.isRestarted,
    ...(death.others !== undefined && { others: death.others }),
    under: stone.under.length > 0 ? stone.under : death.under,
  }
}
