/*
 * Text that was saved as UTF-8 and read as something else, as in `â€™` and `üêû`. Such characters
 * are turned back into bytes and read again as UTF-8; what comes out is what was meant. Only
 * sequences that begin as those of accents, punctuation, symbols and emoji do are tried: a false
 * alarm fails somebody's build, and nearly every other sequence is a word in some language.
 */

/**
 * Bytes 80 to FF, as the old encodings read them. Node's TextDecoder takes windows-1252 for
 * Latin-1.
 */
const windows1252 =
  '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
  String.fromCharCode(...Array.from({ length: 0x60 }, (_, index) => 0xa0 + index))
const macRoman =
  'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ' +
  '∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰' +
  'ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ'

/** The lead bytes that are tried, and how long their sequences are. */
const lengths = new Map([
  [0xc2, 2],
  [0xc3, 2],
  [0xe2, 3],
  [0xef, 3],
  [0xf0, 4],
])

/** A root of π, and its like, are mathematics. */
const mathematics = /^√[∞∑∏π∫Ωµ≤≥]/

/** Beginnings of misread text of which the rest was lost. */
const remains = /ðŸ|â€|\uFFFD/

/**
 * One sentence for each piece of a line that was read in the wrong encoding, with what was meant.
 */
export function findMojibake(line: string): string[] {
  // Nearly every line of nearly every deck is plain ASCII.
  if (!/[^\x00-\x7f]/.test(line)) return []
  const sentences: string[] = []
  let rest = line
  for (const encoding of [windows1252, macRoman]) {
    for (let at = 0; at < rest.length; at++) {
      const misread = readAgain(rest, at, encoding)
      if (!misread) continue
      const { found, meant } = misread
      sentences.push(
        `“${found}” is text that was read in the wrong encoding. ` +
          `Write ${nameOf(meant)} and save the file as UTF-8.`,
      )
      rest = rest.slice(0, at) + ' '.repeat(found.length) + rest.slice(at + found.length)
    }
  }
  const remain = remains.exec(rest)
  if (remain) {
    sentences.push(
      `“${remain[0]}” is what is left of a character that was read in the wrong encoding. ` +
        'Write the character that was meant and save the file as UTF-8.',
    )
  }
  return sentences
}

function readAgain(
  text: string,
  at: number,
  encoding: string,
): { found: string; meant: string } | undefined {
  const bytes = Array.from(text.slice(at, at + 4), (character) => byteOf(character, encoding))
  // MacRoman reads F0 as a private character that is often lost on the way, and 9F as ü.
  const [first = 0, second = 0] = bytes
  const lost = encoding === macRoman && first === 0x9f && second >= 0x8c && second <= 0xab ? 1 : 0
  if (lost) bytes.unshift(0xf0)
  const length = lengths.get(bytes[0] ?? 0)
  if (!length || bytes.length < length) return undefined
  const sequence = bytes.slice(0, length)
  if (sequence.slice(1).some((byte) => byte < 0x80 || byte > 0xbf)) return undefined
  const found = text.slice(at, at + length - lost)
  const meant = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(sequence))
  return isMeant(meant) && !mathematics.test(found) ? { found, meant } : undefined
}

/** Accents, punctuation, symbols and pictures: what decks are full of. */
const isMeant = (character: string): boolean =>
  /^[\u00a0-\u00ff\u2000-\u2bff\ufe0f\ufeff\ufffd\u{1f000}-\u{1faff}]$/u.test(character)

/**
 * The byte that the encoding reads as this character; 0 for plain ASCII and for what it cannot
 * read.
 */
const byteOf = (character: string, encoding: string): number => {
  const index = encoding.indexOf(character)
  return index < 0 ? 0 : 0x80 + index
}

function nameOf(meant: string): string {
  if (/[\u00a0\u2000-\u200f\u2028-\u202f\ufe0f\ufeff\ufffd]/.test(meant)) {
    const code = meant.codePointAt(0) ?? 0
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  }
  return meant
}
