/**
 * Which tables lie in a zip file? Only those are unpacked, a few of them and no more bytes than a file may have; what the
 * zip says of itself is not believed beyond that.
 */

import { unzipSync } from 'fflate'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'

/** The first bytes of a zip file that has anything in it. */
const SIGN = [0x50, 0x4b, 0x03, 0x04]
/** A program exports a handful of tables. */
const MOST_TABLES = 16

export function isZip(bytes: Uint8Array): boolean {
  return SIGN.every((byte, at) => bytes[at] === byte)
}

/** The CSV files of a zip, in the order of their names. Refuses `file_rows_wrong` and `file_too_large`. */
export function readZip(bytes: Uint8Array): Outcome<readonly Uint8Array[]> {
  const mostBytes = LIMITS.httpBodyBytes
  if (bytes.length > mostBytes) return refuse('file_too_large', { file: 'members', mostBytes })
  let [room, tables] = [mostBytes, 0]
  try {
    const unpacked = unzipSync(new Uint8Array(bytes), {
      filter: ({ name, originalSize }) => {
        if (!/\.csv$/i.test(name)) return false
        room -= originalSize
        tables += 1
        return room >= 0 && tables <= MOST_TABLES
      },
    })
    if (room < 0 || tables > MOST_TABLES) return refuse('file_too_large', { file: 'members', mostBytes })
    const names = Object.keys(unpacked).sort()
    return accept(names.map((name) => unpacked[name] as Uint8Array))
  } catch {
    return refuse('file_rows_wrong', { file: 'members', line: 1 })
  }
}
