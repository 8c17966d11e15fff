/**
 * What do neighbouring banks read of our members' asks and offers, and what is kept of an answer of theirs? The sentence
 * without a name; and of the answer the bank, a short name, and the telephone of its desk ([DIR-7], [DIR-9]).
 */

import { LIMITS } from '../core/limits.ts'
import { isSoundName } from '../node/fetched.ts'
import type { Interest, PostedNotice } from '../node/reception.ts'
import type { Write } from '../store/store.ts'
import { soundText } from './names.ts'
import { NOTICE_KINDS, type Notice, type Notices } from './notice-rows.ts'
import { stateOf } from './notices.ts'
import type { People } from './people.ts'

/** Number of an ask between banks; an offer is one more. */
const FIRST_KIND = 1

/** Those that neighbours may read, the newest first. */
export function postedOutside(notices: Notices, now: number): readonly PostedNotice[] {
  return notices
    .standing()
    .filter((notice) => isOutside(notice, now))
    .map(({ id, account, kind, text, category, until }) => ({
      ...{ id, account, text, category, until },
      kind: FIRST_KIND + NOTICE_KINDS.indexOf(kind),
    }))
}

/** The row of an answer that is new, none for one that is known; null when neighbours see no such notice. */
export function keptInterest(people: People, heard: Interest, now: number): readonly Write[] | null {
  const { notices } = people
  const { bank, question, who, phone } = heard
  const notice = notices.byId(heard.notice)
  if (notice === null || people.byAccount(notice.account) === null) return null
  const answers = notices.answersTo(notice)
  const isKnown = answers.some(
    (one) =>
      one.bank !== null && Buffer.compare(one.id, question) === 0 && Buffer.compare(one.bank, bank) === 0,
  )
  if (isKnown) return []
  if (!isOutside(notice, now) || answers.length >= LIMITS.noticeAnswersMost) return null
  // An id that another bank has chosen before is no second answer, and does not take the place of the first.
  if (answers.some(({ id }) => Buffer.compare(id, question) === 0)) return null
  const answer = {
    notice: notice.id,
    id: question,
    owner: notice.account,
    account: null,
    bank,
    name: who,
    phone,
  }
  return [notices.keepAnswer({ ...answer, made: now, done: null })]
}

/** The telephone of a desk as another bank takes it; null when there is none. */
export function soundPhone(phone: string | null): string | null {
  const sound = soundText(phone ?? '')
  return isSoundName(sound) ? sound : null
}

function isOutside(notice: Notice, now: number): boolean {
  return stateOf(notice, now) === 'shown' && notice.reach === 'neighbours'
}
