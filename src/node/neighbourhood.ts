/**
 * Which lines does the operator want? Proposing, accepting what other banks propose, and withdrawing what nobody
 * answered. An uninvited proposal waits unlogged until the operator accepts it ([LINE-12]).
 */

import { type Bytes, sameBytes, toBase32, toHex } from '../core/ids.ts'
import { type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { lineIdOf } from '../core/sign.ts'
import type { Write } from '../store/store.ts'
import type { Writer } from './commit.ts'
import type { Contacts } from './contacts.ts'
import type { Invitations } from './invitations.ts'
import {
  decideAccept,
  decidePropose,
  decideWithdraw,
  type LineOffer,
  offerIn,
  type Proposal,
} from './lines.ts'
import { type Neighbour, neighbourRow, seenDraft } from './neighbour.ts'
import type { OwnLog } from './own-log.ts'
import type { Clock, Random, Report } from './ports.ts'
import type { Proposals } from './proposals.ts'
import type { RefusedBank } from './refused-banks.ts'

export interface NeighbourhoodParts {
  readonly book: Book
  readonly writer: Writer
  readonly own: OwnLog
  readonly contacts: Contacts
  readonly proposals: Proposals
  readonly invitations: Invitations
  readonly clock: Clock
  readonly random: Random
  readonly report: Report
  readonly onFatal: (fault: unknown) => void
}

export class Neighbourhood {
  readonly #parts: NeighbourhoodParts
  #ticking = false

  constructor(parts: NeighbourhoodParts) {
    this.#parts = parts
  }

  async add(found: Neighbour, offer: LineOffer, token: Bytes | null): Promise<Outcome<{ line: Bytes }>> {
    const { contacts, proposals, random, writer } = this.#parts
    const link = contacts.link(found.bank)
    if (link !== null) link.inviteToken = token
    // Whoever wants a line with a bank lets it ask, as it does when the two proposals cross.
    const kept = await writer.commit(() =>
      accept({
        entries: [],
        rows: [neighbourRow(found), proposals.refused.lift(found.bank)],
        value: null,
      }),
    )
    if (!kept.ok) return kept
    const nonce = random.bytes(16)
    const outcome = await writer.commit(decidePropose(found.bank, offer, nonce, seenDraft(found)))
    contacts.reach(found.bank)
    return outcome.ok ? accept(outcome.value.value) : outcome
  }

  /** Takes up what this bank proposed; `more` becomes durable with it. */
  async accept(peer: Bytes, more: readonly Write[] = []): Promise<Outcome<{ line: Bytes }>> {
    const { contacts, proposals, writer } = this.#parts
    const proposal = proposals.get(peer)
    const link = contacts.link(peer)
    if (proposal === null || link === null) return refuse('proposal_unknown')
    const rows: Write[] = [neighbourRow(link.neighbour), proposals.dropRow(peer), ...more]
    const outcome = await writer.commit(decideAccept(proposal, seenDraft(link.neighbour), rows))
    if (outcome.ok) proposals.forget(peer)
    contacts.reach(peer)
    return outcome.ok ? accept(outcome.value.value) : outcome
  }

  /** What this bank proposed goes, and it may not ask again. Refuses `proposal_unknown`. */
  async refuse(peer: Bytes): Promise<Outcome<null>> {
    const { contacts, proposals, writer } = this.#parts
    const outcome = await writer.commit<null>((book, now) => {
      // Another coordinator may have agreed a moment ago.
      if (proposals.get(peer) === null || lineWith(book, peer) !== null) return refuse('proposal_unknown')
      const name = contacts.link(peer)?.neighbour.name ?? toBase32(peer)
      const rows = [proposals.dropRow(peer), ...proposals.refused.keep({ bank: peer, name, since: now })]
      proposals.forget(peer)
      return accept({ entries: [], rows, value: null })
    })
    return outcome.ok ? accept(null) : outcome
  }

  /** Lets a bank ask again; a second time is no mistake. */
  async letAsk(bank: Bytes): Promise<Outcome<null>> {
    const { proposals, writer } = this.#parts
    const outcome = await writer.commit(() =>
      accept({ entries: [], rows: [proposals.refused.lift(bank)], value: null }),
    )
    return outcome.ok ? accept(null) : outcome
  }

  /** Banks that may not ask, the newest first. */
  refused(): readonly RefusedBank[] {
    return this.#parts.proposals.refused.all()
  }

  /**
   * A bank asks for a line. One that brings a token of ours is taken up at once, unless it wants to be ahead of us by more
   * than a first line allows: that waits for our operator, as what nobody invited does. A bank that may not ask is told what
   * one is told that finds too many waiting, unless it was invited.
   */
  async proposed(proposal: Proposal, token: Bytes | null): Promise<'kept' | 'accepted' | 'busy'> {
    const { invitations, proposals } = this.#parts
    const { refused } = proposals
    if (token === null || !invitations.take(token))
      return refused.has(proposal.peer) ? 'busy' : this.#keepProposal(proposal, [])
    const more = [invitations.usedRow(token), refused.lift(proposal.peer)]
    try {
      const kept = await this.#keepProposal({ ...proposal, invited: true }, more)
      return kept === 'kept' ? await this.#takeUp(proposal) : kept
    } finally {
      invitations.giveBack(token)
    }
  }

  async #keepProposal(
    proposal: Proposal & { readonly invited?: boolean },
    more: readonly Write[],
  ): Promise<'kept' | 'busy'> {
    const { proposals, contacts, writer, report } = this.#parts
    const rows = proposals.keep({ ...proposal, invited: proposal.invited ?? false })
    if (rows === null) return 'busy'
    if (rows.length + more.length === 0) return 'kept'
    const link = contacts.link(proposal.peer)
    if (link !== null) rows.push(neighbourRow(link.neighbour))
    await writer.commit(() => accept({ entries: [], rows: [...rows, ...more], value: null }))
    report('proposal_waits', { neighbour: toHex(proposal.peer) })
    return 'kept'
  }

  /** Agrees to an invited proposal. A crash before that leaves it waiting, and one press does it. */
  async #takeUp({ peer, terms }: Proposal): Promise<'kept' | 'accepted'> {
    const { book } = this.#parts
    const offer = offerIn(terms, book.bank)
    if (offer === null || offer.theyMayOwe > LIMITS.firstLineMinutes) return 'kept'
    if (lineWith(book, peer) !== null) return 'kept'
    return (await this.accept(peer)).ok ? 'accepted' : 'kept'
  }

  /** The bank that proposed this line took its proposal back. */
  async withdrawn(peer: Bytes, line: Bytes): Promise<void> {
    const { proposals, writer } = this.#parts
    const waiting = proposals.get(peer)
    if (waiting === null || !sameBytes(lineIdOf(waiting.terms), line)) return
    proposals.forget(peer)
    const rows = [proposals.dropRow(peer)]
    await writer.commit(() => accept({ entries: [], rows, value: null }))
  }

  /** Runs about once a second: proposals of ours that nobody answered for a month are withdrawn. */
  tick(): void {
    if (this.#ticking) return
    this.#ticking = true
    const { writer, onFatal } = this.#parts
    writer
      .read(() => this.#withdrawals())
      .then((decisions) => Promise.all(decisions))
      // A writer that failed has told of it already; anything else is a mistake of ours.
      .catch((thrown) => (writer.stopped ? undefined : onFatal(thrown)))
      .finally(() => {
        this.#ticking = false
      })
  }

  #withdrawals(): Promise<unknown>[] {
    const { book, clock, own, writer } = this.#parts
    const decisions: Promise<unknown>[] = []
    for (const line of book.lines) {
      if (line.state !== 'proposed') continue
      const proposedAt = own.entry(line.first).time
      if (Math.max(book.time, clock.now()) < proposedAt + LIMITS.proposalSeconds) continue
      decisions.push(writer.commit(decideWithdraw(line.id, proposedAt)))
    }
    return decisions
  }
}
