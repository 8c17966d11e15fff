/**
 * What does a member see of the noticeboard at home? Who answered; and somebody without an exchange yet, first of all, one
 * real ask that he or she could meet today (P-3). Everybody else sees one link.
 */

import { sameBytes } from '../../core/ids.ts'
import type { Notice, NoticeAnswer } from '../../register/notice-rows.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { AnswerButton, type Posted, whereFrom } from '../parts/notice-parts.tsx'
import type { MemberVisit } from '../screen.ts'
import { answerSaid, isOwn, postedFor } from './board.tsx'
import { answererName, ownNoticePath } from './own-notice.tsx'

/** Answers shown at home; all of them stand with the ask or offer. */
const SHOWN = 3

/** The newest ask of somebody else, here before elsewhere, that this member has not answered; null when there is none. */
export async function askNearby(visit: MemberVisit): Promise<Posted | null> {
  const posted = await postedFor(visit)
  return (
    posted.find((one) => one.kind === 'ask' && !isOwn(visit, one) && answerSaid(visit, one) === null) ?? null
  )
}

interface Answered {
  readonly notice: Notice
  readonly answer: NoticeAnswer
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

/** Who answered what this member wrote, and whom the desk has not rung yet; oldest first. */
export function answersToMine({ desk, visitor }: MemberVisit): readonly Answered[] {
  const { notices } = desk.people
  return notices.unanswered().flatMap((answer) => {
    const notice = notices.byId(answer.notice)
    const isMine = sameBytes(answer.owner, visitor.person.account)
    return notice === null || notice.down !== null || !isMine ? [] : [{ notice, answer }]
  })
}

export function AnswersToMine({ visit, answers }: { visit: MemberVisit; answers: readonly Answered[] }) {
  const { say } = visit
  return (
    <>
      {answers.slice(0, SHOWN).map(({ notice, answer }) => (
        <div class="ch-card">
          <h2 class="govuk-heading-m">
            {say(`own.answered.${notice.kind}`, { name: answererName(visit, answer) })}
          </h2>
          <p class="govuk-body" dir="auto">
            {notice.text}
          </p>
          <a class="govuk-link" href={ownNoticePath(notice)}>
            {say('own.answered.see')}
          </a>
        </div>
      ))}
    </>
  )
}
