/**
 * What do two banks tell each other of what their members ask and offer? Sentences without a name, to line partners alone
 * and so many times a day; and that somebody can, under a short name, said until it is heard ([DIR-10], [DIR-12]).
 */

import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import { accountOf, type Book, lineWith } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept } from '../core/refusal.ts'
import type { MessageOf } from '../peer/messages.ts'
import type { Allowance } from './allowance.ts'
import type { Writer } from './commit.ts'
import { isSoundName } from './fetched.ts'
import { plainMessage } from './outbox.ts'
import type { Clock } from './ports.ts'
import type { Reception } from './reception.ts'
import type { PeerSession } from './session.ts'

/** What a member of a neighbour asks (1) or offers (2); nobody is named. */
export interface NeighbourNotice {
  readonly id: Bytes
  readonly kind: number
  readonly text: string
  readonly category: number
  /** Seconds. */
  readonly until: number
}

/** The numbers of the questions, and how long a neighbour that asked too much is to wait. */
const LOOK = 26
const INTEREST = 28
const DAY = 86_400
const KEPT = 1
const NO_SUCH_NOTICE = 2

export interface NoticeboardParts {
  readonly neighbour: { readonly bank: Bytes }
  readonly allowance: Allowance
  readonly writer: Writer
  readonly reception: Reception | null
  readonly clock: Clock
}

interface Heard {
  readonly value: 'kept' | 'no_such_notice' | 'shut'
  /** It was kept before. */
  readonly known: boolean
}

export class Noticeboard {
  readonly #parts: NoticeboardParts

  constructor(parts: NoticeboardParts) {
    this.#parts = parts
  }

  /** What our members let neighbours read, the newest first; NOTHING where there is no line that takes hours. */
  async look(session: PeerSession, { question }: MessageOf<'look'>): Promise<void> {
    const { allowance, clock, reception, writer } = this.#parts
    if (!allowance.looks.take(clock.uptime())) return busy(session, LOOK, DAY)
    const notices = await writer.read((book) => {
      if (reception === null || !isOpenTo(book, this.#parts.neighbour.bank)) return null
      return reception
        .notices(Math.max(book.time, clock.now()))
        .filter(({ account }) => accountOf(book, account)?.state === 'open')
        .slice(0, LIMITS.noticesOutside)
        .map(({ id, kind, text, category, until }) => ({ id, kind, text, category, until }))
    })
    const answer = notices === null ? nothing(question) : ({ name: 'notices', question, notices } as const)
    session.send(plainMessage(answer))
  }

  /** A member of theirs can, or would like it: kept for our desk once, however often it is said. */
  async interest(session: PeerSession, message: MessageOf<'interest'>): Promise<void> {
    const { allowance, clock, reception, writer, neighbour } = this.#parts
    const { question, notice, who, phone } = message
    if (!allowance.interests.take(clock.uptime())) return busy(session, INTEREST, DAY)
    const outcome = await writer.commit<Heard>((book, now) => {
      if (reception === null || !isOpenTo(book, neighbour.bank))
        return accept({ entries: [], value: { value: 'shut', known: false } })
      const isSound = isSoundName(who) && (phone === null || isSoundName(phone))
      const heard = { bank: neighbour.bank, question, notice, who, phone }
      const rows = isSound ? reception.interest(heard, now) : null
      if (rows === null) return accept({ entries: [], value: { value: 'no_such_notice', known: false } })
      return accept({ entries: [], rows, value: { value: 'kept', known: rows.length === 0 } })
    })
    if (!outcome.ok) return busy(session, INTEREST, LIMITS.resendLongestSeconds)
    const { value, known } = outcome.value.value
    if (known) allowance.interests.giveBack()
    if (value === 'shut') return session.send(plainMessage(nothing(question)))
    const said = value === 'kept' ? KEPT : NO_SUCH_NOTICE
    const ours = value === 'kept' ? (reception?.phone() ?? null) : null
    session.send(plainMessage({ name: 'noted', question, outcome: said, phone: ours }))
  }
}

/**
 * What of a neighbour's answer may be shown: sound sentences that end neither in the past nor later than any of ours would,
 * each once. The rest is passed over. `now` in seconds.
 */
export function soundNotices(
  notices: MessageOf<'notices'>['notices'],
  now: number,
): readonly NeighbourNotice[] {
  const latest = now + LIMITS.noticeSeconds + LIMITS.decideAheadSlackSeconds
  const seen = new Set<string>()
  return notices.filter(({ id, text, until }) => {
    const name = toHex(id)
    const fits = isSoundName(text) && until >= now && until <= latest && !seen.has(name)
    seen.add(name)
    return fits
  })
}

/** Whether the neighbour kept an answer. */
export function wasKept({ outcome }: MessageOf<'noted'>): boolean {
  return outcome === KEPT
}

/** Whether a line with this bank is open and takes hours: only then our people's words are shown, or theirs. */
export function isOpenTo(book: Book, bank: Bytes): boolean {
  const line = lineWith(book, bank)
  return line?.state === 'open' && !line.frozen
}

/** Banks to which that applies. */
export function openNeighbours(book: Book): readonly Bytes[] {
  const peers = book.lines.map(({ peer }) => peer).filter((peer) => isOpenTo(book, peer))
  return peers.filter((peer, i) => peers.findIndex((one) => sameBytes(one, peer)) === i)
}

function nothing(id: Bytes): MessageOf<'nothing'> {
  return { name: 'nothing', id }
}

function busy(session: PeerSession, about: number, retrySeconds: number): void {
  session.send(plainMessage({ name: 'busy', about, retrySeconds }))
}
