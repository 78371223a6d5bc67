/* Stands in for the runtime's door in a build: nothing but the counter. */
export const reductions = { left: 0, floor: -Infinity, overrun(): void {} }
