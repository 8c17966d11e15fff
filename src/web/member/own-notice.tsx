/**
 * How does a member look after an ask or an offer? Until when it is shown, who answered, and two presses: keep it for
 * another 90 days, or take it down ([DIR-6]).
 */

import { categoryName } from '../../core/categories.ts'
import { type Bytes, fromHex, sameBytes, toHex } from '../../core/ids.ts'
import { maySee } from '../../register/access.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import type { Notice, NoticeAnswer } from '../../register/notice-rows.ts'
import { renewNotice, stateOf, takeDown } from '../../register/notices.ts'
import { Button } from '../parts/form-parts.tsx'
import { type Row, Rows } from '../parts/rows.tsx'
import { calledName } from '../parts/sentences.ts'
import { type Answer, type MemberVisit, notHere, type Page, refused, screen, type Visit } from '../screen.ts'

const SECONDS_PER_DAY = 86_400

export const ownNoticeScreen = screen({
  path: '/notices/:notice',
  who: ['member'],
  get(visit) {
    const notice = wanted(visit)
    return notice === null ? notHere(visit) : noticePage(visit, notice)
  },
  post(visit) {
    const notice = wanted(visit)
    return notice === null ? notHere(visit) : act(visit, notice)
  },
})

async function act(visit: MemberVisit, notice: Notice): Promise<Answer> {
  const { desk, form, visitor } = visit
  const hand = { member: visitor.person }
  const path = ownNoticePath(notice)
  if (notice.down !== null) return { to: path }
  if (form.has('down')) {
    const down = await takeDown(desk.node, desk.people, notice.id, hand)
    return down.ok ? { to: path } : refused(visit, down.refusal, path)
  }
  if (!form.has('renew')) return { to: path }
  const renewed = await renewNotice(desk.node, desk.people, notice.id, hand)
  return renewed.ok ? { to: `${path}?renewed` } : refused(visit, renewed.refusal, path)
}

/** Nobody but whoever wrote it. */
function wanted({ desk, params, visitor }: MemberVisit): Notice | null {
  const id = fromHex(params.notice ?? '', 16)
  const notice = id === null ? null : desk.people.notices.byId(id)
  return notice !== null && sameBytes(notice.account, visitor.person.account) ? notice : null
}

function noticePage(visit: MemberVisit, notice: Notice): Page {
  const { say, query, desk } = visit
  const { down, kind } = notice
  const news = query.has('new') ? 'notice.new' : query.has('renewed') ? 'notice.renewed' : null
  const answers = desk.people.notices.answersTo(notice)
  return {
    title: say(`notice.title.${kind}`),
    back: '/board',
    body: (
      <>
        {news === null || down !== null ? null : <div class="govuk-inset-text">{say(news)}</div>}
        <p class="ch-sentence" dir="auto">
          {notice.text}
        </p>
        <Rows rows={noticeRows(visit, notice)} />
        <h2 class="govuk-heading-m">{say('notice.answers')}</h2>
        {answers.length === 0 ? (
          <p class="govuk-body">{say('notice.answers.none')}</p>
        ) : (
          <ul class="govuk-list">
            {answers.map((one) => (
              <li>{answerLine(visit, one)}</li>
            ))}
          </ul>
        )}
        {down !== null ? null : (
          <form method="post" action={ownNoticePath(notice)} class="ch-row">
            <Button name="renew" value="yes">
              {say('notice.renew')}
            </Button>
            <Button kind="second" name="down" value="yes">
              {say('notice.down')}
            </Button>
          </form>
        )}
      </>
    ),
  }
}

/** Who sees it, how it stands, and what it is about. */
export function noticeRows(visit: Visit, notice: Notice): Row[] {
  const { say, now } = visit
  const kind = categoryName(notice.category)
  return [
    [say('notice.state'), stateText(visit, notice, now)],
    [say('desk_notice.reach'), say(`notice.reach.${notice.reach}`)],
    ...(kind === null ? [] : [[say('notice.kind'), say(`category.${kind}`)] as const]),
  ]
}

export function stateText({ say, speech }: Visit, notice: Notice, now: number): string {
  const { down, until } = notice
  const state = stateOf(notice, now)
  const day = dayOf(speech, down?.at ?? until)
  if (state !== 'down' || down === null || down.reason === null) return say(`notice.state.${state}`, { day })
  return say('notice.state.down_by_desk', { day, reason: down.reason })
}

/** The first name of a member here, or what a neighbour calls its own; the desk knows how to reach them. */
export function answererName(visit: Visit, { account, bank, name }: NoticeAnswer): string {
  const { desk, say } = visit
  if (bank !== null)
    return say('notice.name_at', { name: name ?? '?', bank: bankNameOf(visit.desk.node, bank) })
  const person = account === null ? null : desk.people.byAccount(account)
  const called = calledName(visit, person)
  const isWhole = person === null || person.kind !== 'member' || visit.visitor.kind === 'coordinator'
  return isWhole ? called : (called.split(' ')[0] ?? called)
}

function answerLine(visit: MemberVisit, answer: NoticeAnswer): string {
  const { say, speech } = visit
  const name = maySee('member', 'notice_answers', { shares: true }) ? answererName(visit, answer) : '?'
  if (answer.done === null) return say('notice.answer.waits', { name })
  return say('notice.answer.done', { name, day: dayOf(speech, answer.done) })
}

function dayOf(speech: Visit['speech'], seconds: number): string {
  return speech.date(Math.floor(seconds / SECONDS_PER_DAY))
}

export function ownNoticePath({ id }: { readonly id: Bytes }): string {
  return `/notices/${toHex(id)}`
}
