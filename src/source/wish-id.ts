/* The id of a wish: by it a wish that is sent again is known, so it is granted once. */

/** 128 random bits as hex. `crypto.randomUUID` is missing on plain http at a LAN address. */
export function newWishId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
