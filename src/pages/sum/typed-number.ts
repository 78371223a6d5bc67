/*
 * What thumbs do to a number. Some phones' number keys have no minus, and some texts from elsewhere
 * have a typographic one; apart from that a text is sent as it was typed, for its session is to
 * judge it.
 */

/** The text with each typographic minus, U+2212 or U+2013, as the plain one. */
export const withPlainMinus = (text: string): string => text.replace(/[\u2212\u2013]/g, '-')

/** The ± key: puts a minus before the text, or takes it away. */
export const withSignChanged = (text: string): string =>
  text.startsWith('-') ? text.slice(1) : `-${text}`
