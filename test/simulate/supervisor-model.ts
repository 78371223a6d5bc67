/*
 * What a supervisor must do, as a state machine: written from OTP Design Principles, 'Supervisor
 * Behaviour', and the reference page of `supervisor`, and not from our supervisor. It is told what
 * befell (a start succeeded or failed, a child ended, a failed start is to be tried again, it is
 * asked to stop) and says what the supervisor does next, as a list of steps that must be taken in
 * that order. Pure but for its own state; it knows no processes.
 */
import type { Restart, Strategy } from '../../src/runtime'

export interface ModelChild {
  readonly id: string
  readonly restart: Restart
}

export type Step =
  | { readonly do: 'start' | 'stop'; readonly id: string }
  | { readonly do: 'end'; readonly reason: 'shutdown' | 'failed_to_start' }

export interface SupervisorRules {
  readonly strategy: Strategy
  readonly intensity: number
  readonly periodSeconds: number
}

export class SupervisorModel {
  private readonly rules: SupervisorRules
  private children: readonly ModelChild[]
  private readonly up = new Set<string>()
  /** Whose start has failed and will be tried again. */
  private readonly restarting = new Set<string>()
  private restartsMs: readonly number[] = []
  private initial = true
  /** What is to be done, first things first. */
  steps: readonly Step[]
  gaveUp = false
  /** Whom the last restart was about: what they did before is of no account any more. */
  group: readonly ModelChild[] = []

  constructor(rules: SupervisorRules, children: readonly ModelChild[]) {
    this.rules = rules
    this.children = children
    this.steps = children.map(start)
  }

  /** Children that must be up when all is quiet. */
  get wanted(): readonly ModelChild[] {
    return this.children
  }

  isUp(id: string): boolean {
    return this.up.has(id)
  }

  /** The first step was a start, and has succeeded. */
  started(): void {
    const [first, ...rest] = this.steps
    if (first?.do === 'start') {
      this.up.add(first.id)
      this.restarting.delete(first.id)
    }
    this.steps = rest
    if (rest.length === 0) this.initial = false
  }

  /**
   * The first step was a start, and has failed. While it starts itself, a supervisor takes back
   * what it has started, and fails too; later it leaves the rest undone, and will try again.
   */
  failed(): void {
    const [first] = this.steps
    if (first?.do === 'start') this.restarting.add(first.id)
    if (!this.initial) this.steps = []
    else this.steps = [...this.stopsOf(this.children), { do: 'end', reason: 'failed_to_start' }]
  }

  /** A child runs no more, though the supervisor may not know it yet. */
  fell(id: string): void {
    this.up.delete(id)
    this.steps = this.steps.filter((step) => step.do !== 'stop' || step.id !== id)
  }

  /** It takes up that a child has ended by itself. */
  ended(id: string, reason: unknown, nowMs: number): void {
    this.group = []
    const child = this.children.find((each) => each.id === id)
    if (!child) return
    const { restart } = child
    if (restart === 'permanent' || (restart === 'transient' && !isInOrder(reason)))
      this.restart(id, nowMs)
    else if (restart === 'temporary') this.forget([child])
  }

  /** It takes up a start that has failed before. */
  retry(id: string, nowMs: number): void {
    this.group = []
    // Started with its neighbours meanwhile, it needs no further try.
    if (this.restarting.has(id)) this.restart(id, nowMs)
  }

  /** It is asked to stop. */
  shutdown(): void {
    this.steps = [...this.stopsOf(this.children), { do: 'end', reason: 'shutdown' }]
  }

  private restart(id: string, nowMs: number): void {
    const { intensity, periodSeconds } = this.rules
    const all = [...this.restartsMs, nowMs]
    this.restartsMs = all.filter((at) => at >= nowMs - periodSeconds * 1000)
    if (this.restartsMs.length > intensity) {
      this.gaveUp = true
      return this.shutdown()
    }
    const group = (this.group = this.groupOf(id))
    // Whoever is stopped is no longer tried again, be it only because its turn did not come.
    for (const each of group) this.restarting.delete(each.id)
    const stops = this.stopsOf(group)
    const again = group.filter(({ restart }) => restart !== 'temporary')
    this.forget(group.filter(({ restart }) => restart === 'temporary'))
    this.steps = [...stops, ...again.map(start)]
  }

  private groupOf(id: string): readonly ModelChild[] {
    const at = this.children.findIndex((child) => child.id === id)
    switch (this.rules.strategy) {
      case 'one_for_one':
        return this.children.slice(at, at + 1)
      case 'rest_for_one':
        return this.children.slice(at)
      case 'one_for_all':
        return this.children
    }
  }

  private stopsOf(children: readonly ModelChild[]): Step[] {
    const running = children.filter(({ id }) => this.up.has(id))
    return running.reverse().map(({ id }) => ({ do: 'stop', id }))
  }

  private forget(children: readonly ModelChild[]): void {
    this.children = this.children.filter((child) => !children.includes(child))
  }
}

/** `normal`, `shutdown`, and `{shutdown, Term}`. */
const isInOrder = (reason: unknown): boolean =>
  reason === 'normal' ||
  reason === 'shutdown' ||
  (Array.isArray(reason) && reason.length === 2 && reason[0] === 'shutdown')

const start = ({ id }: ModelChild): Step => ({ do: 'start', id })
