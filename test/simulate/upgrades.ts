/*
 * A hot module of a host that is loaded and purged at any moment, and its readers, who go on in
 * their version until they turn: held to the Erlang Reference Manual, 'Compilation and Code
 * Loading', 'Code Replacement', and to the reference page of `code`.
 */
import { LoadRefused, self, type ExitReason, type Pid } from '../../src/runtime'
import { Hot, hotVersion, type HotScene, type HotWord } from './hot-version'
import type { Deed, Operation } from './plan'
import type { Judge, Witness } from './witness'

const readersAtFirst = 3
const hot = 'hot'

export class Upgrades implements Judge {
  private readonly witness: Witness
  private readonly scene: HotScene
  private current = 0
  private old: number | undefined
  /** The living readers and what they run; undefined: what will be current when they begin. */
  private readonly readers = new Map<Pid, number | undefined>()
  /** Who must end, and why. */
  private readonly ended = new Map<Pid, ExitReason>()

  constructor(witness: Witness) {
    this.witness = witness
    this.scene = {
      begins: (version) => this.begin(self(), version),
      turns: () => this.readers.set(self(), undefined),
      called: (version) => this.compare('a call leads to', version, this.current),
    }
  }

  start(): void {
    this.load()
    for (let n = 0; n < readersAtFirst; n++) this.witness.runtime.spawn(Hot.serve, this.scene)
  }

  act(deed: Deed & { do: 'load' | 'purge' | 'softPurge' | 'tellReader' }): void {
    if (deed.do === 'load') return this.load()
    if (deed.do === 'tellReader') return this.tell(deed.nth, deed.word)
    this.witness.fire(deed.do === 'purge' ? 'purge' : 'soft_purge')
    if (deed.do === 'purge') this.purge()
    else this.softPurge()
  }

  /** Refused while somebody runs old code; a new reader comes with each version. */
  private load(): void {
    const { runtime } = this.witness
    const lingering = this.lingering()
    let loaded: number | undefined
    try {
      loaded = runtime.code.load(hot, hotVersion(this.current + 1))
    } catch (error) {
      if (!(error instanceof LoadRefused)) throw error
      this.compare('who refuses a load is', String(error.details), String(lingering))
    }
    if ((loaded === undefined) !== lingering.length > 0)
      this.witness.fail(`a load is ${loaded ? 'granted' : 'refused'}: ${lingering} run old code`)
    this.witness.fire(loaded ? 'load' : 'load_refused')
    if (loaded === undefined) return
    if (this.current > 0) this.old = this.current
    this.current++
    this.compare('the version is', loaded, this.current)
    if (this.old !== undefined) runtime.spawn(Hot.serve, this.scene)
  }

  private purge(): void {
    const lingering = this.lingering()
    for (const pid of lingering) this.ended.set(pid, 'killed')
    this.old = undefined
    this.compare('a purge ends', this.witness.runtime.code.purge(hot), lingering.length)
    this.witness.drain()
  }

  private softPurge(): void {
    const isFree = this.lingering().length === 0
    if (isFree) this.old = undefined
    this.compare('a soft purge says', this.witness.runtime.code.softPurge(hot), isFree)
  }

  private tell(nth: number, word: HotWord): void {
    const all = [...this.readers.keys()]
    const pid = all[nth % Math.max(all.length, 1)]
    if (pid) this.witness.runtime.send(pid, word)
  }

  private lingering(): Pid[] {
    return [...this.readers.keys()].filter((pid) => {
      return this.old !== undefined && this.readers.get(pid) === this.old
    })
  }

  private begin(pid: Pid, version: number): void {
    const own = this.readers.get(pid)
    this.compare(`${pid} goes on in version`, version, own ?? this.current)
    this.readers.set(pid, version)
  }

  spawned(pid: Pid, _parent: Pid | undefined, initialCall: string): void {
    if (initialCall === 'hot.serve') this.readers.set(pid, undefined)
  }

  died(pid: Pid, reason: ExitReason): void {
    if (!this.readers.delete(pid)) return
    const expected = this.ended.get(pid) ?? 'normal'
    this.compare(`${pid} ends with`, String(reason), String(expected))
    this.ended.delete(pid)
  }

  /** Also of one that goes on as another body and has not begun. */
  ran(pid: Pid): void {
    if (this.readers.has(pid)) this.compareLingering()
  }

  rest(): void {
    this.compareLingering()
    for (const pid of this.ended.keys()) this.witness.fail(`${pid} lives on after a purge`)
  }

  private compareLingering(): void {
    const found = this.witness.runtime.code.check(hot)
    this.compare('old code is run by', String(found), String(this.lingering()))
  }

  private compare<Value>(what: string, real: Value, modelled: Value): void {
    this.witness.checked()
    if (real !== modelled) {
      this.witness.fail(`${what} ${String(real)} instead of ${String(modelled)}`)
    }
  }
}

export const isUpgrade = (operation: Operation): boolean =>
  operation.of === 'world' && ['load', 'purge', 'softPurge', 'tellReader'].includes(operation.do)
