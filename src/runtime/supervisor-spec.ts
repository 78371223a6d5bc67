/*
 * Supervisor specs: strategy, intensity and children of a supervisor with a list, or what all
 * children of a dynamic one have in common; and what is refused of both, by field and value (OTP,
 * `supervisor`, 'Supervisor flags'; Elixir, `DynamicSupervisor`).
 */
import {
  findChildFault,
  findUnknownField,
  isName,
  isShutdown,
  restarts,
  type AutoShutdown,
  type ChildSpec,
  type Restart,
  type Shutdown,
} from './child-spec'
import { findIntensityFault, type Intensity } from './intensity'
import { describeReason } from './reason'

/** Who is restarted with a child that died: itself, all, or those that were started after it. */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one'

export interface SupervisorSpec extends Partial<Intensity> {
  /** one_for_one */
  readonly strategy?: Strategy
  readonly name?: string
  readonly children: readonly ChildSpec[]
  /** never */
  readonly autoShutdown?: AutoShutdown
}

export interface DynamicSupervisorSpec extends Partial<Intensity> {
  readonly name?: string
  /** permanent */
  readonly restart?: Restart
  /** 5,000 */
  readonly shutdown?: Shutdown
  /** A start beyond this many is refused with `max_children`. */
  readonly maxChildren?: number
}

const strategies = ['one_for_one', 'one_for_all', 'rest_for_one']
const autoShutdowns = ['never', 'any_significant', 'all_significant']
const common = ['name', 'intensity', 'periodSeconds']
const fields = [...common, 'strategy', 'children', 'autoShutdown']
const dynamicFields = [...common, 'restart', 'shutdown', 'maxChildren']

const fault = (field: string, value: unknown): TypeError =>
  new TypeError(`${field} must not be ${describeReason(value)}`)

/** What is wrong with a supervisor's spec, its children's included, or nothing. */
export function findSupervisorFault(spec: SupervisorSpec): TypeError | undefined {
  const { strategy = 'one_for_one', autoShutdown = 'never', children } = spec
  const unknown = findUnknownField('a supervisor', spec, fields) ?? findCommonFault(spec)
  if (unknown) return unknown
  if (!strategies.includes(strategy)) return fault('strategy', strategy)
  if (!autoShutdowns.includes(autoShutdown)) return fault('autoShutdown', autoShutdown)
  if (!Array.isArray(children)) return fault('children', children)
  const ids = new Set<string>()
  for (const child of spec.children) {
    const wrong = findChildFault(child, autoShutdown)
    if (wrong) return wrong
    if (ids.has(child.id)) return new TypeError(`two children have the id '${child.id}'`)
    ids.add(child.id)
  }
  return undefined
}

/** What is wrong with a dynamic supervisor's spec, or nothing. */
export function findDynamicFault(spec: DynamicSupervisorSpec): TypeError | undefined {
  const { restart = 'permanent', shutdown = 0, maxChildren = Infinity } = spec
  const wrong = findUnknownField('a dynamic supervisor', spec, dynamicFields)
  if (wrong) return wrong
  if (!restarts.includes(restart)) return fault('restart', restart)
  if (!isShutdown(shutdown)) return fault('shutdown', shutdown)
  const isCount = Number.isInteger(maxChildren) && maxChildren >= 0
  if (!isCount && maxChildren !== Infinity) return fault('maxChildren', maxChildren)
  return findCommonFault(spec)
}

function findCommonFault(spec: Partial<Intensity> & { name?: string }): TypeError | undefined {
  if (spec.name !== undefined && !isName(spec.name)) return fault('name', spec.name)
  return findIntensityFault(spec)
}
