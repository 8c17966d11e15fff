/**
 * Who is on the board of this bank? The log knows its members by random ids and says who of them decided what; their
 * names lie here, private and erasable ([PRIV-1]).
 */

import { decode, encode } from '../core/codec.ts'
import { type Bytes, sameBytes, toHex } from '../core/ids.ts'
import type { Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { record, text } from '../core/schema.ts'
import { privateIdOf, privateKey, privateRange } from '../store/keyspace.ts'
import type { Store, Write } from '../store/store.ts'
import { line } from './texts.ts'

export interface Seat {
  /** 16 bytes, as in the log. */
  readonly actor: Bytes
  readonly name: string
}

const rowField = record({ name: text(LIMITS.nameBytes) })
const PAGE = 64

/** Everybody who was ever on the board, by name; who is on it now, the log says. */
export class Board {
  readonly #seats: Seat[] = []

  static async open(store: Store): Promise<Board> {
    const board = new Board()
    for await (const page of store.pages(privateRange('board'), PAGE)) {
      for (const [key, value] of page) {
        const decoded = decode(value)
        const row = decoded.ok ? rowField.read(decoded.value) : undefined
        // A row of one zero byte is a person who is being erased.
        if (row !== undefined) board.#seats.push({ actor: privateIdOf('board', key), name: row.name })
      }
    }
    return board
  }

  /** Who is in office, in order of name. */
  seated(book: Book): readonly Seat[] {
    return this.#seats
      .filter(({ actor }) => book.roles.get(toHex(actor))?.revoked === false)
      .sort((a, b) => (spelled(a.name) < spelled(b.name) ? -1 : 1))
  }

  /** Who in office is called so, whatever the capitals. */
  find(book: Book, name: string): Seat | null {
    return this.seated(book).find((seat) => spelled(seat.name) === spelled(name)) ?? null
  }

  /** Actor ids behind names. Refuses `board_unknown` with the name that is not on the board. */
  actors(book: Book, names: readonly string[]): Outcome<readonly Bytes[]> {
    const actors: Bytes[] = []
    for (const name of names) {
      const seat = this.find(book, name)
      if (seat === null) return refuse('board_unknown', { name: line(name) })
      actors.push(seat.actor)
    }
    return accept(actors)
  }

  /** The name behind an actor id is not known any more. */
  forget(actor: Bytes): void {
    const at = this.#seats.findIndex((seat) => sameBytes(seat.actor, actor))
    if (at >= 0) this.#seats.splice(at, 1)
  }

  /** The row of this seat, for a commit; called inside the decision, so that two of one batch cannot be one name. */
  keep(seat: Seat): Write {
    this.#seats.push(seat)
    return { put: privateKey('board', seat.actor), value: encode(rowField.write({ name: seat.name })) }
  }
}

/** Names that differ in capitals or outer blanks only are the same name. */
function spelled(name: string): string {
  return line(name).toLowerCase()
}
