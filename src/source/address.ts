/*
 * Where a page is, and where it leads. On a site that is the address of its window. The windows of
 * the one file (src/file/) have none of their own: there a window is told which page it shows, and
 * its query is kept with its steps in the browser's history.
 */

/** The file that a window's page is from, when it is from no site. */
export interface OneFile {
  /** The document of a page: its text. */
  documentAt(address: URL): string
  /** Has a window show another page. */
  go(from: Window, address: URL): void
}

declare global {
  interface Window {
    /** In the one file: which page this window was opened with. */
    letItCrashPage?: { readonly file: OneFile; readonly address: string }
  }
}

/** The address of this window's page. */
export function here(): URL {
  const page = window.letItCrashPage
  if (!page) return new URL(location.href)
  const { query } = (history.state ?? {}) as { query?: unknown }
  return new URL(typeof query === 'string' ? query : '', page.address)
}

/** What a frame needs to show the page of an address, as its attributes. */
export function frameAt(address: string): { readonly src?: string; readonly srcdoc?: string } {
  const page = window.letItCrashPage
  return page ? { srcdoc: page.file.documentAt(new URL(address, here())) } : { src: address }
}

/** Leaves this page for another one. */
export function goTo(address: string): void {
  const page = window.letItCrashPage
  if (page) page.file.go(window, new URL(address, here()))
  else location.assign(address)
}

/**
 * Makes the page's address another one: a step of its own in the browser's history, or the one that
 * it is on.
 *
 * @param query what follows the path: `?…`, `#…`, or nothing
 */
export function addStep(query: string, state: object = {}): void {
  history.pushState({ ...state, query }, '', addressOf(query))
}
export function changeStep(query: string, state: object = {}): void {
  history.replaceState({ ...state, query }, '', addressOf(query))
}

const addressOf = (query: string): string | undefined =>
  window.letItCrashPage ? undefined : `${location.pathname}${query}`
