/**
 * How does a member leave the bank? What is undecided ends at once, what is on its way is waited for, the hours that are
 * left go to the community pot or to whoever is named, and the account is closed for good ([PAY-14], [EX-11]).
 */

import type { Bytes } from '../core/ids.ts'
import { encodeIntent } from '../core/intent.ts'
import { type Account, accountOf } from '../core/ledger/book.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangeIdOf } from '../core/sign.ts'
import { decideFarewell, decideLeaving, type Rest } from '../node/leaving.ts'
import type { Node } from '../node/node.ts'
import { dayAt } from './calendar.ts'
import { type Act, authOf, channelNumber, personOf } from './exchanges.ts'
import { commitmentOf, memoRow, newMemo } from './memos.ts'
import type { People } from './people.ts'
import { ownAccount, type Person } from './person.ts'

/** How far somebody's leaving has come. */
export interface Leaving {
  readonly person: Person
  /** Payments that are on their way; the membership ends when they have ended and this is asked for again. */
  readonly waiting: number
  /** Minutes that went to the pot or to whoever was named; below 0 the pot gave them. */
  readonly restMinutes: number
}

/**
 * Takes the next steps of leaving, as many as can be taken now; asking again goes on where it stopped. `restTo` is the
 * number of whoever gets the hours that are left; without one, and for hours more used than given, it is the pot. Refuses
 * `account_unknown`, `account_closed`, `payer_is_payee`, `reason_missing`, and what the ledger refuses about the
 * coordinator.
 */
export async function leaveBank(
  node: Node,
  people: People,
  number: string,
  by: Act,
  restTo: string | null = null,
): Promise<Outcome<Leaving>> {
  const person = personOf(people, number)
  if (!person.ok) return person
  const heir = restTo === null ? null : personOf(people, restTo)
  if (heir?.ok === false) return heir
  if (heir?.value === person.value) return refuse('payer_is_payee', { number: person.value.number })
  if (by.reason === null) return refuse('reason_missing')
  const { account } = person.value
  for (let more = true; more; ) {
    const nonce = node.random.bytes(16)
    const step = await node.commit(decideLeaving(account, { handles: node.handles, nonce }))
    if (!step.ok) return step
    more = step.value.value.more
  }
  const left = await node.read(({ book }) => {
    const found = accountOf(book, account) as Account
    return { open: found.open, balance: found.balance, fund: book.fund?.id ?? null }
  })
  if (left.open > 0) return accept({ person: person.value, waiting: left.open, restMinutes: 0 })
  const rest =
    left.balance === 0
      ? accept(null)
      : restOf(node, person.value, { ...left, heir: heir?.value.account ?? null }, by)
  if (!rest.ok) return rest
  const acted = people.acts.keep(by.coordinator, { what: 'left', accounts: [account] }, node.logTime())
  const nonces = { resume: node.random.bytes(16), close: node.random.bytes(16) }
  const outcome = await node.commit(decideFarewell(account, rest.value, { ...nonces, rows: acted }))
  return outcome.ok ? accept({ person: person.value, waiting: 0, restMinutes: left.balance }) : outcome
}

/** The exchange that brings the balance to zero; the coordinator agrees for whoever gives. What is missing the pot gives. */
function restOf(
  node: Node,
  person: Person,
  left: { readonly balance: number; readonly fund: Bytes | null; readonly heir: Bytes | null },
  by: Act,
): Outcome<Rest> {
  const { balance, fund, heir } = left
  if (fund === null) return refuse('fund_missing')
  const other = balance > 0 ? (heir ?? fund) : fund
  const giver = balance > 0 ? person : { ...ownAccount(fund), number: '', name: '', kind: 'fund' as const }
  const auth = authOf(by, giver, dayAt(node.logTime()))
  if (!auth.ok) return auth
  const memo = newMemo(['', '', ''], node.random)
  const legs = [
    { acct: person.account, minutes: -balance },
    { acct: other, minutes: balance },
  ]
  const intent = encodeIntent({
    version: 1,
    bank: node.bank,
    day: dayAt(node.logTime()),
    category: 0,
    legs,
    commitment: commitmentOf(memo),
    nonce: node.random.bytes(16),
  })
  const rows = [memoRow(exchangeIdOf(intent), memo)]
  return accept({ intent, auths: [auth.value], channel: channelNumber(by.channel), rows })
}
