/**
 * How does a person at a terminal read the audit? A short table of banks, the law that the books must keep, and then
 * each finding: what, at which bank, at which entry, and why it matters.
 */

import type { AuditReport, BankReport, FindingReport } from './report.ts'

const VERDICTS: Readonly<Record<AuditReport['verdict'], string>> = {
  pass: 'PASS: everything that could be checked is in order.',
  warn: 'PASS, with something to look at.',
  fail: 'FAIL: at least one rule is broken.',
}

/** Text of a report, lines ending with a line feed, for a terminal or a plain file. */
export function renderReport(report: AuditReport): string {
  const parts = [
    VERDICTS[report.verdict],
    bankTable(report.banks).join('\n'),
    [lawOf(report), paymentsOf(report)].join('\n'),
    flightsOf(report).join('\n'),
    findingsOf(report).join('\n'),
    notCheckedOf(report).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The law of the books, never as a bare sum: a sum alone says nothing about minutes that are on their way. */
export function lawOf(report: AuditReport): string {
  const net = report.totals.net === 0 ? '' : ' + net'
  const { in_flight: flying, written_off: lost } = report.totals
  const susp = report.totals.susp === 0 && lost === 0 ? '' : ' + susp'
  const transit = flying === 0 ? 'nothing in transit' : `${minutes(flying)} in transit`
  const loss = lost === 0 ? '' : ` and ${minutes(lost)} written off`
  return `members + fund + hold${net}${susp} = ${report.sum} with ${transit}${loss}; ${mirrorsOf(report)}.`
}

function mirrorsOf(report: AuditReport): string {
  const { lines } = report
  const unequal = lines.filter((line) => line.equal === false).length
  const unknown = lines.filter((line) => line.equal === null).length
  if (unequal > 0) return `mirrors differ on ${count(unequal, 'line')} of ${lines.length}`
  if (unknown > 0) return `${count(unknown, 'line')} of ${lines.length} cannot be compared from both sides`
  const { in_flight: flying, written_off: lost } = report.totals
  const but = [...(flying === 0 ? [] : ['in transit']), ...(lost === 0 ? [] : ['written off'])]
  const equal = 'mirrors equal on every line'
  return but.length === 0 ? equal : `${equal} but for the minutes ${but.join(' and ')}`
}

function paymentsOf({ payments }: AuditReport): string {
  const { paid, returned, never, in_transit, undecided } = payments
  return `payments between banks: ${paid} paid, ${returned} returned, ${never} never happened, ${in_transit} in transit, ${undecided} undecided.`
}

function bankTable(banks: readonly BankReport[]): string[] {
  const heading = ['bank', 'entries', 'members', 'fund', 'hold', 'owed to neighbours', 'findings']
  const rows = banks.map((bank) => [
    nameOf(bank.id, bank.name),
    bank.size === null ? '-' : String(bank.size),
    ...[bank.members, bank.fund, bank.hold, bank.clearing].map((amount) =>
      bank.proven ? signed(amount) : '-',
    ),
    String(bank.findings.fail + bank.findings.warn + bank.findings.info),
  ])
  const table = [heading, ...rows]
  const widths = heading.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)))
  return table.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

function flightsOf(report: AuditReport): string[] {
  const names = new Map(report.banks.map(({ id, name }) => [id, nameOf(id, name)]))
  return report.in_flight.map((flight) => {
    const from = names.get(flight.payer_bank) ?? short(flight.payer_bank)
    const to = names.get(flight.payee_bank) ?? short(flight.payee_bank)
    const way = flight.state === 'in_transit' ? `from ${from} to ${to}` : `from ${to} back to ${from}`
    return `in transit: ${minutes(flight.minutes)} ${way}, payment ${flight.id.slice(0, 8)}`
  })
}

function findingsOf(report: AuditReport): string[] {
  const lines = report.findings.flatMap(findingLines)
  if (report.findings_left_out > 0) lines.push(`and ${report.findings_left_out} more of the same kinds`)
  return lines
}

function findingLines(finding: FindingReport): string[] {
  const where = finding.index === null ? '' : `, entry ${finding.index}`
  const other = finding.other
  const against = other === null ? '' : ` (against ${short(other.bank)}, entry ${other.index})`
  return [
    `${finding.severity.toUpperCase()}  ${finding.rule}  ${nameOf(finding.bank, finding.bank_name)}${where}`,
    `      ${finding.what}${against}`,
    `      ${finding.why}`,
  ]
}

function notCheckedOf(report: AuditReport): string[] {
  return report.not_checked.map(
    ({ bank, what }) => `not checked: ${bank === null ? '' : `${short(bank)}: `}${what}`,
  )
}

function nameOf(id: string, name: string | null): string {
  return name === null ? short(id) : `${name} (${short(id)})`
}

/** Bank ids are told apart by their first characters well enough for reading. */
function short(id: string): string {
  return id.slice(0, 8)
}

function signed(amount: number): string {
  return amount > 0 ? `+${amount}` : String(amount)
}

function minutes(amount: number): string {
  return count(amount, 'minute')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
