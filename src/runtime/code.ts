/*
 * Hot code: modules known by name, each with a current version and at most one old one that still
 * runs (Erlang Reference Manual, 'Compilation and Code Loading', 'Code Replacement'). A call
 * through a qualified view takes the version that is current at the moment of the call; a body that
 * runs goes on with its own.
 *
 *   load        makes a version current and the one before it old; refused while somebody runs the
 *               old one that is there already (`code:load_file/1`, `not_purged`), unless that is
 *               the one that comes back
 *   loadAll     does so with several modules, or with none of them (`code:atomic_load/1`)
 *   check       who runs the old version (`erlang:check_process_code/2`)
 *   purge       kills them, and forgets it (`code:purge/1`)
 *   softPurge   forgets it when nobody runs it (`code:soft_purge/1`)
 *
 * Who runs a version is known by the places that its bodies stand at; as in OTP since version 20, a
 * function of it that somebody only holds does not count.
 */
import type { Pid } from './pid'
import { me, running, type BodyOf, type Entry, type Process } from './process'
import type { Place } from './reductions'
import { terminate } from './signals'
import { framesOf } from './stack'

/** The functions of one version of a module, and what the compiler adds to them. */
export type Exports = Readonly<Record<string, unknown>>

/** What the compiler exports beside a module's own words, as `$code`. */
interface Compiled {
  readonly places: readonly Place[]
  /** The module's bodies, exported or not. */
  bodies(): readonly unknown[]
}

interface Version {
  readonly number: number
  readonly exports: Exports
  readonly compiled: Compiled
}

interface Module {
  current: Version
  old: Version | undefined
  /** Names that were called through a view: a later version must have them too. */
  readonly called: Set<string>
}

/** A module that was not loaded; all is as it was. */
export class LoadRefused extends Error {
  readonly module: string
  /**
   * not_purged: `details` are the pids that run old code; not_process_code: what was given did not
   * come from the compiler; lacks_exports: `details` are names that are called and missing.
   */
  readonly why: 'not_purged' | 'not_process_code' | 'lacks_exports'
  readonly details: readonly (Pid | string)[]

  constructor(module: string, why: LoadRefused['why'], details: readonly (Pid | string)[] = []) {
    super([`module '${module}' is not loaded: ${why}`, ...details].join(' '))
    this.name = 'LoadRefused'
    this.module = module
    this.why = why
    this.details = details
  }
}

export class Code {
  private readonly modules = new Map<string, Module>()
  private readonly processes: () => Iterable<Process>

  /** `processes` are all that live in the host. */
  constructor(processes: () => Iterable<Process>) {
    this.processes = processes
  }

  /**
   * Makes `exports` the current version of `module`; the one before becomes old. Gives its number.
   * To go back to a former version is to load its exports again; to the old one that takes nobody's
   * life, since there are never more than two. Throws `LoadRefused`, and leaves all as it was,
   * while somebody runs old code, and for what could not be called.
   */
  load(module: string, exports: Exports): number {
    this.loadAll([[module, exports]])
    return this.modules.get(module)!.current.number
  }

  /** Loads several modules at once, or throws `LoadRefused` and leaves all as they were. */
  loadAll(modules: Iterable<readonly [module: string, exports: Exports]>): void {
    const loads = [...modules].map(([module, exports]) => this.prepared(module, exports))
    for (const load of loads) load()
  }

  private prepared(module: string, exports: Exports): () => void {
    const known = this.modules.get(module)
    const compiled = exports['$code'] as Compiled | undefined
    if (!Array.isArray(compiled?.places) || typeof compiled.bodies !== 'function') {
      throw new LoadRefused(module, 'not_process_code')
    }
    const missing = [...(known?.called ?? [])].filter((name) => !Object.hasOwn(exports, name))
    if (missing.length > 0) throw new LoadRefused(module, 'lacks_exports', missing)
    const lingering = exports === known?.old?.exports ? [] : this.check(module)
    if (lingering.length > 0) throw new LoadRefused(module, 'not_purged', lingering)
    const current = { number: (known?.current.number ?? 0) + 1, exports, compiled }
    const called = known?.called ?? new Set<string>()
    return () => void this.modules.set(module, { current, old: known?.current, called })
  }

  /**
   * Who runs the old version, or would begin in it. The process that asks runs, and so cannot be
   * looked at: it is not among them.
   */
  check(module: string): readonly Pid[] {
    return this.lingering(module).map(({ pid }) => pid)
  }

  /** Kills who runs the old version, with `killed`, and forgets it. Gives how many there were. */
  purge(module: string): number {
    const lingering = this.lingering(module)
    this.forgetOld(module)
    for (const process of lingering) terminate(process, 'killed')
    return lingering.length
  }

  /** Forgets the old version unless somebody runs it: then it does nothing and gives false. */
  softPurge(module: string): boolean {
    if (this.lingering(module).length > 0) return false
    this.forgetOld(module)
    return true
  }

  private forgetOld(module: string): void {
    const known = this.modules.get(module)
    if (known) known.old = undefined
  }

  private lingering(module: string): readonly Process[] {
    const { current, old } = this.modules.get(module) ?? {}
    if (!current || !old) return []
    // The same exports may have been loaded twice: who runs them runs current code.
    const places = without(old.compiled.places, current.compiled.places)
    const bodies = without(bodiesOf(old), bodiesOf(current))
    const runsOld = (process: Process): boolean => {
      if (process.next) return bodies.has(process.next.body)
      return framesOf(process)?.some(([place]) => places.has(place)) ?? false
    }
    return [...this.processes()].filter(runsOld)
  }

  /** The number of the current version, or undefined when the module was never loaded. */
  version(module: string): number | undefined {
    return this.modules.get(module)?.current.number
  }

  /** Whether the current version of a module exports that name. */
  has(module: string, name: string): boolean {
    return Object.hasOwn(this.modules.get(module)?.current.exports ?? {}, name)
  }

  /** An export of the current version. Throws when there is no such module or export. */
  get(module: string, name: string): unknown {
    const exports = this.modules.get(module)?.current.exports
    if (!exports) throw new Error(`no module '${module}' is loaded`)
    if (!Object.hasOwn(exports, name)) throw new Error(`module '${module}' exports no '${name}'`)
    return exports[name]
  }

  /** The same for a call, which a later version has to be able to take. */
  called(module: string, name: string): Late {
    const found = this.get(module, name)
    if (!optional.has(name)) this.modules.get(module)!.called.add(name)
    return found as Late
  }
}

const bodiesOf = ({ exports, compiled }: Version): readonly unknown[] => [
  ...Object.values(exports),
  ...compiled.bodies(),
]

function without(all: readonly unknown[], others: readonly unknown[]): ReadonlySet<unknown> {
  const left = new Set(all)
  for (const other of others) left.delete(other)
  return left
}

/** Callbacks that a server does without: a version may drop them. */
const optional = new Set(['handleCast', 'handleInfo', 'codeChange', 'terminate'])

const versionWord: unique symbol = Symbol('version')

/**
 * The number of the version that a qualified view stands for now, in the host of the running
 * process; undefined for anything else.
 */
export const versionOf = (view: object): number | undefined =>
  (view as { [versionWord]?: number })[versionWord]

/**
 * A view of a module whose functions are looked up anew at each call, in the host of the running
 * process: `const Sum = qualified<typeof import('./sum')>('sum')`, then `Sum.sum` names whatever is
 * current when it is called, spawned, restarted or become.
 */
export function qualified<Module extends object>(module: string): Module {
  const functions = new Map<string, Late>()
  const get = (_: unknown, name: string | symbol): Late | number | undefined => {
    if (name === versionWord) return running.process?.runtime.code.version(module)
    const key = String(name)
    if (running.process && !running.process.runtime.code.has(module, key)) return undefined
    const known = functions.get(key)
    if (known) return known
    const late: Late = (...args) => me().runtime.code.called(module, key)(...args)
    Object.defineProperty(late, 'name', { value: `${module}.${key}` })
    functions.set(key, late)
    return late
  }
  // The target is a function, so that a view goes through messages and arguments as it is.
  return new Proxy(() => undefined, { get }) as unknown as Module
}

type Late = (...args: unknown[]) => unknown

/** Returned by a body that goes on as another one: see `become`. */
export class Become implements Entry {
  readonly body: BodyOf
  readonly args: readonly unknown[]
  constructor(body: BodyOf, args: readonly unknown[]) {
    this.body = body
    this.args = args
  }
}
