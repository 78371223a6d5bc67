/*
 * Many files as one text: the names and sizes as a line of JSON, then their bytes, packed with gzip
 * and written in base64. It is made in Node and read in a browser.
 */

/** What is packed, by path. */
export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>

export async function packFiles(files: Files): Promise<string> {
  const sizes = [...files].map(([path, bytes]) => [path, bytes.length])
  const parts = [`${JSON.stringify(sizes)}\n`, ...files.values()]
  const packed = new Blob(parts).stream().pipeThrough(new CompressionStream('gzip'))
  return base64(new Uint8Array(await new Response(packed).arrayBuffer()))
}

/** Rejects when that is none of ours, or was cut off. */
export async function unpackFiles(text: string): Promise<Files> {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer())
  const lineEnd = bytes.indexOf(0x0a)
  const sizes = JSON.parse(textOf(bytes.subarray(0, lineEnd))) as [string, number][]
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let from = lineEnd + 1
  for (const [path, size] of sizes) files.set(path, bytes.subarray(from, (from += size)))
  return files
}

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Letters are made of so many bytes at once: a call has no room for more. */
const chunk = 0x8000

export function base64(bytes: Uint8Array): string {
  let letters = ''
  for (let at = 0; at < bytes.length; at += chunk) {
    letters += String.fromCharCode(...bytes.subarray(at, at + chunk))
  }
  return btoa(letters)
}
