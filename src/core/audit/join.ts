/**
 * Do several logs tell one story? Every payment is looked at in both its banks' logs, every reference is followed to
 * the entry it names, and both sides of every line are compared ([AUD-4], [AUD-5], [LOG-13], [LOG-14]).
 *
 * Absence is judged only inside logs that are held in full; what touches any other log is counted as not checked.
 */

import { LIMITS } from '../limits.ts'
import { judgeAnswer, judgeLine, judgeSent } from './agreement.ts'
import { attemptOf, hexOf, type Key, keyOf, type Line, positionOf, type Received, type Sent } from './book.ts'
import type { Finding } from './finding.ts'
import { type LineMirror, mirrorOf } from './mirror.ts'
import { outcomeOf, type PaymentOutcome } from './outcome.ts'
import { promised } from './received.ts'
import { type HeldLog, placeIn, References } from './reference.ts'

/** Minutes that have left one book and not yet arrived in another. */
export interface Flight {
  readonly id: Key
  readonly line: Key
  readonly payerBank: Key
  readonly payeeBank: Key
  readonly minutes: number
  /** On the way, or renounced and not yet booked back. */
  readonly state: 'in_transit' | 'returning'
  /** Time of the commit, and where it stands in the payer's bank's log. */
  readonly since: number
  readonly epoch: number
  readonly index: number
}

export interface Joined {
  readonly payments: Readonly<Record<PaymentOutcome, number>>
  readonly flights: readonly Flight[]
  readonly mirrors: readonly LineMirror[]
  /** Banks whose log is needed and not at hand, or shown cut. */
  readonly missing: ReadonlySet<Key>
}

export interface JoinOptions {
  /** Time against which age is judged, in seconds. */
  readonly now: number
  /** Hex ids of payments that have findings already: what they unbalance is not reported a second time. */
  readonly blamed: ReadonlySet<string>
  report(finding: Finding): void
}

const DAY = 86_400
/** Seconds after which a payment on its way is worth a line in the report ([AUD-9]). */
const LONG_IN_TRANSIT = 7 * DAY

/** Joins logs of different banks; at most one log per bank. */
export function joinLogs(logs: readonly HeldLog[], options: JoinOptions): Joined {
  const join = new Join(logs, options)
  for (const log of logs) {
    for (const line of log.book.lines.values()) join.line(log, line)
    for (const latest of log.book.received.values()) {
      for (let one: Received | null = latest; one !== null; one = one.earlier) join.received(log, one)
    }
  }
  // After all answers, so that what they explain is not reported again as a difference of the books.
  for (const log of logs) for (const sent of log.book.sent.values()) join.sent(log, sent)
  return join.result(logs)
}

class Join {
  readonly #references: References
  readonly #now: number
  readonly #flights: Flight[] = []
  readonly #payments = { paid: 0, returned: 0, returning: 0, in_transit: 0, never: 0, undecided: 0 }
  /** Per line, what payments with findings of their own add to the difference of the mirrors. */
  readonly #explained = new Map<Key, number>()
  /** Credits under each endorsed request, by the payee's bank and the index of the request's entry. */
  readonly #used = new Map<string, number>()

  constructor(logs: readonly HeldLog[], options: JoinOptions) {
    this.#references = new References(logs, { blamed: options.blamed, report: options.report })
    this.#now = options.now
  }

  line(log: HeldLog, line: Line): void {
    // A proposal that was withdrawn concerns nobody else.
    const agreed = [...line.opens, ...line.closes].some(({ cited }) => cited !== null)
    if (line.state === 'closed' && !agreed) return
    const { minutes: limit, version } = line.mayOwe
    if (version > 1 && line.clr > limit) {
      const facts = { line: hexOf(line.key), owed: line.clr, limit }
      this.#references.say(log, 'AUD-6.excess_after_lowering', null, facts)
    }
    const peer = this.#references.full(line.peer)
    if (peer !== null) judgeLine(this.#references, log, line, peer)
  }

  received(log: HeldLog, received: Received): void {
    const peer = this.#references.full(received.line.peer)
    const known = peer?.book.sent.get(received.id) ?? null
    const sent = known?.aid === received.aid ? known : null
    if (known === null && log.book.received.get(received.id) === received) {
      const payerLogEnds = peer === null ? null : (peer.book.times.at(-1) ?? 0)
      this.#payments[outcomeOf({ sent: null, received, payerLogEnds, payeeLogHeld: true })]++
    }
    if (peer !== null && !judgeAnswer(this.#references, log, received, { peer, sent }) && sent === null) {
      this.#explain(received.line, -received.minutes)
    }
    const sentAnyway = sent !== null && sent.commit >= 0
    if (promised(received) && !sentAnyway && this.#now > received.decideBy + LIMITS.waiveGraceSeconds) {
      const facts = { id: hexOf(received.id), decide_by: received.decideBy }
      this.#references.say(log, 'AUD-9.promise_open', received.promise, facts)
    }
  }

  sent(log: HeldLog, sent: Sent): void {
    const peer = sent.line === null ? null : this.#references.full(sent.line.peer)
    const received = peer === null ? null : attemptOf(peer.book, sent.id, sent.aid)
    const payerLogEnds = log.book.times.at(-1) ?? 0
    const outcome = outcomeOf({ sent, received, payerLogEnds, payeeLogHeld: peer !== null })
    this.#payments[outcome]++
    if (peer !== null) {
      judgeSent(this.#references, log, sent, { peer, received })
      this.#weigh(sent, received, outcome)
      if (received !== null) this.#countUse(sent, received, peer)
    }
    this.#noteFlight(log, sent, outcome)
    if (!log.cut) this.#judgeAge(log, sent, outcome, peer)
  }

  /** The payee's bank keeps no more payments under a request than it is good for ([INV-4]). */
  #countUse({ invoice }: Sent, received: Received, peer: HeldLog): void {
    const at = invoice === null || received.credit < 0 ? null : positionOf(peer.book, invoice.cited)
    const request = at === null ? undefined : peer.book.invoices.get(at)
    if (request === undefined) return
    const name = `${keyOf(peer.book.bank)} ${at}`
    const used = (this.#used.get(name) ?? 0) + 1
    this.#used.set(name, used)
    if (used <= request.uses) return
    const facts = { id: hexOf(received.id), uses: request.uses }
    this.#references.say(peer, 'AUD-3.invoice_overused', received.credit, facts)
  }

  result(logs: readonly HeldLog[]): Joined {
    const mirrors: LineMirror[] = []
    for (const log of logs) {
      for (const line of log.book.lines.values()) {
        if (line.state === 'closed' && line.clr === 0) continue
        const peer = log.cut ? null : this.#references.full(line.peer)
        // Both books show the line: it is compared once, from the bank that comes first.
        if (peer?.book.lines.has(line.key) && line.peer < keyOf(log.book.bank)) continue
        mirrors.push(this.#mirror(log, line, peer))
      }
    }
    return { payments: this.#payments, flights: this.#flights, mirrors, missing: this.#references.missing }
  }

  /** What a payment unbalances beyond its minutes in flight is explained when it has a finding of its own. */
  #weigh(sent: Sent, received: Received | null, outcome: PaymentOutcome): void {
    if (sent.line === null) return
    const posted = sent.hold >= 0 && sent.commit >= 0 && sent.returned < 0 ? sent.minutes : 0
    const credited = received !== null && received.credit >= 0 ? received.minutes : 0
    const flying = outcome === 'in_transit' || outcome === 'returning' ? sent.minutes : 0
    const rest = posted - credited - flying
    if (rest !== 0 && this.#references.blamed.has(hexOf(sent.id))) this.#explain(sent.line, rest)
  }

  #explain(line: Line, minutes: number): void {
    this.#explained.set(line.key, (this.#explained.get(line.key) ?? 0) + minutes)
  }

  #noteFlight(log: HeldLog, sent: Sent, outcome: PaymentOutcome): void {
    if ((outcome !== 'in_transit' && outcome !== 'returning') || sent.line === null) return
    const { epoch, index } = placeIn(log, sent.commit)
    this.#flights.push({
      id: sent.id,
      line: sent.line.key,
      payerBank: keyOf(log.book.bank),
      payeeBank: sent.line.peer,
      minutes: sent.minutes,
      state: outcome,
      since: log.book.times[sent.commit] ?? 0,
      epoch,
      index,
    })
  }

  /** Reported, never failed ([AUD-9]): held past the deadline, or long on the way. */
  #judgeAge(log: HeldLog, sent: Sent, outcome: PaymentOutcome, peer: HeldLog | null): void {
    const facts = { id: hexOf(sent.id), minutes: sent.minutes }
    if (sent.hold >= 0 && sent.commit < 0 && sent.abort < 0 && this.#now > sent.decideBy) {
      this.#references.say(log, 'AUD-9.undecided_late', sent.hold, { ...facts, decide_by: sent.decideBy })
    }
    if (outcome !== 'in_transit' && outcome !== 'returning') return
    const age = this.#now - (log.book.times[sent.commit] ?? 0)
    if (age <= LONG_IN_TRANSIT) return
    const days = Math.floor(age / DAY)
    const payerBank = keyOf(log.book.bank)
    const { epoch, index } = placeIn(log, sent.commit)
    const knew = peer?.book.seen.find(
      ({ head }) => keyOf(head.bank) === payerBank && head.epoch === epoch && head.size > index,
    )
    if (outcome === 'in_transit' && peer !== null && knew !== undefined) {
      this.#references.say(
        peer,
        'AUD-9.unanswered',
        knew.index,
        { ...facts, days },
        placeIn(log, sent.commit),
      )
    } else {
      this.#references.say(log, 'AUD-9.in_transit_long', sent.commit, { ...facts, days })
    }
  }

  #mirror(log: HeldLog, line: Line, peer: HeldLog | null): LineMirror {
    const theirs = peer === null ? null : (peer.book.lines.get(line.key)?.clr ?? 0)
    const between = this.#flights.filter((flight) => flight.line === line.key)
    const flying = between.reduce((sum, flight) => sum + flight.minutes, 0)
    const there = peer?.book.lines.get(line.key)?.writtenOff ?? 0
    const writtenOff = line.writtenOff + there
    const mirror = mirrorOf({ bank: keyOf(log.book.bank), line, theirs, flying, writtenOff })
    const unexplained = (mirror.difference ?? 0) - (this.#explained.get(line.key) ?? 0)
    if (theirs !== null && unexplained !== 0) {
      const facts = {
        line: hexOf(line.key),
        ours: line.clr,
        theirs,
        in_flight: flying,
        written_off: writtenOff,
      }
      this.#references.say(log, 'AUD-5.mirror_differs', null, facts)
    }
    return mirror
  }
}
