/**
 * Which column of a pasted list is what? Each column with its first people and a choice above them; what we guess from
 * the headings is chosen beforehand and used only once somebody has pressed the button ([IMP-8]).
 */

import { LIMITS } from '../../core/limits.ts'
import type { Outcome } from '../../core/refusal.ts'
import { type Columns, FIELDS, readColumns } from '../../register/import/columns.ts'
import { readGrid } from '../../register/import/grid.ts'
import { suggestColumns } from '../../register/import/headings.ts'
import { readLength, UNITS, type Unit } from '../../register/import/lengths.ts'
import type { RawRow } from '../../register/import/table.ts'
import type { FieldError, Form } from '../form.ts'
import type { ListDraft } from '../list-drafts.ts'
import { Button } from '../parts/form-parts.tsx'
import { type CoordinatorVisit, type Page, refused, screen, type Visit } from '../screen.ts'
import { ColumnCards, DatesField, HeadingField, UnitField } from './list-column-fields.tsx'
import { goneList } from './list-gone.tsx'

export const listColumnsScreen = screen({
  path: '/desk/lists/:list/columns',
  who: ['coordinator'],
  get: (visit) => withDraft(visit, (draft) => asked(visit, draft, [])),
  post: (visit) =>
    withDraft(visit, (draft) => {
      const { form, desk, say } = visit
      const { from } = draft.files
      const to = `/desk/lists/${draft.id}`
      if (from === 'ces' || from === 'komunitin') {
        const unit = unitIn(form)
        if (unit === null) return asked(visit, draft, [{ field: 'unit', text: say('lists.unit.missing') }])
        desk.lists.change(draft.id, { ...draft.files, unit })
        return { to }
      }
      if (form.has('again')) return asked(visit, draft, [])
      const columns = readColumns(saidIn(form))
      if (!columns.ok) return asked(visit, draft, errorsOf(visit, columns))
      desk.lists.change(draft.id, { ...draft.files, columns: columns.value })
      return { to }
    }),
})

function withDraft<T>(visit: CoordinatorVisit, use: (draft: ListDraft) => T): T | Page {
  const draft = visit.desk.lists.find(visit.params.list ?? '', visit.visitor.coordinator.actor)
  return draft === null ? goneList(visit) : use(draft)
}

function unitIn(form: Form): Unit | null {
  return UNITS.find((one) => one === form.text('unit')) ?? null
}

/** What the form says, as a file with columns would. */
function saidIn(form: Form): Record<string, unknown> {
  const said: Record<string, unknown> = {
    heading: form.number('heading', 0),
    dates: form.text('dates') || 'dmy',
  }
  for (const field of FIELDS) {
    const places = Array.from({ length: LIMITS.listColumns }, (_, at) => at + 1).filter(
      (place) => form.text(`column-${place}`) === field,
    )
    if (places.length > 0) said[field] = places
  }
  const unit = unitIn(form)
  return said.hours === undefined || unit === null ? said : { ...said, unit }
}

/** What is wrong, at the first field that can mend it. */
function errorsOf({ form, say }: Visit, columns: Outcome<Columns>): FieldError[] {
  if (columns.ok) return []
  const what = FIELDS.find((one) => one === columns.refusal.facts.what)
  const places = Array.from({ length: LIMITS.listColumns }, (_, at) => `column-${at + 1}`)
  const chosen = places.filter((name) => form.text(name) === what)
  if (what === undefined) return [{ field: 'unit', text: say('lists.unit.missing') }]
  if (chosen.length === 0) return [{ field: 'column-1', text: say('lists.columns.no_name') }]
  return [
    {
      field: chosen.at(-1) as string,
      text: say('lists.columns.twice', { field: say(`lists.field.${what}`) }),
    },
  ]
}

function asked(visit: Visit, draft: ListDraft, errors: readonly FieldError[]): Page {
  if (draft.files.from === 'ces' || draft.files.from === 'komunitin') return unitPage(visit, draft, errors)
  const grid = readGrid(draft.files.members, 'members')
  return grid.ok ? columnsPage(visit, draft, grid.value, errors) : refused(visit, grid.refusal, '/desk/lists')
}

function unitPage(visit: Visit, draft: ListDraft, errors: readonly FieldError[]): Page {
  const { say } = visit
  return {
    title: say('lists.unit.title'),
    errors,
    back: '/desk/lists',
    body: (
      <form method="post" action={`/desk/lists/${draft.id}/columns`} novalidate>
        <UnitField visit={visit} errors={errors} example={null} before={draft.files.unit ?? null} />
        <Button>{say('lists.columns.go')}</Button>
      </form>
    ),
  }
}

/** People of whom a column shows what it says. */
const SHOWN = 3

function columnsPage(
  visit: Visit,
  draft: ListDraft,
  rows: readonly RawRow[],
  errors: readonly FieldError[],
): Page {
  const { say, form } = visit
  const begun = form.has('heading')
  const guess = suggestColumns(rows)
  // Whoever comes back finds what was chosen before.
  const before = draft.files.columns ?? null
  const heading = begun ? (form.number('heading', 0) ?? 0) : (before ?? guess).heading
  const headings = rows.find(({ line }) => line === heading)?.cells ?? []
  const people = rows.filter(({ line }) => line > heading)
  const fieldOf = (place: number): string => {
    if (begun) return form.text(`column-${place}`)
    return FIELDS.find((field) => (before ?? guess).columns[field]?.includes(place)) ?? ''
  }
  const width = Math.min(
    LIMITS.listColumns,
    Math.max(0, ...people.slice(0, 50).map(({ cells }) => cells.length), headings.length),
  )
  const places = Array.from({ length: width }, (_, at) => at + 1).filter(
    (place) => headings[place - 1] || people.some(({ cells }) => cells[place - 1]),
  )
  const hours = places.find((place) => fieldOf(place) === 'hours')
  const example = hours === undefined ? null : exampleAt(people, hours)
  return {
    title: say('lists.columns.title'),
    errors,
    back: '/desk/lists',
    body: (
      <form method="post" action={`/desk/lists/${draft.id}/columns`} novalidate>
        <p class="govuk-body">{say('lists.columns.lead')}</p>
        <HeadingField visit={visit} errors={errors} rows={rows} heading={heading} />
        <ColumnCards
          visit={visit}
          errors={errors}
          columns={places.map((place) => ({
            place,
            heading: headings[place - 1] ?? '',
            values: valuesAt(people, place),
            field: fieldOf(place),
          }))}
        />
        <UnitField visit={visit} errors={errors} example={example} before={before?.unit ?? null} />
        <DatesField visit={visit} errors={errors} before={before?.dates ?? 'dmy'} />
        <Button>{say('lists.columns.go')}</Button>
      </form>
    ),
  }
}

function valuesAt(people: readonly RawRow[], place: number): string[] {
  return people
    .map(({ cells }) => cells[place - 1] ?? '')
    .filter((value) => value !== '')
    .slice(0, SHOWN)
}

/** Hours that the two units read in two ways, else the first there are: on them one sees what the choice does. */
function exampleAt(people: readonly RawRow[], place: number): string | null {
  const values = people.map(({ cells }) => cells[place - 1] ?? '').filter((value) => value !== '')
  const lengthOf = (value: string, unit: Unit): number | null => {
    const length = readLength(value, unit)
    return typeof length === 'string' ? null : length.minutes
  }
  const telling = values.find((value) => {
    const [hours, minutes] = [lengthOf(value, 'hours'), lengthOf(value, 'minutes')]
    return hours !== null && minutes !== null && hours !== minutes
  })
  return telling ?? values[0] ?? null
}
