/**
 * Which notes count in a bank's guard? Those that one of its log keys signed; a later epoch comes after every size of an
 * earlier one ([CRASH-5], [KEY-5]).
 */

import { join } from 'node:path'
import type { VerifyingKey } from '../core/ed25519.ts'
import { parseOrigin } from '../core/ids.ts'
import { openCheckpoint, peekOrigin } from '../log/checkpoint.ts'
import { openFileGuard } from './head-guard.ts'
import type { HeadGuard } from './store.ts'

/** More entries than an epoch will ever have: heads of a later epoch are newer, whatever their size. */
const EPOCH_SIZE = 2 ** 46

/** The guard's file; only notes that one of these log keys signed count. The list may grow while it is open. */
export function guardIn(folder: string, keys: readonly VerifyingKey[]): HeadGuard {
  return openFileGuard({
    path: join(folder, 'head-guard'),
    verify: (note) => {
      const origin = peekOrigin(note)
      const epoch = origin === null ? undefined : parseOrigin(origin)?.epoch
      if (origin === null || epoch === undefined) return null
      const size = keys
        .map((key) => openCheckpoint(note, { origin, key })?.size)
        .find((one) => one !== undefined)
      return size === undefined ? null : epoch * EPOCH_SIZE + size
    },
  })
}
