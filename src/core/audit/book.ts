/**
 * What does the judge remember of one log? Balances, lines and payments, rebuilt from the entries alone and apart
 * from the node's own reducer, so that the two can disagree ([AUD-2]).
 *
 * A log has millions of entries, so nothing is kept per entry but its time; one small object is kept per payment.
 */

import type { Cbor } from '../codec.ts'
import type { Body, Kind, Ref } from '../entry.ts'
import type { Bytes } from '../ids.ts'
import type { Terms } from '../terms.ts'
import type { EntryRule, Facts, Finding, Place, SignatureCheck } from './finding.ts'
import { Records } from './records.ts'

/** Bytes as a map key, one character each. */
export type Key = string

export function keyOf(bytes: Bytes): Key {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The bytes behind a key. */
export function bytesOf(key: Key): Bytes {
  return new Uint8Array(Buffer.from(key, 'latin1'))
}

/** The hex form in which findings name an id. */
export function hexOf(key: Key): string {
  return Buffer.from(key, 'latin1').toString('hex')
}

export interface Account {
  readonly key: Key
  /** 1 member, 2 organisation, 3 fund, 4 netting, 5 before. */
  readonly class: number
  /** Minutes; + means that the bank owes the holder. */
  balance: number
  closed: boolean
  suspended: boolean
  /** Payments held for or promised to this account. */
  open: number
  /** Minutes promised to this account and not yet credited. */
  promised: number
  /** Devices that are registered now. */
  devices: number
}

export interface Device {
  readonly account: Account
  readonly key: Bytes
  removed: boolean
}

export interface Grant {
  readonly role: number
  readonly ownAccount: Key | null
  readonly until: number | null
  revoked: boolean
}

/** One limit the peer may owe us under, and the first of its outgoing numbers it holds for. */
export interface LimitStep {
  readonly version: number
  readonly minutes: number
  readonly fromSeq: number
}

/** A `line.limit` entry as logged; two logs are compared by these. */
export interface LimitEntry {
  readonly index: number
  readonly direction: number
  readonly version: number
  readonly minutes: number
  readonly cited: Cited | null
}

/** The entry of another log that an entry names: its bank is that of the line, its epoch as given. */
export interface Cited {
  readonly epoch: number
  readonly index: number
  readonly leaf: Key
}

/** A `line.close` entry as logged. */
export interface CloseEntry {
  readonly index: number
  readonly cause: number
  readonly lastStatement: number
  readonly cited: Cited | null
}

export interface Line {
  readonly key: Key
  readonly peer: Key
  readonly terms: Terms
  state: 'proposed' | 'open' | 'closing' | 'dead' | 'closed'
  frozen: boolean
  /** Leaf hash of the peer's `rotate.in` that was refused. */
  refused: Key | null
  /** Epochs of the peer's log that `seen` entries name, each with the index of the first that does. */
  readonly peerEpochs: { readonly epoch: number; readonly from: number }[]
  /** The peer's `rotate.in` entries that the board accepted. */
  readonly accepted: { readonly index: number; readonly cited: Cited }[]
  /** Time of the newest entry that shows a word of the peer. */
  heard: number
  /** Own `line.open` entries with what they cite. */
  readonly opens: { readonly index: number; readonly cited: Cited | null }[]
  readonly limits: LimitEntry[]
  readonly closes: CloseEntry[]
  /** Minutes we owe the peer, posted. */
  clr: number
  /** Claims that were given up, in all; what nobody has borne of them yet (below 0), and what came back of it. */
  writtenOff: number
  susp: number
  /** Payments that wait for an answer, in either role. */
  open: number
  /** Outgoing chain: last number, sum of minutes, leaf hash of the last post. */
  outSeq: number
  outSum: number
  outLeaf: Key
  /** Minutes held for payments over this line. */
  reserved: number
  /** Own posted minutes whose receipt is held and that did not come back. */
  receipted: number
  /** Last of the peer's numbers that was consumed, minutes credited, minutes promised. */
  inSeq: number
  credited: number
  promised: number
  /** What we may owe: version and minutes in force. */
  mayOwe: { version: number; minutes: number }
  /** What the peer may owe, step by step; the last is in force. */
  readonly peerMayOwe: LimitStep[]
  /** A step that the peer has not acknowledged to us yet. */
  pending: { readonly version: number; readonly minutes: number } | null
}

/** A payment at the payer's bank. Indices are -1 where there is no such entry. */
export interface Sent {
  readonly id: Key
  readonly aid: Key
  readonly line: Line | null
  readonly payer: Account | null
  readonly minutes: number
  readonly category: number
  readonly day: number
  readonly decideBy: number
  /** As in the log: 1 direct, 2 postal, 4 by invoice. */
  readonly mode: number
  /** The request it cites, and the handle it names as the payee. */
  readonly invoice: { readonly cited: Cited; readonly handle: Key } | null
  hold: number
  commit: number
  abort: number
  cover: number
  returned: number
  done: number
  outSeq: number
  bundle: Key | null
  waive: Cited | null
  credit: Cited | null
}

/** One attempt of a payment at the payee's bank. Indices are -1 where there is no such entry. */
export interface Received {
  readonly id: Key
  readonly aid: Key
  readonly line: Line
  readonly payee: Account | null
  readonly minutes: number
  readonly category: number
  readonly day: number
  /** Deadline named in the promise; 0 without one. */
  readonly decideBy: number
  promise: number
  credit: number
  waive: number
  release: number
  bounce: number
  /** The peer's number that was consumed, and the commit named with it. */
  inSeq: number
  commit: Cited | null
  evidence: Cited | null
  /** An earlier attempt of the same payment. */
  readonly earlier: Received | null
}

/** A request that this bank endorsed. */
export interface Invoice {
  readonly handle: Key
  /** Null when it was left open. */
  readonly minutes: number | null
  readonly expires: number
  readonly uses: number
}

/** A head of another bank as a `seen` entry quotes it. */
export interface SeenHead {
  readonly index: number
  readonly head: Body<'seen'>
}

/** One epoch of a log: entries there were before it, and how the one before it ended. */
export interface EpochStart {
  readonly epoch: number
  readonly start: number
  readonly past: { readonly size: number; readonly root: Bytes } | null
  /** As its first entry names it; null before that is read. */
  readonly key: Bytes | null
}

/** Every index in a book counts through all epochs of the log; `placeOf` says where that is. */
export interface Book {
  readonly bank: Bytes
  /** At least one; the last is the one being read. */
  readonly epochs: EpochStart[]
  recoveryHash: Bytes | null
  /** The `rotate.out` that ended the present epoch. */
  ending: Body<'rotate.out'> | null
  name: string
  rules: Body<'rules'> | null
  /** Times of all entries, by index. */
  readonly times: number[]
  readonly accounts: Map<Key, Account>
  readonly devices: Map<Key, Device>
  readonly grants: Map<Key, Grant[]>
  /** The first account of class fund: the community pot. */
  fund: Account | null
  /** Minutes between hold and decision. */
  held: number
  readonly exchanges: Records<Account>
  readonly lines: Map<Key, Line>
  readonly sent: Map<Key, Sent>
  /** The latest attempt of each payment; earlier ones hang on it. */
  readonly received: Map<Key, Received>
  /** Endorsed requests by the index of their entry, and their handles. */
  readonly invoices: Map<number, Invoice>
  readonly invoiceHandles: Set<Key>
  readonly seen: SeenHead[]
  /** Entries about a payment, or else a line, that break a rule: by kind and hex id. They were signed all the same. */
  readonly broken: Map<string, number[]>
  /** How acts were agreed to: by device, by a coordinator's word, by a member who was signed in. */
  readonly acts: { device: number; coordinator: number; session: number }
}

/** Where the judge turns for what it may not do itself, and what it hands out. */
export interface Bench {
  /** The value of tb-cbor bytes, or undefined when they are none. */
  decode(bytes: Bytes): Cbor | undefined
  report(finding: Finding): void
  /** Signatures are handed out, because verifying them is the long part and may be done elsewhere. */
  verify(check: SignatureCheck): void
}

/** One entry being judged. */
export interface Step {
  readonly book: Book
  readonly bench: Bench
  readonly index: number
  readonly kind: Kind
  readonly time: number
  readonly leaf: Bytes
  /** Sum of the postings so far; must be 0 at the end of the entry. */
  posted: number
}

export function openBook(bank: Bytes, epoch: number): Book {
  return {
    bank,
    epochs: [{ epoch, start: 0, past: null, key: null }],
    recoveryHash: null,
    ending: null,
    name: '',
    rules: null,
    times: [],
    accounts: new Map(),
    devices: new Map(),
    grants: new Map(),
    fund: null,
    held: 0,
    exchanges: new Records(),
    lines: new Map(),
    sent: new Map(),
    received: new Map(),
    invoices: new Map(),
    invoiceHandles: new Set(),
    seen: [],
    broken: new Map(),
    acts: { device: 0, coordinator: 0, session: 0 },
  }
}

/** The log, epoch and index of an entry. */
export function placeOf(book: Book, at: number): Place {
  const { epoch, start } = book.epochs.findLast((one) => one.start <= at) ?? (book.epochs[0] as EpochStart)
  return { bank: book.bank, epoch, index: at - start }
}

/** Where the entry that is named stands in this book; -1 for one its epoch does not have, null for an unknown epoch. */
export function positionOf(
  book: Book,
  named: { readonly epoch: number; readonly index: number },
): number | null {
  const found = book.epochs.findIndex(({ epoch }) => epoch === named.epoch)
  if (found < 0) return null
  const end = book.epochs[found + 1]?.start ?? book.times.length
  const at = (book.epochs[found] as EpochStart).start + named.index
  return at < end ? at : -1
}

/** Reports a broken rule at the entry being judged. */
export function say(step: Step, rule: EntryRule, facts: Facts = {}, other: Place | null = null): void {
  const { broken } = step.book
  const about = facts.id ?? facts.line
  if (about !== undefined) {
    const key = `${step.kind} ${about}`
    const known = broken.get(key)
    if (known === undefined) broken.set(key, [step.index])
    else known.push(step.index)
  }
  step.bench.report({ rule, ...placeOf(step.book, step.index), facts, other })
}

/** Entries of a kind about a payment or a line that break a rule: whoever believed one of them is not to blame. */
export function brokenEntries(book: Book, kind: Kind, id: string): readonly number[] {
  return book.broken.get(`${kind} ${id}`) ?? []
}

export function postAccount(step: Step, account: Account, minutes: number): void {
  account.balance += minutes
  step.posted += minutes
}

export function postHeld(step: Step, minutes: number): void {
  step.book.held += minutes
  step.posted += minutes
}

export function postLine(step: Step, line: Line, minutes: number): void {
  line.clr += minutes
  step.posted += minutes
}

export function postSuspense(step: Step, line: Line, minutes: number): void {
  line.susp += minutes
  step.posted += minutes
}

/** The account, or null with a finding when no such account was opened. */
export function findAccount(step: Step, bytes: Bytes): Account | null {
  const key = keyOf(bytes)
  const account = step.book.accounts.get(key)
  if (account === undefined) say(step, 'AUD-2.account_unknown', { account: hexOf(key) })
  return account ?? null
}

/** The line, or null with a finding when no such line was ever opened here; `facts` name the payment it is about. */
export function findLine(step: Step, bytes: Bytes, facts: Facts = {}): Line | null {
  const key = keyOf(bytes)
  const line = step.book.lines.get(key)
  if (line === undefined) say(step, 'AUD-6.line_unknown', { ...facts, line: hexOf(key) })
  return line ?? null
}

/** What an entry cites of the peer's log, which the peer must have said; a reference to any other bank is a finding. */
export function cite(step: Step, line: Line, ref: Ref): Cited {
  if (keyOf(ref.bank) !== line.peer) {
    say(
      step,
      'AUD-4.wrong_bank_cited',
      { line: hexOf(line.key) },
      { bank: ref.bank, epoch: ref.epoch, index: ref.index },
    )
  }
  line.heard = step.time
  return { epoch: ref.epoch, index: ref.index, leaf: keyOf(ref.leaf) }
}

/** The attempt of a payment with this attempt id, newest first. */
export function attemptOf(book: Book, id: Key, aid: Key): Received | null {
  for (let one = book.received.get(id) ?? null; one !== null; one = one.earlier)
    if (one.aid === aid) return one
  return null
}
