/** How does the page of slips look? One short form, and below it what was saved, each with its way back. */

import { toHex } from '../../core/ids.ts'
import { dateOf, dayOf } from '../../register/calendar.ts'
import { type RecordView, readRecord } from '../../register/records.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, Group, SmallField, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { recordSentence } from '../parts/sentences.ts'
import type { Page, Visit } from '../screen.ts'

export const SAVED_SHOWN = 10

/** Indexes of records, newest first. */
export function savedIn(text: string): number[] {
  const parts = text.split('.', SAVED_SHOWN).filter((part) => /^\d{1,12}$/.test(part))
  return [...new Set(parts.map(Number))]
}

export async function slipsPage(visit: Visit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, query, desk } = visit
  const saved = savedIn(form.has('saved') ? form.text('saved') : (query.get('saved') ?? ''))
  const records: RecordView[] = []
  for (const index of saved) {
    const found = await readRecord(desk.node, desk.people, index)
    if (found.ok) records.push(found.value)
  }
  return {
    title: say('slips.title'),
    errors,
    body: (
      <>
        <p class="govuk-body">{say('slips.lead')}</p>
        {query.has('again') ? <div class="govuk-inset-text">{say('slips.again')}</div> : null}
        <SlipForm visit={visit} errors={errors} saved={saved} />
        <h2 class="govuk-heading-m">{say('slips.saved')}</h2>
        {records.length === 0 ? (
          <p class="govuk-body">{say('slips.none')}</p>
        ) : (
          <Saved visit={visit} errors={errors} records={records} />
        )}
        <ButtonLink to="/desk/slips/print" kind="second">
          {say('slips.print')}
        </ButtonLink>
      </>
    ),
  }
}

interface Showing {
  readonly visit: Visit
  readonly errors: readonly FieldError[]
}

function SlipForm({ visit, errors, saved }: Showing & { saved: readonly number[] }) {
  const { say, form, desk } = visit
  const nonce = (form.has('take') ? '' : form.text('nonce')) || toHex(desk.node.random.bytes(16))
  const who = { say, errors, spellcheck: false, autocomplete: 'off' } as const
  const value = (name: string): string => form.text(name)
  const first = errors.length === 0
  return (
    <form method="post" action="/desk/slips" novalidate class="ch-card ch-slip-form">
      <Carried fields={{ nonce, saved: saved.join('.') }} />
      <h2 class="govuk-heading-s">{say('slips.next')}</h2>
      <div class="ch-side-by-side">
        <TextField
          {...who}
          name="helped"
          label={say('slips.helped')}
          value={value('helped')}
          width={20}
          autofocus={first}
        />
        <TextField {...who} name="helper" label={say('slips.helper')} value={value('helper')} width={20} />
        <TextField
          {...who}
          name="hours"
          label={say('slips.hours')}
          value={value('hours')}
          width={2}
          inputmode="numeric"
        />
        <TextField
          {...who}
          name="minutes"
          label={say('slips.minutes')}
          value={value('minutes')}
          width={2}
          inputmode="numeric"
        />
        <TextField say={say} errors={errors} name="note" label={say('slips.words')} value={value('note')} />
      </div>
      <div class="ch-side-by-side">
        <SlipDay visit={visit} errors={errors} />
        <Button>{say('slips.save')}</Button>
      </div>
    </form>
  )
}

/** The day of the last slip, or today, until another one is typed. */
function SlipDay({ visit, errors }: Showing) {
  const { say, form, query, today } = visit
  const on = dateOf(dayOf(query.get('on') ?? form.text('on')) ?? today).split('-')
  const wrong = errors.some(({ field }) => field === 'day')
  const field = (name: 'day' | 'month' | 'year', kept: string | undefined) => (
    <SmallField
      name={name}
      label={say(`help.day.${name}`)}
      value={form.has(name) ? form.text(name) : (kept ?? '').replace(/^0/, '')}
      width={name === 'year' ? 4 : 2}
      wrong={wrong}
    />
  )
  return (
    <Group say={say} name="day" label={say('slips.day')} errors={errors}>
      <div class="govuk-date-input">
        {field('day', on[2])}
        {field('month', on[1])}
        {field('year', on[0])}
      </div>
    </Group>
  )
}

function Saved({ visit, errors, records }: Showing & { records: readonly RecordView[] }) {
  const { say, today } = visit
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say('slips.saved')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {(['slip', 'do'] as const).map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`slips.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {records.map((record) => (
          <tr class="govuk-table__row">
            <td class={`govuk-table__cell${record.reversedAt === null ? '' : ' ch-struck'}`}>
              <a class="govuk-link" href={`/desk/records/${record.index}`}>
                {recordSentence(visit, record, today)}
              </a>
            </td>
            <td class="govuk-table__cell">
              {record.reversedAt === null ? (
                <TakeBack visit={visit} errors={errors} record={record} all={records} />
              ) : (
                say('slips.taken_back')
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function TakeBack({
  visit,
  errors,
  record,
  all,
}: Showing & { record: RecordView; all: readonly RecordView[] }) {
  const { say, desk, query, form } = visit
  const field = `take-${record.index}`
  const wrong = errors.find((error) => error.field === field)?.text
  const fields = {
    take: String(record.index),
    nonce: toHex(desk.node.random.bytes(16)),
    saved: all.map(({ index }) => index).join('.'),
    on: query.get('on') ?? form.text('on'),
  }
  return (
    <form method="post" action="/desk/slips">
      <Carried fields={fields} />
      {wrong === undefined ? null : <p class="govuk-error-message">{wrong}</p>}
      <button type="submit" class="govuk-button govuk-button--secondary ch-in-row" id={field}>
        {say('slips.take_back')}
        <span class="govuk-visually-hidden"> {recordSentence(visit, record, visit.today)}</span>
      </button>
    </form>
  )
}
