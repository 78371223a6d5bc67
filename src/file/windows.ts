/*
 * The windows of the one file. Each page stands in a frame, whose document is made from its text;
 * what on a site the browser does by addresses is done here: a link leads to another document, a
 * file of the site is fetched from memory. Nothing is asked of any server.
 */
import type { OneFile } from '../source/address'
import type { BuiltFiles } from './built-files'

/**
 * Where the pages believe to be. Nobody can be there: what leads to it, as a code on a slide does,
 * leads nowhere.
 */
export const site = 'https://talk.invalid'

declare global {
  interface Window {
    /** In each window of the one file. */
    letItCrashFile?: FileWindows
  }
}

export class FileWindows implements OneFile {
  private readonly files: BuiltFiles
  /** Gives the file of the page at a path. */
  private readonly pageAt: (path: string) => string | undefined

  constructor(files: BuiltFiles, pageAt: (path: string) => string | undefined) {
    this.files = files
    this.pageAt = pageAt
  }

  documentAt({ pathname, search, hash }: URL): string {
    const path = pathname.toLowerCase().replace(/(?<=.)\/$/, '')
    const text = this.files.page(this.pageAt(path) ?? '') ?? missing
    const address = JSON.stringify(`${pathname}${search}${hash}`).replaceAll('<', '\\u003c')
    const enter = `<script>parent.letItCrashFile.enter(window, ${address})</script>`
    return text.replace('<head>', () => `<head>${enter}`)
  }

  /** A document's first act: it is told where it is. */
  enter(page: Window & typeof globalThis, address: string): void {
    page.letItCrashFile = this
    page.letItCrashPage = { file: this, address: new URL(address, site).href }
    page.fetch = (input) => Promise.resolve(this.answer(new URL(String(input), site)))
    page.addEventListener('click', (event) => this.follow(page, event))
  }

  go(from: Window, address: URL): void {
    const frame = from.frameElement as HTMLIFrameElement
    const outer = from.parent
    // What fills the file's window is in its address, so that it can be shown once more.
    if (isShell(outer)) outer.location.hash = pathOf(address)
    else frame.srcdoc = this.documentAt(address)
  }

  /** Shows a page as the whole of a window. */
  fill(shell: Window, address: URL): void {
    shell.letItCrashFile = this
    const frame = shell.document.createElement('iframe')
    frame.srcdoc = this.documentAt(address)
    frame.title = 'Let it crash'
    frame.style.cssText = 'position: fixed; inset: 0; width: 100%; height: 100%; border: 0'
    frame.addEventListener('load', () => {
      shell.document.title = frame.contentDocument?.title ?? ''
      frame.focus()
    })
    shell.document.body.replaceChildren(frame)
  }

  private answer({ pathname }: URL): Response {
    const bytes = this.files.bytes(pathname.slice(1))
    return bytes ? new Response(bytes) : new Response(null, { status: 404 })
  }

  private follow(page: Window, event: MouseEvent): void {
    const link = event.composedPath().find((each) => (each as Element).localName === 'a')
    if (event.defaultPrevented || !link) return
    const { target, href = '' } = link as HTMLAnchorElement
    const given = (link as Element).getAttribute('href') ?? ''
    const isOurs = /^[/?#]/.test(given)
    if (!isOurs && !/^https?:/.test(href)) return
    event.preventDefault()
    if (!isOurs) return void page.open(href, '_blank', 'noopener')
    const address = new URL(given, page.letItCrashPage!.address)
    const isAside = target === '_blank' || event.ctrlKey || event.metaKey || event.shiftKey
    if (given.startsWith('#')) this.point(page, address)
    else if (isAside) this.open(page, address)
    else this.go(page, address)
  }

  /** To a place in the page, which is the page's own affair; the file's address has it too. */
  private point(page: Window, address: URL): void {
    page.location.hash = address.hash
    const outer = page.parent
    if (isShell(outer)) outer.history.replaceState(null, '', `#${pathOf(address)}`)
  }

  private open(from: Window, address: URL): void {
    const shell = from.open('')
    if (shell) this.fill(shell, address)
  }
}

export const pathOf = ({ pathname, search, hash }: URL): string => pathname + search + hash

/** The file's own window, unlike one that was opened from it. */
const isShell = (page: Window): boolean => page.location.protocol !== 'about:'

const missing = `<!doctype html><html lang="en"><head><title>Not in this file</title></head>
<body><p>That page needs the running system: it is not in this file.</p></body></html>`
