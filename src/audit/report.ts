/**
 * What does the audit say? One plain object with everything found, in a fixed order, so that the same logs always
 * give the same bytes as JSON. Amounts are whole minutes, times seconds; a positive balance is owed to its holder.
 */

import { bytesOf, hexOf, type Key } from '../core/audit/book.ts'
import type { Flight } from '../core/audit/join.ts'
import type { LineMirror } from '../core/audit/mirror.ts'
import { totalsOf } from '../core/audit.ts'
import { toBase32, toHex } from '../core/ids.ts'
import type { AuditedBank, NetworkAudit, NotChecked } from './network.ts'
import type { AuditFinding } from './replay.ts'
import type { RuleId, Severity } from './rule-id.ts'
import { RULES } from './rules.ts'

export interface PlaceReport {
  readonly bank: string
  readonly epoch: number
  readonly index: number
}

export interface FindingReport {
  readonly rule: RuleId
  readonly severity: Severity
  readonly bank: string
  readonly bank_name: string | null
  readonly epoch: number
  /** Index of the entry; null where a file or a whole log is meant. */
  readonly index: number | null
  readonly what: string
  readonly why: string
  readonly facts: Readonly<Record<string, string | number>>
  /** The second of two places that contradict each other. */
  readonly other: PlaceReport | null
}

export interface BankReport {
  readonly id: string
  readonly name: string | null
  /** Whether the entries are proven by the head that the bank signed, and readable to the end. */
  readonly proven: boolean
  /** Epochs of the log, one more than its key has changed. */
  readonly epochs: number
  /** Entries of all epochs, and the root of the last. */
  readonly size: number | null
  readonly root: string | null
  readonly first_time: number | null
  readonly last_time: number | null
  readonly accounts: number
  readonly members: number
  readonly fund: number
  readonly net: number
  readonly hold: number
  /** Claims on dead banks that were written off (below 0) and that the pot has not borne yet. */
  readonly susp: number
  /** Owed to neighbouring banks, less what they owe and was not written off. */
  readonly clearing: number
  readonly outstanding: number
  readonly largest_debt: number
  readonly ten_largest_debts: number
  readonly agreed_by_device: number
  readonly agreed_by_coordinator: number
  readonly agreed_by_session: number
  readonly findings: Readonly<Record<Severity, number>>
}

export interface LineReport {
  readonly line: string
  readonly bank: string
  readonly peer: string
  readonly bank_owes: number
  /** By the other bank's book; null when its log is not at hand. */
  readonly peer_owes: number | null
  readonly in_flight: number
  /** Minutes that either bank wrote off, both together. */
  readonly written_off: number
  readonly limit: number
  readonly excess: number
  /** Equal but for the minutes in flight and written off; null when it cannot be said. */
  readonly equal: boolean | null
}

export interface FlightReport {
  readonly id: string
  readonly payer_bank: string
  readonly payee_bank: string
  readonly minutes: number
  readonly state: 'in_transit' | 'returning'
  readonly since: number
  /** Where the commit stands in the payer's bank's log. */
  readonly epoch: number
  readonly index: number
}

export interface AuditReport {
  readonly schema_version: 1
  /** `pass`: nothing found. `warn`: nothing broken, but look. `fail`: a rule is broken. */
  readonly verdict: 'pass' | 'warn' | 'fail'
  /** Time against which age was judged. */
  readonly as_of: number
  /** All accounts but those with neighbouring banks, over all banks given. */
  readonly sum: number
  readonly totals: {
    readonly banks: number
    readonly entries: number
    readonly members: number
    readonly fund: number
    readonly net: number
    readonly hold: number
    readonly susp: number
    readonly in_flight: number
    readonly written_off: number
    readonly outstanding: number
  }
  readonly banks: readonly BankReport[]
  readonly lines: readonly LineReport[]
  readonly payments: {
    readonly paid: number
    readonly returned: number
    readonly never: number
    readonly in_transit: number
    readonly undecided: number
  }
  readonly in_flight: readonly FlightReport[]
  readonly findings: readonly FindingReport[]
  /** Findings beyond those listed. */
  readonly findings_left_out: number
  readonly not_checked: readonly NotChecked[]
}

export function reportOf(audit: NetworkAudit): AuditReport {
  const banks = audit.banks.map((bank) => bankReport(bank, audit))
  const names = new Map(banks.map(({ id, name }) => [id, name]))
  const total = (field: 'members' | 'fund' | 'net' | 'hold' | 'susp' | 'outstanding') =>
    banks.reduce((sum, bank) => sum + bank[field], 0)
  const { paid, returned, returning, never, in_transit, undecided } = audit.joined.payments
  const [members, fund, net, hold] = [total('members'), total('fund'), total('net'), total('hold')]
  const susp = total('susp')
  const failed = audit.findings.count('fail') > 0
  return {
    schema_version: 1,
    verdict: failed ? 'fail' : audit.findings.count('warn') > 0 ? 'warn' : 'pass',
    as_of: audit.now,
    sum: members + fund + net + hold + susp,
    totals: {
      banks: banks.length,
      entries: banks.reduce((sum, bank) => sum + (bank.size ?? 0), 0),
      members,
      fund,
      net,
      hold,
      susp,
      in_flight: audit.joined.flights.reduce((sum, flight) => sum + flight.minutes, 0),
      written_off: audit.joined.mirrors.reduce((sum, mirror) => sum + mirror.writtenOff, 0),
      outstanding: total('outstanding'),
    },
    banks,
    lines: audit.joined.mirrors.map(lineReport).sort(byText((line) => `${line.line} ${line.bank}`)),
    payments: { paid, returned: returned + returning, never, in_transit, undecided },
    in_flight: audit.joined.flights.map(flightReport).sort(byText((flight) => flight.id)),
    findings: audit.findings.ordered().map((finding) => findingReport(finding, names)),
    findings_left_out: audit.findings.leftOut(),
    not_checked: audit.notChecked,
  }
}

function bankReport({ id, logs, book }: AuditedBank, audit: NetworkAudit): BankReport {
  const last = logs?.at(-1)
  const totals = book === null ? null : totalsOf(book)
  const count = (severity: Severity) => audit.findings.count(severity, id)
  return {
    id,
    name: book?.name ?? null,
    proven: book !== null,
    epochs: logs?.length ?? 0,
    size: logs?.reduce((sum, log) => sum + log.size, 0) ?? null,
    root: last === undefined ? null : toHex(last.root),
    first_time: book?.times[0] ?? null,
    last_time: book?.times.at(-1) ?? null,
    accounts: totals?.accounts ?? 0,
    members: totals?.members ?? 0,
    fund: totals?.fund ?? 0,
    net: totals?.net ?? 0,
    hold: totals?.hold ?? 0,
    susp: totals?.susp ?? 0,
    clearing: totals?.clr ?? 0,
    outstanding: totals?.outstanding ?? 0,
    largest_debt: totals?.largestDebt ?? 0,
    ten_largest_debts: totals?.tenLargestDebts ?? 0,
    agreed_by_device: book?.acts.device ?? 0,
    agreed_by_coordinator: book?.acts.coordinator ?? 0,
    agreed_by_session: book?.acts.session ?? 0,
    findings: { fail: count('fail'), warn: count('warn'), info: count('info') },
  }
}

function lineReport(mirror: LineMirror): LineReport {
  return {
    line: hexOf(mirror.line),
    bank: bankText(mirror.bank),
    peer: bankText(mirror.peer),
    bank_owes: mirror.weOwe,
    peer_owes: mirror.peerOwes,
    in_flight: mirror.inFlight,
    written_off: mirror.writtenOff,
    limit: mirror.limit,
    excess: mirror.excess,
    equal: mirror.difference === null ? null : mirror.difference === 0,
  }
}

function flightReport(flight: Flight): FlightReport {
  return {
    id: hexOf(flight.id),
    payer_bank: bankText(flight.payerBank),
    payee_bank: bankText(flight.payeeBank),
    minutes: flight.minutes,
    state: flight.state,
    since: flight.since,
    epoch: flight.epoch,
    index: flight.index,
  }
}

function findingReport(finding: AuditFinding, names: ReadonlyMap<string, string | null>): FindingReport {
  const { severity, what, why } = RULES[finding.rule]
  const bank = toBase32(finding.bank)
  const { other } = finding
  return {
    rule: finding.rule,
    severity,
    bank,
    bank_name: names.get(bank) ?? null,
    epoch: finding.epoch,
    index: finding.index,
    what: sentenceOf(what, finding.facts),
    why,
    facts: finding.facts,
    other: other === null ? null : { bank: toBase32(other.bank), epoch: other.epoch, index: other.index },
  }
}

function bankText(key: Key): string {
  return toBase32(bytesOf(key))
}

function byText<T>(textOf: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [textOf(a), textOf(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }
}

/** The sentence of a finding: braces filled in, long ids shortened to their first eight characters. */
function sentenceOf(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) => {
    const fact = facts[name]
    return typeof fact === 'string' && /^[0-9a-f]{32,}$/.test(fact) ? fact.slice(0, 8) : String(fact ?? '?')
  })
}
