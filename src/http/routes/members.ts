/**
 * What can be asked and done about the people of the bank? Members, their state, devices, and the codes under which
 * other banks pay to them.
 */

import { z } from '@hono/zod-openapi'
import { must } from '../../core/fault.ts'
import {
  ACCOUNT_ID_BYTES,
  type Bytes,
  fromHex,
  KEY_BYTES,
  SIGNATURE_BYTES,
  toBase32,
  toHex,
} from '../../core/ids.ts'
import { accept } from '../../core/refusal.ts'
import { leaveBank } from '../../register/leaving.ts'
import { issueHandle, registerDevice, removeDevice, setMemberState } from '../../register/members.ts'
import { addMember } from '../../register/people.ts'
import { memberStatement } from '../../register/statements.ts'
import { type Route, route } from '../route.ts'
import { deviceId } from '../shapes/fields.ts'
import {
  deviceShape,
  handleShape,
  leaveShape,
  leavingShape,
  memberActShape,
  memberShape,
  membersShape,
  newDeviceShape,
  newHandleShape,
  newMemberShape,
  statementShape,
} from '../shapes/members.ts'
import { memberView, statementView } from '../views.ts'

const byNumber = z.object({ number: z.string() })

export const MEMBER_ROUTES: readonly Route[] = [
  route(
    {
      id: 'listMembers',
      method: 'get',
      path: '/members',
      summary: 'All members',
      answer: membersShape,
      status: 200,
      refusals: [],
    },
    async ({ node, people }) => {
      return accept({
        members: await node.read((reading) => people.all().map((person) => memberView(reading, person))),
      })
    },
  ),
  route(
    {
      id: 'addMember',
      method: 'post',
      path: '/members',
      summary: 'Add a member',
      body: newMemberShape,
      answer: memberShape,
      status: 201,
      refusals: ['name_missing', 'text_too_long', 'number_taken'],
    },
    async ({ node, people, coordinator }, { body }) => {
      const { joined_on, phone_word, print_large, ...rest } = body
      const request = {
        ...rest,
        joinedOn: joined_on ?? null,
        phoneWord: phone_word ?? null,
        printLarge: print_large ?? false,
      }
      const outcome = await addMember(node, people, request, coordinator)
      if (!outcome.ok) return outcome
      return accept(await node.read((reading) => memberView(reading, outcome.value)))
    },
  ),
  route(
    {
      id: 'memberStatement',
      method: 'get',
      path: '/members/{number}',
      summary: 'A member and everything that moved their hours',
      params: byNumber,
      answer: statementShape,
      status: 200,
      refusals: ['account_unknown', 'number_mistyped'],
    },
    async (desk, { params }) => {
      const outcome = await memberStatement(desk.node, desk.people, params.number)
      return outcome.ok ? accept(statementView(desk, outcome.value)) : outcome
    },
  ),
  route(
    {
      id: 'setMemberState',
      method: 'post',
      path: '/members/{number}/state',
      summary: 'Suspend a member, let them act again, or close',
      params: byNumber,
      body: memberActShape,
      answer: memberShape,
      status: 200,
      refusals: ['account_unknown', 'number_mistyped', 'account_closed', 'balance_not_zero', 'payments_open'],
    },
    async ({ node, people, coordinator }, { params, body }) => {
      const outcome = await setMemberState(node, people, params.number, body.act, coordinator)
      if (!outcome.ok) return outcome
      return accept(await node.read((reading) => memberView(reading, outcome.value)))
    },
  ),
  route(
    {
      id: 'leave',
      method: 'post',
      path: '/members/{number}/leave',
      summary: 'A member leaves: what waits ends, the rest goes to the pot, the account is closed',
      params: byNumber,
      body: leaveShape,
      answer: leavingShape,
      status: 200,
      refusals: [
        'account_unknown',
        'number_mistyped',
        'account_closed',
        'account_suspended',
        'payer_is_payee',
        'coordinator_unknown',
        'reason_missing',
        'not_covered',
        'fund_missing',
      ],
    },
    async ({ node, people, coordinator }, { params, body }) => {
      const by = { coordinator, channel: body.channel, reason: body.reason ?? null }
      const outcome = await leaveBank(node, people, params.number, by, body.rest_to ?? null)
      if (!outcome.ok) return outcome
      const { person, waiting, restMinutes } = outcome.value
      const member = await node.read((reading) => memberView(reading, person))
      return accept({ ...member, waiting_payments: waiting, rest_minutes: restMinutes })
    },
  ),
  route(
    {
      id: 'registerDevice',
      method: 'post',
      path: '/members/{number}/devices',
      summary: 'Register a device of a member',
      params: byNumber,
      body: newDeviceShape,
      answer: deviceShape,
      status: 201,
      refusals: [
        'account_unknown',
        'number_mistyped',
        'account_closed',
        'device_known',
        'key_weak',
        'signature_wrong',
      ],
    },
    async ({ node, people, coordinator }, { params, body }) => {
      const device = {
        number: params.number,
        device: bytesOf(body.device, ACCOUNT_ID_BYTES),
        key: bytesOf(body.key, KEY_BYTES),
        possession: bytesOf(body.possession, SIGNATURE_BYTES),
      }
      const outcome = await registerDevice(node, people, device, coordinator)
      return outcome.ok ? accept({ device: body.device }) : outcome
    },
  ),
  route(
    {
      id: 'removeDevice',
      method: 'delete',
      path: '/members/{number}/devices/{device}',
      summary: 'Sign a device out for good',
      params: byNumber.extend({ device: deviceId }),
      answer: deviceShape,
      status: 200,
      refusals: ['account_unknown', 'number_mistyped', 'device_unknown', 'device_removed'],
    },
    async ({ node, people, coordinator }, { params }) => {
      const named = { number: params.number, device: bytesOf(params.device, ACCOUNT_ID_BYTES) }
      const outcome = await removeDevice(node, people, named, coordinator)
      return outcome.ok ? accept({ device: toHex(outcome.value.device) }) : outcome
    },
  ),
  route(
    {
      id: 'issueHandle',
      method: 'post',
      path: '/members/{number}/handles',
      summary: 'A code under which other banks pay to a member',
      params: byNumber,
      body: newHandleShape,
      answer: handleShape,
      status: 201,
      refusals: [
        'account_unknown',
        'number_mistyped',
        'account_closed',
        'account_suspended',
        'handle_limits',
      ],
    },
    async ({ node, people, coordinator }, { params, body }) => {
      const outcome = await issueHandle(node, people, { number: params.number, ...body }, coordinator)
      if (!outcome.ok) return outcome
      const handle = toBase32(outcome.value.handle)
      return accept({ handle, to: `${toBase32(node.bank)}/${handle}`, expires: outcome.value.expires })
    },
  ),
]

/** The shape has checked the text already. */
export function bytesOf(hex: string, length: number): Bytes {
  const bytes = fromHex(hex, length)
  must(bytes !== null, 'the shape lets only hex of this length through')
  return bytes
}
