/** Who has which length in a record of many people, and what does it come to? */

import type { Person } from '../../register/person.ts'
import type { Visit } from '../screen.ts'
import { calledName } from './sentences.ts'

export function LengthTable({
  visit: { say, speech },
  lines,
}: {
  visit: Pick<Visit, 'say' | 'speech'>
  /** Minutes above 0; `person` is null for whoever was erased. */
  lines: readonly { readonly person: Person | null; readonly minutes: number }[]
}) {
  const total = lines.reduce((sum, { minutes }) => sum + minutes, 0)
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('sheet.lines')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['who', 'number', 'length'] as const).map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`sheet.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {lines.map(({ person, minutes }) => (
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              {calledName({ say }, person)}
            </th>
            <td class="govuk-table__cell" data-is={say('sheet.column.number')}>
              <span dir="ltr">{person?.number ?? ''}</span>
            </td>
            <td class="govuk-table__cell" data-is={say('sheet.column.length')}>
              {speech.hours(minutes)}
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr class="govuk-table__row">
          <th scope="row" colspan={2} class="govuk-table__header">
            {say('sheet.total')}
          </th>
          <td class="govuk-table__cell">
            <strong>{speech.hours(total)}</strong>
          </td>
        </tr>
      </tfoot>
    </table>
  )
}
