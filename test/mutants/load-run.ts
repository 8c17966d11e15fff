/**
 * Does every mutant load? Its changed files are imported beside the sound ones. A mutant that cannot run was noticed
 * by nobody, so it is told apart from one that was; each is one line of JSON.
 */

import { fileURLToPath } from 'node:url'
import { MUTANTS } from './list.ts'
import { editsOf } from './mutant.ts'

for (const mutant of MUTANTS) {
  for (const file of new Set(editsOf(mutant).map((edit) => edit.file))) {
    const address = new URL(`../../${file}`, import.meta.url)
    address.searchParams.set('mutant', mutant.name)
    try {
      await import(address.href)
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown)
      console.log(JSON.stringify({ name: mutant.name, file: fileURLToPath(address), problem }))
    }
  }
}
