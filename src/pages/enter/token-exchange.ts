/*
 * The token of the presenter's link, exchanged for a cookie that no script can read. The one page
 * that talks to the server without a source: it runs before the browser is anybody, and a socket
 * opened now would be the audience's.
 */

export type Exchange = 'entered' | 'invalid' | 'unreachable'

/** Never rejects: what is neither a yes nor a no is `unreachable`, and may be tried again. */
export async function exchangeToken(token: string): Promise<Exchange> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }
  const status = await fetch('/enter', request).then(
    (response) => response.status,
    () => undefined,
  )
  if (status === 204) return 'entered'
  return status === 404 ? 'invalid' : 'unreachable'
}

/**
 * Takes the token out of the page's address, so that neither the history nor a shared screen shows
 * it. Empty when there is none.
 */
export function takeToken(): string {
  const token = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  return token
}
