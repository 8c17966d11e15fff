/**
 * How does a list of people come in? Copied out of a spreadsheet or as files of an older program; whoever brings it says
 * where it is from. Nothing is recorded before it was looked over ([IMP-13]).
 */

import { toHex } from '../../core/ids.ts'
import { dayAt } from '../../register/calendar.ts'
import { type MadeImport, madeImports } from '../../register/import/batch-rows.ts'
import { type ImportFiles, SOURCES, type Source } from '../../register/import/source.ts'
import type { FieldError } from '../form.ts'
import { FileField } from '../parts/file-field.tsx'
import { Button, Checkboxes, Radios, TextArea } from '../parts/form-parts.tsx'
import { type Page, screen, type Visit } from '../screen.ts'

export const newListScreen = screen({
  path: '/desk/lists',
  who: ['coordinator'],
  files: 'taken',
  get: (visit) => newListPage(visit, []),
  post(visit) {
    const read = readList(visit)
    if ('errors' in read) return newListPage(visit, read.errors)
    const { id } = visit.desk.lists.add(visit.visitor.coordinator.actor, read.files)
    return { to: `/desk/lists/${id}${asksMore(read.files) ? '/columns' : ''}` }
  },
})

/** Whether something is still to be said before the list can be read. */
export function asksMore({ from, columns, unit }: ImportFiles): boolean {
  if (from === 'sheet') return (columns ?? null) === null
  return (from === 'ces' || from === 'komunitin') && (unit ?? null) === null
}

function readList({
  form,
  say,
}: Pick<Visit, 'form' | 'say'>): { files: ImportFiles } | { errors: FieldError[] } {
  const from = SOURCES.find((one) => one === form.text('from'))
  const typed = form.exact('text')
  const chosen = form.file('file')
  const errors: FieldError[] = []
  if (from === undefined) errors.push({ field: 'from', text: say('lists.from.missing') })
  if (typed.trim() === '' && chosen === null) errors.push({ field: 'text', text: say('lists.text.missing') })
  if (typed.trim() !== '' && chosen !== null) errors.push({ field: 'text', text: say('lists.text.both') })
  if (from === undefined || errors.length > 0) return { errors }
  const members = chosen ?? new TextEncoder().encode(typed)
  const notes = form.has('notes') ? 'keep' : 'leave'
  return {
    files: { from, members, exchanges: form.file('exchanges'), balances: form.file('balances'), notes },
  }
}

async function newListPage(visit: Visit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form } = visit
  const made = await madeImports(visit.desk.node.store)
  return {
    title: say('lists.title'),
    errors,
    back: '/desk/people',
    body: (
      <>
        <p class="govuk-body">{say('lists.lead')}</p>
        <form method="post" action="/desk/lists" enctype="multipart/form-data" novalidate>
          <TextArea
            say={say}
            name="text"
            label={say('lists.text')}
            hint={say('lists.text.hint')}
            rows={10}
            value={form.exact('text')}
            errors={errors}
          />
          <FileField
            say={say}
            name="file"
            label={say('lists.file')}
            hint={say('lists.file.hint')}
            errors={errors}
          />
          <Radios
            say={say}
            name="from"
            label={say('lists.from')}
            errors={errors}
            value={form.text('from')}
            choices={FROM.map((value) => ({ value, label: say(`lists.from.${value}`) }))}
          />
          <MoreFiles visit={visit} />
          <Button>{say('lists.go')}</Button>
        </form>
        <MadeLists visit={visit} made={made} />
      </>
    ),
  }
}

function MoreFiles({ visit: { say, form } }: { visit: Visit }) {
  return (
    <details class="govuk-details">
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{say('lists.more')}</span>
      </summary>
      <div class="govuk-details__text">
        <FileField
          say={say}
          name="exchanges"
          label={say('lists.exchanges')}
          hint={say('lists.exchanges.hint')}
          errors={[]}
        />
        <FileField
          say={say}
          name="balances"
          label={say('lists.balances')}
          hint={say('lists.balances.hint')}
          errors={[]}
        />
        <Checkboxes
          say={say}
          name="notes"
          label={say('lists.notes')}
          errors={[]}
          values={form.all('notes')}
          choices={[{ value: 'keep', label: say('lists.notes.keep') }]}
        />
      </div>
    </details>
  )
}

/** A spreadsheet first: that is where most lists are. */
const FROM: readonly Source[] = ['sheet', ...SOURCES.filter((one) => one !== 'sheet')]

function MadeLists({ visit: { say, speech }, made }: { visit: Visit; made: readonly MadeImport[] }) {
  if (made.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('lists.made')}</h2>
      <ul class="govuk-list">
        {made.map(({ digest, time }, i) => (
          <li>
            <a class="govuk-link" href={`/desk/brought/${toHex(digest)}`}>
              {time === null
                ? say('lists.made.begun', { no: made.length - i })
                : say('lists.made.on', { no: made.length - i, day: speech.day(dayAt(time)) })}
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
