/**
 * How does an account leave that still has payments open? Nothing new begins, what is undecided ends, what is on its
 * way is waited for; then the rest goes to the pot and the account is closed, in one commit ([PAY-14]).
 */

import type { Auth } from '../core/entry.ts'
import type { Bytes } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { exchangeRefusal } from '../core/ledger/apply-exchange.ts'
import { accountOf, type Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, refuse } from '../core/refusal.ts'
import type { Write } from '../store/store.ts'
import type { Decide, Draft } from './commit.ts'
import type { Handles } from './handles.ts'
import { abortDraft } from './pay.ts'
import { renounceForLeaving } from './renounce.ts'

/** Why an account is suspended: `acct.suspend` of this cause is somebody who leaves. */
const LEAVING = 2
const LEFT = 2

/**
 * Suspends the account and ends what is undecided: held payments are cancelled, promises given up. `more`: there is
 * too much for one commit, ask again.
 */
export function decideLeaving(
  id: Bytes,
  { handles, nonce }: { readonly handles: Handles; readonly nonce: Bytes },
): Decide<{ more: boolean }> {
  return (book) => {
    const account = accountOf(book, id)
    if (account === null || account === book.fund || account.class === 'before')
      return refuse('account_unknown')
    if (account.state === 'closed') return refuse('account_closed')
    const entries: Draft[] = []
    const rows: Write[] = []
    if (account.state === 'open')
      entries.push({ kind: 'acct.suspend', body: { acct: id, on: true, cause: LEAVING, nonce } })
    for (const payment of book.asPayer.open()) {
      if (payment.account !== account.number || payment.state !== 'held') continue
      if (entries.length >= LIMITS.commitEntries) return accept({ entries, rows, value: { more: true } })
      entries.push(abortDraft(payment, 'cancelled'))
    }
    for (const held of book.asPayee.open()) {
      if (held.account !== account.number) continue
      if (entries.length >= LIMITS.commitEntries) return accept({ entries, rows, value: { more: true } })
      const waived = renounceForLeaving(book, held, { handles, reception: null, rows: () => [] })
      if (waived === null) continue
      entries.push(...waived.entries)
      rows.push(...(waived.rows ?? []))
    }
    return accept({ entries, rows, value: { more: false } })
  }
}

/** The exchange that brings an account to zero: with the pot, or with whoever the owner named. */
export interface Rest {
  readonly intent: Bytes
  readonly auths: readonly Auth[]
  readonly channel: number
  readonly rows: readonly Write[]
}

/**
 * The rest goes to the pot and the account is closed, in one commit; `rest` is null at balance 0. Refuses
 * `payments_open` while something is on its way, and `balance_not_zero` when the balance is not the one `rest` moves.
 */
export function decideFarewell(
  id: Bytes,
  rest: Rest | null,
  nonces: { readonly resume: Bytes; readonly close: Bytes; readonly rows?: readonly Write[] },
): Decide<null> {
  return (book, now) => {
    const account = accountOf(book, id)
    if (account === null) return refuse('account_unknown')
    if (account.state === 'closed') return refuse('account_closed')
    if (account.open > 0) return refuse('payments_open', { open: account.open })
    const close: Draft = { kind: 'acct.close', body: { acct: id, cause: LEFT, nonce: nonces.close } }
    if (rest === null) {
      if (account.balance !== 0) return refuse('balance_not_zero', { balanceMinutes: account.balance })
      return accept({ entries: [close], rows: nonces.rows ?? [], value: null })
    }
    const { intent: bytes, auths, channel } = rest
    const intent = decodeIntent(bytes)
    const leg = intent?.legs.find((one) => accountOf(book, one.acct) === account)
    if (intent === null || leg?.minutes !== -account.balance)
      return refuse('balance_not_zero', { balanceMinutes: account.balance })
    const how = { auths, channel, refs: [] }
    const refused = exchangeRefusal(resumed(book, id), intent, how, now)
    if (refused !== null) return { ok: false, refusal: refused }
    const entries: Draft[] = [{ kind: 'exchange', body: { intent: bytes, ...how } }, close]
    if (account.state === 'suspended')
      entries.unshift({
        kind: 'acct.suspend',
        body: { acct: id, on: false, cause: LEAVING, nonce: nonces.resume },
      })
    return accept({ entries, rows: [...rest.rows, ...(nonces.rows ?? [])], value: null })
  }
}

/** The book as it is once this account may act again; nothing else about it is looked at. */
function resumed(book: Book, id: Bytes): Book {
  const account = accountOf(book, id)
  if (account?.state !== 'suspended') return book
  return { ...book, accounts: book.accounts.with(account.number, { ...account, state: 'open' }) }
}
