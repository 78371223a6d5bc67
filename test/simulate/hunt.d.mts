/* What hunt.mjs gives to tests that are checked by the compiler. */
import type { Fault } from './faults'

export function readFaults(): Promise<readonly Fault[]>
export function hunt(
  sound: string,
  faults: readonly Fault[],
  atATime: number,
  tell: (line: string) => void,
): Promise<number>
