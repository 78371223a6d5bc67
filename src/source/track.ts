/*
 * One stream of a recording, folded to any of its moments. Views are never changed in place, so
 * every some hundred steps the state is kept as it is, and a jump folds on from the nearest one
 * behind, or from a snapshot if that is nearer.
 *
 * A recording cannot be asked for what it misses. So where events are missing it goes on with those
 * that are there, and a life of the writer without a snapshot begins with an empty view.
 */
import type { Fold } from '../protocol/fold'
import type { RecordedWord } from '../protocol/recording'
import type { Followed } from './source'

export type StreamWord = Exclude<RecordedWord, { readonly type: 'gap' }>

/** One event, or a snapshot, with its place. */
interface Step {
  readonly atMs: number
  readonly epoch: string
  readonly seq: number
  readonly snapshot?: { readonly view: unknown }
  readonly event?: unknown
}

interface State<View> extends Followed<View> {
  readonly seq: number
}

const keepEvery = 256
/** So many steps are made before it is asked again whether there is time for more. */
const stepsAtOnce = 64

export class Track<View, Event> {
  private readonly fold: Fold<View, Event>
  private readonly steps: readonly Step[]
  /** The steps that are snapshots, by their index. */
  private readonly snapshots: readonly number[]
  /** The state before step 0, `keepEvery`, twice that and so on, as far as there has been time. */
  private readonly kept: State<View>[]
  private state: State<View>
  /** How many steps are in the state. */
  private done = 0
  private hasWarned = false

  constructor(fold: Fold<View, Event>, words: readonly StreamWord[]) {
    this.fold = fold
    this.steps = words.flatMap((word) => stepsOf(word, fold.empty))
    this.snapshots = this.steps.flatMap(({ snapshot }, at) => (snapshot ? [at] : []))
    this.state = { view: fold.empty, epoch: undefined, seq: 0 }
    this.kept = [this.state]
  }

  /** What was known at the moment that was last moved to. */
  get followed(): Followed<View> {
    return this.state
  }

  /**
   * Moves to a moment. False when there was no time to get there: the state is then of an earlier
   * one, and moving on goes on from it.
   */
  moveTo(atMs: number, hasTime: () => boolean): boolean {
    const target = countUpTo(this.steps, (step) => step.atMs <= atMs)
    const snapshot = this.snapshots[countUpTo(this.snapshots, (at) => at < target) - 1] ?? 0
    const keptAt = Math.min(Math.floor(target / keepEvery), this.kept.length - 1)
    const nearest = Math.max(snapshot, keptAt * keepEvery)
    if (this.done > target || this.done < nearest) {
      this.state = keptAt * keepEvery >= snapshot ? this.kept[keptAt]! : this.kept[0]!
      this.done = nearest
    }
    while (this.done < target) {
      this.state = this.step(this.state, this.steps[this.done]!)
      this.done++
      if (this.done === this.kept.length * keepEvery) this.kept.push(this.state)
      if (this.done % stepsAtOnce === 0 && !hasTime()) return this.done === target
    }
    return true
  }

  /** Keeps states ahead, so that a jump will be short. False when there was no time for all. */
  prepare(hasTime: () => boolean): boolean {
    while (this.kept.length * keepEvery <= this.steps.length) {
      if (!hasTime()) return false
      const from = (this.kept.length - 1) * keepEvery
      const next = this.steps.slice(from, from + keepEvery)
      this.kept.push(next.reduce((state, step) => this.step(state, step), this.kept.at(-1)!))
    }
    return true
  }

  private step(state: State<View>, { epoch, seq, snapshot, event }: Step): State<View> {
    if (snapshot) return { view: snapshot.view as View, epoch, seq }
    const isSameLife = epoch === state.epoch
    if (isSameLife && seq <= state.seq) return state
    const before = isSameLife ? state.view : this.fold.empty
    return { view: this.foldOne(before, event), epoch, seq }
  }

  /** Folds are total; one that throws all the same costs its event and not the page. */
  private foldOne(view: View, event: unknown): View {
    try {
      return this.fold.fold(view, event as Event)
    } catch (error) {
      // eslint-disable-next-line no-console -- A page has no other log.
      if (!this.hasWarned) console.warn('An event of the recording was ignored:', error)
      this.hasWarned = true
      return view
    }
  }
}

/** The steps of a word; none for a snapshot that cannot be a view of this stream. */
function stepsOf(word: StreamWord, empty: unknown): Step[] {
  const { atMs, epoch, seq } = word
  if (word.type === 'snapshot') {
    return isLike(word.view, empty) ? [{ atMs, epoch, seq, snapshot: { view: word.view } }] : []
  }
  const before = seq - word.events.length
  return word.events.map((event, at) => ({ atMs, epoch, seq: before + 1 + at, event }))
}

/** Whether a value has all that the other has, of the same kinds. */
function isLike(value: unknown, model: unknown): boolean {
  if (model === null || model === undefined) return true
  if (Array.isArray(model)) return Array.isArray(value)
  if (typeof model !== 'object') return typeof value === typeof model
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const fields = value as Readonly<Record<string, unknown>>
  return Object.entries(model).every(([name, part]) => isLike(fields[name], part))
}

/** How many of a list's first parts are `within`, which holds for none behind one without. */
export function countUpTo<Part>(parts: readonly Part[], within: (part: Part) => boolean): number {
  let [low, high] = [0, parts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (within(parts[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}
