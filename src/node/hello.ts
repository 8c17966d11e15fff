/**
 * How do two banks find out, after any interruption, what each still needs from the other? HELLO names counters and
 * open ids; the answer costs work in proportion to what is open, not to history ([LINE-9], [R8]).
 */

import { type Bytes, parseOrigin, sameBytes, toHex } from '../core/ids.ts'
import { type Book, lineOfPeer, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { isLive, type Line } from '../core/line.ts'
import { type Head, peekOrigin } from '../log/checkpoint.ts'
import type { MessageOf } from '../peer/messages.ts'
import { lineMessages } from './lines.ts'
import type { Neighbour } from './neighbour.ts'
import {
  answerAsPayee,
  answerAsPayer,
  askAbout,
  type Outgoing,
  plainMessage,
  postingMessage,
} from './outbox.ts'
import { FIRST_COMMIT, type OwnLog } from './own-log.ts'

const NO_CHAIN = new Uint8Array(32)

/** What we say first on a session; `now` in seconds. */
export function helloOf(book: Book, neighbour: Neighbour, now: number): MessageOf<'hello'> {
  const line = lineWith(book, neighbour.bank)
  return {
    name: 'hello',
    line: line?.id ?? null,
    outSeq: line?.out.seq ?? 0,
    outChain: line?.out.chain ?? NO_CHAIN,
    inSeq: line?.in.seq ?? 0,
    inChain: line?.in.chain ?? NO_CHAIN,
    yours: neighbour.held?.note ?? null,
    now,
    open: line === null ? [] : openIds(book, line),
  }
}

function openIds(book: Book, line: Line): Bytes[] {
  const ids: Bytes[] = []
  for (const payment of book.asPayer.open()) {
    if (payment.line === line.number && ids.length < LIMITS.openIdsPerLine) ids.push(payment.id)
  }
  return ids
}

export interface HeardHello {
  /** A head that our own key signed and our tree does not have: we lost entries. */
  readonly larger: Head | null
  /** It names a head of an epoch that our log does not have, and will show how our key has changed: no answer yet. */
  readonly later: boolean
  /** Size of our head from which proofs to this neighbour start; 0 when it holds none. */
  readonly linked: number
  /** What it needs now, in order. */
  readonly messages: readonly Outgoing[]
  /** Ids of ours that wait for its answer. */
  readonly waiting: readonly Bytes[]
  /** Its counters contradict what our log and its artefacts say. */
  readonly breach: string | null
}

export interface Hearing {
  readonly book: Book
  readonly own: OwnLog
  readonly neighbour: Neighbour
  readonly hello: MessageOf<'hello'>
  readonly head: Head | null
}

/** What follows from the neighbour's HELLO. */
export function hearHello({ book, own, neighbour, hello, head }: Hearing): HeardHello {
  const named = hello.yours === null ? null : own.open(hello.yours)
  if (named !== null && named.epoch < own.epoch) return heardOld({ book, own, neighbour, hello, head }, named)
  const theirs = named?.head ?? null
  const nothing = { messages: [], waiting: [], breach: null, later: false }
  if (isOfLaterEpoch(book, own, hello.yours)) return { ...nothing, later: true, larger: null, linked: 0 }
  if (
    theirs !== null &&
    (head === null || theirs.size > head.size || !own.hadRoot(theirs.size, theirs.root))
  ) {
    return { ...nothing, larger: theirs, linked: 0 }
  }
  return heardOn({ book, own, neighbour, hello, head }, { linked: theirs?.size ?? 0, first: [] })
}

/** A key that this log does not know has signed it, so it proves nothing by itself. */
function isOfLaterEpoch({ bank }: Book, own: OwnLog, note: Bytes | null): boolean {
  const origin = note === null ? null : peekOrigin(note)
  const named = origin === null ? null : parseOrigin(origin)
  return named !== null && sameBytes(named.bank, bank) && named.epoch > own.epoch
}

/**
 * It holds a head of an epoch that is over: the change of our key comes first, with the proof that the epoch went on
 * from that head to its end. What a larger one holds beyond it was not carried over, and its board has the word on that.
 */
function heardOld(hearing: Hearing, { head, epoch }: { head: Head; epoch: number }): HeardHello {
  const { own } = hearing
  const end = own.headOf(epoch)
  const known = head.size <= end.size && own.hadRoot(head.size, head.root, epoch)
  const rotation = rotationOf(own, known ? own.link(head.size, end.size, epoch) : null)
  return heardOn(hearing, { linked: FIRST_COMMIT, first: rotation === null ? [] : [rotation] })
}

/** How our log key has changed, for a neighbour to learn; null while we have had one key only. */
export function rotationOf(own: OwnLog, proof: readonly Bytes[] | null): Outgoing | null {
  const chain = own.rotations()
  return chain.length === 0 ? null : plainMessage({ name: 'rotation', bank: own.ref(0).bank, chain, proof })
}

function heardOn(
  { book, own, neighbour, hello }: Hearing,
  { linked, first }: { linked: number; first: readonly Outgoing[] },
): HeardHello {
  const nothing = { larger: null, later: false, linked, waiting: [], breach: null }
  const line = lineWith(book, neighbour.bank)
  const aboutLines = [
    ...first,
    ...closedLines(book, neighbour, hello),
    ...(line === null ? [] : lineMessages(line)),
  ]
  if (line === null || !isLive(line) || hello.line === null || !sameBytes(hello.line, line.id)) {
    return { ...nothing, messages: aboutLines }
  }
  const breach = countersContradict(own, line, hello)
  if (breach !== null) return { ...nothing, messages: aboutLines, breach }
  const { messages, waiting } = openMatters(book, own, line, hello)
  return { ...nothing, messages: [...aboutLines, ...messages], waiting }
}

/** The end of a line is said until the other bank has heard it: when it names that line, or we have no other. */
function closedLines(book: Book, neighbour: Neighbour, hello: MessageOf<'hello'>): Outgoing[] {
  const named = hello.line === null ? null : lineOfPeer(book, hello.line, neighbour.bank)
  const last = book.lines.findLast((line) => sameBytes(line.peer, neighbour.bank))
  const about = named?.state === 'closed' ? named : last
  return about?.state === 'closed' ? lineMessages(about) : []
}

/**
 * It cannot have consumed a posting that we never made, nor another one than ours. That it has posted less than we
 * consumed is its own lost tail: it learns of it from the head we name.
 */
function countersContradict(own: OwnLog, line: Line, hello: MessageOf<'hello'>): string | null {
  if (hello.inSeq > line.out.seq) return 'it consumed a posting that we never made'
  if (hello.inSeq === 0) return null
  const index = line.posts[hello.inSeq - 1] as number
  return sameBytes(own.ref(index).leaf, hello.inChain) ? null : 'it consumed another posting than ours'
}

/**
 * Postings it has not consumed, in order; then offers; then our answers to the ids that wait for us; then questions
 * about promises it does not count as open, for it has ended them while nobody was listening.
 */
function openMatters(
  book: Book,
  own: OwnLog,
  line: Line,
  hello: MessageOf<'hello'>,
): { messages: Outgoing[]; waiting: Bytes[] } {
  const { peer } = line
  const messages: (Outgoing | null)[] = []
  const waiting: Bytes[] = []
  const last = Math.min(line.out.seq, hello.inSeq + LIMITS.postingsRepeated)
  for (let seq = hello.inSeq + 1; seq <= last; seq++) messages.push(postingMessage(book, own, line, seq))
  for (const payment of book.asPayer.open()) {
    if (payment.line !== line.number) continue
    waiting.push(payment.id)
    if (payment.state === 'held') messages.push(answerAsPayer(book, own, payment.id, peer))
  }
  for (const id of hello.open) messages.push(answerAsPayee(book, id, peer))
  const listed = new Set(hello.open.map(toHex))
  for (const payment of book.asPayee.open()) {
    if (payment.line === line.number && !listed.has(toHex(payment.id))) messages.push(askAbout(payment))
  }
  return { messages: messages.filter((one) => one !== null), waiting }
}
