/**
 * Does a log fit what others noted about it? Signed heads in `seen` entries and in kept notes, and the entries that
 * other logs name, are held against the log as shown: it may not be shorter, and not another ([AUD-1], [FORK-3]).
 */

import { type Book, type Key, keyOf, placeOf } from '../core/audit/book.ts'
import { citationsOf } from '../core/audit/citation.ts'
import type { Place } from '../core/audit/finding.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, originOf, sameBytes, toHex } from '../core/ids.ts'
import { parseHeadText, printHeadText } from '../log/checkpoint.ts'
import { KEY_TYPE, keyId, parseNote } from '../log/note.ts'
import type { AuthenticLog } from './integrity.ts'
import type { AuditFinding } from './replay.ts'
import type { Verifiers } from './signatures.ts'
import type { HeadFile } from './source.ts'

/** A head whose signature is good, and who noted it. */
interface NotedHead {
  readonly size: number
  readonly root: Bytes
  readonly by: Place | null
}

export interface HeadChecks {
  /** Epochs of each bank's log, in order. */
  readonly logs: ReadonlyMap<Key, readonly AuthenticLog[]>
  readonly books: readonly Book[]
  readonly kept: readonly HeadFile[]
  readonly verifiers: Verifiers
  report(finding: AuditFinding): void
}

/** Banks whose logs go on beyond what is shown, and banks that are quoted though their log is not at hand. */
export interface Reach {
  readonly cut: ReadonlySet<Key>
  readonly unknown: ReadonlySet<Key>
  /** Kept notes of logs that are not at hand. */
  readonly keptUnknown: number
}

export async function checkHeads(checks: HeadChecks): Promise<Reach> {
  const noted: Noted = new Map()
  const unknown = new Set<Key>()
  for (const book of checks.books) verifySeen(checks, book, noted, unknown)
  const keptUnknown = verifyKept(checks, noted)
  await checks.verifiers.settled()
  const cut = new Set<Key>()
  const citations = farthestCitations(checks)
  for (const [bank, logs] of checks.logs) {
    logs.forEach((log, i) => {
      const heads = noted.get(log) ?? []
      compareRoots(checks, log, heads)
      const farthest = farthestOf(log, heads, citations.inside.get(log))
      if (farthest.size === log.size) return
      // What a bank left behind when it changed its key by its recovery sheet is no part of its log any more.
      const abandoned = logs[i + 1] !== undefined
      if (!abandoned) cut.add(bank)
      const facts = { shown: log.size, known: farthest.size }
      const rule = abandoned ? 'AUD-1.tail_abandoned' : 'AUD-1.log_cut'
      checks.report({ ...at(log, log.size - 1), rule, facts, other: farthest.by })
    })
    const last = logs.at(-1) as AuthenticLog
    const beyond = citations.beyond.get(bank)
    if (beyond === undefined) continue
    cut.add(bank)
    const { bank: named } = last
    const place = { bank: named, epoch: beyond.epoch, index: null }
    const facts = { missing: beyond.epoch }
    checks.report({ ...place, rule: 'AUD-1.epoch_missing', facts, other: beyond.by })
  }
  return { cut, unknown, keptUnknown }
}

/** Heads that were noted, by the epoch of a log they are of. */
type Noted = Map<AuthenticLog, NotedHead[]>

function farthestOf(
  log: AuthenticLog,
  heads: readonly NotedHead[],
  cited: { size: number; by: Place } | undefined,
): { size: number; by: Place | null } {
  let largest = { size: log.size, by: null as Place | null }
  for (const claim of cited === undefined ? heads : [...heads, cited])
    if (claim.size > largest.size) largest = { size: claim.size, by: claim.by }
  return largest
}

function verifySeen(checks: HeadChecks, book: Book, noted: Noted, unknown: Set<Key>): void {
  for (const { index, head } of book.seen) {
    const bank = keyOf(head.bank)
    const log = checks.logs.get(bank)?.[head.epoch]
    if (log === undefined) {
      unknown.add(bank)
      continue
    }
    const { size, root, signature } = head
    const by = placeOf(book, index)
    const place = { rule: 'AUD-1.seen_signature' as const, ...by, facts: { size }, other: at(log, size - 1) }
    const message = printHeadText({ origin: originOf(head.bank, head.epoch), size, root })
    let good = true
    const keep = noted.get(log) ?? []
    noted.set(log, keep)
    keep.push({
      get size() {
        return good ? size : 0
      },
      root,
      by,
    })
    checks.verifiers.later({ key: log.key, message, signature }, () => {
      good = false
      checks.report(place)
    })
  }
}

/** Verifies kept notes of logs at hand, and counts the others. */
function verifyKept(checks: HeadChecks, noted: Noted): number {
  const byHash = new Map<string, AuthenticLog>()
  for (const log of [...checks.logs.values()].flat()) {
    byHash.set(toHex(sha256(Buffer.from(originOf(log.bank, log.epoch)))), log)
  }
  let unknown = 0
  for (const file of checks.kept) {
    const log = byHash.get(file.originHash)
    if (log === undefined) {
      unknown++
      continue
    }
    const head = openKept(file.bytes, log, checks.verifiers)
    if (head === null) {
      checks.report({
        ...at(log, null),
        rule: 'AUD-1.head_signature',
        facts: { file: nameOf(file) },
        other: null,
      })
      continue
    }
    noted.set(log, [...(noted.get(log) ?? []), head])
  }
  return unknown
}

function openKept(bytes: Bytes, log: AuthenticLog, verifiers: Verifiers): NotedHead | null {
  const note = parseNote(bytes)
  const head = note === null ? null : parseHeadText(note.text)
  const name = originOf(log.bank, log.epoch)
  if (note === null || head === null || head.origin !== name) return null
  const id = keyId({ name, type: KEY_TYPE.log, key: log.key })
  const own = note.signatures.filter((line) => line.name === name && line.id === id)
  const good = own.every((line) => verifiers.now({ key: log.key, message: note.text, signature: line.bytes }))
  return own.length > 0 && good ? { size: head.size, root: head.root, by: null } : null
}

/** One finding per log: the smallest head that the log shown does not contain. */
function compareRoots(checks: HeadChecks, log: AuthenticLog, heads: readonly NotedHead[]): void {
  const known = heads.filter((head) => head.size > 0 && head.size <= log.size)
  const wrong = known.filter((head) => !sameBytes(log.levels.rootAt(head.size), head.root))
  const first = wrong.sort((a, b) => a.size - b.size)[0]
  if (first === undefined) return
  const facts = { size: first.size, heads: wrong.length, root: toHex(first.root) }
  checks.report({ ...at(log, first.size - 1), rule: 'AUD-1.log_rewritten', facts, other: first.by })
}

interface Farthest {
  /** Per epoch of a log at hand, the entry with the highest index that another log names. */
  readonly inside: Map<AuthenticLog, { size: number; by: Place }>
  /** Per bank, an epoch after the last one at hand that another log names. */
  readonly beyond: Map<Key, { epoch: number; by: Place }>
}

function farthestCitations(checks: HeadChecks): Farthest {
  const farthest: Farthest = { inside: new Map(), beyond: new Map() }
  for (const book of checks.books) {
    for (const { by, place } of citationsOf(book)) {
      const bank = keyOf(place.bank)
      const logs = checks.logs.get(bank)
      const log = logs?.[place.epoch]
      const citer = placeOf(book, by)
      if (logs !== undefined && log === undefined)
        farthest.beyond.set(bank, { epoch: place.epoch, by: citer })
      if (log === undefined || (farthest.inside.get(log)?.size ?? 0) > place.index) continue
      farthest.inside.set(log, { size: place.index + 1, by: citer })
    }
  }
  return farthest
}

function at<I extends number | null>(log: AuthenticLog, index: I): { bank: Bytes; epoch: number; index: I } {
  return { bank: log.bank, epoch: log.epoch, index }
}

/** The note's path from `heads/` on, so that a report does not depend on where the files lie. */
function nameOf(file: HeadFile): string {
  return file.label.slice(file.label.lastIndexOf('heads/'))
}
