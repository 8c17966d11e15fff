/**
 * How does a bank go on whose log key is lost or stolen? The recovery key of its sheet begins the next epoch, which
 * carries over every entry of this disk; the sheet is used up by it, and a new one takes its place ([KEY-4]).
 */

import { type SigningKey, type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import { rotationStatement } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { ROTATION } from '../core/rotation.ts'
import { recoveryHashOf, rotatePreimage } from '../core/sign.ts'
import type { Head } from '../log/checkpoint.ts'
import type { HeadGuard, Store } from '../store/store.ts'
import { Writer } from './commit.ts'
import { logOf, presentEpoch } from './epochs.ts'
import { compareGuardOver } from './gate.ts'
import { openOwnLog } from './own-log.ts'
import type { Clock, Report } from './ports.ts'
import { type Replayed, replay } from './replay.ts'
import { decideHeldAborts } from './rotation.ts'

export interface Recovery {
  /** Of a bank that is not running. */
  readonly store: Store
  /** The guard, given the keys of all epochs; the list grows when the new one is there. */
  readonly guard: (known: readonly VerifyingKey[]) => HeadGuard
  readonly clock: Clock
  readonly report: Report
  /** The recovery key of the sheet. */
  readonly sheet: SigningKey
  readonly cause: 'lost' | 'stolen'
  /**
   * Asked once the sheet is found right: the log key of the next epoch, kept durably by then, and the hash of the recovery
   * key of a new sheet that somebody holds by then.
   */
  readonly prepare: () => Promise<{ readonly logKey: SigningKey; readonly recoveryHash: Bytes }>
}

export interface Recovered {
  readonly bank: Bytes
  readonly epoch: number
  /** Entries carried over. */
  readonly entries: number
  /** Held payments that ended with the old key. */
  readonly aborted: number
}

/**
 * Begins the next epoch. Refuses `sheet_wrong`, and `log_behind_guard` when this disk has lost entries: what is carried
 * over would not be all. Throws Fault `folder_not_set_up`, `log_invalid`, and the fault of a failed write.
 */
export async function recoverBank(parts: Recovery): Promise<Outcome<Recovered>> {
  const { store, sheet } = parts
  const read = await replay(store)
  const { book, epochs, head } = read
  if (head === null)
    throw new Fault(
      'folder_not_set_up',
      'There is no bank in this folder yet. Make one with: commonhour init',
    )
  if (!sameBytes(recoveryHashOf(sheet.publicKey), book.recoveryHash)) return refuse('sheet_wrong')
  const own = openOwnLog({ store, epochs, bank: () => book.bank })
  const logs = epochs.map((one) => {
    return { ...logOf(book.bank, one), head: own.headOf(one.epoch), tree: one.tree }
  })
  const known = epochs.map((one) => one.key)
  const guard = parts.guard(known)
  try {
    const kept = await guard.read().catch(() => null)
    if (compareGuardOver(kept, logs) === 'ahead') return refuse('log_behind_guard', { ourSize: head.size })
    const next = await parts.prepare()
    known.push(...[verifyingKey(next.logKey.publicKey)].filter((one) => one !== null))
    return accept(await begin(parts, { ...read, head, guard }, next))
  } finally {
    await guard.close()
  }
}

async function begin(
  { store, clock, report, sheet, cause }: Recovery,
  { book, epochs, tree, head, guard }: Replayed & { head: Head; guard: HeadGuard },
  next: { logKey: SigningKey; recoveryHash: Bytes },
): Promise<Recovered> {
  const { epoch, key } = presentEpoch(epochs)
  const entries = book.size
  const { bank } = book
  const stated = {
    bank,
    epoch: epoch + 1,
    logKey: next.logKey.publicKey,
    oldEpoch: epoch,
    oldSize: head.size,
    oldRoot: head.root,
    keptSize: head.size,
    cause: cause === 'lost' ? ROTATION.keyLost : ROTATION.keyStolen,
    recoveryHash: next.recoveryHash,
  }
  const signature = sheet.sign(rotatePreimage(rotationStatement(stated)))
  const writer = new Writer({
    ...{ store, guard, book, tree, head, epoch, epochs, clock, report },
    // The old epoch is signed no more: whoever recovers has no key for it.
    key: next.logKey,
    verifyingKey: key,
    gate: () => null,
    onFatal: () => undefined,
  })
  await writer.recover({ ...stated, recovery: { key: sheet.publicKey, signature } }, next.logKey)
  const ended = await writer.commit(decideHeldAborts)
  // What a full disk leaves held ends after the next start.
  return { bank, epoch: epoch + 1, entries, aborted: ended.ok ? ended.value.value.aborted : 0 }
}
