/** How does the group sheet look while it is filled in? Who, which way, the day, a length for all, and then the lines. */

import { toHex } from '../../core/ids.ts'
import { SHEET_LINES } from '../../register/sheets.ts'
import type { FieldError } from '../form.ts'
import { Button, Radios, TextField } from '../parts/form-parts.tsx'
import { Carried, CategoryField, DayFields, LengthFields } from '../parts/help-fields.tsx'
import { WhoField } from '../parts/who.tsx'
import type { Page, Visit } from '../screen.ts'
import { DIRECTIONS, lineFields, SIDES, SOURCES, shownLines } from './sheet-draft.ts'

export function sheetPage(visit: Visit, errors: readonly FieldError[]): Page {
  const { say, form, desk } = visit
  const lines = shownLines(form)
  const nonce = form.text('nonce') || toHex(desk.node.random.bytes(16))
  return {
    title: say('sheet.title'),
    errors,
    body: (
      <form method="post" action="/desk/sheet" novalidate>
        <Carried fields={{ nonce, lines: String(lines) }} />
        <HeadFields visit={visit} errors={errors} />
        <h2 class="govuk-heading-m">{say('sheet.lines')}</h2>
        <LengthFields
          say={say}
          form={form}
          errors={errors}
          label={say('sheet.length')}
          hint={say('sheet.length.hint')}
        />
        <LineTable visit={visit} errors={errors} lines={lines} />
        <div class="ch-row">
          <Button>{say('form.check')}</Button>
          {lines >= SHEET_LINES ? null : (
            <Button kind="second" name="more" value="yes">
              {say('sheet.more')}
            </Button>
          )}
        </div>
      </form>
    ),
  }
}

function HeadFields({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }) {
  const { say, speech, form, today } = visit
  return (
    <div class="ch-two">
      <SideFields visit={visit} errors={errors} />
      <Radios
        say={say}
        name="direction"
        label={say('sheet.direction')}
        errors={errors}
        value={form.text('direction')}
        choices={DIRECTIONS.map((value) => ({ value, label: say(`sheet.direction.${value}`) }))}
      />
      <DayFields say={say} form={form} errors={errors} today={today} />
      <CategoryField say={say} speech={speech} form={form} errors={errors} />
      <TextField
        say={say}
        name="note"
        label={say('help.note')}
        hint={say('sheet.note.hint')}
        value={form.text('note')}
        errors={errors}
      />
      <Radios
        say={say}
        name="source"
        label={say('sheet.source')}
        errors={errors}
        value={form.text('source') || 'paper'}
        choices={SOURCES.map((value) => ({ value, label: say(`sheet.source.${value}`) }))}
      />
    </div>
  )
}

/** The other side: one of the two, and who it is unless it is the pot. */
function SideFields({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }) {
  const { say, form, query } = visit
  return (
    <>
      <Radios
        say={say}
        name="side"
        label={say('sheet.other')}
        hint={say('sheet.other.hint')}
        errors={errors}
        value={form.text('side') || (query.has('other') ? 'someone' : '')}
        choices={SIDES.map((value) => ({ value, label: say(`sheet.other.${value}`) }))}
      />
      <WhoField
        visit={visit}
        name="other"
        label={say('sheet.other.who')}
        value={form.has('other') ? form.text('other') : (query.get('other') ?? '')}
        errors={errors}
      />
    </>
  )
}

interface LinesAsked {
  readonly visit: Visit
  readonly errors: readonly FieldError[]
  readonly lines: number
}

function LineTable({ visit, errors, lines }: LinesAsked) {
  const { say } = visit
  return (
    <table class="govuk-table ch-lines">
      <caption class="govuk-visually-hidden">{say('sheet.lines')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          <th scope="col" class="govuk-table__header">
            {say('sheet.column.line')}
          </th>
          {(['who', 'hours', 'minutes'] as const).map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`sheet.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {Array.from({ length: lines }, (_, i) => (
          <LineRow visit={visit} errors={errors} line={i + 1} />
        ))}
      </tbody>
    </table>
  )
}

function LineRow({ visit, errors, line }: Omit<LinesAsked, 'lines'> & { line: number }) {
  const fields = lineFields(line)
  const wrong = errors.filter(({ field }) => field === fields.who || field === fields.hours)
  return (
    <tr class="govuk-table__row">
      <th scope="row" class="govuk-table__header">
        {line}
      </th>
      {(['who', 'hours', 'minutes'] as const).map((what) => (
        <td
          class="govuk-table__cell"
          {...(what === 'who' ? {} : { 'data-is': visit.say(`sheet.column.${what}`) })}
        >
          {what === 'who' ? <LineErrors visit={visit} wrong={wrong} /> : null}
          <LineInput visit={visit} wrong={wrong} line={line} what={what} />
        </td>
      ))}
    </tr>
  )
}

/** What is wrong with a line has room beside its name, whichever field it is about. */
function LineErrors({ visit: { say }, wrong }: { visit: Visit; wrong: readonly FieldError[] }) {
  return (
    <>
      {wrong.map(({ field, text }) => (
        <p id={`${field}-error`} class="govuk-error-message">
          <span class="govuk-visually-hidden">{say('form.error')}</span> {text}
        </p>
      ))}
    </>
  )
}

function LineInput({
  visit: { say, form },
  wrong,
  line,
  what,
}: {
  visit: Visit
  wrong: readonly FieldError[]
  line: number
  what: 'who' | 'hours' | 'minutes'
}) {
  const name = lineFields(line)[what]
  const isWrong = wrong.some(({ field }) => field === name)
  const width = what === 'who' ? '' : ' govuk-input--width-2'
  return (
    <>
      <label class="govuk-visually-hidden" for={name}>
        {say(`sheet.field.${what}`, { line })}
      </label>
      <input
        class={`govuk-input${width}${isWrong ? ' govuk-input--error' : ''}`}
        id={name}
        name={name}
        type="text"
        {...(what === 'who' ? { autocomplete: 'off', spellcheck: false } : { inputmode: 'numeric' })}
        {...(isWrong ? { 'aria-describedby': `${name}-error` } : {})}
        value={form.text(name)}
      />
    </>
  )
}
