/**
 * How does a member ask for help or offer it? One sentence, typed at home or by the desk for somebody on the telephone,
 * shown for 90 days, and renewed by one press (P-3).
 */

import { type Bytes, fromHex, sameBytes } from '../core/ids.ts'
import { accountOf, type Book } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Write } from '../store/store.ts'
import type { DeskAct } from './acts.ts'
import type { Coordinator } from './coordinators.ts'
import { personOf } from './exchanges.ts'
import { soundText } from './names.ts'
import type { Notice, NoticeKind, NoticeReach } from './notice-rows.ts'
import type { People } from './people.ts'
import type { Person } from './person.ts'
import { fits, wordsOrNull } from './texts.ts'

/** Whose hand it is: the member's own, or the desk's. */
export type NoticeHand = { readonly member: Person } | { readonly coordinator: Coordinator }

export interface NewNotice {
  /** Number of whoever asks or offers. */
  readonly number: string
  readonly kind: NoticeKind
  readonly text: string
  readonly category: number
  readonly reach: NoticeReach
  /** 32 hex digits that the form has had since it was shown. */
  readonly nonce: string
}

/** `asleep`: nobody renewed it. `to_look_at`: shown here, and outside once the desk has looked at it. */
export type NoticeState = 'shown' | 'to_look_at' | 'asleep' | 'down'

export function stateOf({ down, until, reach, outside }: Notice, now: number): NoticeState {
  if (down !== null) return 'down'
  if (until < now) return 'asleep'
  return reach === 'neighbours' && outside === null ? 'to_look_at' : 'shown'
}

/**
 * A new notice; the same form again finds the first. A newcomer's goes outside once a coordinator has looked ([DIR-13]);
 * what the desk types has been looked at. Refuses `account_unknown`, `account_suspended`, `account_closed`,
 * `notice_missing`, `text_too_long`, `notice_shows_contact` and `notices_too_many`.
 */
export async function makeNotice(
  node: Node,
  people: People,
  wanted: NewNotice,
  hand: NoticeHand,
): Promise<Outcome<Notice>> {
  const id = fromHex(wanted.nonce, 16)
  if (id === null) return refuse('request_malformed', { field: 'nonce' })
  const person = personOf(people, wanted.number)
  if (!person.ok) return person
  if (!isHandOf(hand, person.value.account)) return refuse('not_covered')
  const { kind, reach, category } = wanted
  if (!Number.isInteger(category) || category < 0 || category > 999) return refuse('category_unknown')
  const text = soundText(wanted.text)
  const wrong = problemOf(text, reach)
  if (wrong !== null) return wrong
  const { account } = person.value
  return commitRows(node, (book, now) => {
    const standing = mayAct(book, people, account)
    if (!standing.ok) return standing
    const { notices } = people
    const known = notices.byId(id)
    if (known !== null) {
      const same = sameBytes(known.account, account) && known.text === text && known.kind === kind
      return same ? accept({ rows: [], value: known }) : refuse('request_malformed', { nonce: 1 })
    }
    const rows = notices.tidy(now)
    const most = LIMITS.noticesOfMember
    if (notices.of(account).filter(({ down }) => down === null).length >= most)
      return refuse('notices_too_many', { most })
    const looked = 'coordinator' in hand || !isNewcomer(book, account)
    const outside = reach === 'neighbours' && looked ? now : null
    const until = now + LIMITS.noticeSeconds
    const notice: Notice = { id, account, kind, text, category, reach, outside, made: now, until, down: null }
    const acted = actOf(people, hand, 'notice_made', account, now)
    return accept({ rows: [...rows, notices.keep(notice), ...acted], value: notice })
  })
}

/** Shown for another 90 days. Refuses `notice_unknown`, and what is wrong with the account. */
export function renewNotice(
  node: Node,
  people: People,
  id: Bytes,
  hand: NoticeHand,
): Promise<Outcome<Notice>> {
  return change(node, people, id, hand, 'notice_renewed', (notice, now) => ({
    ...notice,
    until: now + LIMITS.noticeSeconds,
  }))
}

/** A coordinator has looked: neighbours may see it. Refuses as `renewNotice` does. */
export function letOutside(
  node: Node,
  people: People,
  id: Bytes,
  coordinator: Coordinator,
): Promise<Outcome<Notice>> {
  return change(node, people, id, { coordinator }, 'notice_shown', (notice, now) => ({
    ...notice,
    outside: notice.reach === 'neighbours' ? (notice.outside ?? now) : null,
  }))
}

/** Nobody sees it any more. The desk says why, and the owner reads it. Refuses also `reason_missing` and `text_too_long`. */
export async function takeDown(
  node: Node,
  people: People,
  id: Bytes,
  hand: NoticeHand,
  why: string | null = null,
): Promise<Outcome<Notice>> {
  const reason = wordsOrNull(why)
  if ('coordinator' in hand && reason === null) return refuse('reason_missing')
  if (!fits(reason, LIMITS.noteBytes))
    return refuse('text_too_long', { field: 'reason', mostBytes: LIMITS.noteBytes })
  const by = 'coordinator' in hand ? 'desk' : 'owner'
  return change(node, people, id, hand, 'notice_taken_down', (notice, now) => ({
    ...notice,
    down: { at: now, by, reason },
  }))
}

/** What members of this bank may read now, newest first; nobody is named. */
export function shownNotices(node: Node, people: People): Promise<readonly Notice[]> {
  const now = node.logTime()
  return node.read(({ book }) =>
    people.notices.standing().filter(({ until, account }) => until >= now && isOpen(book, people, account)),
  )
}

/** Those that were not taken down, of members whose accounts are open; sleeping ones too, for the desk. */
export function standingNotices(node: Node, people: People): Promise<readonly Notice[]> {
  return node.read(({ book }) =>
    people.notices.standing().filter(({ account }) => isOpen(book, people, account)),
  )
}

/** The notice when it is shown in this bank; null for any other. */
export function shownNotice(book: Book, people: People, id: Bytes, now: number): Notice | null {
  const notice = people.notices.byId(id)
  if (notice === null || notice.down !== null || notice.until < now) return null
  return isOpen(book, people, notice.account) ? notice : null
}

/** Has neither helped nor been helped yet ([DIR-13]). */
export function isNewcomer(book: Book, account: Bytes): boolean {
  return accountOf(book, account)?.lastPosting === 0
}

/** Whether this account may ask, offer and answer. Refuses `account_unknown`, `account_suspended`, `account_closed`. */
export function mayAct(book: Book, people: People, account: Bytes): Outcome<null> {
  if (people.byAccount(account) === null) return refuse('account_unknown')
  const state = accountOf(book, account)?.state
  if (state === 'open') return accept(null)
  return refuse(state === 'suspended' ? 'account_suspended' : 'account_closed')
}

function isOpen(book: Book, people: People, account: Bytes): boolean {
  return people.byAccount(account) !== null && accountOf(book, account)?.state === 'open'
}

/** A telephone number, or an address of mail or of a page: where neighbours read it, the desks put people in touch. */
const CONTACT = /@|https?:|www\.|(?:\p{Nd}[\s().\-/]{0,2}){6}/iu

function problemOf(text: string, reach: NoticeReach): Outcome<never> | null {
  if (text === '') return refuse('notice_missing')
  if (!fits(text, LIMITS.noticeBytes))
    return refuse('text_too_long', { field: 'text', mostBytes: LIMITS.noticeBytes })
  return reach === 'neighbours' && CONTACT.test(text) ? refuse('notice_shows_contact') : null
}

function isHandOf(hand: NoticeHand, account: Bytes): boolean {
  return 'coordinator' in hand || sameBytes(hand.member.account, account)
}

function change(
  node: Node,
  people: People,
  id: Bytes,
  hand: NoticeHand,
  what: DeskAct,
  to: (notice: Notice, now: number) => Notice,
): Promise<Outcome<Notice>> {
  return commitRows(node, (book, now) => {
    const notice = people.notices.byId(id)
    if (notice === null || notice.down !== null || !isHandOf(hand, notice.account))
      return refuse('notice_unknown')
    const changed = to(notice, now)
    const standing = mayAct(book, people, notice.account)
    if (!standing.ok && changed.down === null) return standing
    const acted = actOf(people, hand, what, notice.account, now)
    return accept({ rows: [people.notices.keep(changed), ...acted], value: changed })
  })
}

function actOf(people: People, hand: NoticeHand, what: DeskAct, account: Bytes, now: number): Write[] {
  return 'coordinator' in hand ? people.acts.keep(hand.coordinator, { what, accounts: [account] }, now) : []
}

/** Private rows alone: nothing of a notice stands in the log. */
export async function commitRows<T>(
  node: Node,
  decide: (book: Book, now: number) => Outcome<{ readonly rows: readonly Write[]; readonly value: T }>,
): Promise<Outcome<T>> {
  const outcome = await node.commit<T>((book, now) => {
    const decided = decide(book, now)
    return decided.ok ? accept({ entries: [], ...decided.value }) : decided
  })
  return outcome.ok ? accept(outcome.value.value) : outcome
}
