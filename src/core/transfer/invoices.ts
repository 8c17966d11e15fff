/**
 * Which requests has a bank endorsed? One compact row a handle, for ever: a commit that was decided in time may arrive
 * years late and is judged by it ([PAY-4]).
 */

import { IdTable, type IdTableOptions } from '../id-table.ts'
import { type Bytes, HANDLE_BYTES, HASH_BYTES, sameBytes } from '../ids.ts'
import type { Order } from './order.ts'

/** An endorsed request: what an order that cites it must keep to. */
export interface Invoice {
  /** Index of its entry, counted through all epochs, and leaf hash. */
  readonly index: number
  readonly leaf: Bytes
  /** Null: whatever the payer says. */
  readonly minutes: number | null
  readonly category: number
  /** Days since 1970-01-01; null when it was not said. */
  readonly day: number | null
  /** Last second, in the payer's bank's log time, in which it may be decided to send. */
  readonly expires: number
  readonly uses: number
}

/** Whether an order pays this request: to its handle, its minutes if they are set, and in time ([INV-2]). */
export function keepsTo(
  { handle, minutes, decideBy }: Pick<Order, 'handle' | 'minutes' | 'decideBy'>,
  invoice: Pick<Invoice, 'minutes' | 'expires'> & { readonly handle: Bytes },
): boolean {
  const sameMinutes = invoice.minutes === null || invoice.minutes === minutes
  return sameBytes(handle, invoice.handle) && sameMinutes && decideBy <= invoice.expires
}

/** Where each field lies in a row, in bytes. Day and minutes are kept one higher, so that 0 is null. */
const AT = { leaf: 0, expires: 32, index: 40, uses: 48, minutes: 52, day: 56, category: 60 } as const
const ROW_BYTES = 64
/** Rows lie in pieces of so many: a table that grows leaves no old copy behind. */
const PIECE_ROWS = 256
const LITTLE = true

export class Invoices {
  readonly #handles: IdTable
  readonly #pieces: { readonly bytes: Uint8Array; readonly view: DataView }[] = []

  /** The key spreads the handles, as in `IdTable`. */
  constructor(options: Pick<IdTableOptions, 'key'> = {}) {
    this.#handles = new IdTable({ width: HANDLE_BYTES, ...options })
  }

  get size(): number {
    return this.#handles.size
  }

  /** Bytes of memory this table holds, apart from a few fixed objects. */
  get bytesHeld(): number {
    return this.#handles.bytesHeld + this.#pieces.length * PIECE_ROWS * ROW_BYTES
  }

  /** The request behind a handle, or null when this bank endorsed none. */
  get(handle: Bytes): Invoice | null {
    const row = this.#handles.find(handle)
    const piece = row < 0 ? undefined : this.#pieces[Math.floor(row / PIECE_ROWS)]
    if (piece === undefined) return null
    const { bytes, view } = piece
    const at = (row % PIECE_ROWS) * ROW_BYTES
    const minutes = view.getUint32(at + AT.minutes, LITTLE)
    const day = view.getUint32(at + AT.day, LITTLE)
    return {
      index: view.getFloat64(at + AT.index, LITTLE),
      leaf: bytes.slice(at + AT.leaf, at + AT.leaf + HASH_BYTES),
      minutes: minutes === 0 ? null : minutes - 1,
      category: view.getUint16(at + AT.category, LITTLE),
      day: day === 0 ? null : day - 1,
      expires: view.getFloat64(at + AT.expires, LITTLE),
      uses: view.getUint32(at + AT.uses, LITTLE),
    }
  }

  /** A request under a handle that has none yet. */
  add(handle: Bytes, invoice: Invoice): void {
    const row = this.#handles.add(handle)
    if (row % PIECE_ROWS === 0) this.#pieces.push(freshPiece())
    const { bytes, view } = this.#pieces[Math.floor(row / PIECE_ROWS)] as ReturnType<typeof freshPiece>
    const at = (row % PIECE_ROWS) * ROW_BYTES
    bytes.set(invoice.leaf, at + AT.leaf)
    view.setFloat64(at + AT.expires, invoice.expires, LITTLE)
    view.setFloat64(at + AT.index, invoice.index, LITTLE)
    view.setUint32(at + AT.uses, invoice.uses, LITTLE)
    view.setUint32(at + AT.minutes, invoice.minutes === null ? 0 : invoice.minutes + 1, LITTLE)
    view.setUint32(at + AT.day, invoice.day === null ? 0 : invoice.day + 1, LITTLE)
    view.setUint16(at + AT.category, invoice.category, LITTLE)
  }
}

function freshPiece(): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(PIECE_ROWS * ROW_BYTES)
  return { bytes, view: new DataView(bytes.buffer) }
}
