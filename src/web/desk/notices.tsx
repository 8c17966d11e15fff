/**
 * What do members ask and offer, as the desk sees it? Everything that was not taken down, sleeping ones too, with who wrote
 * it; those that wait for the desk first. Below it what neighbours' members ask and offer, to tell whoever rings.
 */

import type { Notice } from '../../register/notice-rows.ts'
import { standingNotices, stateOf } from '../../register/notices.ts'
import { stateText } from '../member/own-notice.tsx'
import { ButtonLink } from '../parts/form-parts.tsx'
import { noticePath, whereFrom } from '../parts/notice-parts.tsx'
import { calledName } from '../parts/sentences.ts'
import { type Page, screen, type Visit } from '../screen.ts'
import { answerForPath } from './notice-answer.tsx'

/** Notices one person can look through; older ones sleep or are found with their owner. */
const SHOWN = 100

export const noticesScreen = screen({
  path: '/desk/notices',
  who: ['coordinator'],
  get: (visit) => noticesPage(visit),
})

async function noticesPage(visit: Visit): Promise<Page> {
  const { say, desk, now } = visit
  const isPressing = (notice: Notice): boolean =>
    waits(visit, notice) > 0 || stateOf(notice, now) === 'to_look_at'
  const all = await standingNotices(desk.node, desk.people)
  const sorted = [...all.filter(isPressing), ...all.filter((one) => !isPressing(one))]
  return {
    title: say('board.title'),
    body: (
      <>
        <p class="govuk-body">{say('notices.lead')}</p>
        <ButtonLink to="/desk/notices/new">{say('notices.new')}</ButtonLink>
        {all.length === 0 ? <p class="govuk-body">{say('notices.none')}</p> : null}
        <ul class="ch-cards">
          {sorted.slice(0, SHOWN).map((notice) => (
            <li class="ch-card">
              <OwnCard visit={visit} notice={notice} />
            </li>
          ))}
        </ul>
        {all.length > SHOWN ? (
          <p class="govuk-body">{say('notices.more', { count: all.length - SHOWN })}</p>
        ) : null}
        <Elsewhere visit={visit} posted={await desk.elsewhere.look()} />
      </>
    ),
  }
}

function waits({ desk }: Visit, notice: Notice): number {
  return desk.people.notices.answersTo(notice).filter(({ done }) => done === null).length
}

function OwnCard({ visit, notice }: { visit: Visit; notice: Notice }) {
  const { say, desk, now } = visit
  const count = waits(visit, notice)
  const name = calledName(visit, desk.people.byAccount(notice.account))
  return (
    <>
      <h2 class="govuk-heading-s" dir="auto">
        <a class="govuk-link" href={noticePath(notice)}>
          {notice.text}
        </a>
      </h2>
      <p class="govuk-body">{say(`notices.of.${notice.kind}`, { name })}</p>
      <p class="govuk-body">{stateText(visit, notice, now)}</p>
      {count === 0 ? null : <strong class="govuk-tag">{say('notices.answers', { count })}</strong>}
    </>
  )
}

function Elsewhere({
  visit,
  posted,
}: {
  visit: Visit
  posted: Awaited<ReturnType<Visit['desk']['elsewhere']['look']>>
}) {
  const { say } = visit
  if (posted.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('notices.elsewhere')}</h2>
      <ul class="ch-cards">
        {posted.slice(0, SHOWN).map((one) => (
          <li class="ch-card">
            <h3 class="govuk-heading-s" dir="auto">
              {one.text}
            </h3>
            <p class="govuk-body">{whereFrom(visit, one)}</p>
            <a class="govuk-link" href={answerForPath(one)}>
              {say(`answer_for.title.${one.kind}`)}
              <span class="govuk-visually-hidden">: {one.text}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
