/**
 * What does the bank keep of a person, and how is it changed? What is known, who may act for whom, and the private note.
 */

import { z } from '@hono/zod-openapi'
import { toHex } from '../../core/ids.ts'
import { accept, type Outcome, type RefusalCode } from '../../core/refusal.ts'
import {
  addDeputy,
  editMember,
  type PersonChanges,
  privateNoteOf,
  removeDeputy,
} from '../../register/editing.ts'
import { eraseMember } from '../../register/erasure.ts'
import { personOf } from '../../register/exchanges.ts'
import type { Person } from '../../register/person.ts'
import { type Desk, type Route, route } from '../route.ts'
import {
  editMemberShape,
  erasedShape,
  eraseShape,
  newDeputyShape,
  personShape,
  privateNoteShape,
} from '../shapes/members.ts'
import { personView } from '../views.ts'

const byNumber = z.object({ number: z.string() })
const NOT_FOUND: readonly RefusalCode[] = ['account_unknown', 'number_mistyped']

export const PEOPLE_ROUTES: readonly Route[] = [
  route(
    {
      id: 'showPerson',
      method: 'get',
      path: '/members/{number}/person',
      summary: 'What is known of a member, and who may act for them',
      params: byNumber,
      answer: personShape,
      status: 200,
      refusals: NOT_FOUND,
    },
    async (desk, { params }) => {
      const person = personOf(desk.people, params.number)
      return person.ok ? shown(desk, person) : person
    },
  ),
  route(
    {
      id: 'editMember',
      method: 'patch',
      path: '/members/{number}',
      summary: 'Change what is known of a member; what is not named stays',
      params: byNumber,
      body: editMemberShape,
      answer: personShape,
      status: 200,
      refusals: [...NOT_FOUND, 'name_missing', 'text_too_long', 'number_taken'],
    },
    async (desk, { params, body }) => {
      const { node, people, coordinator } = desk
      return shown(desk, await editMember(node, people, params.number, changesOf(body), coordinator))
    },
  ),
  route(
    {
      id: 'privateNoteOf',
      method: 'post',
      path: '/members/{number}/note',
      summary: 'Read the private note about a member; that is kept',
      params: byNumber,
      answer: privateNoteShape,
      status: 200,
      refusals: NOT_FOUND,
    },
    async ({ node, people, coordinator }, { params }) => {
      const person = await privateNoteOf(node, people, params.number, coordinator)
      return person.ok ? accept({ number: person.value.number, note: person.value.note }) : person
    },
  ),
  route(
    {
      id: 'addDeputy',
      method: 'post',
      path: '/members/{number}/helpers',
      summary: 'Let somebody act for a member',
      params: byNumber,
      body: newDeputyShape,
      answer: personShape,
      status: 201,
      refusals: [...NOT_FOUND, 'payer_is_payee', 'too_many_helpers'],
    },
    async (desk, { params, body }) => {
      const { node, people, coordinator } = desk
      const { helper, from, until, for_what } = body
      const wanted = { helper, from: from ?? null, until: until ?? null, forWhat: for_what }
      return shown(desk, await addDeputy(node, people, params.number, wanted, coordinator))
    },
  ),
  route(
    {
      id: 'removeDeputy',
      method: 'delete',
      path: '/members/{number}/helpers/{helper}',
      summary: 'End that somebody acts for a member',
      params: byNumber.extend({ helper: z.string() }),
      answer: personShape,
      status: 200,
      refusals: NOT_FOUND,
    },
    async (desk, { params }) => {
      const { node, people, coordinator } = desk
      return shown(desk, await removeDeputy(node, people, params.number, params.helper, coordinator))
    },
  ),
  route(
    {
      id: 'eraseMember',
      method: 'post',
      path: '/members/{number}/erase',
      summary: 'Erase a person: what the register holds goes, the hours stay',
      params: byNumber,
      body: eraseShape,
      answer: erasedShape,
      status: 200,
      refusals: [
        ...NOT_FOUND,
        'account_closed',
        'account_suspended',
        'payer_is_payee',
        'coordinator_unknown',
        'last_coordinator',
        'reason_missing',
        'not_covered',
        'fund_missing',
        'balance_not_zero',
        'payments_open',
        'name_not_typed',
      ],
    },
    async ({ node, people, coordinator }, { params, body }) => {
      const { channel, rest_to, ...rest } = body
      const request = { number: params.number, restTo: rest_to ?? null, ...rest }
      const by = { coordinator, channel, reason: 'at_the_desk' } as const
      const outcome = await eraseMember(node, people, request, by)
      if (!outcome.ok) return outcome
      const { account, state, waiting, restMinutes, finished } = outcome.value
      const told = { state, finished, waiting_payments: waiting, rest_minutes: restMinutes }
      return accept({ account: toHex(account), ...told })
    },
  ),
]

async function shown(desk: Desk, person: Outcome<Person>) {
  if (!person.ok) return person
  return accept(await desk.node.read((reading) => personView(desk, reading, person.value)))
}

/** Only what was named: a field that is missing is no change. */
function changesOf({
  joined_on,
  phone_word,
  print_large,
  ...rest
}: z.output<typeof editMemberShape>): PersonChanges {
  const named = { ...rest, joinedOn: joined_on, phoneWord: phone_word, printLarge: print_large }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined))
}
