/**
 * Who may use the API of a running bank? Whoever can read its one token, which lies in a file beside the keys; there
 * is no other way to sign in to it, and it never stands in a command line.
 */

import { join } from 'node:path'
import { Fault } from '../core/fault.ts'
import { type Bytes, fromBase32, toBase32 } from '../core/ids.ts'
import { readSecret, writeSecret } from './secret-files.ts'

const TOKEN_BYTES = 32

/** Makes the token of a new bank; one that is there already stays. */
export async function makeApiToken(folder: string, random: (length: number) => Bytes): Promise<void> {
  const path = join(folder, 'api-token')
  if ((await readSecret(path)) === null) await writeSecret(path, `${toBase32(random(TOKEN_BYTES))}\n`)
}

/** The token of the bank in this folder. Throws Fault `key_invalid` or `folder_unsafe`. */
export async function readApiToken(folder: string): Promise<string> {
  return readTokenFile(join(folder, 'api-token'))
}

/** The token in this file, checked for its form. */
export async function readTokenFile(path: string): Promise<string> {
  const token = (await readSecret(path))?.trim()
  if (token !== undefined && fromBase32(token, TOKEN_BYTES) !== null) return token
  const what = token === undefined ? 'is missing' : 'holds no token: it should be 52 letters and digits'
  throw new Fault(
    'key_invalid',
    `The token for the API of the bank, ${path}, ${what}. Put it back, or copy it from where the bank runs.`,
  )
}
