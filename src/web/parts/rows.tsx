/** How are facts about one thing listed? GOV.UK Frontend's summary list: what, what it is, and perhaps a way to change it. */

import type { Child } from 'hono/jsx'
import type { RecordView } from '../../register/records.ts'
import type { Visit } from '../screen.ts'

export type Row = readonly [
  key: string,
  value: Child,
  action?: { readonly to: string; readonly text: string },
]

export function Rows({ rows }: { rows: readonly Row[] }) {
  const withActions = rows.some(([, , action]) => action !== undefined)
  return (
    <dl class="govuk-summary-list">
      {rows.map(([key, value, action]) => (
        <div
          class={`govuk-summary-list__row${withActions && action === undefined ? ' govuk-summary-list__row--no-actions' : ''}`}
        >
          <dt class="govuk-summary-list__key">{key}</dt>
          <dd class="govuk-summary-list__value">{value}</dd>
          {action === undefined ? null : (
            <dd class="govuk-summary-list__actions">
              <a class="govuk-link" href={action.to}>
                {action.text}
                <span class="govuk-visually-hidden"> ({key})</span>
              </a>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

/** Who said yes for the person whose hours these were, where somebody did ([EX-15]). */
export function deputyRows(
  { say }: Pick<Visit, 'say'>,
  { deputy }: Pick<RecordView, 'deputy'>,
): readonly Row[] {
  return deputy === null ? [] : [[say('for_whom.by'), deputy.name]]
}
