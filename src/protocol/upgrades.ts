/*
 * Live upgrades: the hot modules of the demo system are replaced in every play host while all runs.
 * The stream `gateway/upgrade` tells how that goes; everybody may read it, the presenter alone may
 * wish it, and who did is not told. A release is one text for each hot module; its number is never
 * given again. The root conducts (src/host/upgrades.ts), the gateway counts the browsers.
 */
import type { Repairs } from '../compile/repairs'
import type { Fold } from './fold'
import { refuse, type Refusal } from './refusals'

export const upgradeStream = 'gateway/upgrade'

/** The modules that an upgrade may replace, by the names that qualified calls use. */
export const hotModules = ['sum', 'session'] as const
export type HotModule = (typeof hotModules)[number]

/** Texts of hot modules. */
export type Sources = Readonly<Partial<Record<HotModule, string>>>

/** All texts of a wish together, in characters: a socket's message has room for 16 kB. */
export const maxSourceLength = 12_000

export type UpgradeCommand =
  /** From these texts, or from what lies on the server's own disk. */
  | { readonly type: 'upgrade'; readonly sources?: Sources }
  /** Back to the release before the current one. */
  | { readonly type: 'roll_back' }
  /** Ends whoever still runs old code. */
  | { readonly type: 'purge' }

/** What is wrong with a release, and where. */
export interface Problem {
  /** In one sentence, for people. */
  readonly sentence: string
  readonly module?: HotModule
  /** Both from 1. */
  readonly line?: number
  readonly column?: number
  /** Some lines of the source with a caret below the place. */
  readonly excerpt?: string
}

/** How the browsers fared: lines that stood when it began, and those of them that stand. */
export interface Browsers {
  readonly before: number
  readonly still: number
}

/** How a play host is after the last load. */
export interface HostCode {
  /** Processes that still run old code. */
  readonly lingering: number
  /** Sums that ran when the load began and still run, on old code or not. */
  readonly running: number
  /**
   * Sums that ran when the load began and ended neither with a result nor by a purge: killed,
   * crashed, or gone with their host.
   */
  readonly lost: number
}

interface Turn {
  /** The releases before and after. */
  readonly from: number
  readonly to: number
  /** From the wish to the last host's answer. */
  readonly tookMs: number
  readonly atMs: number
  /** What the one after has in it; missing in what was told before this was known. */
  readonly repairs?: Repairs
}

export type UpgradeEvent =
  | {
      readonly type: 'upgrade_began'
      readonly to: number
      readonly modules: readonly HotModule[]
    }
  /** The canary has run it, and was content: what it tried, in words. */
  | { readonly type: 'upgrade_tried'; readonly tries: readonly string[] }
  /** A host runs the new release. */
  | { readonly type: 'code_loaded'; readonly host: string }
  | ({ readonly type: 'upgraded'; readonly browsers?: Browsers } & Turn)
  | ({ readonly type: 'rolled_back'; readonly browsers?: Browsers } & Turn)
  /** Nothing has changed. */
  | { readonly type: 'upgrade_refused'; readonly problem: Problem; readonly atMs: number }
  | { readonly type: 'purged'; readonly count: number; readonly atMs: number }
  | ({ readonly type: 'host_code'; readonly host: string } & HostCode)
  | { readonly type: 'host_code_left'; readonly host: string }
  | { readonly type: 'browsers_counted'; readonly connected: number; readonly last?: Browsers }

/** How what somebody wished came to its end. */
export type UpgradeEnd = Extract<
  UpgradeEvent,
  { type: 'upgraded' | 'rolled_back' | 'upgrade_refused' | 'purged' }
>

const ends = ['upgraded', 'rolled_back', 'upgrade_refused', 'purged']

export const isEnd = (event: UpgradeEvent): event is UpgradeEnd => ends.includes(event.type)

export type UpgradeLine =
  | Extract<UpgradeEvent, { type: 'upgraded' | 'rolled_back' | 'purged' }>
  | { readonly type: 'upgrade_refused'; readonly sentence: string; readonly atMs: number }

export interface UpgradeView {
  /** The current release. */
  readonly version: number
  /** What of the planted bugs it has repaired; missing where that was not told. */
  readonly repairs?: Repairs
  /** Releases that roll backs lead to, the nearest last. */
  readonly before: readonly number[]
  readonly underWay?: {
    readonly to: number
    readonly modules: readonly HotModule[]
    /** What the canary has tried; missing while it tries. */
    readonly tries?: readonly string[]
    readonly loaded: readonly string[]
  }
  /** Why the last upgrade was refused; missing once one was not. */
  readonly problem?: Problem
  /** The last that was done. */
  readonly last?: Omit<Turn, 'repairs'>
  readonly hosts: readonly ({ readonly host: string } & HostCode)[]
  /** Browsers that are connected now. */
  readonly connected: number
  /** Those of the last upgrade; missing when this life of the gateway has seen none. */
  readonly browsers?: Browsers
  /** The newest last. */
  readonly history: readonly UpgradeLine[]
}

export const maxHistory = 20

/** Shape check of what a presenter may wish. */
export function checkUpgradeCommand(command: unknown): Refusal | undefined {
  if (typeof command !== 'object' || command === null) return refuse('malformed')
  const { type, sources, ...more } = command as Record<string, unknown>
  const isKnown = type === 'upgrade' || ((type === 'roll_back' || type === 'purge') && !sources)
  if (!isKnown || Object.keys(more).length > 0) return refuse('malformed')
  return sources === undefined ? undefined : checkSources(sources)
}

function checkSources(sources: unknown): Refusal | undefined {
  if (typeof sources !== 'object' || sources === null) return refuse('malformed')
  let length = 0
  for (const [name, text] of Object.entries(sources)) {
    const isSource = hotModules.includes(name as HotModule) && typeof text === 'string'
    if (!isSource) return refuse('malformed')
    length += text.length
  }
  return length > maxSourceLength ? refuse('code_too_long') : undefined
}

export const upgradeFold: Fold<UpgradeView, UpgradeEvent> = {
  empty: { version: 1, before: [], hosts: [], connected: 0, history: [] },
  fold(view, event) {
    // What is no event at all leaves the view as it is, like one of another version.
    switch (event?.type) {
      case 'upgrade_began':
        return { ...view, underWay: { to: event.to, modules: event.modules, loaded: [] } }
      case 'upgrade_tried':
        return withUnderWay(view, { tries: event.tries })
      case 'code_loaded': {
        const loaded = [...(view.underWay?.loaded ?? []), event.host]
        // Its sums are counted anew.
        const hosts = view.hosts.map((line) =>
          line.host === event.host ? { ...line, lost: 0 } : line,
        )
        return withUnderWay({ ...view, hosts }, { loaded })
      }
      case 'upgraded':
        return done(view, event, [...view.before, event.from])
      case 'rolled_back':
        return done(view, event, view.before.slice(0, -1))
      case 'upgrade_refused': {
        const { problem, atMs } = event
        const line: UpgradeLine = { type: 'upgrade_refused', sentence: problem.sentence, atMs }
        return { ...withoutUnderWay(withLine(view, line)), problem }
      }
      case 'purged':
        return withLine(view, event)
      case 'host_code':
        return withHost(view, event.host, countsOf(event))
      case 'host_code_left':
        return { ...view, hosts: view.hosts.filter(({ host }) => host !== event.host) }
      case 'browsers_counted': {
        const { connected, last } = event
        return { ...view, connected, ...(last && { browsers: last }) }
      }
      default:
        return view
    }
  },
}

function done(
  view: UpgradeView,
  event: Extract<UpgradeEvent, { type: 'upgraded' | 'rolled_back' }>,
  before: readonly number[],
): UpgradeView {
  const { from, to, tookMs, atMs, browsers, repairs } = event
  const { problem: _, repairs: __, ...rest } = withoutUnderWay(withLine(view, event))
  const last = { from, to, tookMs, atMs }
  const told = { ...(browsers && { browsers }), ...(repairs && { repairs }) }
  return { ...rest, version: to, before, last, ...told }
}

function withoutUnderWay(view: UpgradeView): UpgradeView {
  const { underWay: _, ...rest } = view
  return rest
}

function withUnderWay(
  view: UpgradeView,
  change: Partial<NonNullable<UpgradeView['underWay']>>,
): UpgradeView {
  return view.underWay ? { ...view, underWay: { ...view.underWay, ...change } } : view
}

const withLine = (view: UpgradeView, line: UpgradeLine): UpgradeView => ({
  ...view,
  history: [...view.history, line].slice(-maxHistory),
})

const countsOf = ({ lingering, running, lost }: HostCode): HostCode => ({
  lingering,
  running,
  lost,
})

function withHost(view: UpgradeView, host: string, code: HostCode): UpgradeView {
  const line = { host, ...code }
  const isKnown = view.hosts.some((known) => known.host === host)
  const hosts = isKnown
    ? view.hosts.map((known) => (known.host === host ? line : known))
    : [...view.hosts, line]
  return { ...view, hosts }
}

/** What all hosts together make of it. */
export function totalOf({ hosts }: UpgradeView): HostCode {
  const sum = (count: keyof HostCode) => hosts.reduce((total, host) => total + host[count], 0)
  return { lingering: sum('lingering'), running: sum('running'), lost: sum('lost') }
}
