/* What bundle.mjs gives to tests that are checked by the compiler. */
import type { Fault } from './faults'

export function bundle(name: string): Promise<string>
export function plant(built: string, fault: Fault): Promise<string>
