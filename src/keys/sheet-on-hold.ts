/**
 * Where do the 24 words wait that nobody has put on paper yet? In a file beside the keys, for a bank that was set up in
 * the browser, until somebody has printed them; a bank made by `init` shows them at once and has no such file ([KEY-7]).
 */

import { join } from 'node:path'
import { Fault } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { readSheet, sheetWords } from './recovery-sheet.ts'
import { dropSecret, makeSecretFolder, readSecret, writeSecret } from './secret-files.ts'

/** Keeps the sheet of these 32 random bytes until `dropSheet`. */
export async function holdSheet(folder: string, entropy: Bytes): Promise<void> {
  await makeSecretFolder(join(folder, 'keys'))
  await writeSecret(pathOf(folder), `${sheetWords(entropy).join(' ')}\n`)
}

/** The words that wait, or null. Throws Fault `folder_unsafe`, and `key_invalid` for a damaged file. */
export async function heldSheet(folder: string): Promise<readonly string[] | null> {
  const text = await readSecret(pathOf(folder))
  if (text === null) return null
  const entropy = readSheet(text)
  if (entropy !== null) return sheetWords(entropy)
  const advice = 'Put the file back from your own copy. If the words are on paper already, delete it.'
  throw new Fault('key_invalid', `${pathOf(folder)} does not hold 24 words of a recovery sheet. ${advice}`)
}

/** The words are on paper, or of no use any more: the machine forgets them. */
export async function dropSheet(folder: string): Promise<void> {
  await dropSecret(pathOf(folder))
}

function pathOf(folder: string): string {
  return join(folder, 'keys', 'recovery-sheet')
}
