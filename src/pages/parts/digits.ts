/*
 * Long numbers, made readable: in groups of three, with thin spaces, at which a line may wrap.
 */

/** `1 250 025 000`; what is no number in decimal digits stays as it is. */
export const groupDigits = (number: string): string =>
  /^-?\d+$/.test(number)
    ? number.replace(/\B(?=(\d{3})+$)/g, '\u2009').replace('-', '\u2212')
    : number
