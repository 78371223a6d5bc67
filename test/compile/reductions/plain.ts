/* No process code: it speaks to the counter through the door, as a scheduler does. */
export { reductions } from './door'

export function loop(): number {
  let turns = 0
  while (turns < 3) turns++
  return turns
}
