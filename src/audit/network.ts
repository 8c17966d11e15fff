/**
 * Do many logs, each right by itself, also fit together? Every log is proven and replayed, held against what others
 * noted about it, and joined with the rest. A log that is missing is said to be missing, never passed over.
 */

import { type Book, bytesOf, type Key, keyOf } from '../core/audit/book.ts'
import { type Joined, joinLogs } from '../core/audit/join.ts'
import { must } from '../core/fault.ts'
import { BANK_ID_BYTES, fromBase32, sameBytes, toBase32 } from '../core/ids.ts'
import { FindingList } from './finding-list.ts'
import { checkHeads } from './heads.ts'
import type { AuthenticLog } from './integrity.ts'
import { type Path, proveLog, type ReplayOptions, replayLog } from './replay.ts'
import type { Sources } from './source.ts'

/** Something the audit could not look at; no fault of anybody's. */
export interface NotChecked {
  /** Bank id in base32, or null when several banks or none in particular are meant. */
  readonly bank: string | null
  readonly what: string
}

/** One bank of the audit. */
export interface AuditedBank {
  readonly id: string
  /** Null when its files do not hold together under a signed head. */
  readonly log: AuthenticLog | null
  /** Null when its entries could not be read to the end. */
  readonly book: Book | null
}

export interface NetworkAudit {
  readonly banks: readonly AuditedBank[]
  readonly joined: Joined
  readonly findings: FindingList
  readonly notChecked: readonly NotChecked[]
  /** Time against which age was judged: as given, or that of the latest entry. */
  readonly now: number
}

export interface NetworkOptions {
  readonly path: Path
  readonly now: number | null
  readonly progress: (done: number, total: number) => void
}

export async function auditNetwork(sources: Sources, options: NetworkOptions): Promise<NetworkAudit> {
  const findings = new FindingList()
  const report = findings.add.bind(findings)
  let done = 0
  let total = 0
  const replay: ReplayOptions = {
    path: options.path,
    report,
    progress(entries) {
      done += entries
      options.progress(done, total)
    },
  }
  const logs = proveAll(sources, replay)
  for (const log of logs.values()) total += log?.size ?? 0
  const banks: AuditedBank[] = []
  for (const [key, log] of logs) {
    const book = log === null ? null : await replayLog(log, replay)
    banks.push({ id: toBase32(bytesOf(key)), log, book })
  }
  const proven = new Map<Key, AuthenticLog>()
  for (const [key, log] of logs) if (log !== null) proven.set(key, log)
  const books = banks.flatMap(({ book }) => (book === null ? [] : [book]))
  const reach = await checkHeads({
    logs: proven,
    books,
    kept: sources.heads,
    verifiers: options.path.verifiers,
    report,
  })
  const now = options.now ?? Math.max(0, ...books.map((book) => book.times.at(-1) ?? 0))
  const held = books.map((book) => {
    const key = keyOf(book.bank)
    return { book, leafAt: (index: number) => leafOf(proven, key, index), cut: reach.cut.has(key) }
  })
  const joined = joinLogs(held, { now, blamed: findings.payments(), report })
  const missing = new Set([...joined.missing, ...reach.unknown])
  return { banks, joined, findings, notChecked: notChecked(banks, missing, reach), now }
}

/** The log of each bank; where a bank's log is given twice, the longer, once the shorter is shown to be its beginning. */
function proveAll(sources: Sources, replay: ReplayOptions): Map<Key, AuthenticLog | null> {
  const logs = new Map<Key, AuthenticLog | null>()
  for (const source of sources.logs) {
    const log = proveLog(source, replay)
    const bank = fromBase32(source.bank, BANK_ID_BYTES)
    must(bank !== null, 'a source is named by a bank id')
    const key = keyOf(bank)
    const other = logs.get(key) ?? null
    if (log !== null && other !== null) compareCopies(log, other, replay)
    if (log === null || (other !== null && other.size >= log.size)) logs.set(key, other)
    else logs.set(key, log)
  }
  return logs
}

function compareCopies(one: AuthenticLog, two: AuthenticLog, replay: ReplayOptions): void {
  const [shorter, longer] = one.size < two.size ? [one, two] : [two, one]
  if (sameBytes(longer.levels.rootAt(shorter.size), shorter.root)) return
  const { bank, epoch, size } = shorter
  replay.report({
    rule: 'AUD-1.log_rewritten',
    bank,
    epoch,
    index: size - 1,
    facts: { size, heads: 1 },
    other: null,
  })
}

function leafOf(proven: ReadonlyMap<Key, AuthenticLog>, key: Key, index: number): Uint8Array {
  return proven.get(key)?.levels.leafAt(index) ?? new Uint8Array()
}

function notChecked(
  banks: readonly AuditedBank[],
  missing: ReadonlySet<Key>,
  reach: { cut: ReadonlySet<Key>; keptUnknown: number },
): NotChecked[] {
  const list: NotChecked[] = []
  const known = new Map(banks.map((bank) => [bank.id, bank]))
  for (const { id, log, book } of banks) {
    if (log === null) list.push({ bank: id, what: 'its entries, because its files do not prove them' })
    else if (book === null)
      list.push({ bank: id, what: 'its balances and payments, because an entry cannot be read' })
  }
  for (const key of missing) {
    const id = toBase32(bytesOf(key))
    if (!known.has(id))
      list.push({ bank: id, what: 'cannot be checked against this bank: its log is not among the files' })
    else if (reach.cut.has(key)) {
      list.push({ bank: id, what: 'cannot be checked against this bank: its log is not shown to its end' })
    }
  }
  if (reach.keptUnknown > 0) {
    list.push({
      bank: null,
      what: `${reach.keptUnknown} kept heads of banks whose logs are not among the files`,
    })
  }
  return list.sort((a, b) => compareText(a.bank ?? '~', b.bank ?? '~') || compareText(a.what, b.what))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
