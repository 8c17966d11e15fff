/**
 * Which banks have we met, and where were they? The AddressBook port over the rows of the peer folder. What is
 * needed to choose stands in memory; the records, which are long, stay on the disk until somebody looks.
 */

import { decode, encode } from '../core/codec.ts'
import { reasonOf } from '../core/fault.ts'
import { BANK_ID_BYTES, type Bytes, fromHex, toHex } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { list, literal, record, type TypeOf, text, time } from '../core/schema.ts'
import type { PeerRows } from './peer-folder.ts'
import type { Acquaintance, AddressBook } from './ports.ts'

const BANK = '/commonhour/bank/'
const RECORD = '/commonhour/record/'

const rowField = record({
  version: literal(1),
  peerId: text(64),
  heardAt: time,
  addresses: list(record({ address: text(LIMITS.addressBytes), workedAt: time }), 0, LIMITS.recordAddresses),
})
type Row = Omit<TypeOf<typeof rowField>, 'version'>

/** Reads the book's index. `report` hears of rows that are lost, of writes that fail, and of nothing else. */
export async function openAddressBook(
  rows: PeerRows,
  report: (problem: string) => void,
): Promise<AddressBook> {
  const known = new Map<string, Row>()
  let lost = 0
  try {
    for await (const [key, value] of rows.under(BANK)) {
      const row = readRow(value)
      const bank = key.slice(BANK.length)
      if (row === null || fromHex(bank, BANK_ID_BYTES) === null) lost++
      else known.set(bank, row)
    }
  } catch (error) {
    report(
      `the address book could not be read to its end (${reasonOf(error)}); the other banks will be looked up again`,
    )
  }
  if (lost > 0) report(`${lost} banks in the address book could not be read; they will be looked up again`)
  return new Book(rows, known, report)
}

class Book implements AddressBook {
  private readonly rows: PeerRows
  private readonly known: Map<string, Row>
  private readonly report: (problem: string) => void
  /** Writes follow one another, so that the last one told is the one that stays. */
  private written: Promise<void> = Promise.resolve()

  constructor(rows: PeerRows, known: Map<string, Row>, report: (problem: string) => void) {
    this.rows = rows
    this.known = known
    this.report = report
  }

  banks(): readonly Bytes[] {
    const latest = [...this.known].sort(([, a], [, b]) => b.heardAt - a.heardAt)
    return latest.map(([bank]) => fromHex(bank, BANK_ID_BYTES) as Bytes)
  }

  async look(bank: Bytes): Promise<Acquaintance | null> {
    const key = toHex(bank)
    await this.written
    const row = this.known.get(key)
    if (row === undefined) return null
    return { ...row, record: await this.recordOf(key) }
  }

  async hear(bank: Bytes, heard: { peerId: string; record: Bytes; at: number }): Promise<void> {
    const key = toHex(bank)
    const { addresses, heardAt } = this.before(key, heard)
    const row = { peerId: heard.peerId, heardAt, addresses }
    await this.keep(key, row, new Map([[RECORD + key, heard.record]]))
  }

  async worked(bank: Bytes, where: { peerId: string; address: string; at: number }): Promise<void> {
    const key = toHex(bank)
    const { addresses, heardAt } = this.before(key, where)
    const others = addresses.filter(({ address }) => address !== where.address)
    const latest = [{ address: where.address, workedAt: where.at }, ...others].slice(
      0,
      LIMITS.recordAddresses,
    )
    await this.keep(key, { peerId: where.peerId, heardAt, addresses: latest }, new Map())
  }

  /** What stays true of a bank that was heard now under this peer id. */
  private before(key: string, now: { peerId: string; at: number }): Pick<Row, 'addresses' | 'heardAt'> {
    const row = this.known.get(key)
    const addresses = row !== undefined && row.peerId === now.peerId ? row.addresses : []
    return { addresses, heardAt: Math.max(now.at, row?.heardAt ?? 0) }
  }

  private keep(key: string, row: Row, more: ReadonlyMap<string, Bytes>): Promise<void> {
    const changes = new Map<string, Bytes | null>(more)
    this.known.set(key, row)
    changes.set(BANK + key, encode(rowField.write({ version: 1, ...row })))
    const gone = this.known.size > LIMITS.addressBookBanks ? this.longestUnheard() : null
    if (gone !== null) {
      this.known.delete(gone)
      for (const start of [BANK, RECORD]) changes.set(start + gone, null)
    }
    this.written = this.written.then(() => this.write(changes))
    return this.written
  }

  private longestUnheard(): string | null {
    let longest: [string, number] | null = null
    for (const [key, { heardAt }] of this.known) {
      if (longest === null || heardAt < longest[1]) longest = [key, heardAt]
    }
    return longest?.[0] ?? null
  }

  private async write(changes: ReadonlyMap<string, Bytes | null>): Promise<void> {
    try {
      await this.rows.write(changes)
    } catch (error) {
      this.report(
        `the address book could not be written (${reasonOf(error)}); banks are looked up again after a restart`,
      )
    }
  }

  private async recordOf(key: string): Promise<Bytes | null> {
    try {
      return await this.rows.get(RECORD + key)
    } catch (error) {
      this.report(
        `a record in the address book could not be read (${reasonOf(error)}); it will be asked for again`,
      )
      return null
    }
  }
}

function readRow(value: Bytes): Row | null {
  const decoded = decode(value)
  const read = decoded.ok ? rowField.read(decoded.value) : undefined
  return read === undefined ? null : { peerId: read.peerId, heardAt: read.heardAt, addresses: read.addresses }
}
