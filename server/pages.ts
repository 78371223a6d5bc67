/*
 * Which page stands at which address, and which of them are the presenter's alone. Paths are in
 * small letters and without a slash at the end.
 */
import { boardCode, readBoardCode } from '../src/protocol/board-code'
import type { PageKind } from './policy'

const pages: Readonly<Record<string, string>> = {
  '/': 'pages/now/index.html',
  '/sum': 'pages/sum/index.html',
  '/enter': 'pages/enter/index.html',
  '/deck': 'deck/index.html',
  '/presenter': 'pages/presenter/index.html',
  '/replay': 'pages/replay/index.html',
  '/hunt': 'pages/hunt/index.html',
  '/dashboard': 'pages/load/index.html',
  '/dashboard/load_control': 'pages/load/index.html',
  '/dashboard/processes': 'pages/processes/index.html',
  '/dashboard/tree': 'pages/tree/index.html',
  '/dashboard/logs': 'pages/logs/index.html',
  // The same page: it shows who may not type what is typed.
  '/console': 'pages/console/index.html',
  '/dashboard/console': 'pages/console/index.html',
  '/dashboard/upgrade': 'pages/upgrade/index.html',
  '/lab': 'lab/index.html',
}

/** The pages of a board, by what follows its address. */
const boardPages: Readonly<Record<string, string>> = {
  '': 'pages/board/index.html',
  '/wall': 'pages/wall/index.html',
  '/admin': 'pages/admin/index.html',
}

/** Addresses of the talk whose pages are still to be built: one page says so kindly. */
const laterPage = 'pages/later/index.html'
const isLater = (path: string): boolean => /^\/dashboard(\/|$)/.test(path)

export interface Pages {
  /**
   * The page's file, from the folder of the pages; undefined when there is none at that address.
   */
  pageAt(path: string): string | undefined
  /** All addresses, each with the file of its page. */
  all(): readonly (readonly [address: string, file: string])[]
  /** Where a short address leads: `/7khp` to the board of that code. */
  longAddress(path: string): string | undefined
}

/** @param boards ids of the boards that the deck declares */
export function createPages(boards: readonly string[]): Pages {
  const byCode = new Map(boards.map((id) => [boardCode(id), `/board/${id}`]))
  return {
    pageAt(path) {
      const [, id, rest] = /^\/board\/([^/]+)(.*)$/.exec(path) ?? []
      if (id !== undefined && rest !== undefined) {
        return boards.includes(id) && Object.hasOwn(boardPages, rest) ? boardPages[rest] : undefined
      }
      return pages[path] ?? (isLater(path) ? laterPage : undefined)
    },
    all: () => [
      ...Object.entries(pages),
      ...boards.flatMap((id) =>
        Object.entries(boardPages).map(([rest, file]) => [`/board/${id}${rest}`, file] as const),
      ),
    ],
    longAddress(path) {
      const code = readBoardCode(path.slice(1))
      return code === undefined ? undefined : byCode.get(code)
    },
  }
}

/** Whether only the presenter may know that it is there. */
export const isPresenters = (path: string): boolean =>
  path === '/presenter' || path === '/console' || /^\/board\/[^/]+\/admin$/.test(path)

/** What the page needs of a policy. */
export function kindOf(path: string): PageKind {
  if (path === '/deck') return 'deck'
  if (/^\/assets\/worker-[\w-]+\.js$/.test(path)) return 'worker'
  if (path === '/lab') return 'lab'
  return pages[path] === pages['/console'] ? 'console' : 'plain'
}
