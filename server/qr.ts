/*
 * QR codes, made when asked for, from the address that the audience uses today. Dark on white with
 * the quiet zone inside, and in capitals: an alphanumeric code has fewer and larger modules, and
 * the server reads paths in either case.
 */
import QRCode from 'qrcode'

const quietZone = 4

/** What the code says: scheme, host and path in capitals, without a slash at the end. */
export const qrText = (address: string, path: string): string =>
  `${address}${path === '/' ? '' : path}`.toUpperCase()

/** Codes made already: a talk has a handful, and making one costs milliseconds. */
const made = new Map<string, Promise<string>>()
const maxMade = 50

/** The code as an SVG picture. */
export function qrSvg(text: string): Promise<string> {
  const known = made.get(text)
  if (known) return known
  if (made.size >= maxMade) made.clear()
  const svg = QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: quietZone })
  made.set(text, svg)
  return svg
}

/** The code in characters, for a terminal. */
export const qrTerminal = (text: string): Promise<string> =>
  QRCode.toString(text, { type: 'utf8', errorCorrectionLevel: 'M', margin: quietZone })
