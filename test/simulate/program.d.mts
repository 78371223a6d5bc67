/* What program.mjs gives to tests that are checked by the compiler. */
import type { Found } from './exhaustive'
import type { Report } from './main'

export function runSeeds(
  folder: string,
  given: Readonly<Record<string, string | number>>,
): Promise<Report>
export function runSeeds(
  folder: string,
  given: Readonly<Record<string, string | number>>,
  mostMs: number,
): Promise<Report | undefined>
export function runCase(folder: string, file: string): Promise<{ failure?: string }>
export function runExhaustive(
  folder: string,
  size: { readonly processes: number; readonly signals: number },
): Promise<Found & { failure?: string }>
