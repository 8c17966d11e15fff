/**
 * What does the desk see of one record? The sentence, the phrase to compare aloud, how it came in, and the one press
 * that takes it back ([DESK-3], [EX-19]).
 */

import { toHex } from '../../core/ids.ts'
import { takeBack } from '../../register/corrections.ts'
import { type RecordView, readRecord } from '../../register/records.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Carried, helpWords } from '../parts/help-fields.tsx'
import { LengthTable } from '../parts/length-table.tsx'
import { deputyRows, Rows } from '../parts/rows.tsx'
import { recordSentence } from '../parts/sentences.ts'
import { notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'

export const recordPageScreen = screen({
  path: '/desk/records/:index',
  who: ['coordinator'],
  async get(visit) {
    const found = await wanted(visit)
    return found === null ? notHere(visit) : recordPage(visit, found)
  },
  async post(visit) {
    const { desk, form, visitor } = visit
    const found = await wanted(visit)
    if (found === null) return notHere(visit)
    const taken = await takeBack(
      desk.node,
      desk.people,
      { record: found.id, nonce: form.text('nonce') },
      { coordinator: visitor.coordinator, channel: 'desk', reason: 'correction' },
    )
    if (!taken.ok) return recordPage(visit, found, refusalText(visit, taken.refusal))
    return { to: `/desk/records/${found.index}` }
  },
})

async function wanted({ desk, params }: Visit): Promise<RecordView | null> {
  const index = /^\d{1,15}$/.test(params.index ?? '') ? Number(params.index) : -1
  const found = await readRecord(desk.node, desk.people, index)
  return found.ok ? found.value : null
}

async function recordPage(visit: Visit, record: RecordView, wrong: string | null = null): Promise<Page> {
  const { say, today, query } = visit
  const isNew = query.has('new') && record.reversedAt === null
  const state =
    record.reversedAt !== null
      ? say('record.state.taken_back')
      : query.has('again')
        ? say('record.state.again')
        : say('record.state.done')
  return {
    title: isNew ? say('record.done.title') : state,
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    back: '/desk',
    body: (
      <>
        <p class={`ch-sentence${record.reversedAt === null ? '' : ' ch-struck'}`}>
          {recordSentence(visit, record, today)}
        </p>
        <RecordRows visit={visit} record={record} />
        <ManyParts visit={visit} record={record} />
        <WaysOn visit={visit} record={record} />
      </>
    ),
  }
}

/** The people of a group sheet, each with their length; two people stand in the sentence already. */
function ManyParts({ visit, record: { parts } }: { visit: Visit; record: RecordView }) {
  if (parts.length <= 2) return null
  const helpers = parts.filter(({ minutes }) => minutes > 0)
  const helped = parts.filter(({ minutes }) => minutes < 0)
  const many = helpers.length > helped.length ? helpers : helped
  const lines = many.map(({ person, minutes }) => ({ person, minutes: Math.abs(minutes) }))
  return <LengthTable visit={visit} lines={lines} />
}

/** Another one, on paper, or taken back. */
function WaysOn({ visit: { say, desk }, record }: { visit: Visit; record: RecordView }) {
  return (
    <>
      {record.reversedAt === null ? (
        <div class="ch-row">
          <ButtonLink to="/desk/record">{say('record.next')}</ButtonLink>
          <ButtonLink to={`/desk/letters/receipt/${record.index}`} kind="second">
            {say('record.print')}
          </ButtonLink>
          {record.isFresh ? (
            <form method="post" action={`/desk/records/${record.index}`}>
              <Carried fields={{ nonce: toHex(desk.node.random.bytes(16)) }} />
              <Button kind="warning">{say('record.take_back')}</Button>
            </form>
          ) : null}
        </div>
      ) : (
        <p class="govuk-body">{say('record.taken_back.text')}</p>
      )}
      {record.isFresh && record.reversedAt === null ? (
        <p class="govuk-hint">{say('record.take_back.hint')}</p>
      ) : null}
    </>
  )
}

/** The phrase to compare, who recorded it and how, and what it was. */
function RecordRows({ visit, record }: { visit: Visit; record: RecordView }) {
  const { say, speech, desk } = visit
  const by = record.coordinator === null ? null : desk.people.coordinators.nameOf(record.coordinator)
  return (
    <Rows
      rows={[
        [
          say('record.phrase'),
          <span class="ch-phrase" dir="ltr">
            {receiptPhrase(record.id)}
          </span>,
        ],
        [
          say('record.by'),
          say('record.by.text', {
            name: by ?? say(record.coordinator === null ? 'record.by.device' : 'record.by.former'),
            channel: say(`channel.${record.channel ?? 'web'}`),
            day: speech.date(Math.floor(record.time / 86_400)),
          }),
        ],
        [
          say('record.kind'),
          speech.alone(helpWords(say, { category: record.category, note: record.note ?? '' })) ||
            say('help.category.none'),
        ],
        ...deputyRows(visit, record),
        ...(record.replacedByIndex === null
          ? []
          : [
              [
                say('record.replaced'),
                <a class="govuk-link" href={`/desk/records/${record.replacedByIndex}`}>
                  {say('record.replaced.link')}
                </a>,
              ] as const,
            ]),
      ]}
    />
  )
}
