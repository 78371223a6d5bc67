/*
 * What a host or an error says in words of its own, as everybody may read it: without addresses,
 * visitors, keys and folders of this machine, and without characters that nobody sees. It knows
 * them by their shape, so it is the last thing that is done to a text and not the only one.
 */

const maxTextLength = 300

// Control characters, and those that turn the direction of what is read.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/g
const addresses = [
  /\b(?:https?|wss?):\/\/[^\s)'"]+/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g,
  /(?<![\w:])(?=[0-9a-f:]{0,40}?(?:::|(?::[0-9a-f]{1,4}){3}))[0-9a-f:]{3,45}(?!\w)/gi,
]
/** Streams that are named by their visitor. */
const visitors = /\b(session|own)\/[\w-]+/g
const folders = /(?:file:\/\/)?(?<![\w.…])\/(?:[^\s/:'"()]+\/)+/g
/** Names of visitors and lives, and keys. */
const secrets = /\b[0-9a-f]{10,}\b/gi

/** A text without what is nobody's business, and not too long: 300 characters unless told. */
export function redact(text: string, most = maxTextLength): string {
  // A bound on what is searched: whoever is broken may write any text, as long as a line is.
  const seen = text
    .slice(0, 4 * maxTextLength)
    .toWellFormed()
    .replaceAll(unseen, ' ')
  const plain = addresses
    .reduce((rest, address) => rest.replaceAll(address, '…'), seen)
    .replaceAll(visitors, '$1/…')
    .replaceAll(folders, '')
    .replaceAll(secrets, '…')
    .trim()
  return plain.length > most ? `${plain.slice(0, most)}…` : plain
}
