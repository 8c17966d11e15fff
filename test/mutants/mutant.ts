/**
 * What is a mutant? A program that is wrong in one idea: one fragment of a source file, sometimes a few that belong
 * together, replaced while the file is loaded. Nothing in `src` knows of it.
 */

/** Who may notice a mutant. */
export type Killer =
  /** The explicit-state model, on the configurations between two banks. */
  | { readonly by: 'model' }
  /** The simulator; `seed` is tried first, then the others in their order. */
  | { readonly by: 'simulator'; readonly seed?: number }
  /** One file of the tests. */
  | { readonly by: 'tests'; readonly file: string }
  /** The machine dies at every durable write of one scripted scenario. */
  | { readonly by: 'crash'; readonly scenario: string }

export const model: Killer = { by: 'model' }
export const crash = (scenario: string): Killer => ({ by: 'crash', scenario })
export const simulator = (seed?: number): Killer =>
  seed === undefined ? { by: 'simulator' } : { by: 'simulator', seed }
export const tests = (file: string): Killer => ({ by: 'tests', file: `test/${file}.test.ts` })

/** One fragment; it stands in the file exactly once. */
export interface Edit {
  /** Path of the source file in the project. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

export interface Mutant extends Edit {
  /** What is wrong, in plain words. */
  readonly name: string
  /** The requirement it breaks. */
  readonly rule: string
  /** Where one wrong idea needs more than one line, because the program is guarded twice. */
  readonly also?: readonly Edit[]
  /** Who is expected to notice, the cheapest first. */
  readonly killers: readonly Killer[]
}

/** Environment variable that names the mutant which a process is to load. */
export const MUTANT_VARIABLE = 'COMMONHOUR_MUTANT'

export function editsOf(mutant: Mutant): readonly Edit[] {
  return [{ file: mutant.file, find: mutant.find, replace: mutant.replace }, ...(mutant.also ?? [])]
}

/** The source of `file` with the mutant in it. A fragment that does not stand there exactly once is an error. */
export function mutated(mutant: Mutant, file: string, source: string): string {
  let changed = source
  for (const { file: where, find, replace } of editsOf(mutant)) {
    if (where !== file) continue
    const parts = changed.split(find)
    if (parts.length !== 2) {
      throw new Error(`"${mutant.name}" is stale: its fragment stands ${parts.length - 1} times in ${file}`)
    }
    if (find === replace) throw new Error(`"${mutant.name}" changes nothing in ${file}`)
    changed = parts.join(replace)
  }
  return changed
}
