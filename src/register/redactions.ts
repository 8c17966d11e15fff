/**
 * What does the log say of an erasure, and which private words hang on its entries? Accounts and indices alone: nobody
 * learns from it who it was ([PRIV-8]).
 */

import { ERASE_REASONS, type EraseReason } from '../core/entry.ts'
import { type Bytes, compareBytes } from '../core/ids.ts'
import { accountOf, type Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { exchangeIdOf } from '../core/sign.ts'
import { orderId } from '../core/transfer/order.ts'
import type { Draft } from '../node/commit.ts'
import type { OwnLog } from '../node/own-log.ts'
import { privateKey } from '../store/keyspace.ts'

/** The entries that say that these people, and the words of these records, were erased. */
export function redactions(
  accounts: readonly Bytes[],
  records: readonly number[],
  { reason, nonces }: { readonly reason: EraseReason; readonly nonces: readonly Bytes[] },
): Draft[] {
  const said = (scope: number, targets: readonly number[] | readonly Bytes[], n: number): Draft => {
    const body = { scope, reason: ERASE_REASONS.indexOf(reason) + 1, targets, nonce: nonces[n] as Bytes }
    return { kind: 'redact', body }
  }
  const entries = [said(2, accounts.toSorted(compareBytes), 0)]
  for (let from = 0; from < records.length; from += LIMITS.redactedEntries)
    entries.push(said(1, records.slice(from, from + LIMITS.redactedEntries), entries.length))
  return entries
}

/** Indices of the entries about this account that have private words, ascending. */
export function recordsOf(book: Book, own: OwnLog, account: Bytes): number[] {
  const found = accountOf(book, account)
  if (found === null) return []
  const indices = new Set(book.postings.newestFirst(found.lastPosting))
  return [...indices].filter((index) => memoKeyOf(own, index) !== null).sort((a, b) => a - b)
}

/** Where the words of an entry lie, null for one that has none. */
export function memoKeyOf(own: OwnLog, index: number): Bytes | null {
  const { kind, body } = own.entry(index)
  if (kind === 'exchange') return privateKey('memo', exchangeIdOf(body.intent))
  if (kind === 'reverse') return privateKey('memo', body.commitment)
  if (kind === 'pay.hold') return privateKey('memo', orderId(body.order))
  return kind === 'rcv.credit' ? privateKey('memo', body.id) : null
}

/** Everything that the log says was erased. */
export function redactedIn(book: Book, own: OwnLog): { accounts: Bytes[]; entries: number[] } {
  const accounts: Bytes[] = []
  const entries: number[] = []
  for (const index of book.redactions) {
    for (const target of own.entryOf('redact', index).body.targets)
      if (typeof target === 'number') entries.push(target)
      else accounts.push(target)
  }
  return { accounts, entries }
}
