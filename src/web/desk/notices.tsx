/**
 * What do members ask and offer, as the desk sees it? Everything that was not taken down, sleeping ones too, with who wrote
 * it; those that wait for the desk first.
 */

import type { Notice } from '../../register/notice-rows.ts'
import { stateOf } from '../../register/notices.ts'
import { stateText } from '../member/own-notice.tsx'
import { ButtonLink } from '../parts/form-parts.tsx'
import { noticePath } from '../parts/notice-parts.tsx'
import { calledName } from '../parts/sentences.ts'
import { type Page, screen, type Visit } from '../screen.ts'

/** Notices one person can look through; older ones sleep or are found with their owner. */
const SHOWN = 100

export const noticesScreen = screen({
  path: '/desk/notices',
  who: ['coordinator'],
  get: (visit) => noticesPage(visit),
})

function noticesPage(visit: Visit): Page {
  const { say, desk, now } = visit
  const { notices } = desk.people
  const waits = (notice: Notice): number =>
    notices.answersTo(notice).filter(({ done }) => done === null).length
  const isPressing = (notice: Notice): boolean => waits(notice) > 0 || stateOf(notice, now) === 'to_look_at'
  const all = notices.standing().filter(({ account }) => desk.people.byAccount(account) !== null)
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
              <h2 class="govuk-heading-s" dir="auto">
                <a class="govuk-link" href={noticePath(notice)}>
                  {notice.text}
                </a>
              </h2>
              <p class="govuk-body">
                {say(`notices.of.${notice.kind}`, {
                  name: calledName(visit, desk.people.byAccount(notice.account)),
                })}
              </p>
              <p class="govuk-body">{stateText(visit, notice, now)}</p>
              {waits(notice) === 0 ? null : (
                <strong class="govuk-tag">{say('notices.answers', { count: waits(notice) })}</strong>
              )}
            </li>
          ))}
        </ul>
        {all.length > SHOWN ? (
          <p class="govuk-body">{say('notices.more', { count: all.length - SHOWN })}</p>
        ) : null}
      </>
    ),
  }
}
