/**
 * What does one log say, read from its first entry to its last? The files are proven against the signed head first;
 * then every entry is decoded, judged and carried into a book, and every signature inside is verified.
 */

import { type Bench, type Book, openBook, placeOf } from '../core/audit/book.ts'
import type { Finding } from '../core/audit/finding.ts'
import { beginEpoch } from '../core/audit/rotation.ts'
import { judgeEntry, skipEntry } from '../core/audit.ts'
import { type Cbor, decode } from '../core/codec.ts'
import { decodeEntry, type ReadEntry, readEntry } from '../core/entry.ts'
import { must } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { TILE_WIDTH } from '../log/tiles.ts'
import { type AuthenticLog, openLog } from './integrity.ts'
import type { RuleId } from './rule-id.ts'
import { decodeIndependently } from './second-decoder.ts'
import { independentVerifiers, nodeVerifiers, type Verifiers } from './signatures.ts'
import type { LogSource } from './source.ts'

/** How bytes are read and signatures verified. */
export interface Path {
  decode(bytes: Bytes): Cbor | undefined
  readEntry(raw: Bytes): ReadEntry
  readonly verifiers: Verifiers
}

/** The node's own scanner, decoder and verifier. */
export function plainPath(): Path {
  return {
    decode(bytes) {
      const decoded = decode(bytes)
      return decoded.ok ? decoded.value : undefined
    },
    readEntry: decodeEntry,
    verifiers: nodeVerifiers(),
  }
}

/** Second decoder and second verifier ([ENC-13], [SIG-4]). */
export function independentPath(): Path {
  const form = { maxBytes: LIMITS.entryBytes }
  return {
    decode: (bytes) => decodeIndependently(bytes, form)?.value,
    readEntry(raw) {
      const decoded = decodeIndependently(raw, form)
      return decoded === null
        ? { ok: false, problem: 'not canonical tb-cbor', newer: false }
        : readEntry(decoded.value)
    },
    verifiers: independentVerifiers(),
  }
}

export type AuditFinding = Finding<RuleId>

export interface ReplayOptions {
  readonly path: Path
  report(finding: AuditFinding): void
  /** Called with the number of entries read since the last call. */
  progress(entries: number): void
}

/** The log in these files once it is proven, or null with the reasons reported. */
export function proveLog(source: LogSource, { path, report }: ReplayOptions): AuthenticLog | null {
  return openLog(source, { readEntry: path.readEntry, verifiers: path.verifiers, report })
}

/**
 * The book of a bank's proven log, its epochs in order from the first, or null when an entry cannot be read: nothing
 * after it can be judged.
 */
export async function replayLog(
  epochs: readonly AuthenticLog[],
  options: ReplayOptions,
): Promise<Book | null> {
  const [first] = epochs
  must(first !== undefined && first.epoch === 0, 'a log is read from its founding entry on')
  const book = openBook(first.bank, first.epoch)
  let whole = true
  for (const [i, log] of epochs.entries()) {
    const past = epochs[i - 1]
    if (past !== undefined) beginEpoch(book, past)
    whole &&= await judgeAll(log, book, options)
    await options.path.verifiers.settled()
    if (!whole) break
  }
  return whole ? book : null
}

/** Judges all entries in order; false when it had to stop. */
async function judgeAll(log: AuthenticLog, book: Book, options: ReplayOptions): Promise<boolean> {
  const { path, report } = options
  const { bank, epoch } = log
  const bench: Bench = {
    decode: path.decode,
    report,
    verify(check) {
      const { rule, index } = check
      const place = placeOf(book, index)
      path.verifiers.later(check, () => report({ rule, ...place, facts: {}, other: null }))
    },
  }
  for (let n = 0; n * TILE_WIDTH < log.size; n++) {
    const entries = log.bundle(n)
    for (const [i, raw] of entries.entries()) {
      const index = n * TILE_WIDTH + i
      const read = path.readEntry(raw)
      if (read.ok) {
        judgeEntry(book, bench, read.entry, log.levels.leafAt(index))
        continue
      }
      const skippable = read.newer && isReserved(path.decode(raw))
      const rule = read.newer ? 'AUD-1.entry_newer' : 'AUD-1.entry_unreadable'
      report({ rule, bank, epoch, index, facts: { problem: read.problem }, other: null })
      if (!skippable) return false
      skipEntry(book)
    }
    options.progress(entries.length)
    await path.verifiers.room()
  }
  return true
}

/** Kinds 200 to 239 of this version never post: a reader that does not know them goes on ([LOG-9]). */
function isReserved(value: Cbor | undefined): boolean {
  if (!Array.isArray(value)) return false
  const [version, kind] = value as readonly Cbor[]
  return version === 1 && typeof kind === 'number' && kind >= 200 && kind <= 239
}
