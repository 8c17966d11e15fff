/**
 * Which log keys does a start go by? Those that may sign, and those whose word in the head guard counts.
 */

import { type SigningKey, type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import type { OwnEpochs } from './epochs.ts'

/** What the folder holds. */
export interface KeysAtHand {
  readonly logKey: SigningKey
  /** Key that a change of the log key, cut short by a crash, had made ready; null without one. */
  readonly nextLogKey?: SigningKey | null
}

/**
 * The key that writes the present epoch, and the one that begins the next if the last one has ended. Throws Fault
 * `key_invalid` when the log names another.
 */
export function signingKeys(
  book: Book,
  folder: KeysAtHand,
): { signing: SigningKey; next: SigningKey | null } {
  const keys = atHand(folder)
  const of = (named: Bytes): SigningKey | null =>
    keys.find(({ publicKey }) => sameBytes(publicKey, named)) ?? null
  const next = book.ending === null ? null : of(book.ending.logKey)
  const signing = of(book.logKey)
  if (book.ending !== null && next !== null) return { signing: signing ?? next, next }
  if (book.ending === null && signing !== null) return { signing, next: null }
  throw new Fault(
    'key_invalid',
    book.ending === null
      ? 'The log key in this folder is not the one this bank signs with.'
      : 'The log key that this bank was about to sign with is not in this folder. Put it back, or begin anew with the recovery sheet: commonhour key recover',
    { fatal: true },
  )
}

/**
 * A guard counts that any epoch of this log has signed, wherever its key is now. So does one of a key at hand with which
 * none has begun: the disk may have lost its beginning, and must be found out. The list may grow.
 */
export function keysOfGuard(epochs: OwnEpochs, folder: KeysAtHand): VerifyingKey[] {
  const ready = atHand(folder).flatMap(({ publicKey }) => verifyingKey(publicKey) ?? [])
  return [...epochs.map((one) => one.key), ...ready]
}

function atHand({ logKey, nextLogKey }: KeysAtHand): SigningKey[] {
  return [logKey, nextLogKey ?? null].filter((key) => key !== null)
}
