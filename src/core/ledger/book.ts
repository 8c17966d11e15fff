/**
 * What does a bank know once it has read its log? The book: accounts, devices, roles, lines and payments. It is
 * the fold of `apply` over the entries and nothing else; every start builds it anew ([CRASH-10]).
 */

import type { AccountClass, Body } from '../entry.ts'
import { IdTable, TABLE_KEY_BYTES } from '../id-table.ts'
import { ACCOUNT_ID_BYTES, type Bytes, sameBytes, toHex } from '../ids.ts'
import { clearing, type Line } from '../line.ts'
import { Invoices } from '../transfer/invoices.ts'
import type { PayeeState } from '../transfer/payee.ts'
import type { PayerState } from '../transfer/payer.ts'
import { type Payment, Payments } from '../transfer/payments.ts'
import { Exchanges } from './exchanges.ts'
import { Postings } from './postings.ts'

/** One account. Minutes; a positive balance means that the bank owes the holder. */
export interface Account {
  readonly number: number
  readonly id: Bytes
  readonly class: AccountClass
  state: 'open' | 'suspended' | 'closed'
  balance: number
  /** Minutes of help given and received, ever. */
  given: number
  received: number
  /** Payments that are undecided or on their way, in either role. */
  open: number
  /** Minutes promised to it and not yet credited. */
  promised: number
  /** Number of its newest posting (`Postings`); 0 while its balance was never moved. */
  lastPosting: number
}

export interface Device {
  readonly account: Account
  readonly key: Bytes
  removed: boolean
}

export interface Role {
  readonly role: number
  readonly ownAccount: Bytes | null
  /** Seconds; null when it does not run out. */
  readonly until: number | null
  revoked: boolean
}

export type Rules = Body<'rules'>

export interface Book {
  /** Bank id; empty until the founding entry is read. */
  bank: Bytes
  /** Name given at the founding; the card has the present one. */
  name: string
  /** Key of the present epoch. */
  logKey: Bytes
  recoveryHash: Bytes
  /** All epochs of the log, the present one last: number, entries before its first, and key. */
  readonly epochs: { readonly epoch: number; readonly start: number; readonly key: Bytes }[]
  /** The `rotate.out` that ended the present epoch: nothing follows but the next one. */
  ending: Body<'rotate.out'> | null
  /**
   * Number of entries read, over all epochs. An index of this book counts through them, so that what is remembered of
   * an entry stays good when the key changes.
   */
  size: number
  /** Time of the last entry, in seconds. */
  time: number
  rules: Rules | null
  card: Body<'card'> | null
  /** Index of the newest card. */
  cardIndex: number
  readonly accounts: Account[]
  /** Their ids: the row of an id is the number of its account. */
  readonly accountIds: IdTable
  /** The community pot: the class-3 account opened first. */
  fund: Account | null
  /** The other side of opening balances. */
  before: Account | null
  readonly devices: Map<string, Device>
  readonly roles: Map<string, Role>
  readonly postings: Postings
  readonly exchanges: Exchanges
  /** Indices of the entries that say what was erased. */
  readonly redactions: number[]
  readonly lines: Line[]
  readonly lineById: Map<string, Line>
  /** The one line with a peer that is not closed. */
  readonly lineByPeer: Map<string, Line>
  readonly asPayer: Payments<PayerState>
  readonly asPayee: Payments<PayeeState>
  /** Requests of members that this bank endorsed. */
  readonly invoices: Invoices
  /** Minutes set aside for undecided payments. */
  hold: number
  /** Sum of all balances of accounts. */
  balances: number
}

const PAYER_STATES = ['none', 'held', 'sent', 'paid', 'returned', 'dead', 'covered'] as const
const PAYEE_STATES = ['none', 'promised', 'released', 'credited', 'waived'] as const

/**
 * The book of an empty log. `key`: 8 random bytes that spread the ids in its tables (`IdTable`); only a book that never
 * sees ids of others does without.
 */
export function emptyBook(key: Bytes = new Uint8Array(TABLE_KEY_BYTES)): Book {
  return {
    bank: new Uint8Array(0),
    name: '',
    logKey: new Uint8Array(0),
    recoveryHash: new Uint8Array(0),
    epochs: [],
    ending: null,
    size: 0,
    time: 0,
    rules: null,
    card: null,
    cardIndex: -1,
    accounts: [],
    accountIds: new IdTable({ width: ACCOUNT_ID_BYTES, key }),
    fund: null,
    before: null,
    devices: new Map(),
    roles: new Map(),
    postings: new Postings(),
    exchanges: new Exchanges({ key }),
    redactions: [],
    lines: [],
    lineById: new Map(),
    lineByPeer: new Map(),
    asPayer: new Payments<PayerState>(PAYER_STATES, ['held', 'sent', 'covered'], { key }),
    asPayee: new Payments<PayeeState>(PAYEE_STATES, ['promised'], { key }),
    invoices: new Invoices({ key }),
    hold: 0,
    balances: 0,
  }
}

export function accountOf(book: Book, id: Bytes): Account | null {
  return book.accounts[book.accountIds.find(id)] ?? null
}

export function lineOf(book: Book, id: Bytes): Line | null {
  return book.lineById.get(toHex(id)) ?? null
}

/** The line with this id if it is one with this peer, closed ones included; else null. */
export function lineOfPeer(book: Book, id: Bytes, peer: Bytes): Line | null {
  const line = lineOf(book, id)
  return line !== null && sameBytes(line.peer, peer) ? line : null
}

/** Whether this payment runs over a line with this peer; nobody else has a say in it. */
export function isWith(book: Book, payment: Payment<string>, peer: Bytes): boolean {
  const line = book.lines[payment.line]
  return line !== undefined && sameBytes(line.peer, peer)
}

/** The line with this bank that is not closed, or null. */
export function lineWith(book: Book, peer: Bytes): Line | null {
  return book.lineByPeer.get(toHex(peer)) ?? null
}

/** Changes a balance; the only place that does. */
export function post(book: Book, account: Account, minutes: number): void {
  account.lastPosting = book.postings.add(book.size, account.lastPosting)
  account.balance += minutes
  book.balances += minutes
}

/**
 * Sum of all postings of the book: members, fund, hold, and for every neighbour the position and what was written off
 * of it. Always 0 ([PAY-7]).
 */
export function bookSum(book: Book): number {
  let sum = book.balances + book.hold
  for (const line of book.lines) sum += clearing(line) + line.susp
  return sum
}

/** The rules' row for a class, or null for a class without stops. */
export function classRow(book: Book, account: Account): Rules['classes'][number] | null {
  const numbers: Record<AccountClass, number> = { member: 1, organisation: 2, fund: 3, netting: 4, before: 0 }
  return book.rules?.classes.find((row) => row.class === numbers[account.class]) ?? null
}
