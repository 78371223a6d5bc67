/*
 * What a browser may do with our pages: nothing from elsewhere, no inline script, framed by the
 * deck alone. The deck may carry style attributes, since its Markdown is trusted and people write
 * them there, and the one script that reveal's speaker view writes into its window, by its hash.
 * The console may carry style elements, since its terminal writes the rules of its theme and of its
 * letters' size into some; what is printed there is text and can write none. The lab's editor
 * writes both, and shows its reader's own text. A worker of the lab runs what its reader writes,
 * and reaches nobody.
 */

const shared = [
  "default-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
]

const pagePolicy = [...shared, "script-src 'self'", "style-src 'self'"].join('; ')

const consolePolicy = `${pagePolicy}; style-src-elem 'self' 'unsafe-inline'`

const labPolicy = [...shared, "script-src 'self'", "style-src 'self' 'unsafe-inline'"].join('; ')

const workerPolicy = "default-src 'none'; script-src 'self' 'unsafe-eval'"

/** @param hashes of the scripts that the speaker view writes, as `sha256-…` */
function deckPolicy(hashes: readonly string[]): string {
  const scripts = ["script-src 'self'", ...hashes.map((hash) => `'${hash}'`)].join(' ')
  return [...shared, scripts, "style-src 'self' 'unsafe-inline'"].join('; ')
}

export type PageKind = 'plain' | 'deck' | 'console' | 'lab' | 'worker'

function policyOf(kind: PageKind, hashes: readonly string[]): string {
  const policies = {
    plain: pagePolicy,
    deck: deckPolicy(hashes),
    console: consolePolicy,
    lab: labPolicy,
    worker: workerPolicy,
  }
  return policies[kind]
}

/** The policy as a page itself may state it: by whom it may be framed, only a header can say. */
export const metaPolicy = (kind: PageKind): string =>
  policyOf(kind, []).replace(/; frame-ancestors [^;]+/, '')

/** The headers that every answer carries. */
export function safetyHeaders(kind: PageKind, hashes: readonly string[]): Record<string, string> {
  return {
    'content-security-policy': policyOf(kind, hashes),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  }
}
