/** Who would like to join? Everybody the desk has not welcomed yet, the newest first ([DESK-5]). */

import { toHex } from '../../core/ids.ts'
import type { Joiner } from '../../register/joiners.ts'
import { shownText } from '../../register/texts.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { screen, type Visit } from '../screen.ts'

const SECONDS_PER_DAY = 86_400

export const joinersScreen = screen({
  path: '/desk/join',
  who: ['coordinator'],
  get(visit) {
    const { say, desk, query } = visit
    const all = desk.joiners.all()
    return {
      title: say('joiners.title', { count: all.length }),
      body: (
        <>
          {query.has('erased') ? <div class="govuk-inset-text">{say('joiner.erased')}</div> : null}
          <p class="govuk-body">{say('joiners.lead')}</p>
          {all.length === 0 ? null : <JoinersTable visit={visit} all={all} />}
          <ButtonLink to="/join" kind="second">
            {say('joiners.add')}
          </ButtonLink>
        </>
      ),
    }
  },
})

export function joinerPath({ id }: Pick<Joiner, 'id'>): string {
  return `/desk/join/${toHex(id)}`
}

function JoinersTable({ visit: { say, speech }, all }: { visit: Visit; all: readonly Joiner[] }) {
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('joiners.table')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['name', 'phone', 'when', 'state'] as const).map((what) => (
            <th scope="col" class="govuk-table__header">
              {say(`joiner.${what}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {all.map((joiner) => (
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              <a class="govuk-link" href={joinerPath(joiner)}>
                {shownText(joiner.name)}
              </a>
            </th>
            <td class="govuk-table__cell" data-is={say('joiner.phone')}>
              <span dir="ltr">{joiner.phone ?? ''}</span>
            </td>
            <td class="govuk-table__cell" data-is={say('joiner.when')}>
              {speech.date(Math.floor(joiner.made / SECONDS_PER_DAY))}
            </td>
            <td class="govuk-table__cell" data-is={say('joiner.state')}>
              {say(`joiner.state.${joiner.state}`)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
