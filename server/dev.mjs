/*
 * `npm run dev`: the built system, and in front of it the pages straight from their sources, so
 * that an edited slide or component shows at once. Mistakes in a deck are told in its page.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setUp } from './set-up.mjs'

setUp()
const { createServer, runnerImport } = await import('vite')

const root = join(import.meta.dirname, '..')
const systemPort = Number(process.env.PORT || 4000)
const systemUrl = `http://localhost:${systemPort}`
const { pageAt } = (await runnerImport(join(root, 'server/pages.ts'))).module

const system = spawn(process.execPath, [join(root, 'dist/server/main.js')], { stdio: 'inherit' })

/** Gives each address the page that the gateway would give it. */
const addresses = {
  name: 'addresses',
  configureServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      const url = new URL(request.url, 'http://here')
      const page = pageAt(url.pathname.toLowerCase().replace(/(.)\/$/, '$1'))
      if (page && request.method === 'GET') request.url = `/${page}${url.search}`
      next()
    })
  },
}

/** What the gateway answers itself; it knows only its own origin. */
const toSystem = {
  target: systemUrl,
  changeOrigin: true,
  ws: true,
  headers: { origin: systemUrl },
}

const pages = await createServer({
  configFile: join(root, 'vite.config.ts'),
  plugins: [addresses],
  server: {
    port: systemPort + 1,
    fs: { allow: [root] },
    proxy: {
      '/socket.io': toSystem,
      '/qr.svg': toSystem,
      '/health': toSystem,
      '/recordings': toSystem,
      '^/enter$': { ...toSystem, bypass: ({ method, url }) => (method === 'POST' ? null : url) },
    },
  },
})
await pages.listen()
pages.printUrls()
process.stdout.write(`  The slides from their source: http://localhost:${systemPort + 1}/deck/\n`)

system.once('exit', (code) => process.exit(code ?? 1))
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => system.kill('SIGTERM'))
}
