/**
 * How are the demo towns' files made? Run by hand when the generator changes: node src/cli/demo/write-town.ts. It
 * writes docs/demo/<town>/members.csv and exchanges.csv; a test compares them with the generator.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { DEMO_SEED, DEMO_SIZES, makeTown, type TownName } from './town.ts'

/** Writes the files of all towns under this folder. */
export async function writeTowns(folder: URL): Promise<void> {
  for (const [town, size] of Object.entries(DEMO_SIZES) as [TownName, number][]) {
    const place = new URL(`${town.toLowerCase()}/`, folder)
    const { membersCsv, exchangesCsv } = makeTown(town, DEMO_SEED, size)
    await mkdir(place, { recursive: true })
    await writeFile(new URL('members.csv', place), membersCsv)
    await writeFile(new URL('exchanges.csv', place), exchangesCsv)
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await writeTowns(new URL('../../../docs/demo/', import.meta.url))
}
