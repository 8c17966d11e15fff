/**
 * Which column of a sheet is what, as a file says it? TOML on the disk, JSON on the way: the bank itself judges what it
 * says ([IMP-8]).
 */

import { readFile } from 'node:fs/promises'
import { parse } from 'smol-toml'
import { reasonOf } from '../core/fault.ts'
import { UsageError } from './usage.ts'

/** The file as JSON. Throws a `UsageError` for one that cannot be read. */
export async function readColumnsFile(path: string): Promise<string> {
  try {
    return JSON.stringify(parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new UsageError(
      `The file ${path} does not say columns as TOML (${reasonOf(cause)}). For example: name = "Full name"`,
    )
  }
}
