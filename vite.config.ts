/*
 * Two builds from one configuration: the browser's pages (`vite build`, to dist/web) and the
 * server's OS processes (`vite build --ssr`, to dist/server), where hot-loadable modules are
 * entries of their own.
 */
import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type UserConfig } from 'vite'
import { recordingsPlugin } from './src/compile/recordings-plugin'
import { reductionsPlugin } from './src/compile/reductions-plugin'
import { slidesPlugin } from './src/compile/slides-plugin'
import { speakerCspPlugin } from './src/deck/speaker-csp-plugin'

const at = (path: string) => resolve(import.meta.dirname, path)

/** What every page needs to hear the system. */
const heard = new RegExp(
  [
    'src/source/(browser-clock|choose|cursor|feed|growing|lent|line|live|over-line|wakes|wish)',
    'src/protocol/(envelope|fold|hosts|refusals)',
  ].join('|'),
)
/** What every page shows but the deck, which has a style of its own. */
const shown = /src\/pages\/(show-page|page-source|view|parts\/(LentPage|Icon|OldPage|base))/

const web: UserConfig = {
  root: at('src'),
  base: '/',
  plugins: [
    ...[svelte(), slidesPlugin({ folder: at('slides') }), speakerCspPlugin()],
    recordingsPlugin({ folder: at('slides') }),
  ],
  // Whose code is that of the system.
  worker: { plugins: () => [reductionsPlugin(), slidesPlugin({ folder: at('slides') })] },
  build: {
    outDir: at('dist/web'),
    emptyOutDir: true,
    sourcemap: true,
    // Every browser of the last years preloads modules by itself.
    modulePreload: { polyfill: false },
    rollupOptions: {
      // As few files: in pieces it packs worse.
      output: {
        codeSplitting: {
          groups: [
            { name: 'line', test: heard },
            { name: 'page', test: shown },
          ],
        },
      },
      input: {
        now: at('src/pages/now/index.html'),
        sum: at('src/pages/sum/index.html'),
        board: at('src/pages/board/index.html'),
        wall: at('src/pages/wall/index.html'),
        admin: at('src/pages/admin/index.html'),
        enter: at('src/pages/enter/index.html'),
        presenter: at('src/pages/presenter/index.html'),
        hunt: at('src/pages/hunt/index.html'),
        load: at('src/pages/load/index.html'),
        processes: at('src/pages/processes/index.html'),
        tree: at('src/pages/tree/index.html'),
        logs: at('src/pages/logs/index.html'),
        console: at('src/pages/console/index.html'),
        upgrade: at('src/pages/upgrade/index.html'),
        replay: at('src/pages/replay/index.html'),
        later: at('src/pages/later/index.html'),
        deck: at('src/deck/index.html'),
        lab: at('src/lab/index.html'),
      },
    },
  },
}

const server: UserConfig = {
  plugins: [reductionsPlugin(), slidesPlugin({ folder: at('slides') })],
  // Sixty small files: read one by one they are a fifth of what a host needs to start. The canary's
  // compiler is there without the packages that only a build needs.
  ssr: {
    noExternal: [
      ...['obscenity', 'acorn', '@sveltejs/acorn-typescript'],
      ...['magic-string', '@jridgewell/sourcemap-codec'],
    ],
  },
  build: {
    outDir: at('dist/server'),
    emptyOutDir: true,
    sourcemap: true,
    target: 'node20',
    rollupOptions: {
      input: {
        main: at('server/main.ts'),
        gateway: at('server/gateway.ts'),
        play: at('server/play.ts'),
        boards: at('server/boards.ts'),
        load: at('server/load.ts'),
        recorder: at('server/recorder.ts'),
        'console-client': at('server/console-client.ts'),
        canary: at('server/canary.ts'),
        // An entry of its own, so that a module loaded later finds the same counter and the same
        // words.
        runtime: at('src/runtime/index.ts'),
        sum: at('src/system/sum.ts'),
        session: at('src/system/session.ts'),
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
    },
  },
}

export default defineConfig(({ isSsrBuild }) => (isSsrBuild ? server : web))
