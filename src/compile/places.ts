/*
 * The places of one file: where its checks stand, as constants that compiled code hands to the
 * runtime. Their names, and that of the counter, get a prefix that no name of the source has.
 */
import type { AnyNode } from 'acorn'
import { startOf } from './process-code'

export class Places {
  /** What compiled code calls the runtime's counter. */
  readonly counter: string
  private readonly file: string
  private readonly prefix: string
  private readonly places: string[] = []

  constructor(source: string, file: string) {
    let mark = '$'
    while (source.includes(`${mark}reductions`) || source.includes(`${mark}place`)) mark += '$'
    this.counter = `${mark}reductions`
    this.prefix = `${mark}place`
    this.file = file
  }

  /** Makes a place known and gives the constant that holds it. */
  add(node: AnyNode, functionName: string, names: readonly string[]): string {
    const place = { file: this.file, function: functionName, ...startOf(node), names }
    this.places.push(JSON.stringify(place))
    return `${this.prefix}${this.places.length}`
  }

  /** The statements that compiled code begins with, on one line; nothing when it has no check. */
  header(door: string): string {
    if (this.places.length === 0) return ''
    const constants = this.places.map(
      (place, at) => `${this.prefix}${at + 1} = Object.freeze(${place})`,
    )
    const from = JSON.stringify(door)
    return `import { reductions as ${this.counter} } from ${from}; const ${constants.join(', ')}; `
  }
}
