/*
 * A board's short code, for whoever cannot scan: four characters that are not mistaken for each
 * other, read from the projector or heard. The code follows from the board's id, so it is the same
 * in every talk and on paper.
 */

/** No 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V. */
const alphabet = '3479ACDEFHJKMNPRTWXY'
const length = 4

/** The code of a board: `7KHP`. */
export function boardCode(id: string): string {
  // FNV-1a: spreads short names well, and needs nothing that a browser lacks.
  let hash = 0x811c9dc5
  for (const character of id) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  let code = ''
  for (let place = 0; place < length; place++) {
    code += alphabet[hash % alphabet.length]
    hash = Math.floor(hash / alphabet.length)
  }
  return code
}

/** A code as it was typed, read kindly: small letters and spaces do no harm. Undefined: none. */
export function readBoardCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[\s-]/g, '')
  const isCode = code.length === length && [...code].every((letter) => alphabet.includes(letter))
  return isCode ? code : undefined
}
