/**
 * Which secrets of a bank may others of the same machine read? A look at the folder, its keys and its token that says so
 * before a start refuses them ([OPS-3]).
 */

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'

const OTHERS = 0o077

export interface SecretPlace {
  readonly path: string
  /** Octal, as `chmod` takes it. */
  readonly mode: string
  readonly wanted: '600' | '700'
}

/** What others can read or enter; nothing where there is no bank. Windows keeps no such bits. */
export async function looseSecrets(folder: string): Promise<readonly SecretPlace[]> {
  if (process.platform === 'win32') return []
  const keys = await readdir(join(folder, 'keys')).catch(() => null)
  if (keys === null) return []
  const places: readonly (readonly [string, SecretPlace['wanted']])[] = [
    [folder, '700'],
    [join(folder, 'keys'), '700'],
    ...keys.map((name) => [join(folder, 'keys', name), '600'] as const),
    [join(folder, 'api-token'), '600'],
  ]
  const loose: SecretPlace[] = []
  for (const [path, wanted] of places) {
    // One that is missing or shut is told by whoever needs it.
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => 0,
    )
    if ((mode & OTHERS) !== 0) loose.push({ path, mode: mode.toString(8), wanted })
  }
  return loose
}
