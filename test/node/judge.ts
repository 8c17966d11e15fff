/** What does the judge of the network say of these logs, each read alone and all together? */

import { type Bench, openBook } from '../../src/core/audit/book.ts'
import type { Finding } from '../../src/core/audit/finding.ts'
import { joinLogs } from '../../src/core/audit/join.ts'
import { beginEpoch } from '../../src/core/audit/rotation.ts'
import { judgeEntry } from '../../src/core/audit.ts'
import { decode } from '../../src/core/codec.ts'
import type { Entry } from '../../src/core/entry.ts'
import type { Bytes } from '../../src/core/ids.ts'
import type { Node } from '../../src/node/node.ts'

/** Reported and never failed: what is late, and what an agreed lowering leaves. */
const REMARKS = ['AUD-9.', 'AUD-6.excess_after_lowering', 'AUD-3.coordinator_without_account']

/** A log as the judge reads it. */
export interface JudgedLog {
  readonly book: { readonly bank: Bytes }
  readonly placed: readonly { readonly entry: Entry; readonly leaf: Bytes }[]
  /** How each epoch that is over ended. */
  readonly past?: readonly { readonly size: number; readonly root: Bytes }[]
}

/** The log of a running bank. */
export function logOf(node: Node): JudgedLog {
  const length = node.epochs.reduce((sum, { tree }) => sum + tree.size, 0)
  const placed = Array.from({ length }, (_, index) => ({
    entry: node.own.entry(index),
    leaf: node.own.ref(index).leaf,
  }))
  const past = node.epochs.slice(0, -1).map(({ epoch }) => node.own.headOf(epoch))
  return { book: { bank: node.bank }, placed, past }
}

/** Rules that these logs break, with where. */
export function brokenRules(logs: readonly JudgedLog[]): string[] {
  const findings: Finding[] = []
  const report = (finding: Finding): void => void findings.push(finding)
  const bench: Bench = {
    decode(bytes) {
      const decoded = decode(bytes)
      return decoded.ok ? decoded.value : undefined
    },
    report,
    verify: () => {},
  }
  const held = logs.map((log) => {
    const book = openBook(log.book.bank, 0)
    let over = 0
    for (const { entry, leaf } of log.placed) {
      const past = log.past?.[over]
      if (past !== undefined && book.times.length - (book.epochs.at(-1)?.start ?? 0) === past.size) {
        beginEpoch(book, past)
        over++
      }
      judgeEntry(book, bench, entry, leaf)
    }
    return { book, leafAt: (index: number) => log.placed[index]?.leaf ?? new Uint8Array(0), cut: false }
  })
  joinLogs(held, { now: 0, blamed: new Set(), report })
  return findings
    .filter(({ rule }) => !REMARKS.some((remark) => rule.startsWith(remark)))
    .map(({ rule, index, facts }) => `${rule} at ${String(index)}: ${JSON.stringify(facts)}`)
}
