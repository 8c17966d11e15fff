/** How does somebody say that a record is wrong? What is wrong, in a few words; then the desk looks at it by a day ([DESK-8]). */

import { CASE_WHATS, type Case } from '../../register/cases.ts'
import { type RecordView, readRecord } from '../../register/records.ts'
import type { FieldError } from '../form.ts'
import { speaksFor } from '../parts/for-whom.tsx'
import { Button, Radios, TextArea } from '../parts/form-parts.tsx'
import { recordSentence } from '../parts/sentences.ts'
import { type MemberVisit, notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'

const SECONDS_PER_DAY = 86_400

export const wrongScreen = screen({
  path: '/records/:index/wrong',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    return isSettled(visit, record) ? { to: `/records/${record.index}` } : wrongPage(visit, record, [])
  },
  async post(visit) {
    const { desk, form, say, visitor } = visit
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    if (isSettled(visit, record)) return { to: `/records/${record.index}` }
    const what = CASE_WHATS.find((one) => one === form.text('what'))
    if (what === undefined) return wrongPage(visit, record, [{ field: 'what', text: say('wrong.missing') }])
    const begun = await desk.cases.begin({
      record: record.id,
      index: record.index,
      by: visitor.person.account,
      what,
      words: form.text('words'),
    })
    if (!begun.ok)
      return wrongPage(visit, record, [{ field: 'words', text: refusalText(visit, begun.refusal) }])
    return { to: `/records/${record.index}` }
  },
})

/** Whether somebody has called it wrong before, or it was taken back: the record's own page says how things stand. */
function isSettled({ desk }: Visit, { id, reversedAt }: RecordView): boolean {
  return reversedAt !== null || desk.cases.find(id) !== null
}

/** The record of this path if this member has a part in it, or acts for somebody who has. */
export async function ownRecord(visit: MemberVisit): Promise<RecordView | null> {
  const { desk, params } = visit
  const index = /^\d{1,15}$/.test(params.index ?? '') ? Number(params.index) : -1
  const read = await readRecord(desk.node, desk.people, index)
  return read.ok && read.value.parts.some(({ person }) => speaksFor(visit, person)) ? read.value : null
}

function wrongPage(visit: MemberVisit, record: RecordView, errors: readonly FieldError[]): Page {
  const { say, form, today } = visit
  return {
    title: say('wrong.title'),
    errors,
    back: `/records/${record.index}`,
    body: (
      <form method="post" action={`/records/${record.index}/wrong`} novalidate>
        <p class="ch-sentence">{recordSentence(visit, record, today)}</p>
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

/** How things stand with a case, for the people it is about. */
export function CaseState({ visit: { say, speech }, one }: { visit: Visit; one: Case }) {
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
    </div>
  )
}
