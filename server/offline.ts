/*
 * The service worker of the exported folder: it fetches all files once, all or none of them, and
 * answers from these. Another version waits until the windows of the one before are closed, so that
 * no page gets a part of another build.
 */

/**
 * @param version names what is kept
 * @param addresses of all files, those of pages with a slash at the end
 */
export const serviceWorker = (
  version: string,
  addresses: readonly string[],
): string => `const cacheName = 'let-it-crash-${version}'
const addresses = ${JSON.stringify(addresses)}

const keepAll = async () => {
  const cache = await caches.open(cacheName)
  await cache.addAll(addresses.map((address) => new Request(address, { cache: 'reload' })))
}

const forgetOthers = async () => {
  const names = await caches.keys()
  const others = names.filter((name) => name.startsWith('let-it-crash-') && name !== cacheName)
  await Promise.all(others.map((name) => caches.delete(name)))
  await self.clients.claim()
}

const answer = async (request) => {
  const { pathname } = new URL(request.url)
  const address = [pathname, pathname + '/'].find((each) => addresses.includes(each))
  const cache = await caches.open(cacheName)
  return (address && (await cache.match(address))) || fetch(request)
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()))
self.addEventListener('activate', (event) => event.waitUntil(forgetOthers()))
self.addEventListener('fetch', (event) => {
  const { method, url } = event.request
  if (method !== 'GET' || new URL(url).origin !== location.origin) return
  event.respondWith(answer(event.request))
})
`
