/**
 * Pure books for tests: a log in memory whose every entry is encoded, read again and applied, as a start would do.
 * Ids are made from small numbers, so that a failed test can be read.
 */

import { expect } from 'vitest'
import { verifyingKey } from '../../../src/core/ed25519.ts'
import {
  type Auth,
  type Body,
  decodeEntry,
  type EntryOf,
  encodeEntry,
  type Kind,
  type Ref,
} from '../../../src/core/entry.ts'
import { must } from '../../../src/core/fault.ts'
import { sha256 } from '../../../src/core/hash.ts'
import { type Bytes, compareBytes } from '../../../src/core/ids.ts'
import { encodeIntent } from '../../../src/core/intent.ts'
import { apply, type Placed } from '../../../src/core/ledger/apply.ts'
import { type Account, accountOf, type Book, emptyBook, lineWith } from '../../../src/core/ledger/book.ts'
import type { Line } from '../../../src/core/line.ts'
import { encodeTerms } from '../../../src/core/terms.ts'
import { encodeOrder, type Order, orderId } from '../../../src/core/transfer/order.ts'
import { leafHash } from '../../../src/log/merkle.ts'

/** Bytes of this length whose last ones spell the number. */
export function bytesOf(length: number, number: number): Bytes {
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setUint32(length - 4, number)
  return bytes
}

export const id16 = (number: number): Bytes => bytesOf(16, number)
export const id20 = (number: number): Bytes => bytesOf(20, number)
export const id32 = (number: number): Bytes => bytesOf(32, number)

/** Seconds at which test logs begin: some day in 2026. */
export const START = 1_774_000_000
export const TODAY = Math.floor(START / 86_400)

export const RULES: Body<'rules'> = {
  version: 1,
  classes: [
    { class: 1, stopLow: null, nudgeLow: -1_200, nudgeHigh: 1_200, stopHigh: null },
    { class: 2, stopLow: null, nudgeLow: -1_200, nudgeHigh: 1_200, stopHigh: null },
    { class: 3, stopLow: -60_000, nudgeLow: -30_000, nudgeHigh: 30_000, stopHigh: 60_000 },
    { class: 4, stopLow: -6_000, nudgeLow: -6_000, nudgeHigh: 0, stopHigh: 0 },
  ],
  crossingLow: -2_400,
  rounding: 15,
  secondOver: null,
  publicEntries: false,
  sealEvery: 0,
  retentionMonths: 84,
  smallestCell: 5,
  confirmDays: 14,
}

export const COORDINATOR = id16(900)
export const FUND = id16(800)

/** A log and the book it makes. */
export class BookLog {
  readonly book: Book = emptyBook()
  readonly placed: Placed[] = []
  time = START

  /** A bank with rules, card, community pot and one coordinator. */
  static founded(seed: number, rules: Partial<Body<'rules'>> = {}): BookLog {
    const log = new BookLog()
    log.add('found', {
      nonce: id32(seed),
      name: `Bank ${seed}`,
      logKey: sha256(id32(seed)),
      recoveryHash: id32(2),
      unit: 1,
    })
    log.add('rules', { ...RULES, ...rules })
    log.add('card', { name: `Bank ${seed}`, witnessKey: id32(3), peerId: id16(4), publicUrl: null })
    log.add('acct.open', { acct: FUND, class: 3, nonce: id16(5) })
    log.add('role.grant', { actor: COORDINATOR, role: 1, ownAcct: null, until: null, nonce: id16(6) })
    return log
  }

  /** Writes an entry that must pass. Gives its index. */
  add<K extends Kind>(kind: K, body: Body<K>): number {
    const broken = this.try(kind, body)
    must(broken === null, `the entry is in order: ${broken}`)
    return this.book.size - 1
  }

  /** Writes an entry, or gives the rule that it breaks. */
  try<K extends Kind>(kind: K, body: Body<K>): string | null {
    const raw = encodeEntry({ kind, time: this.time, body } as EntryOf<K>)
    const read = decodeEntry(raw)
    must(read.ok, `the entry can be read: ${read.ok ? '' : read.problem}`)
    const one = { entry: read.entry, raw, leaf: leafHash(raw) }
    const broken = apply(this.book, one)
    if (broken === null) this.placed.push(one)
    return broken
  }

  ref(index: number): Ref {
    const { leaf } = this.placed[index] as Placed
    const { epoch, start } = this.book.epochs.findLast((one) => one.start <= index) ?? { epoch: 0, start: 0 }
    return { bank: this.book.bank, epoch, index: index - start, leaf }
  }

  account(id: Bytes): Account {
    const account = accountOf(this.book, id)
    must(account !== null, 'the account exists')
    return account
  }

  member(number: number): Bytes {
    this.add('acct.open', { acct: id16(number), class: 1, nonce: id16(number + 5_000) })
    return id16(number)
  }

  line(peer: BookLog): Line {
    const line = lineWith(this.book, peer.book.bank)
    must(line !== null, 'there is a line')
    return line
  }
}

/** A coordinator's word for an account, or for a whole sheet. */
export function word(onBehalfOf: Bytes | null, more: Partial<Auth & { form: 2 }> = {}): Auth {
  return { form: 2, actor: COORDINATOR, onBehalfOf, reason: 2, second: null, ...more }
}

/** A member who was signed in, for the own account or for somebody else's. */
export function session(acct: Bytes, onBehalfOf: Bytes | null = null): Auth {
  return { form: 3, acct, onBehalfOf, method: 1 }
}

/** Terms of a line between two banks; minutes that the first and the second may owe. */
export function termsBetween(a: BookLog, b: BookLog, aMayOwe: number, bMayOwe: number, nonce = 1): Bytes {
  const aIsLower = compareBytes(a.book.bank, b.book.bank) < 0
  const limit = (minutes: number) => ({ minutes, openCap: 240, parkCap: 240 })
  return encodeTerms({
    version: 1,
    lower: aIsLower ? a.book.bank : b.book.bank,
    higher: aIsLower ? b.book.bank : a.book.bank,
    lowerMayOwe: limit(aIsLower ? aMayOwe : bMayOwe),
    higherMayOwe: limit(aIsLower ? bMayOwe : aMayOwe),
    statementEvery: 0,
    nonce: id16(nonce),
  })
}

/** Opens a line in both books; gives its terms. */
export function joinBanks(a: BookLog, b: BookLog, aMayOwe = 600, bMayOwe = 600): Bytes {
  const terms = termsBetween(a, b, aMayOwe, bMayOwe)
  const proposed = a.add('line.open', { terms, peerEntry: null })
  const accepted = b.add('line.open', { terms, peerEntry: a.ref(proposed) })
  a.add('line.open', { terms, peerEntry: b.ref(accepted) })
  return terms
}

export function orderFrom(
  from: { bank: BookLog; account: Bytes },
  to: { bank: BookLog; handle: Bytes },
  minutes: number,
  more: Partial<Order> = {},
): Order {
  return {
    version: 1,
    payerBank: from.bank.book.bank,
    payer: from.account,
    payeeBank: to.bank.book.bank,
    handle: to.handle,
    minutes,
    category: 7,
    day: TODAY,
    commitment: id32(70),
    decideBy: from.bank.time + 3_600,
    postal: false,
    invoice: null,
    refs: [],
    nonce: id16(71),
    ...more,
  }
}

/** Body of the hold of an order. */
export function holdOf(bank: BookLog, payee: BookLog, order: Order, aid = id32(42)): Body<'pay.hold'> {
  const line = bank.line(payee)
  return {
    order: encodeOrder(order),
    aid,
    mode: order.postal ? 2 : order.invoice === null ? 1 : 4,
    channel: 2,
    auths: [word(order.payer)],
    parts: [{ line: line.id, lineVersion: line.out.version, minutes: order.minutes }],
  }
}

export const idOf = (order: Order): Bytes => orderId(encodeOrder(order))

/** Body of the next commit of a held payment. */
export function commitOf(bank: BookLog, payee: BookLog, id: Bytes): Body<'pay.commit'> {
  const line = bank.line(payee)
  const held = bank.book.asPayer.get(id)
  must(held !== null, 'the payment is held')
  const { aid, minutes, decideBy } = held
  const part = {
    line: line.id,
    minutes,
    outSeq: line.out.seq + 1,
    outSum: line.out.sum + minutes,
    prevOut: line.out.chain,
  }
  return { id, aid, minutes, decideBy, bundle: held.mode === 1 ? id32(43) : null, parts: [part] }
}

export function promiseOf(
  bank: BookLog,
  payer: BookLog,
  terms: { id: Bytes; payee: Bytes; minutes: number },
  more: Partial<Body<'rcv.promise'>> = {},
): Body<'rcv.promise'> {
  const line = bank.line(payer)
  const { id, payee, minutes } = terms
  return {
    id,
    aid: id32(42),
    payee,
    minutes,
    category: 7,
    day: TODAY,
    decideBy: bank.time + 3_600,
    parts: [{ line: line.id, lineVersion: line.in.version, minutes, offerHash: id32(44) }],
    ...more,
  }
}

export function creditOf(
  bank: BookLog,
  payer: BookLog,
  terms: { id: Bytes; payee: Bytes; minutes: number },
  more: Partial<Body<'rcv.credit'>> = {},
): Body<'rcv.credit'> {
  const line = bank.line(payer)
  const { id, payee, minutes } = terms
  return {
    id,
    aid: id32(42),
    payee,
    minutes,
    category: 7,
    day: TODAY,
    commit: { bank: payer.book.bank, epoch: 0, index: 77, leaf: id32(line.in.seq + 1_000) },
    parts: [{ line: line.id, minutes, inSeq: line.in.seq + 1, postRef: null }],
    ...more,
  }
}

/** Intent bytes of help: minutes by account. */
export function intentOf(
  bank: BookLog,
  legs: readonly (readonly [Bytes, number])[],
  more: { day?: number; nonce?: number; bank?: Bytes } = {},
): Bytes {
  return encodeIntent({
    version: 1,
    bank: more.bank ?? bank.book.bank,
    day: more.day ?? TODAY,
    category: 3,
    legs: legs.map(([acct, minutes]) => ({ acct, minutes })),
    commitment: id32(60),
    nonce: id16(more.nonce ?? 61),
  })
}

/** Everything a book knows, as plain data: two equal ones answer every question alike. */
export function snapshot(book: Book): unknown {
  const plain = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
    if (value instanceof Map) return [...value].map(([key, one]) => [key, plain(one)])
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
  }
  const rows = <S extends string>(payments: Book['asPayer'] | Book['asPayee']): unknown[] => {
    const all: unknown[] = []
    for (let row = 0; row < payments.size; row++) all.push(plain(payments.at(row)))
    const open = [...(payments.open() as Iterable<{ id: Bytes; state: S }>)].map(({ id }) => plain(id))
    return [all, open]
  }
  const { asPayer, asPayee, exchanges, postings, accounts, accountIds, ...rest } = book
  const ids = [exchanges, accountIds].map((table) =>
    Array.from({ length: table.size }, (_, row) => plain(table.at(row))),
  )
  const records = Array.from({ length: exchanges.size }, (_, row) => [
    exchanges.indexOf(row),
    exchanges.isOpening(row),
    exchanges.legsOf(row),
    exchanges.reversedAt(row),
    exchanges.replacedBy(row),
  ])
  const moved = accounts.map(({ lastPosting }) => [...postings.newestFirst(lastPosting)])
  return [plain(rest), plain(accounts), moved, postings.size, ids, records, rows(asPayer), rows(asPayee)]
}

/** A key that may be used, for entries whose key is looked at. */
export function usableKey(): Bytes {
  const key = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex')
  must(verifyingKey(new Uint8Array(key)) !== null, 'the first key of RFC 8032 may be used')
  return new Uint8Array(key)
}

/** Tries an entry that must break this rule, and must leave the book as it was. */
export function expectRefused<K extends Kind>(log: BookLog, kind: K, body: Body<K>, rule: RegExp): void {
  const before = snapshot(log.book)
  const broken = log.try(kind, body)
  expect(broken ?? 'accepted', kind).toMatch(rule)
  expect(snapshot(log.book)).toEqual(before)
}
