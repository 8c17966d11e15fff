/**
 * Which hours moved, as rows of a file? The log is read entry by entry; what was set aside and freed again leaves no
 * row, and the far side of everything is named, so that the rows and the balances agree ([IMP-9]).
 */

import type { Body, Entry } from '../../core/entry.ts'
import { type Bytes, toBase32, toHex } from '../../core/ids.ts'
import { decodeIntent, type Leg } from '../../core/intent.ts'
import { exchangeIdOf } from '../../core/sign.ts'
import { decodeOrder, type Order, orderId } from '../../core/transfer/order.ts'
import type { Store } from '../../store/store.ts'
import { dateOf, dayAt } from '../calendar.ts'
import { readMemo, shownWords } from '../memos.ts'
import type { People } from '../people.ts'
import { writeCell } from './cells.ts'
import type { ExchangeColumn } from './exchanges-file.ts'

type ExchangeCells = Record<ExchangeColumn, string>

const IMPORT_CHANNEL = 6
const FUND_CLASS = 3

/** Where hours stand whose person was erased. */
export const ERASED = 'bank:erased'

/** How a neighbouring bank is named where a member number stands. */
export function bankNumber(bank: Bytes): string {
  return `bank:${toBase32(bank)}`
}

interface Move {
  readonly id: string
  readonly day: number
  readonly provider: string
  readonly recipient: string
  readonly minutes: number
  readonly category: number
  readonly words: string | null
  readonly kind:
    | 'help'
    | 'opening'
    | 'correction'
    | 'set_aside'
    | 'sent'
    | 'came_back'
    | 'received'
    | 'covered'
    | 'loss'
  /** Id of the row that this one takes back. */
  readonly corrects?: string
}

/** Gathers what moved balances, entry by entry; hours set aside and freed again leave no row. */
export class History {
  readonly #people: People
  readonly #store: Store
  readonly #moves: (Move | null)[] = []
  /** Place of the row of each payment of ours, and its order. */
  readonly #paid = new Map<string, { readonly at: number; readonly order: Order }>()
  readonly #closed = new Set<string>()
  /** Payments that the pot paid back, and banks by the id of their line. */
  readonly #covered = new Set<string>()
  readonly #peers: ReadonlyMap<string, Bytes>
  #fund: Bytes | null = null

  /** `peers`: the bank at the other end of each line, by the line's id in hex. */
  constructor(people: People, store: Store, peers: ReadonlyMap<string, Bytes>) {
    this.#people = people
    this.#store = store
    this.#peers = peers
  }

  read(entry: Entry): void {
    switch (entry.kind) {
      case 'acct.open':
        if (entry.body.class === FUND_CLASS) this.#fund ??= entry.body.acct
        return
      case 'acct.close':
        this.#closed.add(toHex(entry.body.acct))
        return
      case 'exchange':
        return this.#exchange(entry.body.intent, entry.body.channel)
      case 'reverse':
        return this.#reverse(entry.body, dayAt(entry.time))
      case 'pay.hold':
        return this.#hold(entry.body.order)
      case 'pay.commit':
        return this.#change(entry.body.id, 'sent')
      case 'pay.abort':
        return this.#change(entry.body.id, null)
      case 'pay.return':
        return this.#comeBack(entry.body.id, dayAt(entry.time))
      case 'pay.cover':
        return this.#cover(entry.body.id, dayAt(entry.time))
      case 'susp.settle':
        return this.#loss(entry.body, dayAt(entry.time))
      case 'rcv.credit': {
        const { id, payee, commit, day, minutes, category } = entry.body
        const move = {
          id: toHex(id),
          day,
          minutes,
          category,
          words: this.#words(id),
          kind: 'received' as const,
        }
        this.#moves.push({ ...move, provider: this.#number(payee), recipient: bankNumber(commit.bank) })
        return
      }
      default:
    }
  }

  rows(): ExchangeCells[] {
    return this.#moves.flatMap((move) => (move === null ? [] : [cellsOf(move)]))
  }

  #exchange(intentBytes: Bytes, channel: number): void {
    const intent = decodeIntent(intentBytes)
    if (intent === null) return
    const exchangeId = exchangeIdOf(intentBytes)
    const base = { day: intent.day, category: intent.category, words: this.#words(exchangeId) }
    const kind = channel === IMPORT_CHANNEL ? 'opening' : 'help'
    for (const [n, pair] of pairs(intent.legs).entries()) {
      const id = n === 0 ? toHex(exchangeId) : `${toHex(exchangeId)}/${n + 1}`
      const parties = { provider: this.#number(pair.provider), recipient: this.#number(pair.recipient) }
      if (parties.provider !== parties.recipient)
        this.#moves.push({ ...base, ...parties, id, kind, minutes: pair.minutes })
    }
  }

  /** A record that was taken back stays, and each of its rows gets one the other way ([EX-8]). */
  #reverse({ id, commitment }: Body<'reverse'>, day: number): void {
    const old = toHex(id)
    const words = this.#words(commitment)
    const rows = this.#moves.filter((move) => move?.id === old || move?.id.startsWith(`${old}/`))
    for (const [n, row] of rows.entries()) {
      if (row === null) continue
      const own = n === 0 ? toHex(commitment) : `${toHex(commitment)}/${n + 1}`
      const { provider: recipient, recipient: provider, minutes, category } = row
      const parties = { provider, recipient, minutes, category }
      this.#moves.push({ ...parties, id: own, day, words, kind: 'correction', corrects: row.id })
    }
  }

  #hold(orderBytes: Bytes): void {
    const order = decodeOrder(orderBytes)
    if (order === null) return
    const id = orderId(orderBytes)
    this.#paid.set(toHex(id), { at: this.#moves.length, order })
    this.#moves.push({
      id: toHex(id),
      day: order.day,
      provider: bankNumber(order.payeeBank),
      recipient: this.#number(order.payer),
      minutes: order.minutes,
      category: order.category,
      words: this.#words(id),
      kind: 'set_aside',
    })
  }

  #change(id: Bytes, kind: 'sent' | null): void {
    const paid = this.#paid.get(toHex(id))
    const move = paid === undefined ? null : this.#moves[paid.at]
    if (paid === undefined || move === null || move === undefined) return
    this.#moves[paid.at] = kind === null ? null : { ...move, kind }
  }

  #comeBack(id: Bytes, day: number): void {
    const order = this.#paid.get(toHex(id))?.order
    if (order === undefined) return
    // To the pot, when it had paid the payer back, or the account is closed.
    const toFund = this.#covered.has(toHex(id)) || this.#closed.has(toHex(order.payer))
    const home = toFund ? (this.#fund ?? order.payer) : order.payer
    this.#moves.push({
      id: `${toHex(id)}/back`,
      day,
      provider: this.#number(home),
      recipient: bankNumber(order.payeeBank),
      minutes: order.minutes,
      category: order.category,
      words: null,
      kind: 'came_back',
    })
  }

  #cover(id: Bytes, day: number): void {
    const order = this.#paid.get(toHex(id))?.order
    if (order === undefined || this.#fund === null) return
    this.#covered.add(toHex(id))
    const parties = { provider: this.#number(order.payer), recipient: this.#number(this.#fund) }
    const { minutes, category } = order
    this.#moves.push({
      id: `${toHex(id)}/cover`,
      day,
      ...parties,
      minutes,
      category,
      words: null,
      kind: 'covered',
    })
  }

  /** What the pot bears of a loss goes to the bank that owes it, and comes back from there. */
  #loss({ line, minutes }: { readonly line: Bytes; readonly minutes: number }, day: number): void {
    const peer = this.#peers.get(toHex(line))
    if (peer === undefined || this.#fund === null) return
    const [pot, bank] = [this.#number(this.#fund), bankNumber(peer)]
    const parties = minutes > 0 ? { provider: bank, recipient: pot } : { provider: pot, recipient: bank }
    const id = `${toHex(line)}/loss/${this.#moves.length}`
    const amount = Math.abs(minutes)
    this.#moves.push({ id, day, ...parties, minutes: amount, category: 0, words: null, kind: 'loss' })
  }

  #number(account: Bytes): string {
    return this.#people.byAccount(account)?.number ?? ERASED
  }

  #words(id: Bytes): string | null {
    return shownWords(readMemo(this.#store, id))
  }
}

function cellsOf(move: Move): ExchangeCells {
  return {
    source_id: move.id,
    happened_on: dateOf(move.day),
    provider_number: writeCell(move.provider),
    recipient_number: writeCell(move.recipient),
    minutes: String(move.minutes),
    category: String(move.category),
    description: writeCell(move.words),
    kind: move.kind,
    corrects: move.corrects ?? '',
  }
}

/** The legs of an exchange as hours from one account to another; a group sheet becomes several. */
function pairs(legs: readonly Leg[]): { provider: Bytes; recipient: Bytes; minutes: number }[] {
  const given = legs.filter((leg) => leg.minutes > 0).map((leg) => ({ ...leg }))
  const taken = legs
    .filter((leg) => leg.minutes < 0)
    .map((leg) => ({ acct: leg.acct, minutes: -leg.minutes }))
  const found: { provider: Bytes; recipient: Bytes; minutes: number }[] = []
  for (let [g, t] = [0, 0]; g < given.length && t < taken.length; ) {
    const [provider, recipient] = [given[g] as Leg, taken[t] as Leg]
    const minutes = Math.min(provider.minutes, recipient.minutes)
    found.push({ provider: provider.acct, recipient: recipient.acct, minutes })
    given[g] = { ...provider, minutes: provider.minutes - minutes }
    taken[t] = { ...recipient, minutes: recipient.minutes - minutes }
    if (provider.minutes === minutes) g += 1
    if (recipient.minutes === minutes) t += 1
  }
  return found
}
