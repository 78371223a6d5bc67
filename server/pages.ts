/*
 * Which page stands at which address, and which of them are the presenter's alone. Paths are in
 * small letters and without a slash at the end.
 */

const pages: Readonly<Record<string, string>> = {
  '/': 'pages/sum/index.html',
  '/sum': 'pages/sum/index.html',
  '/enter': 'pages/enter/index.html',
  '/deck': 'deck/index.html',
  '/presenter': 'pages/presenter/index.html',
}

/** Addresses of the talk whose pages are still to be built: one page says so kindly. */
const laterPage = 'pages/later/index.html'
const isLater = (path: string): boolean =>
  /^\/(dashboard|board|console|hunt|replay|lab)(\/|$)/.test(path)

/** The page's file, from the folder of the pages; undefined when there is none at that address. */
export const pageAt = (path: string): string | undefined =>
  pages[path] ?? (isLater(path) ? laterPage : undefined)

/** Whether only the presenter may know that it is there. */
export const isPresenters = (path: string): boolean =>
  path === '/presenter' || path === '/console' || /^\/board\/[^/]+\/admin$/.test(path)
