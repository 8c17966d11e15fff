/**
 * Which head of our log may strangers see? One that moves once an hour, or once a day while fewer than 20 accounts
 * were active in 90 days, so that nobody reads from a moving head who was helped just now ([CKPT-11]).
 *
 * The rule is a function of the log and the time alone: a restart shows the same head, and none goes backwards.
 */

import type { Account, Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { type HeadText, parseHeadText } from '../log/checkpoint.ts'
import { parseNote } from '../log/note.ts'
import type { OwnEpoch } from '../node/epochs.ts'
import type { Node } from '../node/node.ts'
import type { OwnLog } from '../node/own-log.ts'
import { checkpointKey, checkpointRange } from '../store/keyspace.ts'

const HOUR = 3_600
const DAY = 86_400

/** `usual` is the rule above; a number is the seconds between two moves, and 0 shows the newest head at once. */
export type PublicHeadPace = 'usual' | number

/** A head with its note, as it is served. */
export interface ServedHead {
  readonly size: number
  readonly note: Uint8Array
}

export class PublicHead {
  readonly #node: Node
  readonly #pace: PublicHeadPace
  /** Entries of the whole log that are public until that second. */
  #moved: { until: number; size: number } | null = null
  /** What was shown of each epoch, by its number. */
  readonly #shown = new Map<number, ServedHead>()

  constructor(node: Node, pace: PublicHeadPace) {
    this.#node = node
    this.#pace = pace
  }

  /** What holders of the token see of an epoch. */
  newest(epoch: number): ServedHead {
    return epoch === this.#node.own.epoch ? this.#node.head : this.#node.own.headOf(epoch)
  }

  /** What anybody sees. The commit that begins an epoch is public at once: it names the bank and nobody else. */
  async forAll(epoch: number): Promise<ServedHead> {
    if (this.#pace === 0) return this.newest(epoch)
    const size = await this.#publicSize()
    const { start } = this.#node.epochs[epoch] as OwnEpoch
    const head = await this.#newestUpTo(epoch, size - start)
    const shown = this.#shown.get(epoch)
    // A clock that jumped back must not take a head back that somebody has seen.
    const kept = shown !== undefined && shown.size > head.size ? shown : head
    this.#shown.set(epoch, kept)
    return kept
  }

  async #publicSize(): Promise<number> {
    const now = this.#node.clock.now()
    if (this.#moved === null || now >= this.#moved.until) {
      const moved = await this.#node.read(({ book, own }) => lastMove(book, own, { now, pace: this.#pace }))
      this.#moved = { until: moved.next, size: moved.size }
    }
    return this.#moved.size
  }

  /** The newest head of at most so many entries that a commit ended with, or the first one of the epoch. */
  async #newestUpTo(epoch: number, size: number): Promise<ServedHead> {
    const { store } = this.#node
    const upTo = {
      from: checkpointKey(epoch, 0),
      to: checkpointKey(epoch, Math.max(0, size) + 1),
      order: 'descending' as const,
    }
    for (const range of [upTo, checkpointRange(epoch)]) {
      for await (const page of store.pages(range, 1)) {
        const note = page[0]?.[1]
        const text = note === undefined ? null : headTextOf(note)
        if (note !== undefined && text !== null) return { size: text.size, note }
      }
    }
    return this.newest(epoch)
  }
}

/** Entries there were when the public head last moved, and the second at which it moves again. */
function lastMove(
  book: Book,
  own: OwnLog,
  { now, pace }: { now: number; pace: PublicHeadPace },
): { size: number; next: number } {
  const seconds = pace === 'usual' ? usualPace(book, own, now) : pace
  const moved = Math.floor(now / seconds) * seconds
  return { size: entriesBefore(book, own, moved), next: moved + seconds }
}

/** Decided once a day, at its start, for the whole of it: a bank on the edge would else show heads that go back. */
function usualPace(book: Book, own: OwnLog, now: number): number {
  const today = Math.floor(now / DAY) * DAY
  const from = entriesBefore(book, own, today - LIMITS.publicHeadActiveSeconds)
  const to = entriesBefore(book, own, today)
  const active = book.accounts.filter(
    (account) => isPerson(account) && movedWithin(book, account, from, to),
  ).length
  return active < LIMITS.publicHeadActiveAccounts ? DAY : HOUR
}

function isPerson(account: Account): boolean {
  return account.class === 'member' || account.class === 'organisation'
}

/** Whether one of the entries from index `from` up to `to`, excluded, moved this account. */
function movedWithin(book: Book, account: Account, from: number, to: number): boolean {
  for (const index of book.postings.newestFirst(account.lastPosting)) if (index < to) return index >= from
  return false
}

/** Number of entries with a time before this second; log time never runs backwards. */
function entriesBefore(book: Book, own: OwnLog, second: number): number {
  return lowest(book.size, (index) => own.entry(index).time >= second)
}

/** The lowest of 0 to `count` at which `holds` is true, or `count`; it is false below and true from there on. */
function lowest(count: number, holds: (i: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function headTextOf(note: Uint8Array): HeadText | null {
  const parsed = parseNote(note)
  return parsed === null ? null : parseHeadText(parsed.text)
}
