/**
 * What becomes of "I can" and "I would like this"? It is kept once for each member and notice, and the desk brings the two
 * together and says so ([DIR-9]).
 */

import { encode } from '../core/codec.ts'
import { sha256 } from '../core/hash.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Coordinator } from './coordinators.ts'
import type { NoticeAnswer, SentAnswer } from './notice-rows.ts'
import { commitRows, mayAct, shownNotice } from './notices.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'

/**
 * A member can, or would like it; once for each notice, however often it is pressed, by themselves or by a coordinator for
 * them. Refuses `notice_unknown` for one that
 * is not shown, `notice_own`, `too_many_waiting`, and what is wrong with the account.
 */
export function answerNotice(
  node: Node,
  people: People,
  id: Bytes,
  by: Person,
  coordinator: Coordinator | null = null,
): Promise<Outcome<NoticeAnswer>> {
  return commitRows(node, (book, now) => {
    const standing = mayAct(book, people, by.account)
    if (!standing.ok) return standing
    const notice = shownNotice(book, people, id, now)
    if (notice === null) return refuse('notice_unknown')
    if (sameBytes(notice.account, by.account)) return refuse('notice_own')
    const answers = people.notices.answersTo(notice)
    const known = answers.find(({ account }) => account !== null && sameBytes(account, by.account))
    if (known !== undefined) return accept({ rows: [], value: known })
    const most = LIMITS.noticeAnswersOfMember
    if (answers.length >= LIMITS.noticeAnswersMost || answersUnderWay(people, by.account) >= most)
      return refuse('too_many_waiting', { most })
    const { account } = by
    const answer: NoticeAnswer = {
      ...{ notice: id, id: answerIdOf(account, null, id), owner: notice.account, account },
      ...{ bank: null, name: null, phone: null, made: now, done: null },
    }
    const acted = people.acts.keep(coordinator, { what: 'notice_answered', accounts: [account] }, now)
    return accept({ rows: [people.notices.keepAnswer(answer), ...acted], value: answer })
  })
}

/** The desk has brought the two together. Refuses `notice_unknown`. */
export function introduced(
  node: Node,
  people: People,
  { notice, id }: Pick<NoticeAnswer, 'notice' | 'id'>,
  coordinator: Coordinator,
): Promise<Outcome<NoticeAnswer>> {
  return commitRows(node, (_book, now) => {
    const answer = people.notices.answersTo({ id: notice }).find((one) => sameBytes(one.id, id))
    if (answer === undefined) return refuse('notice_unknown')
    if (answer.done !== null) return accept({ rows: [], value: answer })
    const changed = { ...answer, done: now }
    const accounts = [answer.owner, ...(answer.account === null ? [] : [answer.account])]
    const acted = people.acts.keep(coordinator, { what: 'introduced', accounts }, now)
    return accept({ rows: [people.notices.keepAnswer(changed), ...acted], value: changed })
  })
}

/** The desk has dealt with an answer to a neighbour's notice. Refuses `notice_unknown`. */
export function sentDone(
  node: Node,
  people: People,
  id: Bytes,
  coordinator: Coordinator,
): Promise<Outcome<SentAnswer>> {
  return commitRows(node, (_book, now) => {
    const sent = people.notices.sentById(id)
    if (sent === null) return refuse('notice_unknown')
    if (sent.done !== null) return accept({ rows: [], value: sent })
    const changed = { ...sent, done: now }
    const acted = people.acts.keep(coordinator, { what: 'introduced', accounts: [sent.account] }, now)
    return accept({ rows: [people.notices.keepSent(changed), ...acted], value: changed })
  })
}

/** Answers of this member that nobody has dealt with, here and at neighbouring banks. */
export function answersUnderWay(people: People, account: Bytes): number {
  const here = people.notices
    .unanswered()
    .filter((one) => one.account !== null && sameBytes(one.account, account))
  const there = people.notices.sent().filter((one) => one.done === null && sameBytes(one.account, account))
  return here.length + there.length
}

/** Id of an answer: the same for the same member and notice, and nothing that leads back to either. */
export function answerIdOf(account: Bytes, bank: Bytes | null, notice: Bytes): Bytes {
  return sha256(encode(['notice answer', account, bank, notice]))
}
