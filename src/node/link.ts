/**
 * How does one bank talk with one neighbour? It keeps one session, says HELLO on each, sends what is due, and
 * turns every message into one decision. What it holds in memory can be lost at any moment without harm.
 */

import type { EntryOf } from '../core/entry.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import type { Line } from '../core/line.ts'
import { orderId } from '../core/transfer/order.ts'
import type { Head } from '../log/checkpoint.ts'
import type { Message, MessageName, MessageOf } from '../peer/messages.ts'
import type { Session } from '../peer/ports.ts'
import { privateKey } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import type { Recorded, Writer } from './commit.ts'
import type { Gate } from './gate.ts'
import type { Handles } from './handles.ts'
import { hearHello, helloOf } from './hello.ts'
import { decideLineEntry, decidePause, type LineAnswer, lineMessages, type Proposal } from './lines.ts'
import { contradictingHeadRow, headRows, type Neighbour, neighbourRow, seenDraft } from './neighbour.ts'
import { answerAsPayee, answerAsPayer, askAbout, type Outgoing, offerHashOf, plainMessage } from './outbox.ts'
import type { OwnLog } from './own-log.ts'
import { decideAbort, decidePromise, decideReceipt, decideWaiver } from './pay.ts'
import type { Clock, Report } from './ports.ts'
import { decideAbortSeen, decideCommit, decideGraceOver, decideOffer, type Receiving } from './receive.ts'
import { PeerSession, type ReadFrame, type TheirEntry } from './session.ts'

export interface LinkParts {
  readonly neighbour: Neighbour
  readonly book: Book
  readonly writer: Writer
  readonly own: OwnLog
  readonly store: Store
  readonly handles: Handles
  readonly gate: Gate
  readonly clock: Clock
  readonly report: Report
  readonly frameMessages: number
  /** A proposal that waits for the operator, with the invitation's token if it has one. */
  readonly onProposal: (proposal: Proposal, token: Bytes | null) => Promise<'kept' | 'accepted' | 'full'>
  readonly onWithdrawn: (peer: Bytes) => Promise<void>
}

const FIRST_RESEND_MS = LIMITS.resendFirstSeconds * 1000

export class Link {
  readonly neighbour: Neighbour
  readonly #parts: LinkParts
  #session: PeerSession | null = null
  #storedHead: Head | null
  /** Token of the invitation we answer, sent with our proposal. */
  inviteToken: Bytes | null = null
  /** Ids that wait for the neighbour: when to say it again (seconds), and the wait after that. */
  readonly #resend = new Map<string, { at: number; wait: number }>()

  constructor(parts: LinkParts) {
    this.#parts = parts
    this.neighbour = parts.neighbour
    this.#storedHead = parts.neighbour.held
  }

  get connected(): boolean {
    return this.#session?.linked != null
  }

  get hasSession(): boolean {
    return this.#session !== null
  }

  /** Takes over a new session, says HELLO and reads until it ends. The newest session replaces an older one. */
  async run(stream: Session): Promise<void> {
    const { own, writer, frameMessages, book, report } = this.#parts
    const session = new PeerSession({
      stream,
      neighbour: this.neighbour,
      own,
      head: () => writer.head,
      frameMessages,
    })
    const old = this.#session
    this.#session = session
    await old?.stream.close()
    report('session_opened', { neighbour: toHex(this.neighbour.bank) })
    session.send(
      plainMessage(await writer.read(() => helloOf(book, this.neighbour, this.#parts.clock.now()))),
    )
    try {
      for await (const raw of stream.frames()) {
        const read = session.read(raw)
        if (!read.ok) {
          report('session_refused', { neighbour: toHex(this.neighbour.bank), problem: read.problem })
          break
        }
        await this.#take(session, read.frame)
      }
    } finally {
      await stream.close()
      if (this.#session === session) this.#session = null
      report('session_ended', { neighbour: toHex(this.neighbour.bank) })
    }
  }

  async close(): Promise<void> {
    await this.#session?.stream.close()
  }

  /** Our log grew: what the new entries say to this neighbour leaves at once. */
  recorded(entries: readonly Recorded[]): void {
    const { book } = this.#parts
    const line = lineWith(book, this.neighbour.bank)
    const due: Outgoing[] = []
    for (const one of entries) {
      const outgoing = this.#dueFor(one, line)
      if (outgoing !== null) due.push(outgoing)
    }
    if (due.length > 0) this.#session?.send(...due)
  }

  #dueFor({ entry, index }: Recorded, line: Line | null): Outgoing | null {
    const { book, own } = this.#parts
    switch (entry.kind) {
      case 'pay.hold': {
        const id = orderId(entry.body.order)
        return this.#isOurs(book.asPayer.get(id)?.line, line)
          ? this.#again(answerAsPayer(book, own, id), id)
          : null
      }
      case 'pay.commit':
        return this.#isOurs(book.asPayer.get(entry.body.id)?.line, line)
          ? this.#again(answerAsPayer(book, own, entry.body.id), entry.body.id)
          : null
      case 'pay.abort':
        return this.#isOurs(book.asPayer.get(entry.body.id)?.line, line)
          ? { message: { name: 'abort', entry: 0 }, entry: index }
          : null
      case 'rcv.promise':
      case 'rcv.credit':
      case 'rcv.waive':
      case 'rcv.bounce':
        return this.#isOurs(book.asPayee.get(entry.body.id)?.line, line)
          ? answerAsPayee(book, entry.body.id)
          : null
      case 'line.open':
      case 'line.limit':
      case 'line.freeze':
      case 'line.thaw':
      case 'line.close': {
        const about = entry.kind === 'line.open' ? line : (book.lineById.get(toHex(entry.body.line)) ?? null)
        if (about === null || !sameBytes(about.peer, this.neighbour.bank)) return null
        const token = entry.kind === 'line.open' && entry.body.peerEntry === null ? this.inviteToken : null
        return { message: { name: 'line', entry: 0, token }, entry: index }
      }
      default:
        return null
    }
  }

  #isOurs(lineNumber: number | undefined, line: Line | null): boolean {
    return line !== null && lineNumber === line.number
  }

  /** Notes that this id waits for the neighbour, so that it is said again until it is answered. */
  #again(outgoing: Outgoing | null, id: Bytes): Outgoing | null {
    const wait = FIRST_RESEND_MS / 1000
    this.#resend.set(toHex(id), { at: this.#parts.clock.now() + wait, wait: wait * 2 })
    return outgoing
  }

  /** Runs about once a second: deadlines, graces, and what was not answered yet. */
  tick(): void {
    const { book, clock, writer } = this.#parts
    const line = lineWith(book, this.neighbour.bank)
    const now = clock.now()
    if (line === null) return
    for (const payment of book.asPayer.open()) {
      if (payment.line !== line.number) continue
      if (payment.state === 'held' && payment.decideBy < now)
        this.#decided(writer.commit(decideAbort(payment.id, 'overdue')))
      else this.#resendWhenDue(payment.id, now, () => answerAsPayer(book, this.#parts.own, payment.id))
    }
    for (const payment of book.asPayee.open()) {
      if (payment.line !== line.number || payment.decideBy >= now) continue
      if (payment.decideBy + LIMITS.waiveGraceSeconds < now) {
        this.#decided(writer.commit(decideGraceOver(payment.id, this.#receiving())))
      } else this.#resendWhenDue(payment.id, now, () => askAbout(payment))
    }
    this.#session?.showHead()
  }

  #resendWhenDue(id: Bytes, now: number, outgoing: () => Outgoing | null): void {
    const key = toHex(id)
    const due = this.#resend.get(key) ?? { at: now, wait: LIMITS.resendFirstSeconds }
    if (due.at > now || this.#session?.linked == null) return
    this.#resend.set(key, { at: now + due.wait, wait: Math.min(due.wait * 2, LIMITS.resendLongestSeconds) })
    const message = outgoing()
    if (message !== null) this.#session.send(message)
  }

  /** Ends the bookkeeping of an id that waits for nobody any more. */
  #settled(id: Bytes): void {
    this.#resend.delete(toHex(id))
  }

  async #take(session: PeerSession, frame: ReadFrame): Promise<void> {
    await this.#weighHead(frame)
    const pending: Promise<unknown>[] = []
    for (const message of frame.messages) {
      // Decisions of one frame join one commit; they are awaited together, so the stream's pressure holds.
      pending.push(this.#serve(session, message, frame))
    }
    await Promise.all(pending)
  }

  /** A head that contradicts the one we hold stops new hours on the line; artefacts under it bind all the same. */
  async #weighHead({ relation, head }: ReadFrame): Promise<void> {
    if (head === null || relation === null) return
    const held = this.neighbour.held
    if (relation === 'fork') {
      this.#parts.report('breach', {
        neighbour: toHex(this.neighbour.bank),
        size: head.size,
        what: 'two histories',
      })
      await this.#parts.writer.commit(() => ({
        ok: true,
        value: { entries: [], rows: [contradictingHeadRow(this.neighbour, head)], value: null },
      }))
      await this.#freeze(3)
      return
    }
    if (relation === 'unproven')
      this.#parts.report('head_not_proven', { neighbour: toHex(this.neighbour.bank), size: head.size })
    if (relation === 'extends' && (held === null || head.size > held.size)) this.neighbour.held = head
  }

  async #freeze(cause: number): Promise<void> {
    await this.#parts.writer.commit(decidePause(this.neighbour.bank, 'pause', cause))
  }

  /** Rows of the newest head, once; they ride with the next thing that is written about this neighbour. */
  readonly #headRows = (): Write[] => {
    const rows = headRows(this.neighbour, this.#storedHead)
    this.#storedHead = this.neighbour.held
    return rows
  }

  #receiving(): Receiving {
    const { store, handles, own } = this.#parts
    return { store, handles, own, rows: this.#headRows }
  }

  #serve(session: PeerSession, message: Message, frame: ReadFrame): Promise<unknown> {
    const { writer, book, own } = this.#parts
    switch (message.name) {
      case 'hello':
        return this.#greet(session, message)
      case 'offer':
        return this.#offered(session, message)
      case 'decline': {
        const reason = new Uint8Array(Buffer.from(message.code, 'utf8'))
        const rows = (): Write[] => [{ put: privateKey('reason', message.id), value: reason }]
        this.#settled(message.id)
        return this.#decided(writer.commit(decideAbort(message.id, 'decline', { aid: message.aid, rows })))
      }
      case 'promise':
      case 'ask': {
        const theirs = theirEntry(
          frame,
          message.name === 'ask' ? message.promise : message.entry,
          'rcv.promise',
        )
        if (theirs === null) return this.#foreign(session, message.name)
        const proof = {
          leaf: theirs.ref.leaf,
          offerHash: (payment: Parameters<typeof offerHashOf>[2]) => offerHashOf(book, own, payment),
        }
        return this.#answered(session, writer.commit(decidePromise(theirs.body, proof, this.#headRows)), () =>
          answerAsPayer(book, own, theirs.body.id),
        )
      }
      case 'commit': {
        const theirs = theirEntry(frame, message.entry, 'pay.commit')
        if (theirs === null) return this.#foreign(session, message.name)
        const artefact = { entry: theirs.entry, ref: theirs.ref, order: message.order }
        const decision = writer.commit(decideCommit(this.neighbour.bank, artefact, this.#receiving()))
        return this.#answered(session, decision, () => answerAsPayee(book, theirs.body.id))
      }
      case 'abort': {
        const theirs = theirEntry(frame, message.entry, 'pay.abort')
        if (theirs === null) return this.#foreign(session, message.name)
        return this.#decided(writer.commit(decideAbortSeen(theirs.body, theirs.ref, this.#receiving())))
      }
      case 'receipt': {
        const theirs = theirEntry(frame, message.entry, 'rcv.credit')
        if (theirs === null) return this.#foreign(session, message.name)
        this.#settled(theirs.body.id)
        return this.#decided(writer.commit(decideReceipt(theirs.body, theirs.ref, this.#headRows)))
      }
      case 'waive': {
        const theirs = theirEntry(frame, message.entry, 'rcv.waive')
        if (theirs === null) return this.#foreign(session, message.name)
        this.#settled(theirs.body.id)
        return this.#decided(writer.commit(decideWaiver(theirs.body, theirs.ref, this.#headRows)))
      }
      case 'line':
        return this.#lineHeard(session, message, frame)
      case 'busy':
      case 'nothing':
        return Promise.resolve()
    }
  }

  async #greet(session: PeerSession, hello: MessageOf<'hello'>): Promise<void> {
    const { writer, own, gate, clock, book } = this.#parts
    gate.clockHeard(this.neighbour.bank, hello.now)
    const due = await writer.read(() =>
      hearHello({ book, own, neighbour: this.neighbour, hello, head: writer.head }),
    )
    gate.partnerAnswered(this.neighbour.bank, { larger: due.larger, ours: writer.head?.size ?? 0 })
    if (due.larger !== null) return
    session.linked = due.linked
    if (due.breach !== null) {
      this.#parts.report('breach', { neighbour: toHex(this.neighbour.bank), what: due.breach })
      await this.#freeze(3)
    }
    for (const id of due.waiting)
      this.#resend.set(toHex(id), { at: clock.now() + LIMITS.resendFirstSeconds, wait: 2 })
    session.send(...due.messages)
    await this.#keepHead()
  }

  /** The neighbour's head becomes durable even when nothing else is written: it is what tells it later that it lost a tail. */
  async #keepHead(): Promise<void> {
    if (this.#parts.gate.state() !== null) return
    const rows = this.#headRows()
    if (rows.length > 0)
      await this.#parts.writer.commit(() => ({ ok: true, value: { entries: [], rows, value: null } }))
  }

  async #offered(session: PeerSession, offer: MessageOf<'offer'>): Promise<void> {
    const { writer, book } = this.#parts
    const id = orderId(offer.order)
    const outcome = await writer.commit(decideOffer(this.neighbour.bank, offer, this.#receiving()))
    if (!outcome.ok) {
      session.send(plainMessage({ name: 'decline', id, aid: offer.aid, code: outcome.refusal.code }))
    } else if (outcome.value.value === 'unchanged') {
      session.send(answerAsPayee(book, id) ?? plainMessage({ name: 'nothing', id }))
    }
  }

  /** Sends the stored answer when nothing was written; what is written leaves by `recorded`. */
  async #answered(
    session: PeerSession,
    decision: ReturnType<Writer['commit']>,
    answer: () => Outgoing | null,
  ): Promise<void> {
    const outcome = await decision
    if (!outcome.ok) return
    const abortOfUnknown = outcome.value.recorded.some(
      ({ entry }) => entry.kind === 'pay.abort' && this.#isUnheld(entry.body.id),
    )
    if (outcome.value.value === 'unchanged' || abortOfUnknown) {
      const outgoing = answer()
      if (outgoing !== null) session.send(outgoing)
    }
    if (outcome.value.value === 'breach') await this.#breach('terms that contradict what was signed')
  }

  /** An id that was dead before anybody ordered it belongs to no line; only who asked is told (R7). */
  #isUnheld(id: Bytes): boolean {
    return this.#parts.book.asPayer.get(id)?.line === -1
  }

  async #decided(decision: ReturnType<Writer['commit']>): Promise<void> {
    const outcome = await decision
    if (outcome.ok && outcome.value.value === 'breach')
      await this.#breach('terms that contradict what was signed')
  }

  async #breach(what: string): Promise<void> {
    this.#parts.report('breach', { neighbour: toHex(this.neighbour.bank), what })
    await this.#freeze(3)
  }

  async #foreign(session: PeerSession, about: MessageName): Promise<void> {
    this.#parts.report('session_refused', {
      neighbour: toHex(this.neighbour.bank),
      problem: `a ${about} names no such entry`,
    })
    await session.stream.close()
  }

  async #lineHeard(session: PeerSession, message: MessageOf<'line'>, frame: ReadFrame): Promise<void> {
    const theirs = frame.entries[message.entry]
    if (theirs === undefined || !theirs.entry.kind.startsWith('line.')) return this.#foreign(session, 'line')
    const { writer, book } = this.#parts
    const seen = seenDraft(this.neighbour)
    const outcome = await writer.commit(decideLineEntry(this.neighbour.bank, theirs, seen, this.#headRows))
    if (!outcome.ok) return
    await this.#lineAnswered(session, outcome.value.value, theirs, message.token)
    if (outcome.value.recorded.length > 0)
      this.#parts.report('line_changed', { neighbour: toHex(this.neighbour.bank) })
    const line = lineWith(book, this.neighbour.bank)
    if (outcome.value.value === 'answer' && line !== null) session.send(...lineMessages(line))
  }

  async #lineAnswered(
    session: PeerSession,
    answer: LineAnswer,
    theirs: TheirEntry,
    token: Bytes | null,
  ): Promise<void> {
    if (answer === 'pausedThere' || answer === 'resumedThere')
      await this.#pausedThere(answer === 'pausedThere')
    if (answer === 'withdrawn') await this.#parts.onWithdrawn(this.neighbour.bank)
    if (answer !== 'proposal' || theirs.entry.kind !== 'line.open') return
    const proposal = { peer: this.neighbour.bank, terms: theirs.entry.body.terms, ref: theirs.ref }
    const kept = await this.#parts.onProposal(proposal, token)
    if (kept === 'full')
      session.send(plainMessage({ name: 'busy', about: 30, retrySeconds: LIMITS.resendLongestSeconds }))
  }

  async #pausedThere(paused: boolean): Promise<void> {
    if (this.neighbour.pausedThere === paused) return
    this.neighbour.pausedThere = paused
    const rows = [neighbourRow(this.neighbour)]
    await this.#parts.writer.commit(() => ({ ok: true, value: { entries: [], rows, value: null } }))
  }
}

/** The entry at this place of a frame, if it is of this kind. */
function theirEntry<K extends 'rcv.promise' | 'pay.commit' | 'pay.abort' | 'rcv.credit' | 'rcv.waive'>(
  frame: ReadFrame,
  place: number,
  kind: K,
): { entry: EntryOf<K>; body: EntryOf<K>['body']; ref: TheirEntry['ref'] } | null {
  const found = frame.entries[place]
  if (found === undefined || found.entry.kind !== kind) return null
  const entry = found.entry as EntryOf<K>
  return { entry, body: entry.body, ref: found.ref }
}
