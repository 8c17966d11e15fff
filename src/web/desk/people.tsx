/** Whom does the bank look after? Everybody by name, a few at a time, and the answers to a search ([DESK-10]). */

import { findPeople } from '../../register/find-people.ts'
import type { Person } from '../../register/person.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { screen, type Visit } from '../screen.ts'
import { FindForm } from './today.tsx'

const PAGE = 50

export const peopleScreen = screen({
  path: '/desk/people',
  who: ['coordinator'],
  get(visit) {
    const { say, desk, query } = visit
    const asked = query.get('who') ?? ''
    const everybody = desk.people.all().filter(({ kind }) => kind === 'member' || kind === 'organisation')
    const found = asked === '' ? null : findPeople(desk.people, asked, PAGE)
    const only = found?.length === 1 ? found[0] : undefined
    if (only !== undefined) return { to: personPath(only) }
    const from = Math.max(0, Number.parseInt(query.get('from') ?? '0', 10) || 0)
    const shown = found ?? byName(visit, everybody).slice(from, from + PAGE)
    return {
      title: asked === '' ? say('people.title', { count: everybody.length }) : say('people.found', { asked }),
      body: (
        <>
          <FindForm visit={visit} />
          <div class="ch-row">
            <ButtonLink to="/desk/people/new" kind="second">
              {say('people.add')}
            </ButtonLink>
            <a class="govuk-link" href="/desk/lists">
              {say('lists.link')}
            </a>
            <a class="govuk-link" href="/desk/join">
              {say('joiners.link')}
            </a>
          </div>
          {shown.length === 0 ? (
            <p class="govuk-body">{say('people.nobody')}</p>
          ) : (
            <PeopleTable visit={visit} people={shown} />
          )}
          {found === null ? <Pages visit={visit} from={from} all={everybody.length} /> : null}
        </>
      ),
    }
  },
})

function PeopleTable({ visit: { say }, people }: { visit: Visit; people: readonly Person[] }) {
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('people.table')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['name', 'number', 'phone', 'area'] as const).map((what) => (
            <th scope="col" class="govuk-table__header">
              {say(`person.${what}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {people.map((person) => (
          <tr class="govuk-table__row">
            <th scope="row" class="govuk-table__header">
              <a class="govuk-link" href={personPath(person)}>
                {person.name}
              </a>
            </th>
            <td class="govuk-table__cell" data-is={say('person.number')}>
              <span dir="ltr">{person.number}</span>
            </td>
            <td class="govuk-table__cell" data-is={say('person.phone')}>
              <span dir="ltr">{person.phone ?? ''}</span>
            </td>
            <td class="govuk-table__cell" data-is={say('person.area')}>
              {person.area ?? ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Pages({ visit: { say }, from, all }: { visit: Visit; from: number; all: number }) {
  if (all <= PAGE) return null
  return (
    <nav class="ch-row" aria-label={say('people.pages')}>
      {from === 0 ? null : (
        <a class="govuk-link" href={`/desk/people?from=${Math.max(0, from - PAGE)}`}>
          {say('people.before')}
        </a>
      )}
      {from + PAGE >= all ? null : (
        <a class="govuk-link" href={`/desk/people?from=${from + PAGE}`}>
          {say('people.after')}
        </a>
      )}
    </nav>
  )
}

function byName({ speech }: Visit, people: readonly Person[]): Person[] {
  const order = new Intl.Collator(speech.language.tag)
  return [...people].sort((a, b) => order.compare(a.name, b.name))
}

export function personPath({ number }: Person): string {
  return `/desk/people/${encodeURIComponent(number)}`
}
