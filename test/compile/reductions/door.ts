/* Stands in for the runtime's door in a build: the counter, and nothing that a look would need. */
export const reductions = {
  left: 0,
  floor: -Infinity,
  looking: false,
  ended: undefined,
  overrun(): void {},
}
export const via = <Entered>(body: Entered): Entered => body
