/**
 * Which findings does a report list, and in which order? Signatures are verified out of order and a ruined log may
 * break one rule a million times, so findings are put in order at the end and bounded per rule and bank.
 */

import { toBase32 } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import type { AuditFinding } from './replay.ts'
import type { Severity } from './rule-id.ts'
import { RULES } from './rules.ts'

/** How far a bucket may outgrow its bound before it is cut back to its lowest indices. */
const SLACK = 4

interface Bucket {
  count: number
  kept: AuditFinding[]
}

export class FindingList {
  readonly #buckets = new Map<string, Bucket>()

  add(finding: AuditFinding): void {
    const key = `${toBase32(finding.bank)} ${finding.rule}`
    const bucket = this.#buckets.get(key) ?? { count: 0, kept: [] }
    this.#buckets.set(key, bucket)
    bucket.count++
    bucket.kept.push(finding)
    if (bucket.kept.length > LIMITS.auditFindings * SLACK) bucket.kept = lowest(bucket.kept)
  }

  /** Listed findings by bank, index and rule. */
  ordered(): AuditFinding[] {
    return [...this.#buckets.values()].flatMap(({ kept }) => lowest(kept)).sort(compare)
  }

  /** Findings that are counted and not listed. */
  leftOut(): number {
    let count = 0
    for (const bucket of this.#buckets.values()) count += Math.max(0, bucket.count - LIMITS.auditFindings)
    return count
  }

  /** How many findings of a severity there are, of one bank (base32) or of all. */
  count(severity: Severity, bank?: string): number {
    let count = 0
    for (const [key, bucket] of this.#buckets) {
      const [of, rule] = key.split(' ')
      if (RULES[rule as AuditFinding['rule']].severity !== severity) continue
      if (bank === undefined || bank === of) count += bucket.count
    }
    return count
  }

  /** Hex ids of payments that break a rule. */
  payments(): Set<string> {
    const ids = new Set<string>()
    for (const { kept } of this.#buckets.values()) {
      for (const { facts } of kept) if (typeof facts.id === 'string') ids.add(facts.id)
    }
    return ids
  }
}

function lowest(findings: readonly AuditFinding[]): AuditFinding[] {
  return [...findings].sort(compare).slice(0, LIMITS.auditFindings)
}

function compare(a: AuditFinding, b: AuditFinding): number {
  return (
    compareText(toBase32(a.bank), toBase32(b.bank)) ||
    a.epoch - b.epoch ||
    (a.index ?? -1) - (b.index ?? -1) ||
    compareText(a.rule, b.rule) ||
    compareText(JSON.stringify(a.facts), JSON.stringify(b.facts))
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
