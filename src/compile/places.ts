/*
 * The places of one file: where its checks and its `yield*` stand, as constants that compiled code
 * hands to the runtime. Together they are what the runtime knows a version of a module by: whoever
 * stands at one of them runs that version. Names that compiled code brings along get a prefix that
 * no name of the source has.
 */
import type { AnyNode } from 'acorn'
import { startOf } from './process-code'

/** What a place is: the entry of a function, a loop's turn, or a `yield*`. */
export type PlaceKind = 'call' | 'turn' | 'delegation'

export class Places {
  /** What compiled code calls the runtime's counter. */
  readonly counter: string
  /** What compiled code calls the runtime's `via`. */
  readonly via: string
  /** The body that is entered, its last step, and the values of those that were entered before. */
  readonly entered: string
  readonly step: string
  readonly value: string
  /** Functions of loops that run ahead, their own names, and what they hand back. */
  readonly turns: string
  readonly turn: string
  readonly kept: string
  readonly more: string
  private readonly file: string
  private readonly prefix: string
  private readonly places: string[] = []
  private usesVia = false

  constructor(source: string, file: string) {
    let mark = '$'
    const delegation = ['via', 'entered', 'step', 'value']
    const ours = ['reductions', 'place', 'code', ...delegation, 'turn', 'kept', 'more']
    while (ours.some((name) => source.includes(mark + name))) mark += '$'
    this.counter = `${mark}reductions`
    this.via = `${mark}via`
    this.entered = `${mark}entered`
    this.step = `${mark}step`
    this.value = `${mark}value`
    this.turns = `${mark}turns`
    this.turn = `${mark}turn`
    this.kept = `${mark}kept`
    this.more = `${mark}more`
    this.prefix = `${mark}place`
    this.file = file
  }

  /** Makes a place known and gives the constant that holds it. */
  add(node: AnyNode, kind: PlaceKind, functionName: string, names: readonly string[]): string {
    const place = { kind, file: this.file, function: functionName, ...startOf(node), names }
    this.places.push(JSON.stringify(place))
    return `${this.prefix}${this.places.length}`
  }

  /** Names the runtime's `via`, which the header then brings in. */
  useVia(): string {
    this.usesVia = true
    return this.via
  }

  /**
   * The statements that compiled code begins with, on one line; nothing when it has no check.
   * `bodies` are the module's own, by which a process is known that has not begun.
   */
  header(door: string, bodies?: Iterable<string>): string {
    if (this.places.length === 0) return ''
    const names = this.places.map((_, at) => `${this.prefix}${at + 1}`)
    const constants = this.places.map((place, at) => `${names[at]} = Object.freeze(${place})`)
    const via = this.usesVia ? `, via as ${this.via}` : ''
    const words = `import { reductions as ${this.counter}${via} } from ${JSON.stringify(door)}; `
    const header = `${words}const ${constants.join(', ')}; `
    if (!bodies) return header
    const code = `{ places: [${names.join(', ')}], bodies: () => [${[...bodies].join(', ')}] }`
    // Under the one name that the runtime looks for, whatever the prefix is.
    const local = this.prefix.replace(/place$/, 'code')
    return `${header}const ${local} = ${code}; export { ${local} as $code }; `
  }
}
