/** What stands on the page where a list is looked over? Questions, lines that are left out, and everybody's hours. */

import { LIMITS } from '../../core/limits.ts'
import type { ImportPlan } from '../../register/import/check.ts'
import type { ListDraft } from '../list-drafts.ts'
import { Button, Checkboxes } from '../parts/form-parts.tsx'
import type { Visit } from '../screen.ts'

interface Shown {
  readonly visit: Visit
  readonly plan: ImportPlan
}

/** Two people of one name, or one person twice? Those that are left out already can be let in again. */
export function SameNames({ visit: { say }, plan, draft }: Shown & { draft: ListDraft }) {
  const out = new Set(draft.files.columns?.leaveOut ?? [])
  const skipped = plan.skipped.filter(({ reason, line }) => reason === 'left_out' && out.has(line))
  const asked = plan.sameNames.slice(0, LIMITS.listRowsShown)
  if (asked.length === 0 && skipped.length === 0) return null
  const choices = [
    ...asked.map(({ line, name, firstLine }) => ({
      value: String(line),
      label:
        firstLine === null
          ? say('lists.same.here', { line, name })
          : say('lists.same.line', { line, name, firstLine }),
    })),
    ...skipped.map(({ line }) => ({ value: String(line), label: say('lists.same.out', { line }) })),
  ]
  return (
    <form method="post" action={`/desk/lists/${draft.id}`}>
      <div class="ch-card">
        {choices.map(({ value }) => (
          <input type="hidden" name="asked" value={value} />
        ))}
        <Checkboxes
          say={say}
          name="out"
          label={say('lists.same')}
          hint={say('lists.same.hint')}
          size="m"
          errors={[]}
          values={skipped.map(({ line }) => String(line))}
          choices={choices}
        />
        <Button kind="second" name="again" value="yes">
          {say('lists.same.again')}
        </Button>
      </div>
    </form>
  )
}

export function LeftOut({ visit: { say }, plan: { skipped } }: Shown) {
  if (skipped.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('lists.left_out', { count: skipped.length })}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {skipped.slice(0, LIMITS.listRowsShown).map(({ file, line, reason, number }) => (
          <li>
            {say(`lists.line.${file}`, { line })}
            {number === null ? '' : ` (${number})`}: {say(`lists.reason.${reason}`)}
          </li>
        ))}
      </ul>
      <More say={say} all={skipped.length} />
    </>
  )
}

/** What of the lines that come in is not taken as it stands there. */
export function NotTaken({ visit: { say, speech }, plan }: Shown) {
  const rounded = plan.remainders.slice(0, LIMITS.listRowsShown).map(({ line }) => {
    const minutes = plan.sheet.find((one) => one.line === line)?.fileMinutes ?? 0
    return say('lists.rounded', { line, length: speech.hours(Math.abs(minutes)) })
  })
  const mails = plan.dummyEmails.slice(0, LIMITS.listRowsShown).map((line) => say('lists.dummy', { line }))
  const columns = plan.leftColumns.map(({ column, why }) => say(`lists.column.${why}`, { column }))
  const absent = plan.notFound
    .slice(0, LIMITS.listRowsShown)
    .map(({ number }) => say('lists.not_found', { number }))
  const all = [...rounded, ...mails, ...columns, ...absent]
  if (all.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('lists.not_taken')}</h2>
      <ul class="govuk-list govuk-list--bullet">
        {all.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
    </>
  )
}

/** Everybody with the hours that come with them; beside them what the history says, where there is one. */
export function SheetTable({ visit, plan: { sheet } }: Shown) {
  const { say } = visit
  if (sheet.length === 0) return null
  const withHistory = sheet.some(({ historyMinutes }) => historyMinutes !== null)
  const columns = withHistory
    ? (['number', 'hours', 'history', 'difference'] as const)
    : (['number', 'hours'] as const)
  return (
    <>
      <table class="govuk-table ch-stacks">
        <caption class="govuk-table__caption govuk-table__caption--m">{say('lists.sheet')}</caption>
        <thead class="govuk-table__head">
          <tr class="govuk-table__row">
            {(['name', ...columns] as const).map((column) => (
              <th scope="col" class="govuk-table__header">
                {say(`lists.sheet.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody class="govuk-table__body">
          {sheet.slice(0, LIMITS.listRowsShown).map((one) => (
            <tr class="govuk-table__row">
              <th scope="row" class="govuk-table__header">
                {one.name || say(`lists.kind.${one.kind}`)}
              </th>
              <td class="govuk-table__cell" data-is={say('lists.sheet.number')}>
                <span dir="ltr">{one.number}</span>
              </td>
              <td class="govuk-table__cell" data-is={say('lists.sheet.hours')}>
                {standing(visit, one.fileMinutes)}
              </td>
              {withHistory ? (
                <>
                  <td class="govuk-table__cell" data-is={say('lists.sheet.history')}>
                    {standing(visit, one.historyMinutes ?? 0)}
                  </td>
                  <td class="govuk-table__cell" data-is={say('lists.sheet.difference')}>
                    {one.differenceMinutes === 0
                      ? say('lists.no_difference')
                      : visit.speech.hours(Math.abs(one.differenceMinutes ?? 0))}
                  </td>
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      <More say={say} all={sheet.length} />
    </>
  )
}

function More({ say, all }: Pick<Visit, 'say'> & { all: number }) {
  const most = LIMITS.listRowsShown
  return all <= most ? null : <p class="govuk-body">{say('lists.more_rows', { most, all })}</p>
}

/** Where somebody stands, in a length and a word, never as a figure below zero. */
function standing({ say, speech }: Pick<Visit, 'say' | 'speech'>, minutes: number): string {
  return minutes < 0
    ? say('lists.standing.behind', { length: speech.hours(-minutes) })
    : speech.hours(minutes)
}
