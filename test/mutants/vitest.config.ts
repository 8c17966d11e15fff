/** How does a test file run on a wrong program? With the mutant of the environment put in while files are loaded. */

import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { mutantNamed } from './list.ts'
import { editsOf, MUTANT_VARIABLE, mutated } from './mutant.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const name = process.env[MUTANT_VARIABLE] ?? ''
const mutant = name === '' ? null : mutantNamed(name)

export default defineConfig({
  root: PROJECT,
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform(source: string, id: string) {
        const file = relative(PROJECT, id.split('?', 1)[0] ?? id).replaceAll('\\', '/')
        if (mutant === null || !editsOf(mutant).some((edit) => edit.file === file)) return null
        return { code: mutated(mutant, file, source), map: null }
      },
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // The cache of transformed files does not know which mutant was put in.
    fsModuleCache: false,
    reporters: [fileURLToPath(new URL('first-failure.ts', import.meta.url))],
    pool: 'forks',
    maxWorkers: 1,
    // A wrong program that waits for ever is one that was noticed.
    testTimeout: 8_000,
    hookTimeout: 8_000,
  },
})
