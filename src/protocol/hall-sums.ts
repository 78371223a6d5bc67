/* The presenter's own sums as a recording has them: an example of each class of numbers. */

/**
 * What the presenter's own browsers have calculated, for recordings: in place of each number an
 * example of its class. Told by the gateway, in the words of a session.
 */
export const hallSumsStream = 'gateway/hall_sums'

/** An example of the class of a typed number, which says nothing about who typed it. */
export function numberClass(number: string): string {
  if (!/^-?[0-9]{1,41}$/.test(number)) return '…'
  if (number.startsWith('-')) return '-5'
  if (number === '0' || number === '13') return number
  return number.length >= 9 ? '9999999999' : '100'
}

/** The result for an example of a class. */
export function classResult(number: string): string {
  if (number === '…') return number
  const to = BigInt(number)
  return String((to * (to + 1n)) / 2n)
}
