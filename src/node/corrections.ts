/**
 * How is a wrong record put right? It is taken back in full by an entry of its own, and where there is something to put
 * in its place that follows in the same commit: nobody ever sees the one without the other ([EX-8]).
 */

import { bodyFits, type CoordinatorAuth, REVERSE_CAUSES, type ReverseCause } from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { exchangeRefusal, reverseRefusal } from '../core/ledger/apply-exchange.ts'
import type { Book } from '../core/ledger/book.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangeIdOf } from '../core/sign.ts'
import type { Write } from '../store/store.ts'
import type { ExchangeRequest } from './accounts.ts'
import type { Decide, Draft } from './commit.ts'

const REPLACES = 1

export interface ReverseRequest {
  /** The record that was wrong. */
  readonly id: Bytes
  readonly cause: ReverseCause
  readonly auths: readonly CoordinatorAuth[]
  /** To the private reason. */
  readonly commitment: Bytes
  readonly nonce: Bytes
  /** What stands in its place; it is made to name the old record. */
  readonly replacement: ExchangeRequest | null
  readonly rows: readonly Write[]
}

export interface Reversed {
  /** Index of the record that was taken back. */
  readonly target: number
  /** Id of the record in its place. */
  readonly replacement: Bytes | null
}

/**
 * Takes a record back and, if there is one, puts another in its place. Refuses `record_unknown`, `reversed_already`,
 * `account_closed`, what the ledger says of who agrees, and what it says of the replacement.
 */
export function decideReverse(request: ReverseRequest): Decide<Reversed> {
  return (book, now) => {
    const { id, auths, commitment, nonce, cause } = request
    const row = book.exchanges.find(id)
    if (row < 0) return refuse('record_unknown')
    const index = book.exchanges.indexOf(row)
    const refused = reverseRefusal(book, { index, id, auths }, now)
    if (refused !== null) return { ok: false, refusal: refused }
    const body = { index, id, cause: REVERSE_CAUSES.indexOf(cause) + 1, auths, commitment, nonce }
    if (!bodyFits('reverse', body)) return refuse('request_malformed', { what: 'reverse' })
    const entries: Draft[] = [{ kind: 'reverse', body }]
    const replaced =
      request.replacement === null ? accept(null) : replacing(book, now, id, request.replacement)
    if (!replaced.ok) return replaced
    if (replaced.value !== null) entries.push(replaced.value.draft)
    const rows = [...request.rows, ...(request.replacement?.rows ?? [])]
    return accept({ entries, rows, value: { target: index, replacement: replaced.value?.id ?? null } })
  }
}

/** The record in the place of `old`. That the old one is taken back is the ledger's to see when it gets there. */
function replacing(
  book: Book,
  now: number,
  old: Bytes,
  request: ExchangeRequest,
): Outcome<{ readonly id: Bytes; readonly draft: Draft }> {
  const intent = decodeIntent(request.intent)
  if (intent === null) return refuse('legs_do_not_add_up')
  const id = exchangeIdOf(request.intent)
  if (book.exchanges.find(id) >= 0) return refuse('request_malformed', { what: 'replacement' })
  const refused = exchangeRefusal(book, intent, request, now)
  if (refused !== null) return { ok: false, refusal: refused }
  const { intent: bytes, auths, channel } = request
  const refs = [...request.refs, { type: REPLACES, value: old }]
  const body = { intent: bytes, channel, auths, refs }
  if (!bodyFits('exchange', body)) return refuse('request_malformed', { what: 'exchange' })
  return accept({ id, draft: { kind: 'exchange', body } })
}
