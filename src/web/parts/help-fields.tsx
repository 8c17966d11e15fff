/**
 * How is help asked about? Length as hours and minutes, the day, and what kind it was: the same questions on every
 * screen that records, read in one way.
 */

import { CATEGORIES, categoryName, GIFT } from '../../core/categories.ts'
import { LIMITS } from '../../core/limits.ts'
import { dayOf } from '../../register/calendar.ts'
import { dayInRange } from '../../register/exchanges.ts'
import type { Speech } from '../../words/language.ts'
import type { FieldError, Form } from '../form.ts'
import type { Visit } from '../screen.ts'
import { Group, Radios, SelectField, SmallField } from './form-parts.tsx'

type Asking = Pick<Visit, 'say' | 'form'> & { readonly errors: readonly FieldError[] }

export function LengthFields({
  say,
  form,
  errors,
  label = say('help.length'),
  hint = say('help.length.hint'),
}: Asking & { label?: string; hint?: string }) {
  const wrong = errors.some(({ field }) => field === 'hours')
  return (
    <Group say={say} name="hours" label={label} hint={hint} errors={errors} role="group">
      <div class="govuk-date-input">
        <SmallField name="hours" label={say('help.hours')} value={form.text('hours')} wrong={wrong} />
        <SmallField name="minutes" label={say('help.minutes')} value={form.text('minutes')} wrong={wrong} />
      </div>
    </Group>
  )
}

/** Minutes of the two fields, or what is wrong with them. */
export function readLength(
  { say, speech }: Pick<Visit, 'say' | 'speech'>,
  form: Form,
  most: number = LIMITS.recordMinutes,
): { minutes: number } | { error: FieldError } {
  const [hours, minutes] = [form.number('hours', 0), form.number('minutes', 0)]
  const wrong = (text: string): { error: FieldError } => ({ error: { field: 'hours', text } })
  if (form.text('hours') === '' && form.text('minutes') === '') return wrong(say('help.length.missing'))
  if (hours === null || minutes === null) return wrong(say('help.length.not_number'))
  const total = hours * 60 + minutes
  if (total < 1) return wrong(say('help.length.missing'))
  if (total > most) return wrong(say('help.length.too_long', { most: speech.hours(most) }))
  return { minutes: total }
}

/** Today and yesterday in one press; any other day in three small fields. */
export function DayFields({ say, form, errors, today }: Asking & { today: number }) {
  const chosen = form.text('when') || 'today'
  const date = new Date(today * MILLISECONDS)
  const wrong = errors.some(({ field }) => field === 'when')
  return (
    <Radios
      say={say}
      name="when"
      label={say('help.day')}
      errors={errors}
      value={chosen}
      choices={[
        { value: 'today', label: say('help.day.today') },
        { value: 'yesterday', label: say('help.day.yesterday') },
        { value: 'other', label: say('help.day.other') },
      ]}
    >
      <div class="govuk-date-input">
        <SmallField name="day" label={say('help.day.day')} value={form.text('day')} wrong={wrong} />
        <SmallField name="month" label={say('help.day.month')} value={form.text('month')} wrong={wrong} />
        <SmallField
          name="year"
          label={say('help.day.year')}
          value={form.text('year') || String(date.getUTCFullYear())}
          width={4}
          wrong={wrong}
        />
      </div>
    </Radios>
  )
}

const MILLISECONDS = 86_400_000

/** The day that was meant, counted from 1970-01-01. */
export function readDay(
  say: Speech['say'],
  form: Form,
  today: number,
): { day: number } | { error: FieldError } {
  const when = form.text('when') || 'today'
  if (when === 'today') return { day: today }
  if (when === 'yesterday') return { day: today - 1 }
  return readDate(say, form, today, 'when')
}

/** The day of the three small fields; what is wrong is said beside `field`. */
export function readDate(
  say: Speech['say'],
  form: Form,
  today: number,
  field: string,
): { day: number } | { error: FieldError } {
  const wrong = (text: string): { error: FieldError } => ({ error: { field, text } })
  const found = typedDay(form)
  if (found === 'no_numbers') return wrong(say('help.day.missing'))
  if (found === 'no_such') return wrong(say('help.day.no_such'))
  if (found > today) return wrong(say('help.day.future'))
  return dayInRange(found, today) ? { day: found } : wrong(say('help.day.too_old'))
}

/** Any day there is, in three small fields. */
export function typedDay(form: Form): number | 'no_numbers' | 'no_such' {
  const [day, month, year] = ['day', 'month', 'year'].map((name) => form.number(name))
  if (day === null || month === null || year === null || year === undefined) return 'no_numbers'
  const two = (part: number | undefined): string => String(part).padStart(2, '0')
  // Of a year people often write the end alone.
  const whole = year < 100 ? 2000 + year : year
  return dayOf(`${String(whole).padStart(4, '0')}-${two(month)}-${two(day)}`) ?? 'no_such'
}

export function CategoryField({ say, speech, form, errors }: Asking & { speech: Speech }) {
  const order = new Intl.Collator(speech.language.tag)
  const choices = Object.entries(CATEGORIES)
    .filter(([value]) => Number(value) !== GIFT)
    .map(([value, name]) => ({
      value,
      label: speech.alone(say(`category.${name}`)),
      last: name === 'something_else',
    }))
    .sort((a, b) => Number(a.last) - Number(b.last) || order.compare(a.label, b.label))
  return (
    <SelectField
      say={say}
      name="category"
      label={say('help.category')}
      errors={errors}
      value={form.text('category')}
      choices={[{ value: '0', label: say('help.category.none') }, ...choices]}
    />
  )
}

/** The number of a kind of help that the list has; 0 for anything else. */
export function readCategory(form: Form): number {
  const number = form.number('category', 0) ?? 0
  return categoryName(number) === null ? 0 : number
}

/** What the help was, in words: what was typed, else the kind; empty when neither was said. */
export function helpWords(
  say: Speech['say'],
  { category, note }: { category: number; note: string },
): string {
  const name = categoryName(category)
  return note === '' ? (name === null ? '' : say(`category.${name}`)) : note
}

/** Those of these fields that were posted, for a later step of the same form. */
export function carriedOf(
  form: Form,
  names: readonly string[],
  except: readonly string[] = [],
): Record<string, string> {
  const kept = names.filter((name) => form.has(name) && !except.includes(name))
  return Object.fromEntries(kept.map((name) => [name, form.text(name)]))
}

/** Fields of a form that a later step needs again. */
export function Carried({ fields }: { fields: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  )
}
