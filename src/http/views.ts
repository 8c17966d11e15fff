/**
 * How do the bank's own values look as JSON? Ids become text and names snake_case; nothing is decided here, and no
 * balance computed.
 */

import type { z } from '@hono/zod-openapi'
import { must } from '../core/fault.ts'
import { type Bytes, toBase32, toHex } from '../core/ids.ts'
import { accountOf, lineWith } from '../core/ledger/book.ts'
import type { Line } from '../core/line.ts'
import { decodeTerms } from '../core/terms.ts'
import type { Link } from '../node/link.ts'
import { lineView, type PaymentView, type Reading } from '../node/query.ts'
import type { Correction } from '../node/statement.ts'
import { dateOf } from '../register/calendar.ts'
import type { ImportPlan } from '../register/import/check.ts'
import type { Person } from '../register/person.ts'
import type { MemberLine, MemberStatement } from '../register/statements.ts'
import { paymentWords } from '../words/payments.ts'
import { refusalWords } from '../words/refusals.ts'
import type { Desk } from './route.ts'
import type { importPlanShape } from './shapes/files.ts'
import type { memberShape, personShape, statementShape } from './shapes/members.ts'
import type { neighbourShape, proposalShape } from './shapes/neighbours.ts'
import type { paymentShape } from './shapes/payments.ts'

type View<S extends z.ZodType> = z.input<S>

export function memberView({ book }: Reading, person: Person): View<typeof memberShape> {
  const account = accountOf(book, person.account)
  must(account !== null, 'a person of the register has an account')
  return {
    ...personFields(person),
    state: account.state,
    balance_minutes: account.balance,
    given_minutes: account.given,
    received_minutes: account.received,
  }
}

function personFields({ number, name, kind, account, joinedOn }: Person) {
  return { number, name, kind, account: toHex(account), joined_on: joinedOn }
}

export function personView(desk: Desk, reading: Reading, person: Person): View<typeof personShape> {
  const { phone, phone2, email, area, language, channel, phoneWord, printLarge, paper, note } = person
  const helpers = person.helpers.map(({ account, from, until, forWhat }) => {
    const helper = desk.people.byAccount(account)
    return { number: helper?.number ?? null, name: helper?.name ?? null, from, until, for_what: forWhat }
  })
  return {
    ...memberView(reading, person),
    ...{ phone, phone2, email, area, language, channel, paper, helpers },
    phone_word: phoneWord,
    print_large: printLarge,
    has_note: note !== null,
  }
}

export function statementView(desk: Desk, statement: MemberStatement): View<typeof statementShape> {
  return {
    ...personFields(statement.person),
    state: statement.state,
    balance_minutes: statement.balanceMinutes,
    given_minutes: statement.givenMinutes,
    received_minutes: statement.receivedMinutes,
    lines: statement.lines.map((line) => lineOfStatement(desk, line)),
  }
}

function lineOfStatement(desk: Desk, line: MemberLine): View<typeof statementShape>['lines'][number] {
  return {
    index: line.index,
    time: line.time,
    day: line.day === null ? null : dateOf(line.day),
    minutes: line.minutes,
    what: line.what,
    category: line.category,
    id: toHex(line.id),
    reversed_at: line.reversedAt,
    replaces: line.replaces === null ? null : toHex(line.replaces),
    correction: line.correction === null ? null : correctionView(line.correction),
    with: [...line.with],
    bank_id: bankText(line.bank),
    bank_name: nameOfBank(desk, line.bank),
    channel: line.channel,
    note: line.note,
  }
}

function correctionView({ id, index, cause, replacedBy }: Correction) {
  const replaced_by = replacedBy === null ? null : { id: toHex(replacedBy.id), index: replacedBy.index }
  return { id: toHex(id), index, cause, replaced_by }
}

export function paymentJson(desk: Desk, payment: PaymentView): View<typeof paymentShape> {
  const { id, role, state, minutes, account, bank, decideBy, mode, reason, index } = payment
  const name = nameOfBank(desk, bank)
  return {
    id: toHex(id),
    role,
    state,
    ...paymentWords({ state, minutes, reason, bank: name ?? 'the other bank' }),
    ended: !['held', 'sent', 'promised'].includes(state),
    minutes,
    number: account === null ? null : (desk.people.byAccount(account)?.number ?? null),
    bank_id: bankText(bank),
    bank_name: name,
    decide_by: decideBy,
    mode,
    reason,
    index,
  }
}

export function neighbourView(
  { book }: Reading,
  { neighbour, connected }: Link,
): View<typeof neighbourShape> {
  const line = lineWith(book, neighbour.bank)
  const heard = Math.max(neighbour.heardAt, line?.heard ?? 0)
  return {
    bank_id: toBase32(neighbour.bank),
    name: neighbour.name,
    connected,
    last_heard: heard === 0 ? null : heard,
    paused_there: neighbour.pausedThere,
    ...(line === null ? NO_LINE : lineFields(line)),
  }
}

function lineFields(line: Line) {
  const view = lineView(line)
  return {
    line: toHex(view.line),
    line_state: view.state,
    paused_here: view.pausedHere,
    we_owe_minutes: view.weOweMinutes,
    we_may_owe_minutes: view.weMayOweMinutes,
    they_may_owe_minutes: view.theyMayOweMinutes,
    room_to_send_minutes: view.roomToSendMinutes,
    room_to_receive_minutes: view.roomToReceiveMinutes,
    open_payments: view.openPayments,
    waiting_limit_minutes: view.waitingLimitMinutes,
    written_off_minutes: view.writtenOffMinutes,
    loss_minutes: view.lossMinutes,
  }
}

const NO_LINE = {
  line: null,
  line_state: 'none',
  paused_here: false,
  we_owe_minutes: 0,
  we_may_owe_minutes: 0,
  they_may_owe_minutes: 0,
  room_to_send_minutes: 0,
  room_to_receive_minutes: 0,
  open_payments: 0,
  waiting_limit_minutes: null,
  written_off_minutes: 0,
  loss_minutes: 0,
} as const

/** A proposal of another bank, its limits seen from here. */
export function proposalView(
  desk: Desk,
  proposal: { peer: Bytes; terms: Bytes },
): View<typeof proposalShape> {
  const terms = decodeTerms(proposal.terms)
  const weAreLower = terms !== null && toHex(terms.lower) === toHex(desk.node.bank)
  const [ours, theirs] = weAreLower
    ? [terms.lowerMayOwe, terms.higherMayOwe]
    : [terms?.higherMayOwe, terms?.lowerMayOwe]
  return {
    bank_id: toBase32(proposal.peer),
    name: nameOfBank(desk, proposal.peer) ?? toBase32(proposal.peer),
    we_may_owe_minutes: ours?.minutes ?? 0,
    they_may_owe_minutes: theirs?.minutes ?? 0,
  }
}

export function planView(plan: ImportPlan): View<typeof importPlanShape> {
  const { totals } = plan
  return {
    bank_name: plan.bankName,
    digest: plan.digest === null ? null : toHex(plan.digest),
    done: plan.done,
    refusals: plan.refusals.map((one) => ({
      code: one.code,
      detail: refusalWords(one),
      facts: { ...one.facts },
    })),
    skipped: plan.skipped.map((one) => ({ ...one })),
    left_columns: plan.leftColumns.map((one) => ({ ...one })),
    dummy_emails: [...plan.dummyEmails],
    remainders: plan.remainders.map((one) => ({ ...one })),
    same_names: plan.sameNames.map(({ line, name, firstLine }) => ({ line, name, first_line: firstLine })),
    sheet: plan.sheet.map((one) => ({
      line: one.line,
      number: one.number,
      name: one.name,
      kind: one.kind,
      file_minutes: one.fileMinutes,
      history_minutes: one.historyMinutes,
      difference_minutes: one.differenceMinutes,
    })),
    not_found: plan.notFound.map((one) => ({ ...one })),
    totals: {
      new_members: totals.newMembers,
      added_before: totals.addedBefore,
      opening_minutes: totals.openingMinutes,
      owed_minutes: totals.owedMinutes,
      before_minutes: totals.beforeMinutes,
      file_sum_minutes: totals.fileSumMinutes,
      differing: totals.differing,
      differing_minutes: totals.differingMinutes,
      archived: totals.archived,
      archived_minutes: totals.archivedMinutes,
    },
  }
}

/** Name under which we know a bank; null when we never heard of it. */
export function nameOfBank(desk: Desk, bank: Bytes | null): string | null {
  return bank === null ? null : (desk.node.contacts.link(bank)?.neighbour.name ?? null)
}

function bankText(bank: Bytes | null): string | null {
  return bank === null ? null : toBase32(bank)
}
