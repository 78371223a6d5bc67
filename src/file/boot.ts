/*
 * The beginning of the one file: what is packed in it is unpacked, and the page that its address
 * names behind `#` is shown, or the replay.
 */
import { textOf, unpackFiles } from '../compile/pack'
import { openFiles } from './built-files'
import { FileWindows, site } from './windows'

const packed = document.querySelector('#packed')!
const files = await unpackFiles(packed.textContent.trim()).catch((error: unknown) => {
  const sentence = 'This file is damaged, or this browser is too old to open it.'
  document.querySelector('#opening')!.textContent = sentence
  throw error
})
packed.remove()
const pages = JSON.parse(textOf(files.get('pages.json')!)) as Readonly<Record<string, string>>
const windows = new FileWindows(openFiles(files), (path) =>
  Object.hasOwn(pages, path) ? pages[path] : undefined,
)

function show(): void {
  const address = location.hash.slice(1)
  windows.fill(window, new URL(address.startsWith('/') ? address : '/replay/', site))
}
addEventListener('hashchange', show)
show()
