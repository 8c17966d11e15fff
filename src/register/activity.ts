/**
 * What does everybody read about this bank? Hours and people in totals, made from the log once a day, with nothing in them
 * by which a few people could be told apart: totals of fewer than five are merged with what lies beside them
 * ([PRIV-24], [REP-3]).
 */

import { GIFT } from '../core/categories.ts'
import { CHANNELS } from '../core/entry.ts'
import { type Bytes, toHex } from '../core/ids.ts'
import { decodeIntent } from '../core/intent.ts'
import { accountOf, type Book } from '../core/ledger/book.ts'
import { clearing, type Line } from '../core/line.ts'
import { decodeOrder } from '../core/transfer/order.ts'
import type { Node } from '../node/node.ts'
import type { OwnLog } from '../node/own-log.ts'
import type { Reading } from '../node/query.ts'
import { mergeFew, type NeighbourFigures, type Period, periodsOf, Tally } from './activity-parts.ts'
import { dateOf, dayAt, dayOf } from './calendar.ts'
import { bankNameOf } from './neighbours.ts'

const SECONDS_PER_DAY = 86_400
/** People count as active for a year. */
const ACTIVE_DAYS = 365
/** Fewer than so many are never shown by themselves, whatever the bank's own rules say. */
const LEAST = 5
const SLICE = 500
const IMPORT = CHANNELS.indexOf('import') + 1
/** Bounds between which the number of active people is told. */
const BANDS = [LEAST, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const

export interface Figures {
  /** Days since 1970-01-01: everything recorded before this day is counted. */
  readonly day: number
  /** This year, newest part last. */
  readonly periods: readonly Period[]
  readonly yearMinutes: number | null
  /** Active people: at least, and at most; both null when there are too few to tell, the last at the top. */
  readonly people: { readonly least: number | null; readonly most: number | null }
  readonly neighbours: readonly NeighbourFigures[]
}

export class Activity {
  readonly #node: Node
  #kept: { readonly day: number; readonly figures: Promise<Figures> } | null = null

  constructor(node: Node) {
    this.#node = node
  }

  /** The figures of today; whoever asks first has them made. */
  figures(): Promise<Figures> {
    const day = dayAt(this.#node.logTime())
    if (this.#kept?.day === day) return this.#kept.figures
    const kept = { day, figures: makeFigures(this.#node, day) }
    kept.figures.catch(() => {
      if (this.#kept === kept) this.#kept = null
    })
    this.#kept = kept
    return kept.figures
  }
}

/** What one walk through the newest entries finds. */
interface Found {
  readonly day: number
  readonly since: number
  readonly reversed: Set<number>
  readonly returned: Set<string>
  readonly year: Tally
  readonly active: Set<number>
  /** By number of the line: who took part, and what it moved since the day began. */
  readonly lines: Map<number, { readonly people: Set<number>; newer: number }>
}

async function makeFigures(node: Node, day: number): Promise<Figures> {
  const newYear = dayOf(`${dateOf(day).slice(0, 4)}-01-01`) ?? day
  const found: Found = {
    day,
    since: Math.min(newYear, day - ACTIVE_DAYS) * SECONDS_PER_DAY,
    reversed: new Set(),
    returned: new Set(),
    year: new Tally(newYear),
    active: new Set(),
    lines: new Map(),
  }
  let next = await node.read(({ book }) => book.size - 1)
  while (next >= 0) {
    next = await node.read((reading) => walk(reading, found, next))
    // Others have their turn in between: a year of a large bank is a long walk.
    await new Promise<void>((resolve) => void node.clock.after(0, resolve))
  }
  return node.read(({ book }) => figuresOf(node, book, found))
}

/** Reads a slice of entries backwards; gives the index to go on from, -1 at the end. */
function walk({ book, own }: Reading, found: Found, from: number): number {
  const to = Math.max(-1, from - SLICE)
  for (let index = from; index > to; index--) {
    const { time } = own.entry(index)
    if (time < found.since) return -1
    take(book, own, found, index)
  }
  return to
}

function take(book: Book, own: OwnLog, found: Found, index: number): void {
  const entry = own.entry(index)
  const isNew = entry.time >= found.day * SECONDS_PER_DAY
  if (entry.kind === 'reverse') found.reversed.add(entry.body.index)
  if (entry.kind === 'exchange' && !isNew && !found.reversed.has(index)) {
    const { intent, channel } = entry.body
    const help = channel === IMPORT ? null : helpIn(book, intent)
    if (help !== null) add(found, entry.time, help.minutes, help.people)
  }
  if (entry.kind === 'pay.return') {
    found.returned.add(toHex(entry.body.id))
    const line = book.lineById.get(toHex(entry.body.line))
    const minutes = book.asPayer.get(entry.body.id)?.minutes ?? 0
    if (line !== undefined && isNew) lineOf(found, line).newer -= minutes
  }
  if (entry.kind === 'pay.commit') {
    const payment = book.asPayer.get(entry.body.id)
    const isGift = payment !== null && orderedCategory(own, payment.first) === GIFT
    takeCrossing(book, found, { ...entry, isGift }, payment, 1)
  }
  if (entry.kind === 'rcv.credit') {
    const isGift = entry.body.category === GIFT
    takeCrossing(book, found, { ...entry, isGift }, book.asPayee.get(entry.body.id), -1)
  }
}

/** The kind of help that the order of the payment held at this index names; null when it cannot be read. */
function orderedCategory(own: OwnLog, index: number): number | null {
  const entry = own.entry(index)
  return entry.kind === 'pay.hold' ? (decodeOrder(entry.body.order)?.category ?? null) : null
}

interface Crossing {
  readonly time: number
  /** Passed on without help, as hours that go back. */
  readonly isGift: boolean
  readonly body: {
    readonly id: Bytes
    readonly minutes: number
    readonly parts: readonly { readonly line: Bytes }[]
  }
}

/** `way`: 1 when a member here was helped over there, -1 when a member here helped. */
function takeCrossing(
  book: Book,
  found: Found,
  { time, body, isGift }: Crossing,
  payment: { readonly account: number } | null,
  way: 1 | -1,
): void {
  const line = book.lineById.get(toHex(body.parts[0]?.line ?? body.id))
  if (line === undefined) return
  const known = lineOf(found, line)
  if (time >= found.day * SECONDS_PER_DAY) known.newer += way * body.minutes
  else if (!isGift && !found.returned.has(toHex(body.id))) {
    const people = payment === null || payment.account < 0 ? [] : [payment.account]
    add(found, time, body.minutes, people)
    for (const one of people) known.people.add(one)
  }
}

function lineOf({ lines }: Found, { number }: Line): { readonly people: Set<number>; newer: number } {
  const known = lines.get(number) ?? { people: new Set<number>(), newer: 0 }
  lines.set(number, known)
  return known
}

function add(found: Found, time: number, minutes: number, people: readonly number[]): void {
  found.year.add(dayAt(time), minutes, people)
  if (time >= (found.day - ACTIVE_DAYS) * SECONDS_PER_DAY) for (const one of people) found.active.add(one)
}

/** Help between people; hours passed on without help, as a gift or what somebody leaves to the pot, are none. */
function helpIn(book: Book, intentBytes: Bytes): { minutes: number; people: number[] } | null {
  const intent = decodeIntent(intentBytes)
  if (intent === null || intent.category === GIFT) return null
  const parts = intent.legs.map(({ acct, minutes }) => ({ account: accountOf(book, acct), minutes }))
  const own = parts.filter(({ account }) => account?.class === 'member' || account?.class === 'organisation')
  if (own.length < parts.length && parts.length === 2) return null
  const people = own.flatMap(({ account }) => (account?.class === 'member' ? [account.number] : []))
  return { minutes: own.reduce((sum, { minutes }) => sum + Math.max(0, minutes), 0), people }
}

function figuresOf(node: Node, book: Book, found: Found): Figures {
  const least = Math.max(LEAST, book.rules?.smallestCell ?? LEAST)
  const { periods, yearMinutes } = periodsOf(found.year, found.day, least)
  return {
    day: found.day,
    periods,
    yearMinutes,
    people: bandOf(found.active.size, least),
    neighbours: neighbourFigures(node, book, found, least),
  }
}

function bandOf(count: number, least: number): Figures['people'] {
  const bounds = [least, ...BANDS.filter((one) => one > least)]
  const at = bounds.findLastIndex((one) => one <= count)
  if (at < 0) return { least: null, most: null }
  return { least: bounds[at] as number, most: at + 1 < bounds.length ? (bounds[at + 1] as number) - 1 : null }
}

function neighbourFigures(node: Node, book: Book, found: Found, least: number): NeighbourFigures[] {
  const lines = book.lines.filter(({ state }) => state === 'open' || state === 'closing' || state === 'dead')
  const told = lines.map((line) => {
    const { people, newer } = lineOf(found, line)
    return { name: bankNameOf(node, line.peer), people, minutes: clearing(line) - newer }
  })
  return mergeFew(told, least)
}
