/*
 * The pages as a folder for any web host: each in the folder of its address, with the policy that
 * the gateway would send, and with a service worker that keeps all of it for when there is no
 * network.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { textOf, type Files } from '../src/compile/pack'
import type { Built } from './exporting'
import { serviceWorker } from './offline'
import { kindOf } from './pages'
import { metaPolicy } from './policy'

/** Where somebody begins: these have the service worker come. */
const beginnings = ['/', '/replay', '/lab']

/** Writes the folder anew. Gives what is in it, by path. */
export function writeSite(folder: string, { title, files, pages }: Built): Files {
  const site = new Map([...files].filter(([path]) => /^(assets|recordings)\//.test(path)))
  for (const [address, page] of pages) {
    const path = address === '/' ? 'index.html' : `${address.slice(1)}/index.html`
    site.set(path, bytesOf(withHead(textOf(files.get(page)!), address)))
  }
  site.set('manifest.webmanifest', bytesOf(manifest(title)))
  site.set('icon.svg', bytesOf(iconOf(textOf(files.get(pages.get('/')!)!))))
  site.set('offline.js', bytesOf(registration))
  const addresses = [...site.keys()].map((path) => `/${path.replace(/(^|\/)index\.html$/, '$1')}`)
  site.set('service-worker.js', bytesOf(serviceWorker(versionOf(site), addresses)))

  rmSync(folder, { recursive: true, force: true })
  for (const [path, bytes] of site) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  return site
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

function withHead(page: string, address: string): string {
  const content = metaPolicy(kindOf(address))
  const policy = `<meta http-equiv="content-security-policy" content="${content}">`
  const offline = beginnings.includes(address)
    ? '<link rel="manifest" href="/manifest.webmanifest"><script src="/offline.js" defer></script>'
    : ''
  return page.replace('<head>', () => `<head>${policy}${offline}`)
}

const registration = `navigator.serviceWorker?.register('/service-worker.js')\n`

const manifest = (title: string): string =>
  JSON.stringify({
    name: title,
    short_name: 'Let it crash',
    start_url: '/replay/',
    display: 'standalone',
    background_color: '#f6f4ee',
    theme_color: '#f6f4ee',
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  })

/** Each page has its icon in itself. */
function iconOf(page: string): string {
  const [, icon] = /href="data:image\/svg\+xml,([^"]+)"/.exec(page) ?? []
  return decodeURIComponent(icon!)
}

function versionOf(files: Files): string {
  const hash = createHash('sha256')
  for (const [path, bytes] of files) hash.update(path).update(bytes)
  return hash.digest('hex').slice(0, 12)
}
