/**
 * Is a log right, entry by entry? The judge of the network: it rebuilds every balance, line and payment of one bank
 * from its entries and names each rule they break ([AUD-2], [AUD-3], [AUD-6]). Several logs are joined in
 * audit/join.ts.
 *
 * It is written apart from the ledger that the node runs and shares nothing with it but the shape of entries, so
 * that a mistake would have to be made twice to pass. Entries must be authentic already: what is not under a signed
 * head is nobody's word.
 */

import * as accounts from './audit/accounts.ts'
import { type Bench, type Book, type Step, say } from './audit/book.ts'
import * as endings from './audit/endings.ts'
import { exchange, reverse } from './audit/exchange.ts'
import { invoice } from './audit/invoice.ts'
import * as lines from './audit/lines.ts'
import * as received from './audit/received.ts'
import { presentEpoch, rotateIn, rotateOut } from './audit/rotation.ts'
import * as sent from './audit/sent.ts'
import type { Body, Entry, Kind } from './entry.ts'
import type { Bytes } from './ids.ts'

/** Every kind and who judges it. A kind that is missing here does not compile. */
const JUDGES: { readonly [K in Kind]: (step: Step, body: Body<K>) => void } = {
  found: accounts.found,
  'rotate.out': rotateOut,
  'rotate.in': rotateIn,
  card: accounts.card,
  rules: accounts.rules,
  seen: accounts.seen,
  redact: accounts.redact,
  'acct.open': accounts.openAccount,
  'acct.close': accounts.closeAccount,
  'acct.suspend': accounts.suspendAccount,
  'dev.add': accounts.addDevice,
  'dev.remove': accounts.removeDevice,
  'role.grant': accounts.grantRole,
  'role.revoke': accounts.revokeRole,
  exchange,
  reverse,
  'line.open': lines.openLine,
  'line.limit': lines.limitLine,
  'line.freeze': lines.freezeLine,
  'line.dead': endings.giveUpLine,
  'line.thaw': endings.thawLine,
  'line.close': endings.closeLine,
  'line.writeoff': endings.writeOff,
  'susp.settle': endings.settle,
  'pay.hold': sent.hold,
  'pay.commit': sent.commit,
  'pay.abort': sent.abort,
  'pay.return': sent.giveBack,
  'pay.done': sent.done,
  'pay.cover': sent.cover,
  'rcv.promise': received.promise,
  'rcv.credit': received.credit,
  'rcv.waive': received.waive,
  'rcv.release': received.release,
  'rcv.bounce': received.bounce,
  'rcv.invoice': invoice,
}

/** The entries every log begins with ([CKPT-7]), and those every later epoch of it does. */
const FIRST: readonly Kind[] = ['found', 'rules', 'card']
const FIRST_LATER: readonly Kind[] = ['rotate.in']

/** Judges the next entry of a log and carries it into the book. `leaf` is its leaf hash. */
export function judgeEntry(book: Book, bench: Bench, entry: Entry, leaf: Bytes): void {
  const index = book.times.length
  const step: Step = { book, bench, index, kind: entry.kind, time: entry.time, leaf, posted: 0 }
  const before = book.times.at(-1) ?? 0
  if (entry.time < before) say(step, 'AUD-1.time_back', { time: entry.time, before })
  book.times.push(entry.time)
  judgePlace(step)
  const judge = JUDGES[entry.kind] as (step: Step, body: Entry['body']) => void
  judge(step, entry.body)
  if (step.posted !== 0) say(step, 'AUD-2.postings_not_zero', { sum: step.posted })
}

/** What begins a log or an epoch stands there and nowhere else, and nothing follows what ends an epoch. */
function judgePlace(step: Step): void {
  const { kind, book } = step
  const { epoch, start } = presentEpoch(book)
  const expected = (epoch === 0 ? FIRST : FIRST_LATER)[step.index - start]
  const misplaced = expected === undefined ? kind === 'found' || kind === 'rotate.in' : kind !== expected
  if (misplaced) say(step, 'AUD-1.founding', { kind })
  if (book.ending !== null && step.index !== start) say(step, 'AUD-1.after_rotation', { kind })
}

/** Counts an entry of a reserved kind, which never posts, without reading it ([LOG-9]). */
export function skipEntry(book: Book): void {
  book.times.push(book.times.at(-1) ?? 0)
}

/** What the accounts of one book add up to, in minutes; + means that the bank owes the holders. */
export interface BookTotals {
  readonly members: number
  /** Funds, and the other side of opening balances. */
  readonly fund: number
  readonly net: number
  readonly hold: number
  /** Claims on dead banks that were written off (below 0) and that the pot has not borne yet. */
  readonly susp: number
  /** Owed to neighbours, over all lines, written-off claims left out. */
  readonly clr: number
  /** All accounts but `clr`. */
  readonly own: number
  readonly accounts: number
  /** Sum of the balances above zero. */
  readonly outstanding: number
  /** The lowest balance of a member or organisation, as minutes owed. */
  readonly largestDebt: number
  /** Part of all members' debt that the ten deepest owe. */
  readonly tenLargestDebts: number
}

const MEMBER_CLASSES: readonly number[] = [1, 2]
const NETTING = 4

export function totalsOf(book: Book): BookTotals {
  let [members, fund, net, outstanding] = [0, 0, 0, 0]
  const debts: number[] = []
  for (const { class: kind, balance } of book.accounts.values()) {
    if (MEMBER_CLASSES.includes(kind)) members += balance
    else if (kind === NETTING) net += balance
    else fund += balance
    if (balance > 0) outstanding += balance
    else if (balance < 0 && MEMBER_CLASSES.includes(kind)) debts.push(-balance)
  }
  debts.sort((a, b) => b - a)
  let [clr, susp] = [0, 0]
  for (const line of book.lines.values()) {
    clr += line.clr
    susp += line.susp
  }
  return {
    members,
    fund,
    net,
    hold: book.held,
    susp,
    clr,
    own: members + fund + net + book.held + susp,
    accounts: book.accounts.size,
    outstanding,
    largestDebt: debts[0] ?? 0,
    tenLargestDebts: debts.slice(0, 10).reduce((sum, debt) => sum + debt, 0),
  }
}
