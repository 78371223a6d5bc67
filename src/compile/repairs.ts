/*
 * The planted bugs and their repairs, as whoever gives the talk would type them: text to text, on
 * the sources as they stand. A bug that somebody has repaired in another way is left alone, and
 * that is said.
 */

export const plantedBugs = ['13', 'negative', 'large'] as const
export type PlantedBug = (typeof plantedBugs)[number]

/** The two modules that hold the bugs, as texts. */
export interface BuggySources {
  readonly sum: string
  readonly session: string
}

/** What became of the sources; or, in one sentence, why nothing did. */
export type Rewritten =
  | { readonly ok: true; readonly sources: BuggySources }
  | { readonly ok: false; readonly problem: string }

interface Repair {
  readonly module: keyof BuggySources
  /** What stands there with the bug, and what without it. */
  readonly broken: string
  readonly repaired: string
}

const head = 'export function* sum(to: bigint): Body<bigint> {\n'
const badLuck =
  "  if (to === 13n) throw new Error('13 brings bad luck') // repair: delete this line\n"
const formula = 'return (to * (to + 1n)) / 2n\n'
const rangeCheck = "if (number < 1n) return decline(wish, 'not_positive')\n"

const repairs: Readonly<Record<PlantedBug, Repair>> = {
  '13': { module: 'sum', broken: `${head}${badLuck}`, repaired: head },
  negative: {
    module: 'session',
    broken: `  // repair: ${rangeCheck}`,
    repaired: `  ${rangeCheck}`,
  },
  large: { module: 'sum', broken: `  // repair: ${formula}`, repaired: `  ${formula}` },
}

/** Repairs one of the bugs, or all; what is repaired already stays so. */
export const repair = (sources: BuggySources, bug: PlantedBug | 'all'): Rewritten =>
  rewrite(sources, bug, (source, { broken, repaired }) => source.replace(broken, repaired))

/** Plants one of the bugs, or all; what is planted already stays so. */
export const plant = (sources: BuggySources, bug: PlantedBug | 'all'): Rewritten =>
  rewrite(sources, bug, (source, { broken, repaired }) =>
    source.includes(broken) ? source : source.replace(repaired, broken),
  )

/** What sources have in them beside the bugs that were planted. */
export interface Repairs {
  /** The bugs that stand there as repaired. */
  readonly repaired: readonly PlantedBug[]
  /** They differ from the others in more than repairs. */
  readonly hasMore: boolean
}

/** Reads off sources which repairs are made in them; `built` are those that they came from. */
export function repairsIn(sources: BuggySources, built: BuggySources): Repairs {
  const repaired = plantedBugs.filter((bug) => {
    const { module, broken, repaired } = repairs[bug]
    return sources[module].includes(repaired) && !sources[module].includes(broken)
  })
  const [one, other] = [sources, built].map((texts) => {
    const planted = plant(texts, 'all')
    return planted.ok ? planted.sources : texts
  }) as [BuggySources, BuggySources]
  return { repaired, hasMore: one.sum !== other.sum || one.session !== other.session }
}

function rewrite(
  sources: BuggySources,
  bug: PlantedBug | 'all',
  change: (source: string, repair: Repair) => string,
): Rewritten {
  let all = sources
  for (const one of bug === 'all' ? plantedBugs : [bug]) {
    const known = repairs[one]
    const { module } = known
    const isKnown = [known.broken, known.repaired].some((text) => all[module].includes(text))
    if (!isKnown) return { ok: false, problem: unknownText(one, module) }
    all = { ...all, [module]: change(all[module], known) }
  }
  return { ok: true, sources: all }
}

const unknownText = (bug: PlantedBug, module: string): string =>
  `In ${module}.ts neither the bug '${bug}' nor its repair stands as it was written: ` +
  'edit it by hand.'
