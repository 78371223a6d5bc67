/*
 * The rules of a supervisor without processes, time or mailboxes: lists and counters. Written from
 * OTP's manual and not from ours, so that the two may be compared.
 */
import type { AutoShutdown, Restart, Strategy } from '../../src/runtime'

export interface ModelSpec {
  readonly id: string
  readonly restart: Restart
  readonly significant: boolean
}

interface ModelChild extends ModelSpec {
  alive: boolean
  restarting: boolean
  /** Starts so far; also tells one life from another. */
  lives: number
}

type Note =
  | { type: 'ended'; child: ModelChild; life: number; reason: string }
  | { type: 'again'; child: ModelChild }

export interface ModelRules {
  readonly strategy: Strategy
  readonly intensity: number
  readonly periodSeconds: number
  readonly autoShutdown: AutoShutdown
  /** Whether that start of that child, counted from 0, fails. */
  readonly fails: (id: string, attempt: number) => boolean
}

export class SupervisorModel {
  ended = false
  private children: ModelChild[]
  private restartsMs: number[] = []
  private told: string[] = []
  private notes: Note[] = []
  private readonly attempts = new Map<string, number>()
  private readonly rules: ModelRules

  constructor(rules: ModelRules, specs: readonly ModelSpec[]) {
    this.rules = rules
    this.children = specs.map(unborn)
    this.startAll(this.children)
  }

  alive = (): string[] => this.children.filter((child) => child.alive).map(({ id }) => id)

  lines = () => this.children.map(({ id, alive, restarting }) => ({ id, alive, restarting }))

  news = (): string => this.told.splice(0).join(', ')

  /** All of them end at the same moment. */
  endAll(ids: readonly string[], reason: string, nowMs: number): void {
    for (const id of ids) {
      const child = this.find(id)!
      child.alive = false
      this.notes.push({ type: 'ended', child, life: child.lives, reason })
    }
    for (let note = this.notes.shift(); note && !this.ended; note = this.notes.shift()) {
      this.take(note, nowMs)
    }
  }

  startChild(spec: ModelSpec): string {
    const known = this.find(spec.id)
    if (known) return known.alive ? 'already_started' : 'already_present'
    const child = unborn(spec)
    if (!this.start(child)) return 'no luck'
    this.children.push(child)
    return 'ok'
  }

  terminateChild(id: string): string {
    const child = this.find(id)
    if (!child) return 'not_found'
    this.stopAll([child])
    this.forgetTemporary([child])
    return 'ok'
  }

  restartChild(id: string): string {
    const child = this.find(id)
    return this.whyNot(child) ?? (this.start(child!) ? 'ok' : 'no luck')
  }

  deleteChild(id: string): string {
    const child = this.find(id)
    const hindrance = this.whyNot(child)
    if (hindrance) return hindrance
    this.children = this.children.filter((each) => each !== child)
    return 'ok'
  }

  private whyNot(child: ModelChild | undefined): string | undefined {
    if (!child) return 'not_found'
    if (child.alive) return 'running'
    return child.restarting ? 'restarting' : undefined
  }

  private find = (id: string) => this.children.find((child) => child.id === id)

  private take(note: Note, nowMs: number): void {
    const { child } = note
    if (!this.children.includes(child)) return
    if (note.type === 'again') {
      if (child.restarting) this.restart(child, nowMs)
      return
    }
    // It has been started anew meanwhile: this end is an old story.
    if (child.lives !== note.life || child.restarting) return
    const orderly = note.reason === 'normal' || note.reason === 'shutdown'
    if (child.restart === 'permanent' || (child.restart === 'transient' && !orderly)) {
      this.restart(child, nowMs)
      return
    }
    this.forgetTemporary([child])
    if (child.significant && this.isLastStraw()) this.end()
  }

  private isLastStraw(): boolean {
    const { autoShutdown } = this.rules
    const stays = (child: ModelChild) => child.significant && (child.alive || child.restarting)
    // Ends that are still to be read are those of children that are there as far as it knows.
    const unread = new Set(
      this.notes.flatMap((note) =>
        note.type === 'ended' && note.life === note.child.lives ? [note.child] : [],
      ),
    )
    const left = this.children.some(
      (child) => stays(child) || (child.significant && unread.has(child)),
    )
    return autoShutdown === 'any_significant' || (autoShutdown === 'all_significant' && !left)
  }

  private restart(child: ModelChild, nowMs: number): void {
    const { strategy, intensity, periodSeconds } = this.rules
    this.restartsMs = this.restartsMs.filter((at) => at >= nowMs - 1000 * periodSeconds)
    this.restartsMs.push(nowMs)
    if (this.restartsMs.length > intensity) return this.end()
    const from = this.children.indexOf(child)
    const group =
      strategy === 'one_for_one'
        ? [child]
        : this.children.slice(strategy === 'one_for_all' ? 0 : from)
    this.stopAll(group)
    this.forgetTemporary(group)
    this.startAll(group.filter(({ restart }) => restart !== 'temporary'))
  }

  private end(): void {
    this.stopAll(this.children)
    this.ended = true
  }

  private forgetTemporary(children: readonly ModelChild[]): void {
    this.children = this.children.filter(
      (child) => child.restart !== 'temporary' || !children.includes(child),
    )
  }

  private stopAll(children: readonly ModelChild[]): void {
    for (const child of [...children].reverse()) {
      if (child.alive) this.told.push(`stop ${child.id}`, `stopped ${child.id}`)
      child.alive = child.restarting = false
      // Whatever of its end is still to be read is read in vain.
      child.lives++
    }
  }

  private startAll(children: readonly ModelChild[]): void {
    for (const child of children) {
      if (child.alive) continue
      child.restarting = !this.start(child)
      if (!child.restarting) continue
      this.notes.push({ type: 'again', child })
      return
    }
  }

  private start(child: ModelChild): boolean {
    const attempt = this.attempts.get(child.id) ?? 0
    this.attempts.set(child.id, attempt + 1)
    this.told.push(`start ${child.id}`)
    child.lives++
    if (this.rules.fails(child.id, attempt)) return false
    this.told.push(`started ${child.id}`)
    child.alive = true
    return true
  }
}

const unborn = (spec: ModelSpec): ModelChild => {
  return { ...spec, alive: false, restarting: false, lives: 0 }
}
