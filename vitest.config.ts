/** How are the tests run? `npm test` checks types and style first; this file is about the tests alone. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** No test comes near this; it ends one that hangs. */
const HANG_MS = 60_000

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', fileURLToPath(new URL('test/closing-count.ts', import.meta.url))],
    // A process each: several tests open databases and sockets, and some end their process on purpose.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
  },
})
