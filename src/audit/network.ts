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
  /** Its epochs in order; null when its files do not hold together under signed heads. */
  readonly logs: readonly AuthenticLog[] | null
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
  const proven = proveAll(sources, replay)
  for (const logs of proven.values()) for (const log of logs ?? []) total += log.size
  const banks: AuditedBank[] = []
  for (const [key, logs] of proven) {
    const book = logs === null ? null : await replayLog(logs, replay)
    banks.push({ id: toBase32(bytesOf(key)), logs, book })
  }
  const books = banks.flatMap(({ book }) => (book === null ? [] : [book]))
  const reach = await checkHeads({
    logs: new Map([...proven].flatMap(([key, logs]) => (logs === null ? [] : [[key, logs] as const]))),
    books,
    kept: sources.heads,
    verifiers: options.path.verifiers,
    report,
  })
  const now = options.now ?? Math.max(0, ...books.map((book) => book.times.at(-1) ?? 0))
  const held = books.map((book) => {
    const key = keyOf(book.bank)
    const logs = proven.get(key) ?? []
    return { book, leafAt: (index: number) => leafOf(logs, index), cut: reach.cut.has(key) }
  })
  const joined = joinLogs(held, { now, blamed: findings.payments(), report })
  const missing = new Set([...joined.missing, ...reach.unknown])
  return { banks, joined, findings, notChecked: notChecked(banks, missing, reach), now }
}

/**
 * The log of each bank, epoch after epoch, or null where one is missing or not proven; where an epoch is given twice,
 * the longer, once the shorter is shown to be its beginning.
 */
function proveAll(sources: Sources, replay: ReplayOptions): Map<Key, readonly AuthenticLog[] | null> {
  const banks = new Map<Key, Map<number, AuthenticLog | null>>()
  for (const source of sources.logs) {
    const log = proveLog(source, replay)
    const bank = fromBase32(source.bank, BANK_ID_BYTES)
    must(bank !== null, 'a source is named by a bank id')
    const epochs = banks.get(keyOf(bank)) ?? new Map<number, AuthenticLog | null>()
    banks.set(keyOf(bank), epochs)
    const other = epochs.get(source.epoch) ?? null
    if (log !== null && other !== null) compareCopies(log, other, replay)
    if (log === null || (other !== null && other.size >= log.size)) epochs.set(source.epoch, other)
    else epochs.set(source.epoch, log)
  }
  return new Map([...banks].map(([key, epochs]) => [key, inOrder(key, epochs, replay)]))
}

function inOrder(
  key: Key,
  epochs: ReadonlyMap<number, AuthenticLog | null>,
  { report }: ReplayOptions,
): readonly AuthenticLog[] | null {
  const logs: AuthenticLog[] = []
  for (let epoch = 0; epoch <= Math.max(...epochs.keys()); epoch++) {
    const log = epochs.get(epoch)
    if (log === undefined) {
      const place = { bank: bytesOf(key), epoch, index: null }
      report({ rule: 'AUD-1.epoch_missing', ...place, facts: { missing: epoch }, other: null })
    }
    if (log === undefined || log === null) return null
    logs.push(log)
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

/** Leaf hash of an entry, counted through all epochs. */
function leafOf(logs: readonly AuthenticLog[], index: number): Uint8Array {
  let at = index
  for (const log of logs) {
    if (at < log.size) return log.levels.leafAt(at)
    at -= log.size
  }
  return new Uint8Array()
}

function notChecked(
  banks: readonly AuditedBank[],
  missing: ReadonlySet<Key>,
  reach: { cut: ReadonlySet<Key>; keptUnknown: number },
): NotChecked[] {
  const list: NotChecked[] = []
  const known = new Map(banks.map((bank) => [bank.id, bank]))
  for (const { id, logs, book } of banks) {
    if (logs === null) list.push({ bank: id, what: 'its entries, because its files do not prove them' })
    else if (book === null)
      list.push({ bank: id, what: 'its balances and payments, because an entry cannot be read' })
    else if (book.ending !== null)
      list.push({
        bank: id,
        what: `its epoch ${book.ending.epoch}, which is not among the files, if it has begun`,
      })
  }
  for (const key of missing) {
    const id = toBase32(bytesOf(key))
    if (!known.has(id))
      list.push({ bank: id, what: 'cannot be checked against this bank: its log is not among the files' })
    else if (reach.cut.has(key)) {
      list.push({ bank: id, what: 'cannot be checked against this bank: its log is not shown to its end' })
    } else if (known.get(id)?.book) {
      list.push({ bank: id, what: 'cannot be checked against all epochs of this bank: one is not shown' })
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
