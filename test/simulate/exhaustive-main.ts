/*
 * The exhaustive search as a program: `node exhaustive.js processes=4 signals=6`. Prints what it
 * found as one line of JSON.
 */
import { searchAll, type Found } from './exhaustive'
import { Violation } from './witness'

const given = Object.fromEntries(process.argv.slice(2).map((word) => word.split('=')))
process.stdout.write(
  `${JSON.stringify(search(Number(given['processes']), Number(given['signals'])))}\n`,
)

/** Counts what holds, or tells the history that does not. */
function search(processes: number, signals: number): Found | { failure: string } {
  try {
    return searchAll(processes, signals)
  } catch (error) {
    return { failure: error instanceof Violation ? error.message : (error as Error).stack! }
  }
}
