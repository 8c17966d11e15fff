/** Which questions about the columns of a list are asked, and how does each look? */

import { DATE_ORDERS, FIELDS } from '../../register/import/columns.ts'
import { readLength, UNITS, type Unit } from '../../register/import/lengths.ts'
import type { RawRow } from '../../register/import/table.ts'
import type { FieldError } from '../form.ts'
import { Button, Radios, SelectField } from '../parts/form-parts.tsx'
import type { Visit } from '../screen.ts'

/** Rows among which the headings may be. */
const FIRST_ROWS = 8

interface Asking {
  readonly visit: Visit
  readonly errors: readonly FieldError[]
}

export function HeadingField({
  visit: { say },
  errors,
  rows,
  heading,
}: Asking & { rows: readonly RawRow[]; heading: number }) {
  return (
    <>
      <SelectField
        say={say}
        name="heading"
        label={say('lists.heading')}
        errors={errors}
        value={String(heading)}
        choices={[
          ...rows.slice(0, FIRST_ROWS).map(({ line, cells }) => ({
            value: String(line),
            label: say('lists.heading.row', {
              line,
              text: shortened(cells.filter((cell) => cell !== '').join(' · ')),
            }),
          })),
          { value: '0', label: say('lists.heading.none') },
        ]}
      />
      <p class="govuk-body">
        <Button kind="second" name="again" value="yes">
          {say('lists.heading.again')}
        </Button>
      </p>
    </>
  )
}

export function DatesField({ visit: { say, form }, errors, before }: Asking & { before: string }) {
  return (
    <Radios
      say={say}
      name="dates"
      label={say('lists.dates')}
      hint={say('lists.dates.hint')}
      errors={errors}
      value={form.text('dates') || before}
      choices={DATE_ORDERS.map((value) => ({ value, label: say(`lists.dates.${value}`) }))}
    />
  )
}

interface Column {
  /** From 1. */
  readonly place: number
  readonly heading: string
  readonly values: readonly string[]
  readonly field: string
}

export function ColumnCards({
  visit: { say },
  errors,
  columns,
}: Asking & {
  columns: readonly Column[]
}) {
  return (
    <ol class="ch-columns">
      {columns.map(({ place, heading, values, field }) => (
        <li class="ch-card">
          <SelectField
            say={say}
            name={`column-${place}`}
            label={shortened(heading || say('lists.column', { place }))}
            size="s"
            errors={errors}
            value={field}
            choices={[
              { value: '', label: say('lists.field.none') },
              ...FIELDS.map((value) => ({ value, label: say(`lists.field.${value}`) })),
            ]}
          />
          <ul class="govuk-list ch-columns__values">
            {values.map((value) => (
              <li>{shortened(value)}</li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}

export function UnitField({
  visit: { say, speech, form },
  errors,
  example,
  before,
}: Asking & {
  /** The first hours of the list, as they stand there. */
  example: string | null
  before: Unit | null
}) {
  const becomes = (unit: Unit): { hint?: string } => {
    if (example === null) return {}
    const length = readLength(example, unit)
    const text = shortened(example)
    if (typeof length === 'string') return { hint: say('lists.unit.unclear', { text }) }
    return { hint: say('lists.unit.becomes', { text, length: speech.hours(Math.abs(length.minutes)) }) }
  }
  return (
    <Radios
      say={say}
      name="unit"
      label={say('lists.unit')}
      hint={say('lists.unit.hint')}
      errors={errors}
      value={form.text('unit') || (before ?? '')}
      choices={UNITS.map((value) => ({ value, label: say(`lists.unit.${value}`), ...becomes(value) }))}
    />
  )
}

const LONGEST = 60

/** Enough of a text to know it by. */
function shortened(text: string): string {
  const signs = [...text.replace(/\s+/g, ' ')]
  return signs.length > LONGEST ? `${signs.slice(0, LONGEST - 1).join('')}…` : signs.join('')
}
