/** What does everybody read of what happened here? Hours and people in totals, and the neighbours; no person ([REP-3]). */

import type { Figures } from '../../register/activity.ts'
import type { NeighbourFigures, Period } from '../../register/activity-parts.ts'
import { EVERYBODY, screen, type Visit } from '../screen.ts'

export const activityScreen = screen({
  path: '/activity',
  who: EVERYBODY,
  async get(visit) {
    const { say, speech, desk } = visit
    const figures = await desk.activity.figures()
    const { yearMinutes, people, neighbours, day } = figures
    return {
      title: say('activity.title'),
      body: (
        <>
          <p class="govuk-body-l">
            {yearMinutes === null
              ? say('activity.year.few')
              : say('activity.year', { length: speech.hours(yearMinutes) })}
          </p>
          <p class="govuk-body">{peopleWords(visit, people)}</p>
          <PeriodTable visit={visit} figures={figures} />
          <h2 class="govuk-heading-m">{say('activity.neighbours')}</h2>
          {neighbours.length === 0 ? <p class="govuk-body">{say('activity.neighbours.none')}</p> : null}
          <ul class="govuk-list govuk-list--bullet">
            {neighbours.map((one) => (
              <li>{neighbourWords(visit, one)}</li>
            ))}
          </ul>
          <h2 class="govuk-heading-m">{say('activity.how')}</h2>
          <p class="govuk-body">{say('activity.how.text', { day: speech.date(day - 1) })}</p>
          <p class="govuk-body">{say('activity.how.few')}</p>
        </>
      ),
    }
  },
})

function peopleWords({ say }: Visit, { least, most }: Figures['people']): string {
  if (least === null) return say('activity.people.few')
  return most === null ? say('activity.people.more', { least }) : say('activity.people', { least, most })
}

function PeriodTable({ visit, figures: { periods } }: { visit: Visit; figures: Figures }) {
  const { say, speech } = visit
  // What lies before the first hour says nothing.
  const shown = periods.slice(
    Math.max(
      0,
      periods.findIndex(({ minutes }) => minutes > 0),
    ),
  )
  if (shown.length === 0) return null
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-table__caption govuk-table__caption--m">{say('activity.table')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          <th scope="col" class="govuk-table__header">
            {say('activity.when')}
          </th>
          <th scope="col" class="govuk-table__header">
            {say('activity.helped')}
          </th>
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {shown.toReversed().map((period) => (
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              {periodWords(visit, period)}
            </th>
            <td class="govuk-table__cell" data-is={say('activity.helped')}>
              {speech.hours(period.minutes)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const DAYS_TO_THE_LAST_MONTH = 62

function periodWords({ say, speech }: Visit, { kind, from }: Period): string {
  const first = speech.month(from)
  return kind === 'month'
    ? first
    : say('activity.quarter', { first, last: speech.month(from + DAYS_TO_THE_LAST_MONTH) })
}

function neighbourWords(
  { say, speech }: Visit,
  { names, theyHelpedMinutes: ahead }: NeighbourFigures,
): string {
  const bank = speech.list(names)
  if (ahead === null) return say('activity.neighbours.few', { bank })
  const length = speech.hours(Math.abs(ahead))
  if (ahead === 0) return say('activity.neighbours.even', { bank })
  return say(ahead > 0 ? 'activity.neighbours.they' : 'activity.neighbours.we', { bank, length })
}
