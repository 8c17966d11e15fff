/**
 * How does this bank stand with its neighbours? What a coordinator reads about each line and each bank that asks for one;
 * names come from the other banks and are shown as plain words.
 */

import { type Bytes, sameBytes } from '../core/ids.ts'
import { lineWith } from '../core/ledger/book.ts'
import { type LineOffer, offerIn } from '../node/lines.ts'
import type { Link } from '../node/link.ts'
import type { Node } from '../node/node.ts'
import { type LineView, lineView, type Reading } from '../node/query.ts'
import { shownText } from './texts.ts'

export interface NeighbourView {
  readonly bank: Bytes
  readonly name: string
  readonly connected: boolean
  /** Seconds; null when we have never heard from it. */
  readonly lastHeard: number | null
  readonly pausedThere: boolean
  /** Null while there is none, or none any more. */
  readonly line: LineView | null
  /** What it proposed and nobody here agreed to yet. */
  readonly proposal: ProposalView | null
}

export interface ProposalView {
  readonly offer: LineOffer
  /** It brought an invitation of ours. */
  readonly invited: boolean
}

/** Every bank with a line that is not closed, and every bank that asks for one; those that ask come first. */
export async function neighbours(node: Node): Promise<readonly NeighbourView[]> {
  const views = await node.read((reading) => node.contacts.all().map((link) => viewOf(node, reading, link)))
  const shown = views.filter(({ line, proposal }) => line !== null || proposal !== null)
  return shown.sort((a, b) => Number(a.proposal === null) - Number(b.proposal === null))
}

/** One bank; null when we know nothing of it. */
export async function neighbour(node: Node, bank: Bytes): Promise<NeighbourView | null> {
  const link = node.contacts.link(bank)
  return link === null ? null : node.read((reading) => viewOf(node, reading, link))
}

/** The bank once it has answered what we proposed, or as it is after so many seconds. */
export async function answered(node: Node, bank: Bytes, seconds: number): Promise<NeighbourView | null> {
  const over = node.clock.uptime() + seconds
  for (;;) {
    const view = await neighbour(node, bank)
    if (view?.line?.state !== 'proposed' || node.clock.uptime() >= over) return view
    await new Promise<void>((resolve) => void node.clock.after(LOOK_EVERY_MS, resolve))
  }
}

const LOOK_EVERY_MS = 100

/** Banks that may not ask for a line, the newest first ([LINE-13]). */
export function refusedBanks(node: Node): readonly { readonly bank: Bytes; readonly name: string }[] {
  return node.neighbourhood.refused().map(({ bank, name }) => ({ bank, name: shownText(name) || '?' }))
}

/** A name that another bank gave itself, as pages show it. */
export function bankNameOf(node: Node, bank: Bytes): string {
  return shownText(node.contacts.link(bank)?.neighbour.name ?? '') || '?'
}

function viewOf(node: Node, { book }: Reading, { neighbour, connected }: Link): NeighbourView {
  const { bank } = neighbour
  const line = lineWith(book, bank)
  const heard = Math.max(neighbour.heardAt, line?.heard ?? 0)
  const waiting = node.proposals().find(({ peer }) => sameBytes(peer, bank))
  const offer = waiting === undefined ? null : offerIn(waiting.terms, node.bank)
  return {
    bank,
    name: bankNameOf(node, bank),
    connected,
    lastHeard: heard === 0 ? null : heard,
    pausedThere: neighbour.pausedThere,
    line: line === null ? null : lineView(line),
    proposal: offer === null || waiting === undefined ? null : { offer, invited: waiting.invited },
  }
}
