/**
 * Which banks does this bank know, and how does it stay in touch? Finds banks, checks their records, dials line
 * partners again and again, and hands each session to the neighbour's link.
 */

import { reasonOf } from '../core/fault.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { findBankPreimage } from '../core/sign.ts'
import { type BankRecord, readRecord } from '../peer/bank-record.ts'
import type { AddressBook, Directory, Session, Transport, Whereabouts } from '../peer/ports.ts'
import {
  decodeRecordAnswer,
  decodeRecordQuestion,
  encodeRecordAnswer,
  encodeRecordQuestion,
} from '../peer/record-messages.ts'
import { privateKey, privateRange } from '../store/keyspace.ts'
import type { Store } from '../store/store.ts'
import { Allowances } from './allowance.ts'
import { Conduct } from './conduct.ts'
import { within } from './deadline.ts'
import { Link } from './link.ts'
import type { LinkParts } from './listener.ts'
import {
  addressWorked,
  type Neighbour,
  neighbourOf,
  readLineageRow,
  readNeighbourRow,
  renewNeighbour,
  storedHead,
  storedHeardAt,
  whereaboutsOf,
} from './neighbour.ts'
import type { Clock, Random, Report } from './ports.ts'

const FIRST_WAIT: number = LIMITS.resendFirstSeconds

export interface ContactsParts {
  readonly book: Book
  readonly store: Store
  readonly transport: Transport
  readonly directory: Directory | null
  readonly addressBook: AddressBook | null
  readonly clock: Clock
  readonly random: Random
  readonly report: Report
  /** Our own signed record, or null before the bank has a card. */
  readonly ownRecord: (now: number) => Bytes | null
  readonly linkParts: Omit<LinkParts, 'neighbour' | 'allowance'>
  /** Whether a proposal of this bank waits for the operator. */
  readonly isAwaited: (bank: Bytes) => boolean
}

interface Contact {
  readonly link: Link
  readonly neighbour: Neighbour
  /** A stranger that called and is forgotten when it hangs up. */
  passing: boolean
  /** Seconds on the machine's counter at which to dial next, and the wait after that. */
  nextDial: number
  wait: number
  dialling: boolean
}

export class Contacts {
  readonly #parts: ContactsParts
  readonly #contacts = new Map<string, Contact>()
  readonly #allowances = new Allowances()
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  readonly #conduct = new Conduct()
  #favoured = ''

  constructor(parts: ContactsParts) {
    this.#parts = parts
    parts.transport.onSession((session) => this.#track(this.#welcome(session)))
    parts.transport.onQuestion((question) => this.#answer(question))
  }

  /** Reads the neighbours met before the restart. */
  async load(): Promise<void> {
    for await (const page of this.#parts.store.pages(privateRange('neighbour'), 64)) {
      for (const [, row] of page) {
        const neighbour = readNeighbourRow(row)
        if (neighbour === null) continue
        readLineageRow(neighbour, this.#parts.store.get(privateKey('lineage', neighbour.bank)))
        const stored = await storedHead(this.#parts.store, neighbour.lineage)
        // The larger of two signed heads is the one to name: it tells the neighbour what it may have lost ([R8]). One of
        // an epoch that is over was not seen to go on in the next one yet.
        const other = stored?.origin !== neighbour.held?.origin
        if (stored !== null && (other || stored.size >= (neighbour.held?.size ?? 0))) neighbour.held = stored
        neighbour.heardAt = storedHeardAt(this.#parts.store, neighbour.bank)
        this.#keep(neighbour)
      }
    }
  }

  all(): readonly Link[] {
    return [...this.#contacts.values()].map((contact) => contact.link)
  }

  link(bank: Bytes): Link | null {
    return this.#contacts.get(toHex(bank))?.link ?? null
  }

  /**
   * Finds a bank by its id: at the given addresses, else through the DHT. Its record comes from the bank itself and
   * is checked ([REC-1], [REC-2], [DISC-3]). A find also renews what we knew.
   */
  async find(bank: Bytes, hints: readonly Whereabouts[], signal: AbortSignal): Promise<Outcome<Neighbour>> {
    if (sameBytes(bank, this.#parts.book.bank)) return refuse('own_bank')
    const stop = AbortSignal.any([signal, this.#stop.signal])
    const known = this.#contacts.get(toHex(bank))
    const first =
      known === undefined
        ? [...hints, ...(await this.#met(bank))]
        : [...hints, whereaboutsOf(known.neighbour)]
    for (const hint of first) {
      const record = await this.#fetchRecord(hint, bank, stop)
      if (record !== null) return accept(this.#learn(record).neighbour)
    }
    const { directory } = this.#parts
    if (directory === null) return refuse('bank_unknown')
    const record = await this.#searchDirectory(directory, bank, stop)
    return record === null ? refuse('bank_unknown') : accept(this.#learn(record).neighbour)
  }

  /** Where the bank was when we last heard of it. */
  async #met(bank: Bytes): Promise<Whereabouts[]> {
    const met = (await this.#parts.addressBook?.look(bank)) ?? null
    return met === null
      ? []
      : [{ peerId: met.peerId, addresses: met.addresses.map(({ address }) => address) }]
  }

  /** Dials a few candidates at a time and takes the first record that holds. */
  async #searchDirectory(directory: Directory, bank: Bytes, stop: AbortSignal): Promise<BankRecord | null> {
    const searching = new AbortController()
    const signal = AbortSignal.any([stop, searching.signal])
    const dials: Promise<BankRecord | null>[] = []
    let found: BankRecord | null = null
    try {
      for await (const candidate of directory.find(findBankPreimage(bank), signal)) {
        dials.push(
          this.#fetchRecord(candidate, bank, signal).then((record) => {
            found ??= record
            if (record !== null) searching.abort()
            return record
          }),
        )
        if (dials.length % LIMITS.findDials === 0) await Promise.all(dials.slice(-LIMITS.findDials))
        if (found !== null || dials.length >= LIMITS.findCandidates) break
      }
    } catch (thrown) {
      if (found === null && !stop.aborted)
        this.#parts.report('session_refused', { problem: reasonOf(thrown) })
    }
    await Promise.allSettled(dials)
    return found
  }

  async #fetchRecord(
    target: Whereabouts,
    bank: Bytes | null,
    signal: AbortSignal,
  ): Promise<BankRecord | null> {
    const { transport, clock, report } = this.#parts
    try {
      const request = 1
      const frame = await transport.ask(target, encodeRecordQuestion({ request, bank: null }), signal)
      const answer = decodeRecordAnswer(frame, request)
      const signed = answer?.records[0]
      if (signed === undefined) return null
      const read = readRecord(signed, { now: clock.now() })
      if (!read.ok) {
        report('session_refused', { peer: target.peerId, problem: read.problem })
        return null
      }
      // The handshake proved the peer id; the card must name the same one, or somebody shows another bank's record.
      const fits =
        read.record.peerId === target.peerId && (bank === null || sameBytes(read.record.bank, bank))
      return fits ? read.record : null
    } catch (thrown) {
      if (!signal.aborted) report('session_refused', { peer: target.peerId, problem: reasonOf(thrown) })
      return null
    }
  }

  /** Takes over what a record says. `passing`: nobody here asked for it. */
  #learn(record: BankRecord, how: { readonly passing: boolean } = { passing: false }): Contact {
    const now = this.#parts.clock.now()
    void this.#parts.addressBook?.hear(record.bank, { peerId: record.peerId, record: record.signed, at: now })
    const held = this.#contacts.get(toHex(record.bank))
    const contact = held ?? this.#keep(neighbourOf(record, now))
    if (held !== undefined) renewNeighbour(held.neighbour, record, now)
    contact.passing = how.passing && (held?.passing ?? true)
    return contact
  }

  #keep(neighbour: Neighbour): Contact {
    const allowance = this.#allowances.of(neighbour.bank)
    const link = new Link({ ...this.#parts.linkParts, neighbour, allowance })
    const contact = { link, neighbour, passing: false, nextDial: 0, wait: FIRST_WAIT, dialling: false }
    this.#contacts.set(toHex(neighbour.bank), contact)
    return contact
  }

  #answer(question: Uint8Array): Uint8Array | null {
    const asked = decodeRecordQuestion(question)
    if (asked === null) return null
    const { request, bank } = asked
    const own = bank === null || sameBytes(bank, this.#parts.book.bank)
    const record = own ? this.#parts.ownRecord(this.#parts.clock.now()) : this.#lineRecord(bank)
    if (record === null) return encodeRecordAnswer({ request, status: 'not_held', records: [] })
    return encodeRecordAnswer({ request, status: 'fine', records: [record] })
  }

  /** The record of a line partner, for whoever looks for it through us. */
  #lineRecord(bank: Bytes): Bytes | null {
    const contact = this.#contacts.get(toHex(bank))
    return contact !== undefined && lineWith(this.#parts.book, bank) !== null
      ? contact.neighbour.record
      : null
  }

  /** A session that a peer opened: a bank we know, or a stranger whose record is asked first. */
  async #welcome(session: Session): Promise<void> {
    if (this.#conduct.isShut(session.peerId, this.#parts.clock.uptime())) return session.close()
    const known = [...this.#contacts.values()].find((contact) => contact.neighbour.peerId === session.peerId)
    if (known !== undefined) return void (await this.#talk(known, session, 'them'))
    const target = { peerId: session.peerId, addresses: [] }
    const record = await this.#inTime(LIMITS.answerSeconds, (signal) =>
      this.#fetchRecord(target, null, signal),
    )
    if (
      record === null ||
      sameBytes(record.bank, this.#parts.book.bank) ||
      this.#contacts.size >= LIMITS.addressBookBanks
    ) {
      await session.close()
      return
    }
    await this.#talk(this.#learn(record, { passing: true }), session, 'them')
  }

  /** One session from its first to its last frame; true when the neighbour behaved. */
  async #talk(contact: Contact, session: Session, dialledBy: 'us' | 'them'): Promise<boolean> {
    const { book, clock, isAwaited, report } = this.#parts
    const { bank } = contact.neighbour
    const talk = await contact.link.run(session, dialledBy)
    const isPartner = lineWith(book, bank) !== null
    if (talk.problem !== null) {
      const role = isPartner ? 'partner' : 'stranger'
      const shut = this.#conduct.misbehaved(session.peerId, clock.uptime(), role)
      if (shut) report('door_closed', { neighbour: toHex(bank), problem: talk.problem })
    }
    // Nothing of a stranger is kept but a proposal; otherwise calls alone would fill the memory.
    const forget = contact.passing && !isPartner && !isAwaited(bank) && !contact.link.hasSession
    if (forget) {
      this.#contacts.delete(toHex(bank))
      this.#allowances.forget(bank)
    }
    return talk.greeted && talk.problem === null
  }

  /** Runs about once a second: dials every line partner without a session, with growing waits and some jitter ([DISC-7]). */
  tick(): void {
    const uptime = this.#parts.clock.uptime()
    this.#favourPartners()
    for (const contact of this.#contacts.values()) {
      contact.link.tick()
      if (contact.link.hasSession || contact.dialling || contact.nextDial > uptime) continue
      if (this.#conduct.isShut(contact.neighbour.peerId, uptime)) continue
      if (lineWith(this.#parts.book, contact.neighbour.bank) === null) continue
      this.#track(this.#dial(contact))
    }
  }

  /** Places are kept for the connections of line partners ([ADMIT-1]). */
  #favourPartners(): void {
    const partners = [...this.#contacts.values()].filter(
      ({ neighbour }) => lineWith(this.#parts.book, neighbour.bank) !== null,
    )
    const names = partners.map(({ neighbour }) => neighbour.peerId)
    if (names.join() === this.#favoured) return
    this.#favoured = names.join()
    this.#track(this.#parts.transport.favour(names))
  }

  /** Opens a session now, whatever the wait; for a neighbour that was just added. */
  reach(bank: Bytes): void {
    const contact = this.#contacts.get(toHex(bank))
    if (contact !== undefined && !contact.link.hasSession && !contact.dialling)
      this.#track(this.#dial(contact))
  }

  async #dial(contact: Contact): Promise<void> {
    contact.dialling = true
    try {
      const session = await this.#openSession(contact, this.#parts.transport)
      contact.dialling = false
      if (session.address !== null) this.#worked(contact.neighbour, session.address)
      if (await this.#talk(contact, session, 'us')) contact.wait = FIRST_WAIT
      this.#putOff(contact)
    } catch (thrown) {
      if (this.#stop.signal.aborted) return
      this.#putOff(contact)
      this.#parts.report('session_refused', {
        neighbour: toHex(contact.neighbour.bank),
        problem: reasonOf(thrown),
      })
    } finally {
      contact.dialling = false
    }
  }

  /** The next dial waits twice as long as this one did, with some jitter; a session that was good sets it back. */
  #putOff(contact: Contact): void {
    const { clock, random } = this.#parts
    const jitter = ((random.bytes(1)[0] as number) / 255) * (contact.wait / 4)
    contact.nextDial = clock.uptime() + contact.wait + jitter
    contact.wait = Math.min(contact.wait * 2, LIMITS.resendLongestSeconds)
  }

  #worked(neighbour: Neighbour, address: string): void {
    addressWorked(neighbour, address)
    const where = { peerId: neighbour.peerId, address, at: this.#parts.clock.now() }
    void this.#parts.addressBook?.worked(neighbour.bank, where)
  }

  /** Where it was before; and when nobody is there, where the DHT says it is ([DISC-5]). */
  async #openSession(contact: Contact, transport: Transport): Promise<Session> {
    const open = (): Promise<Session> =>
      this.#inTime(LIMITS.dialSeconds, (signal) => transport.open(whereaboutsOf(contact.neighbour), signal))
    try {
      return await open()
    } catch (thrown) {
      const found = await this.#inTime(LIMITS.answerSeconds, (signal) =>
        this.find(contact.neighbour.bank, [], signal),
      )
      if (!found.ok) throw thrown
      return open()
    }
  }

  #inTime<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.#parts.clock, seconds, [this.#stop.signal], work)
  }

  #track(work: Promise<void>): void {
    const guarded = work.catch((thrown) => {
      if (!this.#stop.signal.aborted) this.#parts.report('session_refused', { problem: reasonOf(thrown) })
    })
    this.#running.add(guarded)
    void guarded.finally(() => this.#running.delete(guarded))
  }

  async close(): Promise<void> {
    this.#stop.abort()
    for (const contact of this.#contacts.values()) await contact.link.close()
    await Promise.allSettled(this.#running)
  }
}
