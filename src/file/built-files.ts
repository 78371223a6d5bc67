/*
 * The files of a site, from memory: each gets an address that the browser makes for a blob, and
 * what names others by their place on the site names them by those. Modules keep their names: one
 * import map leads from these to the blobs, so that they may import each other as they like.
 */
import { base64, textOf, type Files } from '../compile/pack'

export interface BuiltFiles {
  /** The text of a page's file, ready to stand in a frame; undefined when there is none. */
  page(path: string): string | undefined
  /** The bytes of any file. */
  bytes(path: string): Uint8Array<ArrayBuffer> | undefined
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}
const typeOf = (path: string): string =>
  types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'

/** Before a module's name in the import map. */
const moduleName = (file: string): string => `site/${file}`

export function openFiles(files: Files): BuiltFiles {
  /** By name, without the folder that all of them are in. */
  const assets = new Map(
    [...files].flatMap(([path, bytes]) => {
      const [, name] = /^assets\/(.*)$/.exec(path) ?? []
      return name === undefined ? [] : [[name, bytes] as const]
    }),
  )
  const urls = new Map<string, string>()
  const add = (name: string, text: string | Uint8Array<ArrayBuffer>) =>
    urls.set(name, URL.createObjectURL(new Blob([text], { type: typeOf(name) })))

  const named = (of: (name: string) => boolean) => [...assets].filter(([name]) => of(name))
  const isModule = (name: string) => name.endsWith('.js') && !isWorker(name)
  for (const [name, bytes] of named((name) => !/\.(js|css)$/.test(name))) add(name, bytes)
  for (const [name, bytes] of named(isWorker)) add(name, bytes)
  // A font is asked for under the rules between origins, and a blob here has none.
  const urlInStyle = (name: string) =>
    name.endsWith('.woff2') && assets.has(name)
      ? `data:${typeOf(name)};base64,${base64(assets.get(name)!)}`
      : (urls.get(name) ?? '')
  for (const [name, bytes] of named((name) => name.endsWith('.css'))) {
    add(
      name,
      textOf(bytes).replaceAll(/\/assets\/([\w.-]+)/g, (_, file: string) => urlInStyle(file)),
    )
  }
  for (const [name, bytes] of named(isModule)) add(name, moduleText(textOf(bytes), assets, urls))

  const imports = Object.fromEntries(
    named(isModule).map(([name]) => [moduleName(name), urls.get(name)]),
  )
  const importMap = `<script type="importmap">${JSON.stringify({ imports })}</script>`
  return {
    page(path) {
      const bytes = files.get(path)
      return bytes && pageText(textOf(bytes), importMap, urls)
    },
    bytes: (path) => files.get(path),
  }
}

/** It is started by its address, and so is no module of the map. */
const isWorker = (name: string): boolean => /^worker-[\w-]+\.js$/.test(name)

function moduleText(
  text: string,
  assets: ReadonlyMap<string, unknown>,
  urls: ReadonlyMap<string, string>,
): string {
  return text
    .replaceAll(/(["'`])\.\/([\w.-]+\.js)\1/g, (whole, quote: string, file: string) =>
      assets.has(file) ? `${quote}${moduleName(file)}${quote}` : whole,
    )
    .replaceAll(/(["'`(])\/assets\/([\w.-]+)/g, (whole, before: string, file: string) =>
      urls.has(file) ? before + urls.get(file) : whole,
    )
}

function pageText(page: string, importMap: string, urls: ReadonlyMap<string, string>): string {
  return page
    .replaceAll(/<link rel="modulepreload"[^>]*>\s*/g, '')
    .replaceAll(
      /<script type="module"[^>]* src="\/assets\/([\w.-]+)"><\/script>/g,
      (_, file: string) => `<script type="module">import '${moduleName(file)}'</script>`,
    )
    .replaceAll(
      /<link rel="stylesheet"[^>]* href="\/assets\/([\w.-]+)"[^>]*>/g,
      (_, file: string) => {
        return `<link rel="stylesheet" href="${urls.get(file)}">`
      },
    )
    .replace('<head>', () => `<head>${importMap}`)
}
