/**
 * What does the desk do about one ask or offer? Rings the two who could meet, lets a newcomer's go outside after a look,
 * renews it for whoever rings, and takes it down with a reason ([DIR-6], [DIR-9], [DIR-13]).
 */

import type { Child } from 'hono/jsx'
import { fromHex, toHex } from '../../core/ids.ts'
import type { Refusal } from '../../core/refusal.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import { introduced } from '../../register/notice-answers.ts'
import type { Notice, NoticeAnswer } from '../../register/notice-rows.ts'
import { letOutside, renewNotice, stateOf, takeDown } from '../../register/notices.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Telephone } from '../layout.tsx'
import { answererName, noticeRows } from '../member/own-notice.tsx'
import { Button, ButtonLink, TextArea } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { noticePath } from '../parts/notice-parts.tsx'
import { type Row, Rows } from '../parts/rows.tsx'
import { calledName } from '../parts/sentences.ts'
import { type Answer, type CoordinatorVisit, notHere, type Page, refusalText, screen } from '../screen.ts'
import { answerForPath } from './notice-answer.tsx'
import { personPath } from './people.tsx'

const SECONDS_PER_DAY = 86_400
const ANSWER_ID_BYTES = 32

export const noticeScreen = screen({
  path: '/desk/notices/:notice',
  who: ['coordinator'],
  get(visit) {
    const notice = wanted(visit)
    return notice === null ? notHere(visit) : noticePage(visit, notice, [])
  },
  post(visit) {
    const notice = wanted(visit)
    return notice === null ? notHere(visit) : act(visit, notice)
  },
})

/** What a person who left nobody behind wrote is gone; anything else is here until long after it was taken down. */
function wanted({ desk, params }: CoordinatorVisit): Notice | null {
  const id = fromHex(params.notice ?? '', 16)
  const notice = id === null ? null : desk.people.notices.byId(id)
  return notice !== null && desk.people.byAccount(notice.account) !== null ? notice : null
}

async function act(visit: CoordinatorVisit, notice: Notice): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const { node, people } = desk
  const { coordinator } = visitor
  const failed = (refusal: Refusal): Page => {
    const ofReason = refusal.code === 'reason_missing' || refusal.code === 'text_too_long'
    const text =
      refusal.code === 'reason_missing' ? say('desk_notice.reason.missing') : refusalText(visit, refusal)
    return noticePage(visit, notice, [{ field: ofReason ? 'reason' : null, text }])
  }
  const answer = fromHex(form.text('introduced'), ANSWER_ID_BYTES)
  const done = form.has('out')
    ? await letOutside(node, people, notice.id, coordinator)
    : form.has('renew')
      ? await renewNotice(node, people, notice.id, { coordinator })
      : form.has('down')
        ? await takeDown(node, people, notice.id, { coordinator }, form.text('reason'))
        : answer === null
          ? null
          : await introduced(node, people, { notice: notice.id, id: answer }, coordinator)
  return done === null || done.ok ? { to: noticePath(notice) } : failed(done.refusal)
}

function noticePage(visit: CoordinatorVisit, notice: Notice, errors: readonly FieldError[]): Page {
  const { say, desk, now } = visit
  const { kind, down } = notice
  const owner = desk.people.byAccount(notice.account)
  const name = calledName(visit, owner)
  const answers = desk.people.notices.answersTo(notice)
  return {
    title: say(`desk_notice.title.${kind}`, { name }),
    errors,
    back: '/desk/notices',
    body: (
      <>
        <p class="ch-sentence" dir="auto">
          {notice.text}
        </p>
        <Rows rows={[ownerRow(visit, owner, name), ...noticeRows(visit, notice)]} />
        {stateOf(notice, now) === 'to_look_at' ? <LetOut visit={visit} notice={notice} /> : null}
        <h2 class="govuk-heading-m">{say('notice.answers')}</h2>
        {answers.length === 0 ? <p class="govuk-body">{say('notice.answers.none')}</p> : null}
        <ul class="ch-cards">
          {answers.map((answer) => (
            <li class="ch-card">
              <AnswerCard visit={visit} notice={notice} answer={answer} />
            </li>
          ))}
        </ul>
        {stateOf(notice, now) === 'shown' || stateOf(notice, now) === 'to_look_at' ? (
          <ButtonLink to={answerForPath({ id: notice.id, bank: null })} kind="second">
            {say(`answer_for.title.${kind}`)}
          </ButtonLink>
        ) : null}
        {down === null ? <Ends visit={visit} notice={notice} name={name} errors={errors} /> : null}
      </>
    ),
  }
}

function ownerRow(visit: CoordinatorVisit, owner: Person | null, name: string): Row {
  const { say } = visit
  const [key, phone] = [say('desk_notice.owner', { name }), phoneOf(visit, owner?.phone ?? null)]
  return owner === null ? [key, phone] : [key, phone, { to: personPath(owner), text: say('today.open') }]
}

/** Both numbers to ring stand on this page: the owner's above, and here the other one. */
function AnswerCard({
  visit,
  notice,
  answer,
}: {
  visit: CoordinatorVisit
  notice: Notice
  answer: NoticeAnswer
}) {
  const { say, speech, desk } = visit
  const name = answererName(visit, answer)
  const { account, bank, done } = answer
  const person = account === null ? null : desk.people.byAccount(account)
  const phone = bank === null ? (person?.phone ?? null) : answer.phone
  return (
    <>
      <h3 class="govuk-heading-s">{say(`desk_notice.answer.${notice.kind}`, { name })}</h3>
      {done === null ? (
        <>
          <p class="govuk-body">
            {bank === null
              ? say('desk_notice.ring', { name })
              : say('desk_notice.ring_desk', {
                  name: answer.name ?? '?',
                  bank: bankNameOf(visit.desk.node, bank),
                })}{' '}
            {phoneOf(visit, phone)}
          </p>
          <form method="post" action={noticePath(notice)}>
            <Carried fields={{ introduced: toHex(answer.id) }} />
            <Button>{say('desk_notice.introduced')}</Button>
          </form>
        </>
      ) : (
        <p class="govuk-body">
          {say('desk_notice.introduced.done', { day: speech.date(Math.floor(done / SECONDS_PER_DAY)) })}
        </p>
      )}
    </>
  )
}

function LetOut({ visit: { say }, notice }: { visit: CoordinatorVisit; notice: Notice }) {
  return (
    <form method="post" action={noticePath(notice)}>
      <p class="govuk-body">{say('desk_notice.let_out.lead')}</p>
      <Button name="out" value="yes">
        {say('desk_notice.let_out')}
      </Button>
    </form>
  )
}

function Ends({
  visit: { say, form },
  notice,
  name,
  errors,
}: {
  visit: CoordinatorVisit
  notice: Notice
  name: string
  errors: readonly FieldError[]
}) {
  return (
    <>
      <form method="post" action={noticePath(notice)}>
        <Button kind="second" name="renew" value="yes">
          {say('notice.renew')}
        </Button>
      </form>
      <details class="govuk-details" open={errors.length > 0}>
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">{say('desk_notice.down.open')}</span>
        </summary>
        <form method="post" action={noticePath(notice)} class="govuk-details__text" novalidate>
          <TextArea
            say={say}
            name="reason"
            label={say('desk_notice.reason', { name })}
            value={form.text('reason')}
            errors={errors}
          />
          <Button kind="warning" name="down" value="yes">
            {say('notice.down')}
          </Button>
        </form>
      </details>
    </>
  )
}

/** A number to press, or that there is none. */
export function phoneOf({ say }: Pick<CoordinatorVisit, 'say'>, phone: string | null): Child {
  return phone === null ? say('person.no_phone') : <Telephone number={phone} />
}
