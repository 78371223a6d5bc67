/* Stands in for the runtime's door in a build: the counter, and a mark of which copy of it this is. */
export const reductions = { left: 0, floor: -Infinity, overrun(): void {} }
