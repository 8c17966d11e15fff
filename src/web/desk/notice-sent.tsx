/**
 * What does the desk do when a member answered something at a neighbouring bank? It rings the member and the other desk,
 * brings the two together, and says so ([DIR-9]).
 */

import { fromHex } from '../../core/ids.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import { sentDone } from '../../register/notice-answers.ts'
import type { SentAnswer } from '../../register/notice-rows.ts'
import { Button } from '../parts/form-parts.tsx'
import { sentPath } from '../parts/notice-parts.tsx'
import { Rows } from '../parts/rows.tsx'
import { calledName } from '../parts/sentences.ts'
import { type CoordinatorVisit, notHere, type Page, refused, screen } from '../screen.ts'
import { phoneOf } from './notice.tsx'

export const sentNoticeScreen = screen({
  path: '/desk/notices/sent/:sent',
  who: ['coordinator'],
  get(visit) {
    const sent = wanted(visit)
    return sent === null ? notHere(visit) : sentPage(visit, sent)
  },
  async post(visit) {
    const sent = wanted(visit)
    if (sent === null) return notHere(visit)
    const { desk, visitor } = visit
    const done = await sentDone(desk.node, desk.people, sent.id, visitor.coordinator)
    return done.ok ? { to: '/desk' } : refused(visit, done.refusal, '/desk')
  },
})

function wanted({ desk, params }: CoordinatorVisit): SentAnswer | null {
  const id = fromHex(params.sent ?? '', 32)
  return id === null ? null : desk.people.notices.sentById(id)
}

function sentPage(visit: CoordinatorVisit, sent: SentAnswer): Page {
  const { say, desk } = visit
  const person = desk.people.byAccount(sent.account)
  const [name, bank] = [calledName(visit, person), bankNameOf(visit.desk.node, sent.bank)]
  return {
    title: say(`sent.title.${sent.kind}`, { name, bank }),
    back: '/desk',
    body: (
      <>
        <p class="ch-sentence" dir="auto">
          {sent.text}
        </p>
        <p class="govuk-body">{say(`sent.${sent.state}`, { bank, name })}</p>
        <Rows
          rows={[
            [say('desk_notice.owner', { name }), phoneOf(visit, person?.phone ?? null)],
            [say('sent.desk', { bank }), phoneOf(visit, sent.phone)],
          ]}
        />
        {sent.done !== null ? null : (
          <form method="post" action={sentPath(sent)}>
            <Button>{say('sent.done')}</Button>
          </form>
        )}
      </>
    ),
  }
}
