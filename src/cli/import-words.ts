/**
 * How is the plan of an import shown? Totals, whatever is left out with its line and reason, and the sheet of
 * balances that differ from the history ([IMP-2]).
 */

import type { ImportPlanView } from '../http/client.ts'
import { counted, hoursAndMinutes } from '../words/amounts.ts'
import { factsOf, tableOf } from './table.ts'

type SkipReason = ImportPlanView['skipped'][number]['reason']

/** The plan as text. Lines that are in order are counted, not listed. */
export function planWords(plan: ImportPlanView): string {
  const parts = [
    plan.refusals.map(({ detail }) => `Cannot be imported: ${detail}`).join('\n'),
    `For ${plan.bank_name}:\n${factsOf(totalsIn(plan))}`,
    skippedWords(plan),
    questionWords(plan),
    leftColumnWords(plan),
    differenceWords(plan),
    plan.not_found.length === 0
      ? ''
      : `In the history, but neither in the file nor in the bank: ${plan.not_found.map(({ number }) => number).join(', ')}.`,
    plan.digest === null ? '' : `Digest of the files: ${plan.digest}`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}

function totalsIn({ totals }: ImportPlanView): [string, string][] {
  return [
    ['new members', String(totals.new_members)],
    ['added before', String(totals.added_before)],
    ['hours waiting for members', signed(totals.opening_minutes)],
    ['more helped than given', signed(totals.owed_minutes)],
    ['the account "before" then', signed(totals.before_minutes)],
    [
      'sum of the file',
      totals.file_sum_minutes === 0 ? '0' : `${signed(totals.file_sum_minutes)}: to be explained`,
    ],
    ['balances unlike their history', `${totals.differing}, by ${signed(totals.differing_minutes)} in all`],
    ['past exchanges for the archive', String(totals.archived)],
  ]
}

function skippedWords({ skipped, dummy_emails }: ImportPlanView): string {
  const lines = skipped.map(
    (one) =>
      `  ${one.file} line ${one.line}${one.number === null ? '' : ` (${one.number})`}: ${reasonWords(one.reason)}`,
  )
  const dummies = dummy_emails.map(
    (line) => `  members line ${line}: its e-mail address was made up by a program and is not taken`,
  )
  const all = [...lines, ...dummies]
  return all.length === 0 ? '' : [`${counted(lines.length, 'line')} left out:`, ...all].join('\n')
}

function questionWords({ same_names, remainders }: ImportPlanView): string {
  const asked = same_names.map(({ line, name, first_line }) => {
    const other = first_line === null ? 'somebody who is here' : `line ${first_line}`
    return `Line ${line}, ${name}, has the same name as ${other}. They come as two people; to leave one out: leave_out = [${line}]`
  })
  const rounded = remainders.map(
    ({ line, seconds }) =>
      `Line ${line} says ${Math.abs(seconds)} seconds ${seconds > 0 ? 'more' : 'less'} than the whole minutes that are taken.`,
  )
  return [...asked, ...rounded].join('\n')
}

function leftColumnWords({ left_columns }: ImportPlanView): string {
  const why = {
    unknown: 'not known here',
    secret: 'secrets and identity numbers are never taken',
    unticked: 'taken only with --keep-notes',
  }
  return left_columns
    .map((one) => `Column ${one.column} of the ${one.file} file is left out: ${why[one.why]}.`)
    .join('\n')
}

function differenceWords({ sheet }: ImportPlanView): string {
  const differing = sheet.filter((one) => one.difference_minutes !== null && one.difference_minutes !== 0)
  if (differing.length === 0) return ''
  const columns = [
    { heading: 'number' },
    { heading: 'name' },
    { heading: 'in the file', align: 'right' },
    { heading: 'by its history', align: 'right' },
    { heading: 'difference', align: 'right' },
  ] as const
  const rows = differing.map((one) => [
    one.number,
    one.name,
    signed(one.file_minutes),
    signed(one.history_minutes ?? 0),
    signed(one.difference_minutes ?? 0),
  ])
  return `Balances that differ from their history:\n${tableOf(columns, rows)}`
}

function reasonWords(reason: SkipReason): string {
  return REASONS[reason]
}

const REASONS: Readonly<Record<SkipReason, string>> = {
  cells_missing: 'it has fewer cells than the first row',
  cells_too_many: 'it has more cells than the first row',
  number_missing: 'it has no member number',
  number_reserved: 'the bank keeps this number for itself',
  number_taken: 'somebody has this number already',
  name_missing: 'it has no name',
  text_too_long: 'a text is too long, and nothing is cut off',
  kind_unknown: 'its kind is not known',
  status_unknown: 'its status is not known',
  date_malformed: 'a date in it cannot be read; YYYY-MM-DD always can',
  minutes_not_whole: 'its minutes are not a whole number',
  minutes_out_of_range: 'its minutes are out of range',
  member_closed: 'the membership has ended',
  pot_twice: 'it is a second pot',
  pot_filled: 'the pot has its opening balance already',
  person_missing: 'somebody in it is not in the members file',
  same_person: 'both sides are the same person',
  source_twice: 'its source id stands twice',
  above_heading: 'it stands above the headings',
  total_row: 'it adds up the others',
  number_twice: 'its number stands twice',
  hours_unclear: 'its hours cannot be read',
  hours_ambiguous: 'its hours can be read in two ways',
  left_out: 'it is to be left out',
  not_committed: 'its hours did not move',
}

function signed(minutes: number): string {
  const words = hoursAndMinutes(Math.abs(minutes))
  return minutes < 0 ? `-${words}` : words
}
