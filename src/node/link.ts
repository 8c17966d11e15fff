/**
 * How does one bank stay in talk with one neighbour? It keeps one session, says HELLO on each, sends what is due, and
 * says again what is not answered. What it holds in memory can be lost at any moment without harm.
 */

import { Fault, reasonOf } from '../core/fault.ts'
import { type Bytes, compareBytes, toHex } from '../core/ids.ts'
import { lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import type { Line } from '../core/line.ts'
import { orderId } from '../core/transfer/order.ts'
import type { Session } from '../peer/ports.ts'
import type { Recorded } from './commit.ts'
import { helloOf, rotationOf } from './hello.ts'
import { Interruption } from './interruption.ts'
import { lineMessages } from './lines.ts'
import { type LinkParts, Listener } from './listener.ts'
import type { Neighbour } from './neighbour.ts'
import { answerAsPayer, askAbout, memoOf, newsFor, type Outgoing, plainMessage } from './outbox.ts'
import { decideAbort } from './pay.ts'
import type { Answer, Question } from './questions.ts'
import { decideGraceOver } from './renounce.ts'
import { Resend } from './resend.ts'
import { isOfPastEpoch } from './rotation.ts'
import { PeerSession, type ReadFrame } from './session.ts'

/** How a session went: whether the neighbour said HELLO, and what was wrong with its bytes. */
export interface Talk {
  readonly greeted: boolean
  readonly problem: string | null
}

export class Link {
  readonly neighbour: Neighbour
  /** Token of the invitation we answer, sent with our proposal. */
  inviteToken: Bytes | null = null
  readonly #parts: LinkParts
  readonly #listener: Listener
  /** Ids that wait for the neighbour. */
  readonly #resend = new Resend()
  readonly #interruption: Interruption
  #session: PeerSession | null = null
  #dialledBy: 'us' | 'them' = 'us'
  #ticking = false
  /** Something could not be served: a HELLO makes the neighbour say it again. Seconds on the machine's counter. */
  #missed = false
  #helloAt = 0
  #helloWait: number = LIMITS.resendFirstSeconds
  /** When to show our line entries again to a neighbour that was busy; seconds on the machine's counter. */
  #linesAt = Number.POSITIVE_INFINITY

  constructor(parts: LinkParts) {
    this.#parts = parts
    this.neighbour = parts.neighbour
    this.#interruption = new Interruption(parts.clock)
    this.#listener = new Listener(parts, {
      said: (id) => this.#resend.said(id, parts.clock.uptime()),
      settled: (id) => this.#resend.settled(id),
      missed: () => {
        this.#missed = true
      },
      busyWithLines: (seconds) => {
        this.#linesAt = parts.clock.uptime() + seconds
      },
      withToken: (outgoing) => this.#withToken(outgoing),
    })
  }

  /** A session is up on which both have said HELLO. */
  get connected(): boolean {
    return this.#session?.linked === true
  }

  get hasSession(): boolean {
    return this.#session !== null
  }

  /** A session is up, and the newest head shown on it continues the history we knew. */
  get agreed(): boolean {
    return this.connected && this.#listener.headAgrees
  }

  /** Asks the payee's bank to give a payment back; false when nobody is there to be asked. */
  recall(id: Bytes): boolean {
    if (this.#session === null || !this.connected) return false
    this.#session.send(plainMessage({ name: 'recall', id }))
    return true
  }

  /** Asks the neighbour a question about people, and waits for its answer; first for a session that has just broken off. */
  async ask(message: Question): Promise<Answer> {
    if (!this.connected) await this.#interruption.wait()
    const session = this.connected ? this.#session : null
    if (session === null) return { name: 'away' }
    const say = (): void => session.send(plainMessage(message))
    return this.#listener.enquiries.questions.ask(message, say)
  }

  /** Ids whose repetition is planned; bounded by what is open on the line. */
  get waiting(): number {
    return this.#resend.size
  }

  /** Takes over a new session, says HELLO and reads until it ends. */
  async run(stream: Session, dialledBy: 'us' | 'them'): Promise<Talk> {
    const { own, writer, frameMessages, reception, report, clock } = this.#parts
    const neighbour = toHex(this.neighbour.bank)
    if (!this.#prefers(dialledBy)) {
      await stream.close()
      return { greeted: true, problem: null }
    }
    const session: PeerSession = new PeerSession(
      {
        stream,
        neighbour: this.neighbour,
        own,
        head: () => writer.head,
        frameMessages,
        ahead: ({ wordsOf }) => (wordsOf === undefined ? null : memoOf(own, reception, wordsOf)),
        broken: (thrown) => this.#broken(session, thrown),
      },
      clock.uptime(),
    )
    const old = this.#session
    this.#session = session
    this.#dialledBy = dialledBy
    this.#missed = false
    // Not awaited: a neighbour that left us half-open must not keep the new session waiting.
    if (old !== null) closeQuietly(old.stream)
    report('session_opened', { neighbour, by: dialledBy })
    let problem: string | null = null
    try {
      await this.#sayHello(session)
      problem = (await this.#listen(session)) ?? stream.problem()
    } finally {
      if (this.#session === session) {
        this.#session = null
        if (session.linked) this.#interruption.began()
        this.#listener.enquiries.questions.all({ name: 'away' })
      }
      closeQuietly(stream)
      report('session_ended', { neighbour })
    }
    if (problem !== null) report('session_refused', { neighbour, problem })
    return { greeted: session.greeted, problem }
  }

  /**
   * The newest session replaces an older one. But when both banks dialled at the same time, both keep the stream that
   * the bank with the lower id opened, or each would close the one that the other keeps.
   */
  #prefers(dialledBy: 'us' | 'them'): boolean {
    const { clock, book } = this.#parts
    const current = this.#session
    if (current === null || clock.uptime() - current.since > LIMITS.answerSeconds) return true
    if (dialledBy === this.#dialledBy) return true
    return (dialledBy === 'us') === compareBytes(book.bank, this.neighbour.bank) < 0
  }

  /**
   * Serves frames until the session ends; gives what was wrong with the last one, or null. Frames are read in order
   * and their decisions stand in the writer's line in that order, but the next frame does not wait for the sync of the
   * one before: so frames that come close together share a commit.
   */
  async #listen(session: PeerSession): Promise<string | null> {
    const underWay = new Set<Promise<void>>()
    const failures: unknown[] = []
    let problem: string | null = null
    for await (const raw of session.stream.frames()) {
      const frame = this.#read(session, raw)
      if (typeof frame === 'string') {
        problem = frame
        break
      }
      const served: Promise<void> = this.#listener
        .serve(session, frame)
        .catch((thrown) => void failures.push(thrown))
        .finally(() => underWay.delete(served))
      underWay.add(served)
      // What follows HELLO is answered in its light.
      if (!this.connected) {
        await served
        if (this.connected) this.#interruption.over()
      } else if (underWay.size >= LIMITS.framesUnderWay) await Promise.race(underWay)
      if (failures.length > 0) break
    }
    await Promise.all(underWay)
    if (failures.length > 0) throw failures[0]
    return problem
  }

  /** The frame, or what is wrong with it. */
  #read(session: PeerSession, raw: Bytes): ReadFrame | string {
    const tooLong = raw.length > LIMITS.strangerFrameBytes && this.#listener.isStranger
    if (tooLong) return 'a frame of a bank without a line is short'
    const read = session.read(raw)
    if (!read.ok) return read.problem
    if (!session.greeted && read.frame.messages[0]?.name !== 'hello') return 'HELLO comes first'
    return this.#listener.refusal(read.frame) ?? read.frame
  }

  async #sayHello(session: PeerSession): Promise<void> {
    const { writer, book, own, clock } = this.#parts
    await writer.read(() => {
      const hello = helloOf(book, this.neighbour, clock.now())
      // Whoever has no line with us learned our keys from our record.
      const rotation = this.#listener.isStranger ? null : rotationOf(own, null)
      session.sayHello(plainMessage(hello), this.neighbour.held, rotation)
    })
  }

  #broken(session: PeerSession, thrown: unknown): void {
    closeQuietly(session.stream)
    if (!(thrown instanceof Fault)) {
      this.#parts.report('session_refused', {
        neighbour: toHex(this.neighbour.bank),
        problem: reasonOf(thrown),
      })
    } else if (thrown.fatal) this.#parts.onFatal(thrown)
  }

  async close(): Promise<void> {
    this.#interruption.over()
    await this.#session?.stream.close()
  }

  /** Our log grew: what the new entries say to this neighbour leaves at once. Book and disk say the same now. */
  recorded(entries: readonly Recorded[]): void {
    const { book, own } = this.#parts
    const due: Outgoing[] = []
    for (const one of entries) {
      this.#noteWaiting(one)
      const news = this.connected ? newsFor(book, own, one, this.neighbour.bank) : null
      if (news !== null) due.push(this.#withToken(news))
    }
    if (due.length > 0) this.#session?.send(...due)
  }

  /** Keeps the plan of repetitions to what still waits. */
  #noteWaiting({ entry }: Recorded): void {
    const { book, clock } = this.#parts
    const line = lineWith(book, this.neighbour.bank)
    switch (entry.kind) {
      case 'pay.hold': {
        const id = orderId(entry.body.order)
        if (book.asPayer.get(id)?.line === line?.number) this.#resend.said(id, clock.uptime())
        return
      }
      case 'pay.commit':
        if (book.asPayer.get(entry.body.id)?.line === line?.number)
          this.#resend.said(entry.body.id, clock.uptime())
        return
      case 'pay.abort':
      case 'pay.return':
      case 'rcv.release':
        return this.#resend.settled(entry.body.id)
      case 'pay.done':
      case 'rcv.credit':
      case 'rcv.waive':
      case 'rcv.bounce':
        this.#resend.settled(entry.body.id)
        // Something moved: what waited for it may go on.
        this.#helloWait = LIMITS.resendFirstSeconds
        this.#helloAt = Math.min(this.#helloAt, clock.uptime() + this.#helloWait)
        return
    }
  }

  /** Our proposal carries the token of the invitation, whenever it is said. */
  #withToken(outgoing: Outgoing): Outgoing {
    const line = lineWith(this.#parts.book, this.neighbour.bank)
    const ours = line?.state === 'proposed' && outgoing.entry === line.first
    if (!ours || this.inviteToken === null || outgoing.message.name !== 'line') return outgoing
    return { ...outgoing, message: { ...outgoing.message, token: this.inviteToken } }
  }

  /** Runs about once a second: deadlines, graces, and what was not answered yet. */
  tick(): void {
    if (this.#ticking) return
    this.#ticking = true
    const { writer, onFatal } = this.#parts
    writer
      .read(() => this.#due())
      .then((decisions) => Promise.all(decisions))
      // A writer that failed has told of it already; anything else is a mistake of ours.
      .catch((thrown) => (writer.stopped ? undefined : onFatal(thrown)))
      .finally(() => {
        this.#ticking = false
      })
  }

  /** Sends what is due and gives the decisions under way; book and disk say the same now. */
  #due(): Promise<unknown>[] {
    const { book, clock } = this.#parts
    const session = this.connected ? this.#session : null
    const line = lineWith(book, this.neighbour.bank)
    const settled = this.#listener.settleRotation()
    const uptime = clock.uptime()
    const decisions = line === null ? [] : this.#overdue(line, Math.max(book.time, clock.now()))
    decisions.push(settled)
    if (session === null) return decisions
    this.neighbour.heardAt = Math.max(book.time, clock.now())
    // What the neighbour has not taken yet is not said twice.
    if (line !== null && session.backlog === 0) this.#repeat(session, line, uptime)
    if (uptime >= this.#linesAt) {
      this.#linesAt = Number.POSITIVE_INFINITY
      if (line !== null) session.send(...lineMessages(line).map((one) => this.#withToken(one)))
    }
    if (this.#missed && uptime >= this.#helloAt) {
      this.#missed = false
      this.#helloAt = uptime + this.#helloWait
      this.#helloWait = Math.min(this.#helloWait * 2, LIMITS.resendLongestSeconds)
      decisions.push(this.#sayHello(session))
    }
    session.showHead()
    return [...decisions, this.#listener.keepHead(), this.#listener.keepHeard()]
  }

  /** Holds past their deadline end here; promises past their grace are given up. `now` is log time. */
  #overdue(line: Line, now: number): Promise<unknown>[] {
    const { book, writer } = this.#parts
    const decisions: Promise<unknown>[] = []
    for (const payment of book.asPayer.open()) {
      if (payment.line !== line.number || payment.state !== 'held') continue
      const held = line.state === 'dead' ? 'lineDead' : 'overdue'
      const input = isOfPastEpoch(book, payment) ? 'rotate' : held
      if (input === 'overdue' && payment.decideBy >= now) continue
      decisions.push(writer.commit(decideAbort(payment.id, input)))
    }
    for (const payment of book.asPayee.open()) {
      if (payment.line !== line.number || payment.decideBy + LIMITS.waiveGraceSeconds >= now) continue
      decisions.push(writer.commit(decideGraceOver(payment.id, this.#listener.receiving)))
    }
    return decisions
  }

  #repeat(session: PeerSession, line: Line, uptime: number): void {
    const { book, own, clock } = this.#parts
    const now = Math.max(book.time, clock.now())
    // Postings are said in the order in which they are consumed.
    const waiting = [...book.asPayer.open()].filter((payment) => payment.line === line.number)
    for (const { id } of waiting.sort((a, b) => a.seq - b.seq)) {
      if (!this.#resend.due(id, uptime)) continue
      const message = answerAsPayer(book, own, id, line.peer)
      if (message !== null) session.send(message)
    }
    for (const payment of book.asPayee.open()) {
      if (payment.line !== line.number || payment.decideBy >= now) continue
      if (this.#resend.due(payment.id, uptime)) session.send(askAbout(payment))
    }
  }
}

/** Whoever closes is done with the stream; a stream that cannot even be closed is over all the same. */
function closeQuietly(stream: Session): void {
  stream.close().catch(() => undefined)
}
