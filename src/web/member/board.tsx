/**
 * What do people here and at neighbouring banks ask and offer? Two lists, the newest first, and one button for each; nobody
 * is named and nobody is ranked. Neighbours' are fetched when somebody looks ([DIR-12]).
 */

import { type Bytes, sameBytes } from '../../core/ids.ts'
import { maySee } from '../../register/access.ts'
import { nameOutside } from '../../register/names.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import { answerIdOf, answerNotice } from '../../register/notice-answers.ts'
import type { NoticeKind } from '../../register/notice-rows.ts'
import { shownNotices } from '../../register/notices.ts'
import type { FieldError } from '../form.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { AnswerButton, type Posted, readPosted, whereFrom } from '../parts/notice-parts.tsx'
import { type Answer, type MemberVisit, type Page, refusalText, screen } from '../screen.ts'
import { ownNoticePath } from './own-notice.tsx'

/** Of each kind on the first page; the rest is behind a link. */
const FIRST = 8
const ON_A_PAGE = 20
const KINDS: readonly NoticeKind[] = ['ask', 'offer']

export const boardScreen = screen({
  path: '/board',
  who: ['member'],
  get: (visit) => boardPage(visit),
  post: (visit) => answer(visit),
})

async function answer(visit: MemberVisit): Promise<Answer> {
  const { desk, say, visitor } = visit
  const meant = readPosted(visit)
  if (meant === null) return boardPage(visit, [{ field: null, text: say('refusal.notice_unknown') }])
  const { id, bank } = meant
  const answered =
    bank === null
      ? await answerNotice(desk.node, desk.people, id, visitor.person)
      : await desk.elsewhere.answer(bank, id, visitor.person)
  if (!answered.ok) return boardPage(visit, [{ field: null, text: refusalText(visit, answered.refusal) }])
  return { to: `/board?answered=${bank === null ? 'here' : 'elsewhere'}` }
}

/** Everything a member may read now, own bank first, then neighbours by name, the newest first. */
export async function postedFor(visit: MemberVisit): Promise<readonly Posted[]> {
  const { desk } = visit
  const there = [...(await desk.elsewhere.look())]
  const here = maySee('member', 'notices') ? await shownNotices(desk.node, desk.people) : []
  const order = new Intl.Collator(visit.speech.language.tag)
  const nameOf = ({ bank }: { bank: Bytes }): string => bankNameOf(visit.desk.node, bank)
  there.sort((a, b) => order.compare(nameOf(a), nameOf(b)) || b.until - a.until)
  return [...here.map((one) => ({ ...one, bank: null })), ...there]
}

async function boardPage(visit: MemberVisit, errors: readonly FieldError[] = []): Promise<Page> {
  const { say, query, visitor } = visit
  const posted = await postedFor(visit)
  const only = KINDS.find((kind) => kind === query.get('kind')) ?? null
  return {
    title: say('board.title'),
    errors,
    back: only === null ? '/me' : '/board',
    body: (
      <>
        {query.has('answered') ? (
          <div class="govuk-inset-text">
            {say(query.get('answered') === 'elsewhere' ? 'board.thanks.elsewhere' : 'board.thanks')}
          </div>
        ) : null}
        <p class="govuk-body">{say('board.lead')}</p>
        <p class="govuk-body">{say('board.named', { name: nameOutside(visitor.person) })}</p>
        <div class="ch-row">
          <ButtonLink to="/ask">{say('board.ask')}</ButtonLink>
          <ButtonLink to="/offer">{say('board.offer')}</ButtonLink>
        </div>
        {(only === null ? KINDS : [only]).map((kind) => (
          <List visit={visit} kind={kind} posted={posted.filter((one) => one.kind === kind)} only={only} />
        ))}
      </>
    ),
  }
}

function List({
  visit,
  kind,
  posted,
  only,
}: {
  visit: MemberVisit
  kind: NoticeKind
  posted: readonly Posted[]
  only: NoticeKind | null
}) {
  const { say, query } = visit
  const asked = Number(/^\d{1,4}$/.exec(query.get('from') ?? '')?.[0] ?? 0)
  const from = only === null ? 0 : asked
  const to = from + (only === null ? FIRST : ON_A_PAGE)
  const next = only === null ? `/board?kind=${kind}` : `/board?kind=${kind}&from=${to}`
  const count = posted.length
  return (
    <section>
      <h2 class="govuk-heading-m">{say(`board.${kind}s`)}</h2>
      {count === 0 ? <p class="govuk-body">{say(`board.${kind}s.none`)}</p> : null}
      <ul class="ch-cards">
        {posted.slice(from, to).map((one) => (
          <li class="ch-card">
            <h3 class="govuk-heading-s" dir="auto">
              {one.text}
            </h3>
            <p class="govuk-body">{whereFrom(visit, one)}</p>
            <WayOn visit={visit} notice={one} />
          </li>
        ))}
      </ul>
      {count > to ? (
        <p class="govuk-body">
          <a class="govuk-link" href={next}>
            {say(only === null ? `board.${kind}s.all` : 'board.next', { count })}
          </a>
        </p>
      ) : null}
    </section>
  )
}

/** The button, or what became of it: one's own is looked at, and what was answered is answered. */
function WayOn({ visit, notice }: { visit: MemberVisit; notice: Posted }) {
  const { say } = visit
  if (isOwn(visit, notice))
    return (
      <a class="govuk-link" href={ownNoticePath(notice)}>
        {say('board.own')}
      </a>
    )
  const said = answerSaid(visit, notice)
  return said === null ? <AnswerButton visit={visit} notice={notice} /> : <p class="govuk-body">{said}</p>
}

export function isOwn({ desk, visitor }: MemberVisit, { id, bank }: Posted): boolean {
  const notice = bank === null ? desk.people.notices.byId(id) : null
  return notice !== null && sameBytes(notice.account, visitor.person.account)
}

/** What became of this member's answer; null when there is none, or when it may be said again. */
export function answerSaid(visit: MemberVisit, { id, bank }: Posted): string | null {
  const { desk, say, visitor } = visit
  const { notices } = desk.people
  const { account } = visitor.person
  if (bank === null) {
    const own = notices
      .answersTo({ id })
      .find((one) => one.account !== null && sameBytes(one.account, account))
    if (own === undefined) return null
    return say(own.done === null ? 'board.answered' : 'board.introduced')
  }
  const sent = notices.sentById(answerIdOf(account, bank, id))
  if (sent === null || sent.state === 'given_up') return null
  const name = bankNameOf(visit.desk.node, bank)
  if (sent.state === 'over') return say('board.answered.over', { bank: name })
  if (sent.done !== null) return say('board.introduced')
  return sent.state === 'heard' ? say('board.answered') : say('board.answered.waiting', { bank: name })
}
