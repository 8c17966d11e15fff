/**
 * How does a bank go on whose log key is lost or stolen? The recovery key of its sheet begins the next epoch, which
 * carries over every entry of this disk; the sheet is used up by it, and a new one takes its place ([KEY-4]).
 */

import type { SigningKey } from '../core/ed25519.ts'
import { rotationStatement } from '../core/entry.ts'
import { Fault, must } from '../core/fault.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { ROTATION } from '../core/rotation.ts'
import { recoveryHashOf, rotatePreimage } from '../core/sign.ts'
import type { HeadGuard, Store } from '../store/store.ts'
import { Writer } from './commit.ts'
import { logOf, presentEpoch } from './epochs.ts'
import { compareGuardOver } from './gate.ts'
import { openOwnLog } from './own-log.ts'
import type { Clock, Report } from './ports.ts'
import { replay } from './replay.ts'
import { decideHeldAborts } from './rotation.ts'

export interface Recovery {
  /** Of a bank that is not running. */
  readonly store: Store
  readonly guard: HeadGuard
  readonly clock: Clock
  readonly report: Report
  /** The recovery key of the sheet. */
  readonly sheet: SigningKey
  readonly cause: 'lost' | 'stolen'
  /** Log key of the next epoch, kept durably before. */
  readonly logKey: SigningKey
  /** Hash of the recovery key of the new sheet, which somebody holds already. */
  readonly recoveryHash: Bytes
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
  const { store, guard, clock, report, sheet, logKey } = parts
  const { book, epochs, tree, head, key } = await replay(store)
  if (head === null || key === null)
    throw new Fault(
      'folder_not_set_up',
      'There is no bank in this folder yet. Make one with: commonhour init',
    )
  if (!sameBytes(recoveryHashOf(sheet.publicKey), book.recoveryHash)) return refuse('sheet_wrong')
  const own = openOwnLog({ store, epochs, bank: () => book.bank })
  const logs = epochs.map((one) => ({
    ...logOf(book.bank, one),
    head: own.headOf(one.epoch),
    tree: one.tree,
  }))
  const kept = await guard.read().catch(() => null)
  if (compareGuardOver(kept, logs) === 'ahead') return refuse('log_behind_guard', { ourSize: head.size })
  let failure: unknown = null
  const writer = new Writer({
    store,
    guard,
    key: logKey,
    verifyingKey: key,
    book,
    tree,
    head,
    epoch: own.epoch,
    epochs,
    clock,
    report,
    gate: () => null,
    onFatal: (fault) => {
      failure = fault
    },
  })
  const stated = {
    bank: book.bank,
    epoch: own.epoch + 1,
    logKey: logKey.publicKey,
    oldEpoch: own.epoch,
    oldSize: head.size,
    oldRoot: head.root,
    keptSize: head.size,
    cause: parts.cause === 'lost' ? ROTATION.keyLost : ROTATION.keyStolen,
    recoveryHash: parts.recoveryHash,
  }
  const signature = sheet.sign(rotatePreimage(rotationStatement(stated)))
  const entries = book.size
  await writer.recover({ ...stated, recovery: { key: sheet.publicKey, signature } }, logKey)
  const outcome = await writer.commit(decideHeldAborts)
  must(outcome.ok && failure === null, 'nothing refuses to end what is held')
  const { epoch } = presentEpoch(epochs)
  return accept({ bank: book.bank, epoch, entries, aborted: outcome.value.value.aborted })
}
