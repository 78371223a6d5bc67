/* Figures as the measurements print them. */

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

/** The value below which that share of all lies, rounded; NaN of none. */
export function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN)
}
