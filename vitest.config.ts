/*
 * Tests run on the sources; process code gets its counted checks exactly as in the build.
 * Slow walks run one file at a time, since the machine's cores are part of what they observe.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { reductionsPlugin } from './src/compile/reductions-plugin'

export default defineConfig({
  plugins: [reductionsPlugin(), svelte()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
