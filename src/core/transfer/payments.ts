/**
 * What does a bank remember of every payment it ever saw, as payer's or as payee's bank? One compact row an id,
 * for ever: a message may come back years later and is answered from it ([PAY-4]).
 */

import { must } from '../fault.ts'
import { IdTable, type IdTableOptions } from '../id-table.ts'
import { type Bytes, HASH_BYTES } from '../ids.ts'

/** One payment's row. `S` is the state; the rest is the same for both roles. */
export interface Payment<S extends string> {
  readonly id: Bytes
  readonly state: S
  readonly aid: Bytes
  readonly minutes: number
  /** Number of the account in the book; -1 when the id was never held here. */
  readonly account: number
  /** Number of the line in the book; -1 when the id was never held here. */
  readonly line: number
  /** Seconds. */
  readonly decideBy: number
  /** Category and day of the help, as the promise names them; 0 in the payer's role. */
  readonly category: number
  readonly day: number
  /** Postal, or without a promise. */
  readonly mode: number
  /** Index of the entry that made the id known here. */
  readonly first: number
  /** Index of the entry that answers for it now: commit or abort, credit or waiver. */
  readonly answer: number
  /** Sequence number of its posting on the line; 0 while there is none. */
  readonly seq: number
  /** The pot paid the payer back while the payee's bank was silent. */
  readonly covered: boolean
}

/** Where each field lies in a row, in bytes; numbers are little-endian, as wide as their ranges in the entries ask. */
const AT = {
  aid: 0,
  decideBy: 32,
  first: 40,
  answer: 48,
  minutes: 56,
  account: 60,
  line: 64,
  day: 68,
  seq: 72,
  category: 76,
  state: 78,
  mode: 79,
} as const
const ROW_BYTES = 80
/** Rows lie in pieces of so many: a table that grows leaves no old copy behind and hardly any empty room. */
const PIECE_ROWS = 1024
const LITTLE = true

/** What `put` may set. */
type Fields<S extends string> = Partial<Omit<Payment<S>, 'id'>> & { readonly state: S }

export class Payments<S extends string> {
  readonly #states: readonly S[]
  readonly #openStates: ReadonlySet<S>
  readonly #open = new Set<number>()
  /** Rows that the pot paid back: a handful in the life of a bank. */
  readonly #covered = new Set<number>()
  readonly #ids: IdTable
  readonly #pieces: Piece[] = []

  /**
   * `states` in a fixed order; the first is the state of an id that has no row. `open`: those that wait for somebody.
   * The key spreads the ids, as in `IdTable`.
   */
  constructor(states: readonly S[], open: readonly S[], options: Pick<IdTableOptions, 'key'> = {}) {
    this.#states = states
    this.#openStates = new Set(open)
    this.#ids = new IdTable(options)
  }

  get size(): number {
    return this.#ids.size
  }

  /** Bytes of memory this table holds, apart from a few fixed objects and the lists of what is open or covered. */
  get bytesHeld(): number {
    return this.#ids.bytesHeld + this.#pieces.length * PIECE_ROWS * ROW_BYTES
  }

  stateOf(id: Bytes): S {
    const row = this.#ids.find(id)
    return row < 0 ? (this.#states[0] as S) : this.#stateAt(row)
  }

  /** The row of an id, or null when the bank never saw it in this role. */
  get(id: Bytes): Payment<S> | null {
    const row = this.#ids.find(id)
    return row < 0 ? null : this.at(row)
  }

  /** Every payment that still waits for somebody, in order of first sight. */
  *open(): Iterable<Payment<S>> {
    for (const row of this.#open) yield this.at(row)
  }

  /** Rows in order of first sight, from 0 to `size`. */
  at(row: number): Payment<S> {
    const { bytes, view } = this.#piece(row)
    const at = placeOf(row)
    return {
      id: this.#ids.at(row),
      state: this.#stateAt(row),
      aid: bytes.slice(at + AT.aid, at + AT.aid + HASH_BYTES),
      minutes: view.getUint32(at + AT.minutes, LITTLE),
      account: view.getInt32(at + AT.account, LITTLE),
      line: view.getInt32(at + AT.line, LITTLE),
      decideBy: view.getFloat64(at + AT.decideBy, LITTLE),
      category: view.getUint16(at + AT.category, LITTLE),
      day: view.getUint32(at + AT.day, LITTLE),
      mode: view.getUint8(at + AT.mode),
      first: view.getFloat64(at + AT.first, LITTLE),
      answer: view.getFloat64(at + AT.answer, LITTLE),
      seq: view.getUint32(at + AT.seq, LITTLE),
      covered: this.#covered.has(row),
    }
  }

  /** Writes a new row, or the given fields of an existing one. */
  put(id: Bytes, fields: Fields<S>): void {
    const known = this.#ids.find(id)
    const row = known < 0 ? this.#add(id) : known
    const { bytes, view } = this.#piece(row)
    const at = placeOf(row)
    const state = this.#states.indexOf(fields.state)
    must(state >= 0, 'a payment has one of the states of its table')
    view.setUint8(at + AT.state, state)
    if (this.#openStates.has(fields.state)) this.#open.add(row)
    else this.#open.delete(row)
    const { aid, minutes, account, line, decideBy, category, day, mode, first, answer, seq } = fields
    if (aid !== undefined) bytes.set(aid, at + AT.aid)
    if (minutes !== undefined) view.setUint32(at + AT.minutes, minutes, LITTLE)
    if (account !== undefined) view.setInt32(at + AT.account, account, LITTLE)
    if (line !== undefined) view.setInt32(at + AT.line, line, LITTLE)
    if (decideBy !== undefined) view.setFloat64(at + AT.decideBy, decideBy, LITTLE)
    if (category !== undefined) view.setUint16(at + AT.category, category, LITTLE)
    if (day !== undefined) view.setUint32(at + AT.day, day, LITTLE)
    if (mode !== undefined) view.setUint8(at + AT.mode, mode)
    if (first !== undefined) view.setFloat64(at + AT.first, first, LITTLE)
    if (answer !== undefined) view.setFloat64(at + AT.answer, answer, LITTLE)
    if (seq !== undefined) view.setUint32(at + AT.seq, seq, LITTLE)
    if (fields.covered === true) this.#covered.add(row)
  }

  #add(id: Bytes): number {
    const row = this.#ids.add(id)
    if (row % PIECE_ROWS === 0) this.#pieces.push(freshPiece())
    const { view } = this.#piece(row)
    view.setInt32(placeOf(row) + AT.account, -1, LITTLE)
    view.setInt32(placeOf(row) + AT.line, -1, LITTLE)
    return row
  }

  #stateAt(row: number): S {
    return this.#states[this.#piece(row).view.getUint8(placeOf(row) + AT.state)] as S
  }

  #piece(row: number): Piece {
    return this.#pieces[Math.floor(row / PIECE_ROWS)] as Piece
  }
}

interface Piece {
  readonly bytes: Uint8Array
  readonly view: DataView
}

function freshPiece(): Piece {
  const bytes = new Uint8Array(PIECE_ROWS * ROW_BYTES)
  return { bytes, view: new DataView(bytes.buffer) }
}

/** Where a row begins in its piece. */
function placeOf(row: number): number {
  return (row % PIECE_ROWS) * ROW_BYTES
}
