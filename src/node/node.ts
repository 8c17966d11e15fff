/**
 * What is a running bank? Its log read and compared, one writer, and its neighbours. `openNode` does what every
 * start does: replay, compare heads, ask the neighbours, then sign.
 */

import type { SigningKey } from '../core/ed25519.ts'
import type { Auth } from '../core/entry.ts'
import { Fault } from '../core/fault.ts'
import { type Bytes, originOf, sameBytes, toHex } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { exchangePreimage, orderPreimage } from '../core/sign.ts'
import type { Head } from '../log/checkpoint.ts'
import type { LogTree } from '../log/tree.ts'
import type { AddressBook, Directory, Transport, Whereabouts } from '../peer/ports.ts'
import type { HeadGuard, Store, Write } from '../store/store.ts'
import { decideExchange, type ExchangeRequest } from './accounts.ts'
import { type Committed, type Decide, Writer } from './commit.ts'
import { Contacts } from './contacts.ts'
import { checkSignatures } from './door.ts'
import { compareGuard, Gate } from './gate.ts'
import { Handles } from './handles.ts'
import { openIdentity } from './identity.ts'
import {
  decideAccept,
  decideLimit,
  decidePause,
  decidePropose,
  decideWithdraw,
  type LineOffer,
  type Proposal,
} from './lines.ts'
import { type Neighbour, neighbourRow, seenDraft } from './neighbour.ts'
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
  readonly report: Report
  readonly settings: NodeSettings
  /** Told of a fatal fault; the process is expected to end and start again by replay. */
  readonly onFatal: (fault: unknown) => void
  readonly progress?: (entries: number) => void
}

const EPOCH = 0
const TICK_MS = 1_000

/** Opens the bank in this store. Throws Fault `folder_not_set_up`, `log_invalid`, `key_invalid` or `version_unknown`. */
export async function openNode(parts: NodeParts): Promise<Node> {
  const { store, guard, logKey, clock, report } = parts
  const { book, tree, head, key } = await replay(store, EPOCH, parts.progress)
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
  const partners = book.lines.filter((line) => line.state === 'open').map((line) => line.peer)
  const gate = new Gate({
    guard: found,
    partners,
    clock,
    report,
    startWaitSeconds: parts.settings.startWaitSeconds,
    start: parts.settings.start,
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
  await node.start()
  return node
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
  readonly #tokens = new Map<string, number>()
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
      onProposal: (proposal: Proposal, token: Bytes | null) => this.#proposed(proposal, token),
      onWithdrawn: (peer: Bytes) => this.#withdrawn(peer),
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
    })
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

  #tick(): void {
    this.contacts.tick()
    this.#presence?.tick()
    for (const line of this.#parts.book.lines) {
      if (line.state !== 'proposed') continue
      const proposedAt = this.own.entry(line.first).time
      if (this.#parts.clock.now() >= proposedAt + LIMITS.proposalSeconds)
        void this.commit(decideWithdraw(line.id, proposedAt))
    }
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
    return signed.ok ? this.commit(decideOrder(request)) : signed
  }

  /** "Send anyway" or "wait": the new order takes the old one's place in one commit ([PAY-12]). */
  async swap(old: Bytes, request: PayRequest): Promise<Outcome<Committed<PaymentState>>> {
    const signed = await this.#signed(request.auths, orderPreimage(request.order))
    return signed.ok ? this.commit(decideSwap(old, request)) : signed
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

  async payment(id: Bytes): Promise<Outcome<PaymentView>> {
    const view = await this.read((reading) => paymentView(reading, id))
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

  #signed(auths: readonly Auth[], preimage: Bytes): Promise<Outcome<null>> {
    return checkSignatures(this.#parts.book, auths, preimage)
  }

  // Neighbours

  /** Finds a bank and keeps what it says of itself. `token` is that of its invitation. */
  async addNeighbour(
    found: Neighbour,
    offer: LineOffer,
    token: Bytes | null,
  ): Promise<Outcome<{ line: Bytes }>> {
    const link = this.contacts.link(found.bank)
    if (link !== null) link.inviteToken = token
    const kept = await this.keepNeighbour(found)
    if (!kept.ok) return kept
    const nonce = this.#parts.random.bytes(16)
    const outcome = await this.commit(decidePropose(found.bank, offer, nonce, seenDraft(found)))
    this.contacts.reach(found.bank)
    return outcome.ok ? accept(outcome.value.value) : outcome
  }

  keepNeighbour(neighbour: Neighbour): Promise<Outcome<Committed<null>>> {
    return this.commit(() => accept({ entries: [], rows: [neighbourRow(neighbour)], value: null }))
  }

  proposals(): readonly Proposal[] {
    return this.#parts.proposals.all()
  }

  /** Takes up a proposal that waits. */
  async acceptNeighbour(peer: Bytes): Promise<Outcome<{ line: Bytes }>> {
    const proposal = this.#parts.proposals.get(peer)
    const link = this.contacts.link(peer)
    if (proposal === null || link === null) return refuse('proposal_unknown')
    const rows: Write[] = [neighbourRow(link.neighbour), this.#parts.proposals.drop(peer)]
    const outcome = await this.commit(decideAccept(proposal, seenDraft(link.neighbour), rows))
    this.contacts.reach(peer)
    return outcome.ok ? accept(outcome.value.value) : outcome
  }

  limitNeighbour(peer: Bytes, minutes: number): Promise<Outcome<Committed<{ version: number }>>> {
    return this.commit(decideLimit(peer, minutes))
  }

  pauseNeighbour(peer: Bytes, act: 'pause' | 'resume'): Promise<Outcome<Committed<{ line: Bytes }>>> {
    return this.commit(decidePause(peer, act))
  }

  /** A token for one invitation; good until the given second. */
  invite(expires: number): Bytes {
    const token = this.#parts.random.bytes(16)
    this.#tokens.set(toHex(token), expires)
    return token
  }

  async #proposed(proposal: Proposal, token: Bytes | null): Promise<'kept' | 'accepted' | 'full'> {
    const { proposals, book } = this.#parts
    const row = proposals.keep(proposal)
    if (row === null) return 'full'
    const link = this.contacts.link(proposal.peer)
    const rows = link === null ? [row] : [row, neighbourRow(link.neighbour)]
    await this.commit(() => accept({ entries: [], rows, value: null }))
    const invited = token !== null && (this.#tokens.get(toHex(token)) ?? 0) >= this.#parts.clock.now()
    if (invited && lineWith(book, proposal.peer) === null) {
      this.#tokens.delete(toHex(token))
      if ((await this.acceptNeighbour(proposal.peer)).ok) return 'accepted'
    }
    this.#parts.report('proposal_waits', { neighbour: toHex(proposal.peer) })
    return 'kept'
  }

  async #withdrawn(peer: Bytes): Promise<void> {
    const row = this.#parts.proposals.drop(peer)
    await this.commit(() => accept({ entries: [], rows: [row], value: null }))
  }

  /** Ends sessions, finishes the commit under way, and lets go of the network; the store is its opener's. */
  async close(): Promise<void> {
    this.#cancelTick?.()
    await this.#presence?.close()
    await this.contacts.close()
    await this.#parts.transport.close()
    await this.#parts.writer.close()
  }
}
