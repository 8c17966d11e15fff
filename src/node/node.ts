/**
 * What is a running bank? Its log read and compared, one writer, and its neighbours. `openNode` does what every
 * start does: replay, compare heads, ask the neighbours, then sign.
 */

import type { SigningKey } from '../core/ed25519.ts'
import type { Auth } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { TABLE_KEY_BYTES } from '../core/id-table.ts'
import { type Bytes, originOf, sameBytes, toHex } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangePreimage, orderPreimage } from '../core/sign.ts'
import type { Head } from '../log/checkpoint.ts'
import type { LogTree } from '../log/tree.ts'
import type { AddressBook, Directory, Transport, Whereabouts } from '../peer/ports.ts'
import type { HeadGuard, Store } from '../store/store.ts'
import { decideExchange, type ExchangeRequest } from './accounts.ts'
import { type Committed, type Decide, Writer } from './commit.ts'
import { Contacts } from './contacts.ts'
import { checkSignatures, type Verify, verifyOnThreads } from './door.ts'
import { compareGuard, Gate } from './gate.ts'
import { Handles } from './handles.ts'
import { openIdentity } from './identity.ts'
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
import { type OwnLog, openOwnLog } from './own-log.ts'
import { decideAbort, decideOrder, decideSwap, type PaymentState, type PayRequest } from './pay.ts'
import type { Clock, Random, Report } from './ports.ts'
import { Presence } from './presence.ts'
import { Proposals } from './proposals.ts'
import { type PaymentView, paymentView, type Reading } from './query.ts'
import { replay } from './replay.ts'
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

export interface NodeParts {
  readonly store: Store
  readonly guard: HeadGuard
  readonly logKey: SigningKey
  readonly peerKey: SigningKey
  readonly transport: Transport
  readonly directory: Directory | null
  /** Banks met before; a bank without one asks the DHT. */
  readonly addressBook?: AddressBook
  /** Where to begin: any peers of the network, from settings. */
  readonly bootstrap: readonly Whereabouts[]
  readonly clock: Clock
  readonly random: Random
  /** Checks the signatures of members' devices; on libuv's threads unless said otherwise. */
  readonly verify?: Verify
  readonly report: Report
  readonly settings: NodeSettings
  /** Told of a fatal fault; the process is expected to end and start again by replay. */
  readonly onFatal: (fault: unknown) => void
  readonly progress?: (entries: number) => void
}

const EPOCH = 0
const TICK_MS = 1_000

/** States that another entry is still expected to end. */
const OPEN_STATES: ReadonlySet<PaymentView['state']> = new Set(['held', 'sent', 'covered', 'promised'])

/** Opens the bank in this store. Throws Fault `folder_not_set_up`, `log_invalid`, `key_invalid` or `version_unknown`. */
export async function openNode(parts: NodeParts): Promise<Node> {
  const { store, guard, logKey, clock, report } = parts
  const { book, tree, head, key } = await replay(store, EPOCH, {
    tableKey: parts.random.bytes(TABLE_KEY_BYTES),
    ...(parts.progress === undefined ? {} : { progress: parts.progress }),
  })
  if (head === null || key === null) {
    throw new Fault(
      'folder_not_set_up',
      'There is no bank in this folder yet. Make one with: commonhour init',
    )
  }
  if (!sameBytes(logKey.publicKey, book.logKey)) {
    throw new Fault('key_invalid', 'The log key in this folder is not the one this bank was founded with.', {
      fatal: true,
    })
  }
  const found = compareGuard(await guard.read().catch(() => null), {
    origin: originOf(book.bank, EPOCH),
    key,
    head,
    tree,
  })
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
    head,
    changed: () => writer.wake(),
  })
  const writer = new Writer({
    store,
    guard,
    key: logKey,
    verifyingKey: key,
    book,
    tree,
    head,
    epoch: EPOCH,
    clock,
    report,
    gate: () => gate.state(),
    onFatal: parts.onFatal,
    commitEntries: parts.settings.commitEntries,
  })
  if (found === 'behind') await guard.write(head.note).catch(() => undefined)
  const node = new Node({ ...parts, book, tree, writer, gate, proposals: await Proposals.open(store) })
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
  readonly tree: LogTree
  readonly writer: Writer
  readonly gate: Gate
  readonly proposals: Proposals
}

export class Node {
  readonly handles: Handles
  readonly contacts: Contacts
  readonly own: OwnLog
  readonly #parts: RunningParts
  readonly #waiters = new Waiters()
  readonly #neighbourhood: Neighbourhood
  readonly #presence: Presence | null
  #cancelTick: (() => void) | null = null

  constructor(parts: RunningParts) {
    this.#parts = parts
    const { store, book, tree, writer, clock, random, report, transport, directory, peerKey } = parts
    this.own = openOwnLog({ store, tree, bank: () => book.bank, epoch: EPOCH })
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
      onProposal: (proposal: Proposal, token: Bytes | null) => this.#neighbourhood.proposed(proposal, token),
      onWithdrawn: (peer: Bytes, line: Bytes) => this.#neighbourhood.withdrawn(peer, line),
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
    this.#neighbourhood = new Neighbourhood({ ...parts, own: this.own, contacts: this.contacts })
    const targets = (): Whereabouts[] => [
      ...parts.bootstrap,
      ...this.contacts.all().map(({ neighbour: { peerId, addresses } }) => ({ peerId, addresses })),
    ]
    this.#presence = directory === null ? null : new Presence({ directory, bank: book.bank, clock, targets })
    writer.onDurable((recorded) => {
      for (const link of this.contacts.all()) link.recorded(recorded)
      this.#waiters.tell(recorded)
    })
  }

  get bank(): Bytes {
    return this.#parts.book.bank
  }

  /** The log of this bank, for whoever serves or exports it; read only to durable sizes. */
  get tree(): LogTree {
    return this.#parts.tree
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
    this.#neighbourhood.tick()
    this.#parts.writer.wake()
    this.#cancelTick = this.#parts.clock.after(TICK_MS, () => this.#tick())
  }

  commit<T>(decide: Decide<T>): Promise<Outcome<Committed<T>>> {
    return this.#parts.writer.commit(decide)
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
    return signed.ok ? this.commit(decideOrder(request, this.#pausedThere)) : signed
  }

  /** "Send anyway" or "wait": the new order takes the old one's place in one commit ([PAY-12]). */
  async swap(old: Bytes, request: PayRequest): Promise<Outcome<Committed<PaymentState>>> {
    const signed = await this.#signed(request.auths, orderPreimage(request.order))
    return signed.ok ? this.commit(decideSwap(old, request, this.#pausedThere)) : signed
  }

  /** Takes back a payment that is still held. */
  async cancel(id: Bytes): Promise<Outcome<PaymentView>> {
    const state = await this.read(({ book }) => book.asPayer.stateOf(id))
    if (state === 'none') return refuse('payment_unknown')
    if (state === 'held') {
      const outcome = await this.commit(decideAbort(id, 'cancel'))
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
    const lost = shut !== null && (view !== null || shut.code !== 'clock_unsure')
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
    return this.#neighbourhood.add(found, offer, token)
  }

  keepNeighbour(neighbour: Neighbour): Promise<Outcome<Committed<null>>> {
    return this.#neighbourhood.keep(neighbour)
  }

  proposals(): readonly Proposal[] {
    return this.#parts.proposals.all()
  }

  /** Takes up a proposal that waits. */
  acceptNeighbour(peer: Bytes): Promise<Outcome<{ line: Bytes }>> {
    return this.#neighbourhood.accept(peer)
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

  /** A token for one invitation; good until the given second. */
  invite(expires: number): Bytes {
    return this.#neighbourhood.invite(expires)
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
