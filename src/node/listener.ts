/**
 * What does a message of a neighbour make us do? Each becomes one decision for the writer; its answer is the entry
 * that was written, or the one that had been written before ([PAY-4]).
 */

import type { EntryOf } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, REFUSALS, type RefusalCode } from '../core/refusal.ts'
import { orderId } from '../core/transfer/order.ts'
import { type Head, type HeadRelation, sameHead } from '../log/checkpoint.ts'
import { presentOf, readLineage } from '../log/lineage.ts'
import type { Message, MessageOf } from '../peer/messages.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Allowance } from './allowance.ts'
import type { Committed, Writer } from './commit.ts'
import { Enquiries, isEnquiry } from './enquiries.ts'
import type { Gate } from './gate.ts'
import type { Handles } from './handles.ts'
import { hearHello } from './hello.ts'
import { decideLineEntry, type LineAnswer, lineReply } from './line-entries.ts'
import { decidePause, type Proposal } from './lines.ts'
import {
  contradictingHeadRows,
  headRows,
  heardRow,
  lineageRow,
  type Neighbour,
  neighbourRow,
  seenDraft,
} from './neighbour.ts'
import { answerAsPayee, answerAsPayer, type Outgoing, offerHashOf, plainMessage } from './outbox.ts'
import type { OwnLog } from './own-log.ts'
import { decideDecline, decidePromise, decideReceipt, decideWaiver } from './pay.ts'
import type { Clock, Report } from './ports.ts'
import { decideAbortSeen, decideCommit, decideOffer, type Receiving } from './receive.ts'
import type { Reception } from './reception.ts'
import { decideRecall } from './renounce.ts'
import { decideRefuseRotation, weighRotation } from './rotation.ts'
import type { PeerSession, ReadFrame, TheirEntry } from './session.ts'

export interface LinkParts {
  readonly neighbour: Neighbour
  /** What this neighbour may still make us write. */
  readonly allowance: Allowance
  readonly book: Book
  readonly writer: Writer
  readonly own: OwnLog
  readonly store: Store
  readonly handles: Handles
  readonly gate: Gate
  readonly clock: Clock
  readonly report: Report
  readonly frameMessages: number
  /** Null where nobody knows our people: then nobody is found, and no words are sent. */
  readonly reception: Reception | null
  /** A proposal that waits for the operator, with the invitation's token if it has one. */
  readonly onProposal: (proposal: Proposal, token: Bytes | null) => Promise<'kept' | 'accepted' | 'busy'>
  /** The proposal of this line was withdrawn by the bank that made it. */
  readonly onWithdrawn: (peer: Bytes, line: Bytes) => Promise<void>
  readonly onFatal: (fault: unknown) => void
}

/** What the link is told about what waits. */
export interface Waiting {
  /** This id was said to the neighbour and waits for it. */
  said(id: Bytes): void
  /** This id waits for the neighbour no more. */
  settled(id: Bytes): void
  /** Something could not be served now; the neighbour must say it again. */
  missed(): void
  /** The neighbour takes no line entries for so many seconds. */
  busyWithLines(seconds: number): void
  /** The message, with the token of the invitation it answers. */
  withToken(outgoing: Outgoing): Outgoing
}

/** A bank without a line is heard for these alone ([ADMIT-3]). */
const HEARD_FROM_ALL: ReadonlySet<Message['name']> = new Set(['hello', 'rotation', 'busy', 'nothing', 'line'])

/** Numbers of messages, for BUSY. */
const NUMBER = { hello: 1, ask: 3, offer: 10, promise: 11, commit: 13, line: 30 } as const

/** The bank as a whole cannot decide now: an offer may come again, and nothing speaks against it. */
const NOT_NOW: ReadonlySet<RefusalCode> = new Set([
  'log_behind_guard',
  'log_behind_neighbour',
  'start_waits',
  'clock_unsure',
  'disk_low',
  'too_busy',
])

/** Our own log lacks entries that we once signed. */

type Decision = ReturnType<Writer['commit']>

export class Listener {
  readonly #parts: LinkParts
  readonly #waiting: Waiting
  readonly #neighbour: Neighbour
  readonly #allowance: Allowance
  /** What is said about people who are about to pay. */
  readonly enquiries: Enquiries
  /** Rules the neighbour broke in this run; each is reported once. */
  readonly #breaches = new Set<string>()
  /** Head whose row is on the disk, and when it was last written (seconds on the machine's counter). */
  #storedHead: Head | null
  #storedAt = Number.NEGATIVE_INFINITY
  #greetedAt = Number.NEGATIVE_INFINITY
  /** When it was here, as far as the disk knows; seconds of log time. */
  #storedHeardAt: number
  /** How the newest head it showed relates to the ones before. */
  #relation: HeadRelation | null = null
  /** Place of the newest entry by which the neighbour paused or resumed the line. */
  #pausedAt = { epoch: 0, index: -1 }
  /** Proof that the epoch we know went on to its end, from the neighbour; and whether a commit about it is under way. */
  #rotationProof: readonly Bytes[] | null = null
  #settling = false

  constructor(parts: LinkParts, waiting: Waiting) {
    this.#allowance = parts.allowance
    this.#parts = parts
    this.#waiting = waiting
    this.#neighbour = parts.neighbour
    this.enquiries = new Enquiries(parts, (what) => this.#isNews(what))
    this.#storedHead = parts.neighbour.held
    this.#storedHeardAt = parts.neighbour.heardAt
  }

  /** We never had a line with this bank. */
  get isStranger(): boolean {
    const { book } = this.#parts
    return !book.lines.some((line) => sameBytes(line.peer, this.#neighbour.bank))
  }

  /** The newest head it showed continues the history we knew. */
  get headAgrees(): boolean {
    return this.#relation === 'same' || this.#relation === 'extends'
  }

  get receiving(): Receiving {
    const { handles, reception } = this.#parts
    return { handles, reception, rows: this.#headRows }
  }

  /** What is wrong with this frame from this bank, or null. */
  refusal(frame: ReadFrame): string | null {
    const stranger = this.isStranger
    for (const message of frame.messages) {
      if (stranger && !HEARD_FROM_ALL.has(message.name)) return `a ${message.name} of a bank without a line`
      if (!namesItsEntries(message, frame)) return `a ${message.name} names no such entry`
    }
    return null
  }

  /** Serves a frame that is not refused. All its decisions join one commit; resolves when all are answered. */
  async serve(session: PeerSession, frame: ReadFrame): Promise<void> {
    // Put in line before what the frame asks for: a head that contradicts another stops new hours first.
    const pending: Promise<unknown>[] = [this.#weighHead(frame)]
    for (const message of frame.messages) pending.push(this.#hear(session, message, frame))
    await Promise.all(pending)
  }

  /** A head that contradicts the one we hold stops new hours on the line; artefacts under it bind all the same. */
  async #weighHead({ relation, head, linked }: ReadFrame): Promise<void> {
    const neighbour = this.#neighbour
    if (head === null || relation === null) return
    const held = neighbour.held
    this.#relation = relation
    const sameLog = held === null || held.origin === head.origin
    if (relation === 'extends' && sameLog && head.size > (held?.size ?? 0)) neighbour.held = head
    if (relation === 'unproven' && linked)
      this.#parts.report('head_not_proven', { neighbour: toHex(neighbour.bank), size: head.size })
    if (relation !== 'fork' || !this.#isNews('two histories')) return
    const freeze = decidePause(neighbour.bank, 3)
    await this.#parts.writer.commit((book, now) => {
      const rows = contradictingHeadRows(neighbour, head)
      const frozen = freeze(book, now)
      return accept({ entries: frozen.ok ? frozen.value.entries : [], rows, value: null })
    })
  }

  /**
   * Takes over a change of the neighbour's log key, once it is proven to go on from the head we hold. One that leaves out
   * what the neighbour had signed stops new hours until our board accepts it; artefacts bind all the same ([KEY-5]).
   */
  async settleRotation(): Promise<void> {
    const { gate, writer, report } = this.#parts
    const neighbour = this.#neighbour
    const found = weighRotation(neighbour, this.#rotationProof)
    // A proof from another head than the one we hold by now proves nothing: HELLO names ours again.
    if (found.finding === 'unproven' && this.#rotationProof !== null) this.#waiting.missed()
    if (found.finding === 'none' || found.finding === 'unproven') this.#rotationProof = null
    if (found.finding === 'none' || found.finding === 'unproven' || this.#settling) return
    if (gate.state() !== null) return
    this.#settling = true
    const { finding, by, next } = found
    const refused = by.began !== null && finding === 'contradicts' ? by.began.leaf : null
    // The head that was left out is evidence, and stays.
    const heads =
      refused === null ? headRows({ ...neighbour, held: next }, null) : contradictingHeadRows(neighbour, next)
    const rows = [lineageRow(neighbour), ...heads]
    const outcome = await writer.commit(
      refused === null
        ? () => accept({ entries: [], rows, value: null })
        : decideRefuseRotation(neighbour.bank, refused, rows),
    )
    this.#settling = false
    if (!outcome.ok) return
    neighbour.held = next
    this.#storedHead = next
    this.#rotationProof = null
    // Another epoch may have ended since, and the proof for that starts at the head that we hold now.
    if (weighRotation(neighbour, null).finding === 'unproven') this.#waiting.missed()
    const notice = refused === null ? 'key_changed' : 'recovery_refused'
    report(notice, { neighbour: toHex(neighbour.bank), epoch: by.epoch })
  }

  /** The neighbour holds epochs of our own log that this disk does not: it is an old copy. */
  #heardOfOurselves(chain: readonly Bytes[]): void {
    const { gate, book, own, writer } = this.#parts
    const { logKey, recoveryHash } = own.entryOf('found', 0).body
    const read = readLineage({ bank: book.bank, logKey, recoveryHash }, chain)
    const ours = own.epoch + 1
    const later = read.ok && read.lineage.epochs.length > ours ? read.lineage.epochs[ours] : undefined
    if (later?.began == null) return
    gate.partnerAnswered(this.#neighbour.bank, { larger: later.began.head, ours: writer.head?.size ?? 0 })
  }

  /** Rows of the newest head, once; they ride with the next thing that is written about this neighbour. */
  readonly #headRows = (): Write[] => {
    const rows = headRows(this.#neighbour, this.#storedHead)
    this.#storedHead = this.#neighbour.held
    this.#storedAt = this.#parts.clock.uptime()
    return rows
  }

  /**
   * The neighbour's head becomes durable even when nothing else is written, at most once a minute: it is what tells
   * the neighbour later that it lost a tail.
   */
  async keepHead(): Promise<void> {
    const { gate, clock, writer } = this.#parts
    const { held } = this.#neighbour
    const stored = held === null || (this.#storedHead !== null && sameHead(held, this.#storedHead))
    if (stored || clock.uptime() - this.#storedAt < LIMITS.headKeptSeconds || gate.state() !== null) return
    if (lineWith(this.#parts.book, this.#neighbour.bank) === null) return
    await writer.commit(() => accept({ entries: [], rows: this.#headRows(), value: null }))
  }

  /**
   * That it was here becomes durable once a day where the log does not say so, for the day on which its silence is
   * counted.
   */
  async keepHeard(): Promise<void> {
    const { gate, writer, book } = this.#parts
    const { bank, heardAt } = this.#neighbour
    const line = lineWith(book, bank)
    if (line === null || gate.state() !== null) return
    if (heardAt - Math.max(this.#storedHeardAt, line.heard) < LIMITS.heardKeptSeconds) return
    this.#storedHeardAt = heardAt
    await writer.commit(() => accept({ entries: [], rows: [heardRow(this.#neighbour)], value: null }))
  }

  #hear(session: PeerSession, message: Message, frame: ReadFrame): Promise<unknown> {
    const { writer, book } = this.#parts
    const peer = this.#neighbour.bank
    if (isEnquiry(message)) return this.enquiries.hear(session, message, frame)
    switch (message.name) {
      case 'hello':
        return this.#greet(session, message, frame)
      case 'rotation':
        if (!sameBytes(message.bank, peer)) {
          if (sameBytes(message.bank, book.bank)) this.#heardOfOurselves(message.chain)
          return done
        }
        this.#rotationProof = message.proof ?? this.#rotationProof
        return this.settleRotation()
      case 'offer':
        return this.#offered(session, message, frame)
      case 'decline':
        return this.#decided(
          writer.commit(decideDecline(peer, message, () => reasonRows(message.id, message.code))),
        )
      case 'promise':
      case 'ask':
        return this.#promised(session, message, frame)
      case 'commit': {
        const { entry, ref } = entryAt(frame, message.entry, 'pay.commit')
        const { id } = entry.body
        const words = this.enquiries.wordsOf(id)
        const taken = book.asPayee.stateOf(id) === 'none' ? 1 : 0
        if (taken === 1 && !this.#allowed(session, 'commit')) return done
        const commit = { entry, ref, order: message.order, words }
        const decision = writer.commit(decideCommit(peer, commit, this.receiving))
        return this.#answered(session, decision, () => answerAsPayee(book, id, peer), taken)
      }
      case 'abort': {
        const { entry, ref } = entryAt(frame, message.entry, 'pay.abort')
        return this.#decided(writer.commit(decideAbortSeen(entry.body, ref, this.receiving)))
      }
      case 'receipt': {
        const { entry, ref } = entryAt(frame, message.entry, 'rcv.credit')
        return this.#decided(writer.commit(decideReceipt(entry.body, ref, this.#headRows)))
      }
      case 'waive': {
        const { entry, ref } = entryAt(frame, message.entry, 'rcv.waive')
        return this.#decided(writer.commit(decideWaiver(entry.body, ref, this.#headRows)))
      }
      case 'recall':
        return this.#decided(writer.commit(decideRecall(peer, message.id, this.receiving)))
      case 'line':
        return this.#lineHeard(session, message, frame)
      case 'busy':
        if (message.about === NUMBER.hello) this.#waiting.missed()
        if (message.about === NUMBER.line) this.#waiting.busyWithLines(message.retrySeconds)
        this.enquiries.unanswered(message)
        return done
      case 'nothing':
        this.enquiries.unanswered(message)
        return done
    }
  }

  async #greet(session: PeerSession, hello: MessageOf<'hello'>, { past }: ReadFrame): Promise<void> {
    const { writer, own, gate, clock, book } = this.#parts
    const neighbour = this.#neighbour
    const first = !session.greeted
    session.greeted = true
    // An answer to HELLO is long: nobody makes us give one more often than once a second.
    if (!first && clock.uptime() - this.#greetedAt < LIMITS.resendFirstSeconds) {
      session.send(plainMessage({ name: 'busy', about: NUMBER.hello, retrySeconds: 1 }))
      return
    }
    this.#greetedAt = clock.uptime()
    const due = await writer.read(() => hearHello({ book, own, neighbour, hello, head: writer.head }))
    if (lineWith(book, neighbour.bank)?.state === 'open') gate.clockHeard(neighbour.bank, hello.now)
    // What we never posted, or have lost: a bank that may lack its end cannot tell. Whoever knows of it has not said that
    // it knows of nothing more.
    const maybeLost = due.breach !== null && gate.mayBeShort
    // A copy of our folder from before a change of our key must sign nothing before it has heard of that change.
    if (!due.later && !maybeLost)
      gate.partnerAnswered(neighbour.bank, { larger: due.larger, ours: writer.head?.size ?? 0 })
    if (due.larger !== null || due.later) return
    session.heardHello(due.linked)
    // It writes in an epoch that we know to be over: a copy of its folder from before the change of its key.
    const { bank, lineage } = neighbour
    if (past) session.send(plainMessage({ name: 'rotation', bank, chain: lineage.chain, proof: null }))
    for (const id of due.waiting) this.#waiting.said(id)
    session.send(...due.messages.map((one) => this.#waiting.withToken(one)))
    if (due.breach !== null && !maybeLost) await this.#breach(due.breach)
  }

  async #offered(session: PeerSession, offer: MessageOf<'offer'>, frame: ReadFrame): Promise<void> {
    const { writer, book } = this.#parts
    const { bank, key, lineage } = this.#neighbour
    const id = orderId(offer.order)
    const decline = (code: RefusalCode): void =>
      session.send(plainMessage({ name: 'decline', id, aid: offer.aid, code }))
    const pinned = offer.epoch === presentOf(lineage).epoch && sameBytes(offer.logKey, key.raw)
    if (!pinned) return decline('order_malformed')
    if (weighRotation(this.#neighbour, null).finding !== 'none') return this.#busy(session, 'offer')
    // Nothing new begins under a head that is not proven to extend the one we hold ([FORK-3]).
    const proven = frame.relation !== null && frame.relation !== 'unproven'
    if (!proven) return this.#busy(session, 'offer')
    if (!this.#allowance.left(this.#parts.clock.uptime())) return this.#busy(session, 'offer')
    const outcome = await writer.commit(decideOffer(bank, offer, this.receiving, seenDraft(this.#neighbour)))
    if (outcome.ok) {
      if (outcome.value.value === 'unchanged')
        session.send(
          (await writer.read(() => answerAsPayee(book, id, bank))) ?? plainMessage({ name: 'nothing', id }),
        )
    } else if (NOT_NOW.has(outcome.refusal.code)) this.#busy(session, 'offer')
    else decline(outcome.refusal.code)
  }

  /** A promise, or a question that shows one. */
  #promised(
    session: PeerSession,
    message: MessageOf<'promise'> | MessageOf<'ask'>,
    frame: ReadFrame,
  ): Promise<unknown> {
    const { writer, book, own } = this.#parts
    const place = message.name === 'ask' ? message.promise : message.entry
    const { entry, ref } = entryAt(frame, place, 'rcv.promise')
    const { id } = entry.body
    const taken = book.asPayer.stateOf(id) === 'none' ? 1 : 0
    if (taken === 1 && !this.#allowed(session, message.name)) return done
    const proof = {
      ref,
      offerHash: (payment: Parameters<typeof offerHashOf>[2]) => offerHashOf(book, own, payment),
    }
    const decision = writer.commit(decidePromise(entry.body, proof, this.#headRows))
    return this.#answered(session, decision, () => answerAsPayer(book, own, id, ref.bank), taken)
  }

  /** Sends the stored answer when nothing was written; what is written leaves by itself, as all that is recorded does. */
  async #answered(
    session: PeerSession,
    decision: Decision,
    answer: () => Outgoing | null,
    taken: 0 | 1,
  ): Promise<void> {
    const committed = await this.#decided(decision, taken)
    if (committed === null) return
    // An abort of an id that nobody ordered belongs to no line: only who asked is told (R7).
    const toldNobody = committed.recorded.some(({ entry }) => this.#isNeverOrdered(entry))
    const due = committed.value === 'unchanged' || toldNobody
    const outgoing = due ? await this.#parts.writer.read(answer) : null
    if (outgoing !== null) session.send(outgoing)
  }

  #isNeverOrdered(entry: Committed<unknown>['recorded'][number]['entry']): boolean {
    return entry.kind === 'pay.abort' && this.#parts.book.asPayer.get(entry.body.id)?.line === -1
  }

  /** What a decision came to; null when it could not be made now. `taken`: entries set aside for it. */
  async #decided(decision: Decision, taken: 0 | 1 = 0): Promise<Committed<unknown> | null> {
    const outcome = await decision
    if (!outcome.ok) {
      this.#allowance.spend([], taken)
      this.#waiting.missed()
      return null
    }
    const { value, recorded } = outcome.value
    const moved = recorded.map(({ entry }) => entry)
    const counted = moved.filter((entry) => entry.kind !== 'pay.abort' || this.#isNeverOrdered(entry))
    this.#allowance.spend(counted, taken)
    if (value === 'wait') this.#waiting.missed()
    if (value === 'breach' || value === 'contradicted')
      await this.#breach('terms that contradict what was signed')
    return outcome.value
  }

  /** Whether the neighbour may make us write one more entry today, which is then set aside; if not it is told. */
  #allowed(session: PeerSession, about: keyof typeof NUMBER): boolean {
    if (this.#allowance.take(this.#parts.clock.uptime())) return true
    this.#busy(session, about)
    return false
  }

  #busy(session: PeerSession, about: keyof typeof NUMBER): void {
    const retrySeconds = LIMITS.resendLongestSeconds
    session.send(plainMessage({ name: 'busy', about: NUMBER[about], retrySeconds }))
  }

  #isNews(what: string): boolean {
    if (this.#breaches.has(what)) return false
    this.#breaches.add(what)
    this.#parts.report('breach', { neighbour: toHex(this.#neighbour.bank), what })
    return true
  }

  /** The neighbour broke a rule: nothing new with it until its bank has been asked; what is signed is honoured. */
  async #breach(what: string): Promise<void> {
    this.#isNews(what)
    await this.#parts.writer.commit(decidePause(this.#neighbour.bank, 3))
  }

  async #lineHeard(session: PeerSession, message: MessageOf<'line'>, frame: ReadFrame): Promise<void> {
    const theirs = frame.entries[message.entry] as TheirEntry
    const { writer, book, report } = this.#parts
    const neighbour = this.#neighbour
    const taken = theirs.entry.kind === 'line.limit' ? 1 : 0
    if (taken === 1 && !this.#allowed(session, 'line')) return
    const seen = seenDraft(neighbour)
    const committed = await this.#decided(
      writer.commit(decideLineEntry(neighbour.bank, theirs, seen, this.#headRows)),
      taken,
    )
    if (committed === null) return
    if (committed.recorded.length > 0) report('line_changed', { neighbour: toHex(neighbour.bank) })
    const answer = committed.value as LineAnswer
    if (answer === 'later') this.#waiting.missed()
    if (answer === 'answer')
      session.send(...(await writer.read(() => lineReply(book, neighbour.bank, theirs))))
    await this.#noteLine(session, answer, theirs, message.token)
  }

  async #noteLine(
    session: PeerSession,
    answer: LineAnswer,
    { entry, ref }: TheirEntry,
    token: Bytes | null,
  ): Promise<void> {
    const { onProposal, onWithdrawn } = this.#parts
    const peer = this.#neighbour.bank
    if (answer === 'pausedThere' || answer === 'resumedThere')
      return this.#pausedThere(answer === 'pausedThere', ref)
    if (answer === 'withdrawn' && entry.kind === 'line.close') return onWithdrawn(peer, entry.body.line)
    if (answer !== 'proposal' || entry.kind !== 'line.open') return
    const kept = await onProposal({ peer, terms: entry.body.terms, ref }, token)
    if (kept === 'busy') this.#busy(session, 'line')
  }

  /** An older entry that comes again says nothing. */
  async #pausedThere(paused: boolean, { epoch, index }: TheirEntry['ref']): Promise<void> {
    const neighbour = this.#neighbour
    const last = this.#pausedAt
    const older = epoch < last.epoch || (epoch === last.epoch && index <= last.index)
    if (!older) this.#pausedAt = { epoch, index }
    if (older || neighbour.pausedThere === paused) return
    neighbour.pausedThere = paused
    await this.#parts.writer.commit(() =>
      accept({ entries: [], rows: [neighbourRow(neighbour)], value: null }),
    )
  }
}

const done = Promise.resolve()

/** The kind of entry each message names, and where. */
function namesItsEntries(message: Message, frame: ReadFrame): boolean {
  const kindAt = (place: number): string | undefined => frame.entries[place]?.entry.kind
  switch (message.name) {
    case 'promise':
      return kindAt(message.entry) === 'rcv.promise'
    case 'ask': {
      const found = frame.entries[message.promise]?.entry
      return found?.kind === 'rcv.promise' && sameBytes(found.body.id, message.id)
    }
    case 'commit':
      return kindAt(message.entry) === 'pay.commit'
    case 'abort':
      return kindAt(message.entry) === 'pay.abort'
    case 'receipt':
      return kindAt(message.entry) === 'rcv.credit'
    case 'waive':
      return kindAt(message.entry) === 'rcv.waive'
    case 'endorsed':
      return kindAt(message.entry) === 'rcv.invoice'
    case 'line':
      return kindAt(message.entry)?.startsWith('line.') === true
    default:
      return true
  }
}

/** The entry at this place, whose kind was looked at before. */
function entryAt<K extends 'rcv.promise' | 'pay.commit' | 'pay.abort' | 'rcv.credit' | 'rcv.waive'>(
  frame: ReadFrame,
  place: number,
  _kind: K,
): { entry: EntryOf<K>; ref: TheirEntry['ref'] } {
  const found = frame.entries[place] as TheirEntry
  return { entry: found.entry as EntryOf<K>, ref: found.ref }
}

/** Why the other bank did not take an offer, for the payer to read; a word that is none of ours is not kept. */
function reasonRows(id: Bytes, code: string): Write[] {
  if (!REFUSALS.some((known) => known === code)) return []
  return [{ put: privateKey('reason', id), value: new Uint8Array(Buffer.from(code, 'utf8')) }]
}
