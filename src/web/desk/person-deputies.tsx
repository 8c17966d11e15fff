/**
 * Who may act for this person? A carer or relative by name, for how long and for what; only with the person's own word,
 * and ended by one press ([EX-15]).
 */

import { dateOf, dayOf } from '../../register/calendar.ts'
import { addDeputy, removeDeputy } from '../../register/editing.ts'
import { DEPUTY_REACHES, type Deputy, type DeputyReach, type Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, Checkboxes, Group, Radios, SmallField } from '../parts/form-parts.tsx'
import { Carried, typedDay } from '../parts/help-fields.tsx'
import { calledName } from '../parts/sentences.ts'
import { readPeople, type Unclear, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

const FIELDS = ['helper', 'reach', 'day', 'month', 'year', 'agreed'] as const

export const deputiesScreen = screen({
  path: '/desk/people/:number/helpers',
  who: ['coordinator'],
  get(visit) {
    const person = personOfPath(visit)
    return person === null ? notHere(visit) : deputiesPage(visit, person, [])
  },
  post(visit) {
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    return visit.form.has('end') ? endOne(visit, person) : addOne(visit, person)
  },
})

async function endOne(visit: CoordinatorVisit, person: Person): Promise<Answer> {
  const { desk, form, visitor } = visit
  const { node, people } = desk
  const ended = await removeDeputy(node, people, person.number, form.text('end'), visitor.coordinator)
  return ended.ok
    ? { to: `${personPath(person)}/helpers` }
    : deputiesPage(visit, person, [{ field: 'helper', text: refusalText(visit, ended.refusal) }])
}

async function addOne(given: CoordinatorVisit, person: Person): Promise<Answer> {
  const { form, left } = withTyped(given.form)
  const visit = { ...given, form }
  const { say, desk, visitor, today } = visit
  const { found, errors, unclear } = readPeople<'helper'>(visit, { helper: say('helpers.helper.missing') })
  const reach = DEPUTY_REACHES.find((one) => one === form.text('reach'))
  if (found.helper === person)
    errors.push({ field: 'helper', text: say('helpers.self', { name: person.name }) })
  if (reach === undefined) errors.push({ field: 'reach', text: say('helpers.for_what.missing') })
  const until = readUntil(visit, today)
  if ('error' in until) errors.push(until.error)
  if (form.text('agreed') === '')
    errors.push({ field: 'agreed', text: say('helpers.agreed.missing', { name: person.name }) })
  if (errors.length > 0 || reach === undefined || 'error' in until) return deputiesPage(visit, person, errors)
  const to = `${personPath(person)}/helpers`
  const label = (_: Unclear, typed: string): string => say('helpers.which', { typed })
  if (found.helper === undefined) return whichPage(visit, { to, fields: FIELDS, unclear, left, label })
  const wanted = { helper: found.helper.number, from: dateOf(today), until: until.date, forWhat: reach }
  const added = await addDeputy(desk.node, desk.people, person.number, wanted, visitor.coordinator)
  return added.ok
    ? { to }
    : deputiesPage(visit, person, [{ field: 'helper', text: refusalText(visit, added.refusal) }])
}

/** The last day, or null when nothing was typed. */
function readUntil({ form, say }: Visit, today: number): { date: string | null } | { error: FieldError } {
  if (['day', 'month', 'year'].every((name) => form.text(name) === '')) return { date: null }
  const day = typedDay(form)
  const wrong = (text: string): { error: FieldError } => ({ error: { field: 'day', text } })
  if (day === 'no_numbers') return wrong(say('help.day.missing'))
  if (day === 'no_such') return wrong(say('help.day.no_such'))
  return day < today ? wrong(say('helpers.until.past')) : { date: dateOf(day) }
}

function deputiesPage(visit: Visit, person: Person, errors: readonly FieldError[]): Page {
  const { say } = visit
  const { name } = person
  return {
    title: say('helpers.title', { name }),
    errors,
    back: personPath(person),
    body: (
      <>
        <p class="govuk-body">{say('helpers.lead', { name })}</p>
        {person.helpers.length === 0 ? (
          <p class="govuk-body">{say('helpers.none', { name })}</p>
        ) : (
          <Deputies visit={visit} person={person} />
        )}
        <h2 class="govuk-heading-m">{say('helpers.add', { name })}</h2>
        <AddForm visit={visit} person={person} errors={errors} />
      </>
    ),
  }
}

function Deputies({ visit, person }: { visit: Visit; person: Person }) {
  const { say, desk } = visit
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('person.helpers')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['who', 'for_what', 'when', 'end'] as const).map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`helpers.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {person.helpers.map((one) => {
          const helper = desk.people.byAccount(one.account)
          return (
            <tr class="govuk-table__row">
              <th scope="row" class="govuk-table__header">
                {calledName({ say }, helper)}
              </th>
              <td class="govuk-table__cell" data-is={say('helpers.for_what')}>
                {reachWords(visit, one.forWhat)}
              </td>
              <td class="govuk-table__cell" data-is={say('helpers.when')}>
                {timeWords(visit, one)}
              </td>
              <td class="govuk-table__cell">
                {helper === null ? null : (
                  <form method="post" action={`${personPath(person)}/helpers`}>
                    <Carried fields={{ end: helper.number }} />
                    <button type="submit" class="govuk-button govuk-button--secondary ch-in-row">
                      {say('helpers.end')}
                      <span class="govuk-visually-hidden"> {helper.name}</span>
                    </button>
                  </form>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

export function reachWords({ say }: Pick<Visit, 'say'>, reach: DeputyReach): string {
  return say(`helpers.for_what.${reach}`)
}

function timeWords({ say, speech }: Visit, { from, until }: Deputy): string {
  const date = (text: string): string => speech.date(dayOf(text) ?? 0)
  return until === null
    ? say('helpers.from', { from: date(from) })
    : say('helpers.from_until', { from: date(from), until: date(until) })
}

function AddForm({ visit, person, errors }: { visit: Visit; person: Person; errors: readonly FieldError[] }) {
  const { say, form } = visit
  const { name } = person
  const wrong = errors.some(({ field }) => field === 'day')
  return (
    <form method="post" action={`${personPath(person)}/helpers`} novalidate>
      <WhoField
        visit={visit}
        name="helper"
        label={say('helpers.helper')}
        value={form.text('helper')}
        errors={errors}
      />
      <Radios
        say={say}
        name="reach"
        label={say('helpers.for_what')}
        errors={errors}
        value={form.text('reach')}
        choices={DEPUTY_REACHES.map((value) => ({ value, label: reachWords(visit, value) }))}
      />
      <Group
        say={say}
        name="day"
        label={say('helpers.until')}
        hint={say('helpers.until.hint')}
        errors={errors}
      >
        <div class="govuk-date-input">
          {(['day', 'month', 'year'] as const).map((part) => (
            <SmallField
              name={part}
              label={say(`help.day.${part}`)}
              value={form.text(part)}
              width={part === 'year' ? 4 : 2}
              wrong={wrong}
            />
          ))}
        </div>
      </Group>
      <Checkboxes
        say={say}
        name="agreed"
        label={say('helpers.agreed', { name })}
        errors={errors}
        values={form.all('agreed')}
        choices={[{ value: 'yes', label: say('helpers.agreed.yes', { name }) }]}
      />
      <Button>{say('helpers.save')}</Button>
    </form>
  )
}
