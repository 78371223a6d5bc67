/* Process code by its name. */
import { first, type Turn } from './src/system/first'

export function* second(): Generator<unknown, Turn> {
  return yield* first(3)
}
