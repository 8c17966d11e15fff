/**
 * What is asked of whoever says that something is wrong, and what do they read afterwards? The same inside one bank and
 * between two, on the telephone of a member and at the desk ([DESK-8]).
 */

import type { Child } from 'hono/jsx'
import { CASE_WHATS, type Case } from '../../register/case-rows.ts'
import type { NewCase } from '../../register/cases.ts'
import type { FieldError } from '../form.ts'
import { type Page, refusalText, type Visit } from '../screen.ts'
import { Button, Radios, TextArea } from './form-parts.tsx'

const SECONDS_PER_DAY = 86_400

/** The form about what this sentence says; it is posted to `wrong` below the page it came from. */
export function saysWrongPage(
  { say, form }: Pick<Visit, 'say' | 'form'>,
  { sentence, back, hint }: { sentence: string; back: string; hint?: string },
  errors: readonly FieldError[],
): Page {
  return {
    title: say('wrong.title'),
    errors,
    back,
    body: (
      <form method="post" action={`${back}/wrong`} novalidate>
        <p class="ch-sentence">{sentence}</p>
        {hint === undefined ? null : <p class="govuk-body">{hint}</p>}
        <Radios
          say={say}
          name="what"
          label={say('wrong.what')}
          errors={errors}
          value={form.text('what')}
          choices={CASE_WHATS.map((value) => ({ value, label: say(`wrong.what.${value}`) }))}
        />
        <TextArea
          say={say}
          name="words"
          label={say('wrong.words')}
          value={form.text('words')}
          errors={errors}
        />
        <Button>{say('wrong.send')}</Button>
      </form>
    ),
  }
}

/** Opens the case that the form speaks of; gives what is wrong with the form, nothing when it is open. */
export async function sayWrong(
  visit: Visit,
  about: Omit<NewCase, 'what' | 'words'>,
): Promise<readonly FieldError[]> {
  const { desk, form, say } = visit
  const what = CASE_WHATS.find((one) => one === form.text('what'))
  if (what === undefined) return [{ field: 'what', text: say('wrong.missing') }]
  const begun = await desk.cases.begin({ ...about, what, words: form.text('words') })
  return begun.ok ? [] : [{ field: 'words', text: refusalText(visit, begun.refusal) }]
}

/** How things stand with a case, for the people it is about; `more` is what there is to say beside it. */
export function CaseState({
  visit: { say, speech },
  one,
  more,
}: {
  visit: Pick<Visit, 'say' | 'speech'>
  one: Case
  more?: Child
}) {
  return (
    <div class="govuk-inset-text">
      <p class="govuk-body">
        <strong>{say(`case.${one.state}`)}</strong>
      </p>
      <p class="govuk-body">
        {one.state === 'open'
          ? say('case.open.text', { day: speech.date(Math.floor(one.due / SECONDS_PER_DAY)) })
          : one.answer === ''
            ? say(`case.${one.state}.text`)
            : one.answer}
      </p>
      {more}
    </div>
  )
}
