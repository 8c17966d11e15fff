/**
 * What is a running bank? Its log read and compared, one writer, and its neighbours. `openNode` does what every
 * start does: replay, compare heads, ask the neighbours, then sign.
 */

import { type SigningKey, type VerifyingKey, verifyingKey } from '../core/ed25519.ts'
import type { Auth } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { TABLE_KEY_BYTES } from '../core/id-table.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangePreimage, orderPreimage } from '../core/sign.ts'
import type { Head } from '../log/checkpoint.ts'
import type { LogTree } from '../log/tree.ts'
import type { AddressBook, Directory, Transport, Whereabouts } from '../peer/ports.ts'
import { askedKey } from '../store/keyspace.ts'
import type { HeadGuard, Store, Write } from '../store/store.ts'
import { decideExchange, type ExchangeRequest } from './accounts.ts'
import { AskedInVain, askedBefore } from './asked-in-vain.ts'
import { type Committed, type Decide, Writer } from './commit.ts'
import { Contacts } from './contacts.ts'
import { checkSignatures, type Verify, verifyOnThreads } from './door.ts'
import { logOf, type OwnEpoch, type OwnEpochs, presentEpoch } from './epochs.ts'
import { Fetched, type FetchedRequest, isSoundName } from './fetched.ts'
import { compareGuardOver, Gate } from './gate.ts'
import { Handles } from './handles.ts'
import { openIdentity } from './identity.ts'
import { Invitations } from './invitations.ts'
import { Jobs } from './jobs.ts'
import {
  decideCloseLine,
  decideLimit,
  decidePause,
  decideResume,
  type LineOffer,
  type Proposal,
} from './lines.ts'
import type { Neighbour } from './neighbour.ts'
import { Neighbourhood } from './neighbourhood.ts'
import { type NeighbourNotice, soundNotices, wasKept } from './noticeboard.ts'
import { type OwnLog, openOwnLog } from './own-log.ts'
import { decideAbort, decideOrder, decideSwap, type PaymentState, type PayRequest } from './pay.ts'
import type { Clock, Random, Report } from './ports.ts'
import { Presence } from './presence.ts'
import { Proposals, type WaitingProposal } from './proposals.ts'
import { type PaymentView, paymentView, type Reading } from './query.ts'
import { type Answer, type FoundMember, type Question, unanswered } from './questions.ts'
import type { Interest, Reception } from './reception.ts'
import { replay } from './replay.ts'
import { decideAcceptRecovery, decideRotation, rotateInOf } from './rotation.ts'
import { type KeysAtHand, keysOfGuard, signingKeys } from './start-keys.ts'
import { Tally } from './tally.ts'
import { Waiters } from './waiters.ts'

export interface NodeSettings {
  readonly startWaitSeconds: number
  readonly start: 'usual' | 'strict'
  /** Entries of one commit and messages of one frame; fewer than the limits only for measurements. */
  readonly commitEntries: number
  readonly frameMessages: number
}

export const USUAL_SETTINGS: NodeSettings = {
  startWaitSeconds: LIMITS.startWaitSeconds,
  start: 'usual',
  commitEntries: LIMITS.commitEntries,
  frameMessages: LIMITS.frameMessages,
}

export interface NodeParts extends KeysAtHand {
  readonly store: Store
  /**
   * The guard, given the keys of all epochs and those at hand; the list grows when another is made. It is its opener's to
   * close, after the node.
   */
  readonly guard: (known: readonly VerifyingKey[]) => HeadGuard
  readonly peerKey: SigningKey
  readonly transport: Transport
  readonly directory: Directory | null
  /** Banks met before; a bank without one asks the DHT. */
  readonly addressBook?: AddressBook
  /** Where to begin: any peers of the network, from settings. */
  readonly bootstrap: readonly Whereabouts[]
  readonly clock: Clock
  readonly random: Random
  /** What the register says of people to other banks; null where there is none. */
  readonly reception?: Reception | null
  /** Checks the signatures of members' devices; on libuv's threads unless said otherwise. */
  readonly verify?: Verify
  readonly report: Report
  readonly settings: NodeSettings
  /** Told of a fatal fault; the process is expected to end and start again by replay. */
  readonly onFatal: (fault: unknown) => void
  readonly progress?: (entries: number) => void
}

const TICK_MS = 1_000

/** States that another entry is still expected to end. */
const OPEN_STATES: ReadonlySet<PaymentView['state']> = new Set(['held', 'sent', 'covered', 'promised'])

/** Opens the bank in this store. Throws Fault `folder_not_set_up`, `log_invalid`, `key_invalid` or `version_unknown`. */
export async function openNode(given: NodeParts): Promise<Node> {
  const tally = new Tally(given.clock)
  const parts = { ...given, report: tally.hearing(given.report) }
  const { store, clock, report } = parts
  const { book, epochs, tree, head, key } = await replay(store, {
    tableKey: parts.random.bytes(TABLE_KEY_BYTES),
    read: (entry) => tally.count(entry),
    ...(parts.progress === undefined ? {} : { progress: parts.progress }),
  })
  if (head === null || key === null) {
    throw new Fault(
      'folder_not_set_up',
      'There is no bank in this folder yet. Make one with: commonhour init',
    )
  }
  const { signing, next } = signingKeys(book, parts)
  const own = openOwnLog({ store, epochs, bank: () => book.bank })
  const guardKeys = keysOfGuard(epochs, parts)
  const guard = parts.guard(guardKeys)
  const found = compareGuardOver(
    await guard.read().catch(() => null),
    epochs.map((one) => ({ ...logOf(book.bank, one), head: own.headOf(one.epoch), tree: one.tree })),
  )
  // A bank that was given up is not waited for; one whose line is closing is still there.
  const partners = book.lines
    .filter(({ state }) => state === 'open' || state === 'closing')
    .map(({ peer }) => peer)
  const gate = new Gate({
    guard: found,
    partners,
    clock,
    report,
    startWaitSeconds: parts.settings.startWaitSeconds,
    start: parts.settings.start,
    askedBefore: askedBefore(store.get(askedKey), head),
    head,
    changed: () => writer.wake(),
  })
  const writer = new Writer({
    store,
    guard,
    key: signing,
    nextKey: next,
    verifyingKey: key,
    book,
    tree,
    head,
    epoch: own.epoch,
    epochs,
    clock,
    report,
    gate: () => gate.state(),
    onFatal: parts.onFatal,
    commitEntries: parts.settings.commitEntries,
  })
  if (found === 'behind') await guard.write(head.note).catch(() => undefined)
  const node = new Node({
    ...parts,
    ...{ book, epochs, own, writer, gate, guardKeys, tally, proposals: await Proposals.open(store) },
  })
  const idle = clock.now() - book.time
  if (idle > LIMITS.clockIdleSeconds) report('clock_differs', { seconds: idle })
  try {
    await node.start()
  } catch (thrown) {
    await node.close()
    throw thrown
  }
  return node
}

const decideRulesAgain: Decide<null> = (book) => {
  if (book.rules === null) return accept({ entries: [], value: null })
  const body = { ...book.rules, version: book.rules.version + 1 }
  return accept({ entries: [{ kind: 'rules', body }], value: null })
}

interface RunningParts extends NodeParts {
  readonly book: Book
  readonly epochs: OwnEpochs
  readonly own: OwnLog
  readonly writer: Writer
  readonly gate: Gate
  readonly guardKeys: VerifyingKey[]
  readonly proposals: Proposals
  readonly tally: Tally
}

export class Node {
  readonly handles: Handles
  /** Requests of other banks' members. */
  readonly fetched = new Fetched()
  readonly contacts: Contacts
  readonly own: OwnLog
  readonly tally: Tally
  readonly jobs: Jobs
  readonly #parts: RunningParts
  readonly #waiters = new Waiters()
  readonly neighbourhood: Neighbourhood
  readonly #invitations: Invitations
  readonly #presence: Presence | null
  readonly #asked: AskedInVain
  #cancelTick: (() => void) | null = null

  constructor(parts: RunningParts) {
    this.#parts = parts
    const { store, book, own, writer, clock, random, report, transport, directory, peerKey } = parts
    this.own = own
    this.tally = parts.tally
    this.jobs = new Jobs(clock)
    this.#asked = new AskedInVain(writer, parts.gate, writer.head as Head)
    this.handles = new Handles(store, random)
    const linkParts = {
      book,
      writer,
      own: this.own,
      store,
      handles: this.handles,
      gate: parts.gate,
      clock,
      report,
      frameMessages: parts.settings.frameMessages,
      reception: parts.reception ?? null,
      onProposal: (proposal: Proposal, token: Bytes | null) => this.neighbourhood.proposed(proposal, token),
      onWithdrawn: (peer: Bytes, line: Bytes) => this.neighbourhood.withdrawn(peer, line),
      onFatal: parts.onFatal,
    }
    const ownRecord = openIdentity({
      book,
      own: this.own,
      peerKey,
      head: () => writer.head,
      addresses: () => transport.addresses(),
    })
    this.contacts = new Contacts({
      addressBook: parts.addressBook ?? null,
      book,
      store,
      transport,
      directory,
      clock,
      random,
      report,
      ownRecord,
      linkParts,
      isAwaited: (bank) => parts.proposals.get(bank) !== null,
    })
    this.#invitations = new Invitations({ store, writer, clock, random })
    const { contacts } = this
    this.neighbourhood = new Neighbourhood({ ...parts, own, contacts, invitations: this.#invitations })
    const targets = (): Whereabouts[] => [
      ...parts.bootstrap,
      ...this.contacts.all().map(({ neighbour: { peerId, addresses } }) => ({ peerId, addresses })),
    ]
    const tried = (): void => this.jobs.ran('network')
    this.#presence =
      directory === null ? null : new Presence({ directory, bank: book.bank, clock, targets, tried })
    writer.onDurable((recorded) => {
      this.tally.recorded(recorded)
      for (const link of this.contacts.all()) link.recorded(recorded)
      this.#waiters.tell(recorded, (record) => this.handles.usedFor(record))
      // Each session begins anew, with the change of the key in front.
      if (recorded.some(({ entry }) => entry.kind === 'rotate.in'))
        for (const link of this.contacts.all()) void link.close().catch(() => undefined)
    })
  }

  get bank(): Bytes {
    return this.#parts.book.bank
  }

  /** The tree of the present epoch, for whoever serves or exports it; read only to durable sizes. */
  get tree(): LogTree {
    return presentEpoch(this.#parts.epochs).tree
  }

  /** All epochs of the log, the present one last. */
  get epochs(): readonly OwnEpoch[] {
    return this.#parts.epochs
  }

  get head(): Head {
    return this.#parts.writer.head as Head
  }

  get gate(): Gate {
    return this.#parts.gate
  }

  get store(): Store {
    return this.#parts.store
  }

  get clock(): Clock {
    return this.#parts.clock
  }

  get random(): Random {
    return this.#parts.random
  }

  get transport(): Transport {
    return this.#parts.transport
  }

  get directory(): Directory | null {
    return this.#parts.directory
  }

  /** Log time: never behind the last entry; deadlines count from it. Seconds. */
  logTime(): number {
    return Math.max(this.#parts.book.time, this.#parts.clock.now())
  }

  async start(): Promise<void> {
    const { transport, report, book } = this.#parts
    await this.contacts.load()
    await transport.start()
    report('started', { entries: book.size, bank: toHex(book.bank) })
    this.#tick()
  }

  /** Once a second, looks at what is due. It looks when book and disk say the same: what is not durable is due to nobody. */
  #tick(): void {
    this.contacts.tick()
    this.#presence?.tick()
    this.jobs.ran('neighbours')
    this.neighbourhood.tick()
    this.#asked.tick()
    this.#parts.writer.wake()
    this.#cancelTick = this.#parts.clock.after(TICK_MS, () => this.#tick())
  }

  commit<T>(decide: Decide<T>): Promise<Outcome<Committed<T>>> {
    return this.#parts.writer.commit(decide)
  }

  /** Writes private rows alone, whether or not the bank may record just now (`Writer.sweep`). */
  sweep(rows: readonly Write[]): Promise<void> {
    return this.#parts.writer.sweep(rows)
  }

  /** Looks when book and disk say the same. */
  read<T>(look: (reading: Reading) => T): Promise<T> {
    const { book, store, writer } = this.#parts
    return writer.read(() => look({ book, store, own: this.own }))
  }

  /** Help inside this bank. */
  async recordExchange(
    request: ExchangeRequest,
  ): Promise<Outcome<Committed<{ id: Bytes; record: 'new' | 'known' }>>> {
    const signed = await this.#signed(request.auths, exchangePreimage(request.intent))
    return signed.ok ? this.commit(decideExchange(request)) : signed
  }

  /** An order to another bank; answered once the hold (by post, the commit) is durable. */
  async pay(request: PayRequest): Promise<Outcome<Committed<PaymentState>>> {
    const signed = await this.#signed(request.auths, orderPreimage(request.order))
    if (!signed.ok) return signed
    return this.commit(
      decideOrder(request, this.#pausedThere, (ref) => this.fetched.byRef(ref)?.invoice ?? null),
    )
  }

  /** Asks another bank whom a member number stands for. Refuses as `unanswered` does, and `answer_not_sound`. */
  async who(bank: Bytes, number: string): Promise<Outcome<FoundMember>> {
    // No number is as long, and a frame that holds one would end the session.
    const bytes = Buffer.byteLength(number)
    if (bytes === 0 || bytes > LIMITS.numberBytes) return refuse('member_not_found')
    const answer = await this.#ask(bank, { name: 'who', question: this.random.bytes(32), number })
    if (answer.name !== 'handle') return unanswered(answer, 'member_not_found')
    const { handle, uses, expires, payee } = answer
    if (!isSoundName(payee)) return refuse('answer_not_sound', { what: 'name' })
    if (uses < 1 || expires < this.logTime()) return refuse('answer_not_sound', { what: 'end' })
    return accept({ handle, uses, expires, payee })
  }

  /** Fetches the request under this code from the payee's bank, for whoever pays it. Refuses as `who` does. */
  async fetchRequest(bank: Bytes, code: string): Promise<Outcome<FetchedRequest>> {
    const answer = await this.#ask(bank, { name: 'request', question: this.random.bytes(32), code })
    if (answer.name !== 'endorsed') return unanswered(answer, 'request_unknown')
    return this.fetched.take({ bank, code }, answer, this.logTime())
  }

  /** What members of a neighbour ask and offer. Refuses as `unanswered` does. */
  async look(bank: Bytes): Promise<Outcome<readonly NeighbourNotice[]>> {
    const answer = await this.#ask(bank, { name: 'look', question: this.random.bytes(32) })
    if (answer.name !== 'notices') return unanswered(answer, 'notice_unknown')
    return accept(soundNotices(answer.notices, this.logTime()))
  }

  /**
   * Tells a neighbour that a member of ours can, or would like it; `question` is the same whenever it is said. Gives whether
   * the neighbour kept it, and the telephone of its desk. Refuses as `unanswered` does.
   */
  async tellInterest(
    bank: Bytes,
    interest: Omit<Interest, 'bank'>,
  ): Promise<Outcome<{ readonly kept: boolean; readonly phone: string | null }>> {
    const answer = await this.#ask(bank, { name: 'interest', ...interest })
    if (answer.name !== 'noted') return unanswered(answer, 'notice_unknown')
    const { phone } = answer
    return accept({ kept: wasKept(answer), phone: phone !== null && isSoundName(phone) ? phone : null })
  }

  #ask(bank: Bytes, question: Question): Promise<Answer> {
    return this.contacts.link(bank)?.ask(question) ?? Promise.resolve({ name: 'away' })
  }

  /** Resolves when the request behind this handle is used, or after so many seconds. */
  async used(handle: Bytes, seconds: number): Promise<void> {
    await this.#waiters.next(handle).within(this.#parts.clock, seconds)
  }

  /** "Send anyway" or "wait": the new order takes the old one's place in one commit ([PAY-12]). */
  async swap(old: Bytes, request: PayRequest): Promise<Outcome<Committed<PaymentState>>> {
    const signed = await this.#signed(request.auths, orderPreimage(request.order))
    return signed.ok ? this.commit(decideSwap(old, request, this.#pausedThere)) : signed
  }

  /** Takes back a payment that is still held; `rows` become durable with it. */
  async cancel(id: Bytes, rows: readonly Write[] = []): Promise<Outcome<PaymentView>> {
    const state = await this.read(({ book }) => book.asPayer.stateOf(id))
    if (state === 'none') return refuse('payment_unknown')
    if (state === 'held') {
      const outcome = await this.commit(decideAbort(id, 'cancel', () => [...rows]))
      if (!outcome.ok) return outcome
      if (outcome.value.value === 'unchanged') return refuse('not_cancellable')
    } else if (state !== 'dead') return refuse('not_cancellable', { state })
    return this.payment(id)
  }

  /** Asks the payee's bank to give back what is on its way; whether it does, its answer tells. */
  async recall(id: Bytes): Promise<Outcome<PaymentView>> {
    const peer = await this.read(({ book }) => {
      const payment = book.asPayer.get(id)
      return payment?.state === 'sent' ? (book.lines[payment.line]?.peer ?? null) : null
    })
    const found = await this.payment(id)
    if (!found.ok) return found
    if (peer === null) return refuse('not_recallable', { state: found.value.state })
    const asked = this.contacts.link(peer)?.recall(id) ?? false
    return asked ? found : refuse('not_recallable', { away: 1 })
  }

  /**
   * How a payment stands. A log that may have lost its end knows what has ended; it cannot say that something still
   * goes on, or that it never knew an id ([PAY-10]).
   */
  async payment(id: Bytes): Promise<Outcome<PaymentView>> {
    const view = await this.read((reading) => paymentView(reading, id))
    const { gate } = this.#parts
    if (view !== null && (!OPEN_STATES.has(view.state) || !gate.mayBeShort)) return accept(view)
    const shut = gate.state()
    if (shut === 'wait') return refuse('too_busy')
    // A wrong clock alone loses nothing; before a log that may be short it must not hide that.
    const lost = shut !== null && (view !== null || shut.code !== 'clock_unsure' || gate.mayBeShort)
    if (lost) return { ok: false, refusal: shut }
    return view === null ? refuse('payment_unknown') : accept(view)
  }

  /** The payment once it waits for nobody, or as it is after `seconds`. */
  async settled(id: Bytes, seconds: number): Promise<Outcome<PaymentView>> {
    const waits = (view: PaymentView): boolean => ['held', 'sent', 'promised'].includes(view.state)
    const over = this.#parts.clock.uptime() + seconds
    for (;;) {
      const changed = this.#waiters.next(id)
      const found = await this.payment(id)
      const left = over - this.#parts.clock.uptime()
      if (!found.ok || !waits(found.value) || left <= 0) {
        changed.leave()
        return found
      }
      await changed.within(this.#parts.clock, left)
    }
  }

  readonly #pausedThere = (bank: Bytes): boolean => this.contacts.link(bank)?.neighbour.pausedThere ?? false

  #signed(auths: readonly Auth[], preimage: Bytes): Promise<Outcome<null>> {
    return checkSignatures(this.#parts.book, auths, preimage, this.#parts.verify ?? verifyOnThreads)
  }

  // Neighbours

  /** Proposes a line to a bank that was found. `token` is that of its invitation. */
  addNeighbour(found: Neighbour, offer: LineOffer, token: Bytes | null): Promise<Outcome<{ line: Bytes }>> {
    return this.neighbourhood.add(found, offer, token)
  }

  proposals(): readonly WaitingProposal[] {
    return this.#parts.proposals.all()
  }

  /** Takes up a proposal that waits. */
  acceptNeighbour(peer: Bytes): Promise<Outcome<{ line: Bytes }>> {
    return this.neighbourhood.accept(peer)
  }

  limitNeighbour(peer: Bytes, minutes: number): Promise<Outcome<Committed<{ version: number }>>> {
    return this.commit(decideLimit(peer, minutes))
  }

  pauseNeighbour(peer: Bytes, act: 'pause' | 'resume'): Promise<Outcome<Committed<{ line: Bytes }>>> {
    return this.commit(act === 'pause' ? decidePause(peer) : decideResume(peer))
  }

  /** Ends the line once the neighbour agrees; nothing may be owed or open on it. */
  closeNeighbour(peer: Bytes): Promise<Outcome<Committed<{ line: Bytes }>>> {
    return this.commit(decideCloseLine(peer))
  }

  /** A token for one invitation, good once and until the given second. Refuses `too_many_waiting`. */
  invite(expires: number): Promise<Outcome<Bytes>> {
    return this.#invitations.make(expires)
  }

  /**
   * Changes the log key: what is held ends, the old key names the new one, and the next epoch begins with it. `next` must
   * be kept before, so that a start after a crash in between finds it.
   */
  async changeKey(next: SigningKey): Promise<Outcome<{ epoch: number; aborted: number }>> {
    const { writer, report, guardKeys } = this.#parts
    guardKeys.push(...[verifyingKey(next.publicKey)].filter((one) => one !== null))
    const ended = await writer.rotate(next, decideRotation(next.publicKey))
    if (!ended.ok) return ended
    // Answered after the first entry of the next epoch, which the writer puts before everything else.
    const begun = await this.commit(() => accept({ entries: [], value: null }))
    if (!begun.ok) return begun
    const { epoch } = this.own
    report('key_changed', { epoch })
    return accept({ epoch, aborted: ended.value.value.aborted })
  }

  /** The board takes a recovery of a neighbour as it is ([KEY-5]). */
  acceptRecovery(peer: Bytes): (board: readonly Bytes[]) => Decide<{ line: Bytes }> {
    const link = this.contacts.link(peer)
    const rotateIn = link === null ? () => null : rotateInOf(link.neighbour)
    return (board) => decideAcceptRecovery(peer, board, rotateIn)
  }

  /** The operator vouches for this log; the act stands in the log as the rules said again ([CRASH-9]). */
  async confirmLog(typed: { readonly size: number; readonly root: string }): Promise<Outcome<null>> {
    const { gate } = this.#parts
    if (!gate.confirmLog(typed)) {
      const state = gate.state()
      return state === null || state === 'wait' ? refuse('request_malformed') : { ok: false, refusal: state }
    }
    const outcome = await this.commit(decideRulesAgain)
    return outcome.ok ? accept(null) : outcome
  }

  /** Ends sessions, finishes the commit under way, and lets go of the network; the store is its opener's. */
  async close(): Promise<void> {
    this.#cancelTick?.()
    this.#parts.gate.close()
    await this.#presence?.close()
    // First of all, so that nobody waits for a commit that the gate holds back.
    await this.#parts.writer.close()
    await this.contacts.close()
    await this.#parts.transport.close()
  }
}
