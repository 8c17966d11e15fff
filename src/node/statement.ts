/**
 * What moved the balance of one account? Every line of its statement, oldest first; what was taken back stays in its
 * place and is marked, and what took it back is a line of its own ([EX-8], [EX-21]).
 */

import { type Body, CHANNELS, type Channel, REVERSE_CAUSES, type ReverseCause } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { type Account, type Book, lineOf } from '../core/ledger/book.ts'
import { exchangeIdOf } from '../core/sign.ts'
import { decodeOrder, orderId } from '../core/transfer/order.ts'
import type { OwnLog } from './own-log.ts'
import type { Reading } from './query.ts'

/** How a record was put right, as far as it was. */
export interface Correction {
  /** The record that was taken back. */
  readonly id: Bytes
  readonly index: number
  readonly cause: ReverseCause
  /** The record that says it replaces that one. */
  readonly replacedBy: { readonly id: Bytes; readonly index: number } | null
}

/** One line of a member's statement. Minutes are signed: + helped, - was helped. */
export interface StatementLine {
  readonly index: number
  /** Seconds. */
  readonly time: number
  /** Days since 1970-01-01 on which the help happened; null for hours set aside or come back. */
  readonly day: number | null
  readonly minutes: number
  readonly what:
    | 'exchange'
    | 'opening'
    | 'reversed'
    | 'sent'
    | 'set_aside'
    | 'freed'
    | 'came_back'
    | 'received'
    | 'covered'
    | 'loss'
  readonly category: number
  /** Of the record or payment; of a line that takes a record back, the commitment to its reason. */
  readonly id: Bytes
  /** Who is on the other side of an exchange in this bank: whoever helps beside one on the same sheet is not. */
  readonly others: readonly Bytes[]
  /** The other bank of a payment. */
  readonly bank: Bytes | null
  readonly channel: Channel | null
  /** Index of the entry that took this record back; the line stays, struck through. */
  readonly reversedAt: number | null
  /** The record that this one replaces, by its own word. */
  readonly replaces: Bytes | null
  /** Of a line that takes a record back: what, why, and what stands in its place. */
  readonly correction: Correction | null
}

/** Everything that moved this account's balance, oldest first. */
export function statement({ book, own }: Reading, account: Account): StatementLine[] {
  const lines: StatementLine[] = []
  for (const index of [...book.postings.newestFirst(account.lastPosting)].reverse()) {
    const line = statementLine(book, own, account, index)
    if (line !== null) lines.push(line)
  }
  return lines
}

function statementLine(book: Book, own: OwnLog, account: Account, index: number): StatementLine | null {
  const entry = own.entry(index)
  const base = { ...BLANK, index, time: entry.time }
  switch (entry.kind) {
    case 'exchange':
      return exchangeLine(book, account, { index, time: entry.time, body: entry.body })
    case 'reverse':
      return reversedLine(book, own, account, { index, time: entry.time, body: entry.body })
    case 'pay.hold': {
      const order = decodeOrder(entry.body.order)
      if (order === null) return null
      const id = orderId(entry.body.order)
      const sent = ['sent', 'covered', 'paid', 'returned'].includes(book.asPayer.stateOf(id))
      const channel = CHANNELS[entry.body.channel - 1] ?? null
      return {
        ...base,
        day: order.day,
        minutes: -order.minutes,
        category: order.category,
        bank: order.payeeBank,
        channel,
        what: sent ? 'sent' : 'set_aside',
        id,
      }
    }
    case 'pay.abort':
    case 'pay.return': {
      const payment = book.asPayer.get(entry.body.id)
      const bank = payment === null ? null : (book.lines[payment.line]?.peer ?? null)
      const what = entry.kind === 'pay.abort' ? 'freed' : 'came_back'
      return { ...base, minutes: payment?.minutes ?? 0, what, id: entry.body.id, bank }
    }
    case 'pay.cover': {
      const payment = book.asPayer.get(entry.body.id)
      const [isPayer, isFund] = [payment?.account === account.number, book.fund === account]
      // The pot that had paid for itself gives and takes in one.
      if (payment === null || isPayer === isFund) return null
      const bank = book.lines[payment.line]?.peer ?? null
      const { id, minutes } = payment
      return isPayer
        ? { ...base, minutes, what: 'came_back', id, bank }
        : { ...base, minutes: -minutes, what: 'covered', id, bank }
    }
    case 'susp.settle': {
      const bank = lineOf(book, entry.body.line)?.peer ?? null
      return { ...base, minutes: -entry.body.minutes, what: 'loss', id: own.ref(index).leaf, bank }
    }
    case 'rcv.credit': {
      const { minutes, day, category, id, commit } = entry.body
      return { ...base, minutes, day, category, id, bank: commit.bank, what: 'received' }
    }
    default:
      return null
  }
}

const BLANK = {
  day: null,
  category: 0,
  others: [],
  bank: null,
  channel: null,
  reversedAt: null,
  replaces: null,
  correction: null,
} as const

interface At<K extends 'exchange' | 'reverse'> {
  readonly index: number
  readonly time: number
  readonly body: Body<K>
}

const REPLACES = 1

function exchangeLine(
  book: Book,
  account: Account,
  { index, time, body }: At<'exchange'>,
): StatementLine | null {
  const intent = decodeIntent(body.intent)
  if (intent === null) return null
  const mine = intent.legs.find((leg) => toHex(leg.acct) === toHex(account.id))
  const side = Math.sign(mine?.minutes ?? 0)
  const others = intent.legs.filter((leg) => Math.sign(leg.minutes) !== side).map((leg) => leg.acct)
  const channel = CHANNELS[body.channel - 1] ?? null
  const id = exchangeIdOf(body.intent)
  const reversed = book.exchanges.reversedAt(book.exchanges.find(id))
  return {
    ...BLANK,
    index,
    time,
    day: intent.day,
    minutes: mine?.minutes ?? 0,
    category: intent.category,
    others,
    channel,
    what: channel === 'import' ? 'opening' : 'exchange',
    id,
    reversedAt: reversed < 0 ? null : reversed,
    replaces: body.refs.find((ref) => ref.type === REPLACES)?.value ?? null,
  }
}

function reversedLine(
  book: Book,
  own: OwnLog,
  account: Account,
  { index, time, body }: At<'reverse'>,
): StatementLine | null {
  const taken = exchangeLine(book, account, { index, time, body: own.entryOf('exchange', body.index).body })
  if (taken === null) return null
  const { exchanges } = book
  const by = exchanges.replacedBy(exchanges.find(body.id))
  const replacedBy = by < 0 ? null : { id: exchanges.at(by), index: exchanges.indexOf(by) }
  const cause = REVERSE_CAUSES[body.cause - 1] ?? 'other'
  return {
    ...BLANK,
    index,
    time,
    day: taken.day,
    minutes: -taken.minutes,
    category: taken.category,
    others: taken.others,
    what: 'reversed',
    id: body.commitment,
    correction: { id: body.id, index: body.index, cause, replacedBy },
  }
}
