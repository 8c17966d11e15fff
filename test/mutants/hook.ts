/**
 * How does a wrong fragment get into a running program? This file is handed to Node with `--import`: it replaces the
 * fragments of the mutant that the environment names, or the address with `?mutant=`, while the module is loaded.
 */

import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { mutantNamed } from './list.ts'
import { editsOf, MUTANT_VARIABLE, mutated } from './mutant.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const asked = new URL(url)
    const name = asked.searchParams.get('mutant') ?? process.env[MUTANT_VARIABLE] ?? ''
    if (name === '' || asked.protocol !== 'file:') return loaded
    const mutant = mutantNamed(name)
    const file = fileURLToPath(asked).slice(PROJECT.length).replaceAll('\\', '/')
    if (!editsOf(mutant).some((edit) => edit.file === file)) return loaded
    const source = Buffer.from((loaded.source ?? '') as Uint8Array).toString('utf8')
    return { ...loaded, source: mutated(mutant, file, source) }
  },
})
