/**
 * What does a member see of the noticeboard at home? Who answered; and somebody without an exchange yet, first of all, one
 * real ask that he or she could meet today (P-3). Everybody else sees one link.
 */

import { sameBytes } from '../../core/ids.ts'
import type { NoticeAnswer } from '../../register/notice-rows.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { AnswerButton, type Posted, whereFrom } from '../parts/notice-parts.tsx'
import type { MemberVisit } from '../screen.ts'
import { answerSaid, isOwn, postedFor } from './board.tsx'
import { answererName, ownNoticePath } from './own-notice.tsx'

/** Asks to ring about are few; the rest is on the noticeboard. */
const SHOWN = 3

/** The newest ask of somebody else, here before elsewhere, that this member has not answered; null when there is none. */
export async function askNearby(visit: MemberVisit): Promise<Posted | null> {
  const posted = await postedFor(visit)
  return (
    posted.find((one) => one.kind === 'ask' && !isOwn(visit, one) && answerSaid(visit, one) === null) ?? null
  )
}

export function Near({ visit, ask }: { visit: MemberVisit; ask: Posted | null }) {
  const { say } = visit
  return (
    <div class="ch-card">
      <h2 class="govuk-heading-m">{say(ask === null ? 'own.near.none' : 'own.near')}</h2>
      {ask === null ? (
        <>
          <p class="govuk-body">{say('own.near.none.text')}</p>
          <ButtonLink to="/ask">{say('board.ask')}</ButtonLink>
        </>
      ) : (
        <>
          <h3 class="govuk-heading-s" dir="auto">
            {ask.text}
          </h3>
          <p class="govuk-body">{whereFrom(visit, ask)}</p>
          <div class="ch-row">
            <AnswerButton visit={visit} notice={ask} />
            <a class="govuk-link" href="/board">
              {say('own.near.all')}
            </a>
          </div>
        </>
      )}
    </div>
  )
}

/** Who answered what this member wrote, and whom the desk has not rung yet. */
export function Answered({ visit }: { visit: MemberVisit }) {
  const { say, desk, visitor } = visit
  const { notices } = desk.people
  const mine = (one: NoticeAnswer): boolean => sameBytes(one.owner, visitor.person.account)
  const answers = notices.unanswered().filter(mine).slice(0, SHOWN)
  return (
    <>
      {answers.map((one) => {
        const notice = notices.byId(one.notice)
        if (notice === null || notice.down !== null) return null
        return (
          <div class="ch-card">
            <h2 class="govuk-heading-m">
              {say(`own.answered.${notice.kind}`, { name: answererName(visit, one) })}
            </h2>
            <p class="govuk-body" dir="auto">
              {notice.text}
            </p>
            <a class="govuk-link" href={ownNoticePath(notice)}>
              {say('own.answered.see')}
            </a>
          </div>
        )
      })}
    </>
  )
}
