/**
 * What does a bank remember of every payment it ever saw, as payer's or as payee's bank? One compact row an id,
 * for ever: a message may come back years later and is answered from it ([PAY-4]).
 */

import { IdTable } from '../id-table.ts'
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
}

const GROWTH = 2

export class Payments<S extends string> {
  readonly #states: readonly S[]
  readonly #openStates: ReadonlySet<S>
  readonly #open = new Set<number>()
  readonly #ids = new IdTable()
  #room = 256
  #aid = new Uint8Array(this.#room * HASH_BYTES)
  #state = new Uint8Array(this.#room)
  #minutes = new Uint32Array(this.#room)
  #account = new Int32Array(this.#room)
  #line = new Int32Array(this.#room)
  #decideBy = new Float64Array(this.#room)
  #category = new Uint16Array(this.#room)
  #day = new Uint32Array(this.#room)
  #mode = new Uint8Array(this.#room)
  #first = new Float64Array(this.#room)
  #answer = new Float64Array(this.#room)
  #seq = new Uint32Array(this.#room)

  /** `states` in a fixed order; the first is the state of an id that has no row. `open`: those that wait for somebody. */
  constructor(states: readonly S[], open: readonly S[]) {
    this.#states = states
    this.#openStates = new Set(open)
  }

  get size(): number {
    return this.#ids.size
  }

  stateOf(id: Bytes): S {
    const row = this.#ids.find(id)
    return this.#states[row < 0 ? 0 : (this.#state[row] as number)] as S
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
    return {
      id: this.#ids.at(row),
      state: this.#states[this.#state[row] as number] as S,
      aid: this.#aid.slice(row * HASH_BYTES, (row + 1) * HASH_BYTES),
      minutes: this.#minutes[row] as number,
      account: this.#account[row] as number,
      line: this.#line[row] as number,
      decideBy: this.#decideBy[row] as number,
      category: this.#category[row] as number,
      day: this.#day[row] as number,
      mode: this.#mode[row] as number,
      first: this.#first[row] as number,
      answer: this.#answer[row] as number,
      seq: this.#seq[row] as number,
    }
  }

  /** Writes a new row, or the given fields of an existing one. */
  put(id: Bytes, fields: Partial<Omit<Payment<S>, 'id'>> & { readonly state: S }): void {
    let row = this.#ids.find(id)
    if (row < 0) {
      if (this.#ids.size === this.#room) this.#grow()
      row = this.#ids.add(id)
      this.#account[row] = -1
      this.#line[row] = -1
    }
    this.#state[row] = this.#states.indexOf(fields.state)
    if (this.#openStates.has(fields.state)) this.#open.add(row)
    else this.#open.delete(row)
    if (fields.aid !== undefined) this.#aid.set(fields.aid, row * HASH_BYTES)
    if (fields.minutes !== undefined) this.#minutes[row] = fields.minutes
    if (fields.account !== undefined) this.#account[row] = fields.account
    if (fields.line !== undefined) this.#line[row] = fields.line
    if (fields.decideBy !== undefined) this.#decideBy[row] = fields.decideBy
    if (fields.category !== undefined) this.#category[row] = fields.category
    if (fields.day !== undefined) this.#day[row] = fields.day
    if (fields.mode !== undefined) this.#mode[row] = fields.mode
    if (fields.first !== undefined) this.#first[row] = fields.first
    if (fields.answer !== undefined) this.#answer[row] = fields.answer
    if (fields.seq !== undefined) this.#seq[row] = fields.seq
  }

  #grow(): void {
    this.#room *= GROWTH
    this.#aid = widened(this.#aid, new Uint8Array(this.#room * HASH_BYTES))
    this.#state = widened(this.#state, new Uint8Array(this.#room))
    this.#minutes = widened(this.#minutes, new Uint32Array(this.#room))
    this.#account = widened(this.#account, new Int32Array(this.#room))
    this.#line = widened(this.#line, new Int32Array(this.#room))
    this.#decideBy = widened(this.#decideBy, new Float64Array(this.#room))
    this.#category = widened(this.#category, new Uint16Array(this.#room))
    this.#day = widened(this.#day, new Uint32Array(this.#room))
    this.#mode = widened(this.#mode, new Uint8Array(this.#room))
    this.#first = widened(this.#first, new Float64Array(this.#room))
    this.#answer = widened(this.#answer, new Float64Array(this.#room))
    this.#seq = widened(this.#seq, new Uint32Array(this.#room))
  }
}

function widened<A extends { set(from: A): void }>(old: A, wide: A): A {
  wide.set(old)
  return wide
}
