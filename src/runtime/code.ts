/*
 * Hot code: modules known by name, each with a current version and perhaps an old one that still
 * runs (Erlang Reference Manual, 'Compilation and Code Loading', 'Code Replacement'). A call
 * through a qualified view takes the version that is current at the moment of the call; a body that
 * runs goes on with its own.
 */
import { me, running, type BodyOf, type Entry } from './process'

/** The functions of one version of a module. */
export type Exports = Readonly<Record<string, unknown>>

interface Version {
  readonly number: number
  readonly exports: Exports
}

export class Code {
  private readonly modules = new Map<string, { current: Version; old?: Version }>()

  /**
   * Makes `exports` the current version of `module`; the one before becomes old. Gives its number.
   */
  load(module: string, exports: Exports): number {
    const known = this.modules.get(module)?.current
    const current = { number: (known?.number ?? 0) + 1, exports }
    this.modules.set(module, known ? { current, old: known } : { current })
    return current.number
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
}

/**
 * A view of a module whose functions are looked up anew at each call, in the host of the running
 * process: `const Sum = qualified<typeof import('./sum')>('sum')`, then `Sum.sum` names whatever is
 * current when it is called, spawned, restarted or become.
 */
export function qualified<Module extends object>(module: string): Module {
  const functions = new Map<string, Late>()
  const get = (_: unknown, name: string | symbol): Late | undefined => {
    const key = String(name)
    if (running.process && !running.process.runtime.code.has(module, key)) return undefined
    const known = functions.get(key)
    if (known) return known
    const late: Late = (...args) => (me().runtime.code.get(module, key) as Late)(...args)
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
