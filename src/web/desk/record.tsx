/**
 * How does Sam record what Edna says on the telephone? Four questions on one page, by keyboard alone; then the sentence
 * to read aloud; then it is done, and can be taken back in one press ([DESK-2], [DESK-3]).
 */

import { dateOf } from '../../register/calendar.ts'
import { recordHelp } from '../../register/exchanges.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { carriedOf, readCategory, readDay, readLength } from '../parts/help-fields.tsx'
import { CheckForm, FormNumber, HELP_FIELDS, HelpFields } from '../parts/help-form.tsx'
import { calledName, helpSentence } from '../parts/sentences.ts'
import { readPeople, type Unclear, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { KNOWN_BY, type Known, KnownField, readKnown } from './known.tsx'

/** Everything the check page reads aloud. */
interface Draft {
  readonly helper: Person
  readonly helped: Person
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly known: Known
  readonly nonce: string
}

export const recordScreen = screen({
  path: '/desk/record',
  who: ['coordinator'],
  get: (visit) => formPage(visit, []),
  async post(given) {
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    if (form.has('change')) return formPage(visit, [])
    const { draft, errors, unclear } = readDraft(visit)
    if (errors.length > 0) return formPage(visit, errors)
    const label = ({ field }: Unclear, typed: string): string =>
      visit.say(`record.which.${field as Party}`, { typed })
    if (unclear.length > 0)
      return whichPage(visit, { to: '/desk/record', fields: FIELDS, unclear, left, label })
    if (draft === null) return formPage(visit, [])
    return form.has('save') ? save(visit, draft) : checkPage(visit, draft)
  },
})

type Party = 'helper' | 'helped'

/** Fields that go from step to step. */
const FIELDS = ['helper', 'helped', 'known', ...HELP_FIELDS] as const

function readDraft(visit: Visit): { draft: Draft | null; errors: FieldError[]; unclear: Unclear[] } {
  const { form, say, today } = visit
  const missing = { helped: say('record.helped.missing'), helper: say('record.helper.missing') }
  const { found, errors, unclear } = readPeople<Party>(visit, missing)
  const { helper, helped } = found
  if (helper !== undefined && helper === helped) errors.push({ field: 'helped', text: say('record.same') })
  const length = readLength(visit, form)
  if ('error' in length) errors.push(length.error)
  const day = readDay(say, form, today)
  if ('error' in day) errors.push(day.error)
  const known = readKnown(form)
  if (known === null) errors.push({ field: 'known', text: say('record.known.missing') })
  const whole = helper !== undefined && helped !== undefined && known !== null
  if (!whole || 'error' in length || 'error' in day) return { draft: null, errors, unclear }
  const [category, note, nonce] = [readCategory(form), form.text('note'), form.text('nonce')]
  const draft = { helper, helped, minutes: length.minutes, day: day.day, category, note, known, nonce }
  return { draft, errors, unclear }
}

function formPage(visit: Visit, errors: readonly FieldError[]): Page {
  const { say, form, query } = visit
  const value = (name: string): string => (form.has(name) ? form.text(name) : (query.get(name) ?? ''))
  return {
    title: say('record.title'),
    errors,
    body: (
      <form method="post" action="/desk/record" novalidate>
        <p class="govuk-body">
          <a class="govuk-link" href="/desk/record/neighbour">
            {say('desk_across.link')}
          </a>
        </p>
        <FormNumber visit={visit} />
        <div class="ch-two">
          <WhoField
            visit={visit}
            name="helped"
            label={say('record.helped')}
            value={value('helped')}
            errors={errors}
            autofocus={errors.length === 0}
          />
          <WhoField
            visit={visit}
            name="helper"
            label={say('record.helper')}
            value={value('helper')}
            errors={errors}
          />
          <HelpFields visit={visit} errors={errors} />
          <KnownField say={say} form={form} errors={errors} />
        </div>
        <Button>{say('form.check')}</Button>
      </form>
    ),
  }
}

function checkPage(visit: Visit, draft: Draft, wrong: string | null = null): Page {
  const { say, speech, form, today } = visit
  const { helper, helped, minutes } = draft
  const names = { helper: calledName(visit, helper), helped: calledName(visit, helped) }
  const fields = { ...carriedOf(form, FIELDS), helper: helper.number, helped: helped.number }
  return {
    title: say('record.check.title'),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    body: (
      <>
        <p class="govuk-body">{say('record.check.lead')}</p>
        <p class="ch-sentence">{helpSentence(visit, { ...draft, ...names }, today)}</p>
        <p class="govuk-body">
          {speech.alone(say('record.check.moves', { length: speech.hours(minutes), ...names }))}
        </p>
        <p class="govuk-body">{say(`record.check.known.${draft.known}`)}</p>
        <CheckForm visit={visit} to="/desk/record" fields={fields} save={say('record.save')} />
      </>
    ),
  }
}

async function save(visit: CoordinatorVisit, draft: Draft): Promise<Answer> {
  const { desk, visitor } = visit
  const recorded = await recordHelp(
    desk.node,
    desk.people,
    {
      provider: draft.helper.number,
      recipient: draft.helped.number,
      minutes: draft.minutes,
      day: dateOf(draft.day),
      category: draft.category,
      note: draft.note,
      nonce: draft.nonce,
    },
    { coordinator: visitor.coordinator, ...KNOWN_BY[draft.known] },
  )
  if (!recorded.ok) return checkPage(visit, draft, refusalText(visit, recorded.refusal))
  const { index, record } = recorded.value
  return { to: `/desk/records/${index}?${record === 'known' ? 'again' : 'new'}` }
}
