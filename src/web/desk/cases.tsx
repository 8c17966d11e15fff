/**
 * How does the desk close a case? It reads what was said, rings both people, and presses one of three: it stands, it is
 * corrected, or it was withdrawn ([DESK-8]).
 */

import { toHex } from '../../core/ids.ts'
import type { Case } from '../../register/case-rows.ts'
import { takeBack } from '../../register/corrections.ts'
import { type RecordView, readRecord } from '../../register/records.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, TextArea } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { Rows } from '../parts/rows.tsx'
import { calledName, recordSentence } from '../parts/sentences.ts'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'

const SECONDS_PER_DAY = 86_400
const ENDS = ['stands', 'corrected', 'withdrawn'] as const

export const caseScreen = screen({
  path: '/desk/cases/:index',
  who: ['coordinator'],
  async get(visit) {
    const found = await wanted(visit)
    return found === null ? notHere(visit) : casePage(visit, found.record, found.one, [])
  },
  async post(visit) {
    const found = await wanted(visit)
    return found === null ? notHere(visit) : close(visit, found.record, found.one)
  },
})

async function wanted({ desk, params }: Visit): Promise<{ record: RecordView; one: Case } | null> {
  const index = /^\d{1,15}$/.test(params.index ?? '') ? Number(params.index) : -1
  const record = await readRecord(desk.node, desk.people, index)
  const one = record.ok ? desk.cases.find(record.value.id) : null
  return record.ok && one !== null ? { record: record.value, one } : null
}

async function close(visit: CoordinatorVisit, record: RecordView, one: Case): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const failed = (field: string | null, text: string): Page =>
    casePage(visit, record, desk.cases.find(record.id) ?? one, [{ field, text }])
  const state = ENDS.find((end) => form.has(end))
  if (state === undefined) return failed(null, say('case.missing'))
  const by = { coordinator: visitor.coordinator, channel: 'desk', reason: 'correction' } as const
  const takenBack = () =>
    takeBack(desk.node, desk.people, { record: record.id, nonce: form.text('nonce') }, by)
  const ended = await desk.cases.end(
    record.id,
    state,
    form.text('answer'),
    state === 'corrected' && record.reversedAt === null ? takenBack : undefined,
  )
  if (!ended.ok) {
    const field = ended.refusal.code === 'text_too_long' ? 'answer' : null
    return failed(field, refusalText(visit, ended.refusal))
  }
  return { to: `/desk/cases/${record.index}` }
}

function casePage(visit: Visit, record: RecordView, one: Case, errors: readonly FieldError[]): Page {
  const { say, speech, desk, form, today } = visit
  const by = desk.people.byAccount(one.by)
  return {
    title: say('case.title'),
    errors,
    back: '/desk',
    body: (
      <>
        <p class={`ch-sentence${record.reversedAt === null ? '' : ' ch-struck'}`}>
          {recordSentence(visit, record, today)}
        </p>
        <Rows
          rows={[
            [say('case.by'), calledName(visit, by)],
            [say('case.what'), say(`wrong.what.${one.what}`)],
            [say('case.words'), one.words === '' ? say('person.not_said') : one.words],
            [say('case.due'), speech.date(Math.floor(one.due / SECONDS_PER_DAY))],
            ...record.parts.map(
              ({ person }) =>
                [
                  say('case.ring', { name: calledName(visit, person) }),
                  person?.phone ?? say('person.no_phone'),
                ] as const,
            ),
            ...(one.state === 'open' ? [] : [[say('case.ended'), say(`case.${one.state}`)] as const]),
          ]}
        />
        {one.state === 'open' ? (
          <form method="post" action={`/desk/cases/${record.index}`} novalidate>
            <Carried fields={{ nonce: toHex(desk.node.random.bytes(16)) }} />
            <TextArea
              say={say}
              name="answer"
              label={say('case.answer')}
              hint={say('case.answer.hint')}
              value={form.text('answer')}
              errors={errors}
            />
            <div class="ch-row">
              <Button name="stands" value="yes">
                {say('case.press.stands')}
              </Button>
              <Button kind="warning" name="corrected" value="yes">
                {say('case.press.corrected')}
              </Button>
              <Button kind="second" name="withdrawn" value="yes">
                {say('case.press.withdrawn')}
              </Button>
            </div>
          </form>
        ) : (
          <ButtonLink to="/desk/record">{say('case.record_right')}</ButtonLink>
        )}
      </>
    ),
  }
}
