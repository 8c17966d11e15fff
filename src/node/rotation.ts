/**
 * How does the log key change? Everything that is held ends with the old key, which names the new one in its last
 * entry; the writer then begins the next epoch ([KEY-3]). And how the change of a neighbour's key is judged ([KEY-5]).
 */

import type { Ref } from '../core/entry.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { THAW } from '../core/ledger/apply-line-end.ts'
import { presentEpoch, reignOf } from '../core/ledger/apply-rotation.ts'
import { boardRefusal } from '../core/ledger/authority.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, refuse } from '../core/refusal.ts'
import { ROTATION, rotateOutProblem } from '../core/rotation.ts'
import { payerStep } from '../core/transfer/payer.ts'
import type { Head } from '../log/checkpoint.ts'
import { type LogEpoch, openOf, presentOf } from '../log/lineage.ts'
import { verifyConsistency } from '../log/merkle.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'
import type { Neighbour } from './neighbour.ts'
import { abortDraft } from './pay.ts'

/** Links of the identity chain that a planned change takes: the old key's last word and the new one's first. */
const LINKS = 2

/** Ends the epoch: every held payment is aborted, and the old key names the new one. */
export function decideRotation(newKey: Bytes): Decide<{ aborted: number }> {
  return (book) => {
    const epoch = book.epochs.length
    if (book.ending !== null || LINKS * epoch + 1 > LIMITS.identityChain) return refuse('key_changes_used_up')
    const body = { epoch, logKey: newKey, cause: ROTATION.planned }
    // A key that signed before, or for another role, or is none.
    const ownRole = book.card !== null && sameBytes(book.card.witnessKey, newKey)
    if (ownRole || rotateOutProblem(reignOf(book), body) !== null) return refuse('key_weak')
    const aborts = heldAborts(book)
    const out: Draft = { kind: 'rotate.out', body }
    return accept({ entries: [...aborts, out], value: { aborted: aborts.length } })
  }
}

/** Ends what an earlier epoch held and did not decide: after a recovery, for which the old key could not speak. */
export const decideHeldAborts: Decide<{ aborted: number }> = (book) => {
  const entries = heldAborts(book)
  return accept({ entries, value: { aborted: entries.length } })
}

function heldAborts(book: Book): Draft[] {
  return [...book.asPayer.open()]
    .filter(({ state }) => payerStep(state, 'rotate') !== null)
    .map((payment) => abortDraft(payment, 'key_rotation'))
}

/** Whether this payment was held in an epoch that is over. */
export function isOfPastEpoch(book: Book, payment: { readonly first: number }): boolean {
  return payment.first < presentEpoch(book).start
}

/**
 * How a neighbour's newest epoch relates to the head of an earlier one that we hold: it `continues` what the neighbour
 * had signed, leaves some of it out (`contradicts`), or nothing proves either yet. `by` is the epoch that follows the
 * one of the head.
 */
export type RotationFinding =
  | { readonly finding: 'none' }
  | { readonly finding: 'unproven' }
  | { readonly finding: 'continues' | 'contradicts'; readonly by: LogEpoch; readonly next: Head }

/** `proof` leads from the head we hold to the end of its epoch. */
export function weighRotation(
  { held, lineage }: Pick<Neighbour, 'held' | 'lineage'>,
  proof: readonly Bytes[] | null,
): RotationFinding {
  const present = presentOf(lineage)
  const epoch = held === null ? present : openOf(lineage, held.note)?.epoch
  if (held === null || epoch === present || present.began === null) return { finding: 'none' }
  const by = epoch === undefined ? present : (lineage.epochs[epoch.epoch + 1] as LogEpoch)
  const found = { by, next: present.began.head }
  const end = epoch?.end
  // A head of an epoch that this lineage does not have: a stolen key had begun one of its own.
  if (end === undefined || end === null || held.size > end.size) return { finding: 'contradicts', ...found }
  if (held.size === end.size)
    return { finding: sameBytes(held.root, end.root) ? 'continues' : 'contradicts', ...found }
  if (proof === null) return { finding: 'unproven' }
  const [oldSize, oldRoot] = [held.size, held.root]
  const good = verifyConsistency({ oldSize, oldRoot, newSize: end.size, newRoot: end.root, proof })
  // A proof may have been made for a head that we held before: one that fails says nothing against the bank.
  return good ? { finding: 'continues', ...found } : { finding: 'unproven' }
}

/** Stops new hours with a bank whose new epoch leaves out what it had signed; its board's word is `line.thaw` ([KEY-5]). */
export function decideRefuseRotation(peer: Bytes, leaf: Bytes, rows: readonly Write[]): Decide<null> {
  return (book) => {
    const line = lineWith(book, peer)
    const refuses = line?.state === 'open' && line.refused === null
    const entries: Draft[] = refuses
      ? [{ kind: 'line.freeze', body: { line: line.id, cause: HEAD_BEHIND, evidence: leaf } }]
      : []
    return accept({ entries, rows, value: null })
  }
}

const HEAD_BEHIND = 3

/** The board takes a recovery of the neighbour as it is. `rotateIn` names its entry, null while none is known. */
export function decideAcceptRecovery(
  peer: Bytes,
  board: readonly Bytes[],
  rotateIn: (leaf: Bytes) => Ref | null,
): Decide<{ line: Bytes }> {
  return (book, now) => {
    const line = lineWith(book, peer)
    if (line === null) return refuse('line_missing')
    const accepted = line.refused === null ? null : rotateIn(line.refused)
    if (line.state !== 'open' || accepted === null) return refuse('no_recovery_refused')
    const refused = boardRefusal(book, board, now)
    if (refused !== null) return { ok: false, refusal: refused }
    const body = { line: line.id, cause: THAW.recoveryAccepted, board, accepted }
    return accept({ entries: [{ kind: 'line.thaw', body }], value: { line: line.id } })
  }
}

/** The `rotate.in` of this neighbour with this leaf hash, as another log cites it. */
export function rotateInOf({
  bank,
  lineage,
}: Pick<Neighbour, 'bank' | 'lineage'>): (leaf: Bytes) => Ref | null {
  return (leaf) => {
    const found = lineage.epochs.find(({ began }) => began !== null && sameBytes(began.leaf, leaf))
    return found === undefined ? null : { bank, epoch: found.epoch, index: 0, leaf }
  }
}
