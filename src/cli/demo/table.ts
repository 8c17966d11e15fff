/**
 * What does a person read at the end of the demo? A short table that adds up, and where to look next.
 */

import type { AuditReport } from '../../audit/report.ts'
import type { DemoResult } from './story.ts'

const hours = (minutes: number): string =>
  `${(minutes / 60).toLocaleString('en', { maximumFractionDigits: 2 })} h`

/** Lines for a terminal. */
export function demoTable(
  { report, inFlightAtKill, exports, fraud }: DemoResult,
  folder: 'kept' | 'removed',
): string[] {
  const { payments } = report
  return [
    '',
    'Between the banks',
    row('  done', String(payments.paid)),
    row('  came back', String(payments.returned)),
    row('  never happened', String(payments.never)),
    row('  under way when Millbrook was killed', String(inFlightAtKill)),
    '',
    row('Hours by bank', 'members and pot', 'owed to neighbours'),
    ...report.banks.map((bank) =>
      row(`  ${bank.name ?? bank.id}`, hours(bank.members + bank.fund), hours(bank.clearing)),
    ),
    row('  together', hours(report.sum), hours(report.banks.reduce((sum, bank) => sum + bank.clearing, 0))),
    '',
    verdict(report),
    row('Findings', String(report.findings.length)),
    '',
    'Look further',
    ...(folder === 'kept'
      ? lookFurther(exports, fraud)
      : ['  The folder is removed at the end. Keep it with: npm run demo -- --data demo']),
  ]
}

function lookFurther(exports: string, fraud: string): string[] {
  return [
    `  node bin/commonhour.js audit ${exports}/*`,
    '  One log in this copy was rewritten and signed again by its own bank. Can you find where?',
    `  node bin/commonhour.js audit ${fraud}/*`,
  ]
}

function verdict(report: AuditReport): string {
  const mirrors = report.lines.every((line) => line.equal === true)
  const quiet = report.payments.in_transit === 0 && report.payments.undecided === 0
  if (report.sum === 0 && quiet && mirrors) {
    return 'Everything adds up to 0, nothing is under way, the mirrors are equal on every line.'
  }
  return `It does not add up: ${report.sum} minutes, ${report.payments.in_transit} under way, mirrors ${mirrors ? 'equal' : 'differ'}.`
}

function row(label: string, first: string, second = ''): string {
  return `${label.padEnd(40)}${first.padStart(16)}${second.padStart(20)}`.trimEnd()
}

/** The same for a program. Minutes. */
export function demoJson({ report, inFlightAtKill }: DemoResult): Record<string, unknown> {
  const { paid, returned, never, in_transit } = report.payments
  return {
    schema_version: 1,
    paid,
    returned,
    never,
    in_transit,
    in_flight_at_kill: inFlightAtKill,
    findings: report.findings.length,
    sum: report.sum,
    banks: report.banks.map(({ id, name, size, members, fund, hold, clearing }) => ({
      id,
      name,
      entries: size,
      members_minutes: members,
      fund_minutes: fund,
      hold_minutes: hold,
      owed_to_neighbours_minutes: clearing,
    })),
  }
}
