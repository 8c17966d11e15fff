/**
 * How do members ask for hours by a code, and how is a code or a number of another bank looked up? What is looked up is a
 * question to a neighbour, and the neighbour decides what it says.
 */

import { z } from '@hono/zod-openapi'
import { must } from '../../core/fault.ts'
import { toBase32, toHex } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type RefusalCode } from '../../core/refusal.ts'
import { dateOf } from '../../register/calendar.ts'
import { collectRequest, lookUp, payRequest } from '../../register/paying-requests.ts'
import { shownCode } from '../../register/request-codes.ts'
import {
  makeRequest,
  type RequestView,
  requestByCode,
  requestPaid,
  requestsOf,
  withdrawRequest,
} from '../../register/requests.ts'
import { findNeighbour } from '../named-bank.ts'
import { type Desk, type Route, route } from '../route.ts'
import { bankName, requestCode } from '../shapes/fields.ts'
import { exchangeShape } from '../shapes/payments.ts'
import {
  fetchedRequestShape,
  foundMemberShape,
  newRequestShape,
  payOwnShape,
  requestShape,
  requestsShape,
} from '../shapes/requests.ts'
import { nameOfBank } from '../views.ts'
import { NAMED } from './neighbours.ts'

const byCode = z.object({ code: requestCode })

/** What a question to a neighbour may meet. */
const OF_QUESTIONS: readonly RefusalCode[] = [
  ...NAMED,
  'own_bank',
  'line_missing',
  'line_proposed',
  'line_paused',
  'line_closing',
  'line_dead',
  'neighbour_away',
  'asked_too_often',
  'answer_not_sound',
]
/** What a code may come to. */
const OF_CODES: readonly RefusalCode[] = [
  'request_unknown',
  'request_expired',
  'request_used',
  'request_withdrawn',
]

export const REQUEST_ROUTES: readonly Route[] = [
  route(
    {
      id: 'makeRequest',
      method: 'post',
      path: '/requests',
      summary: 'A code by which others pay what a member asks for',
      body: newRequestShape,
      answer: requestShape,
      status: 201,
      refusals: [
        'minutes_not_whole',
        'minutes_out_of_range',
        'day_out_of_range',
        'text_too_long',
        'category_unknown',
        'account_unknown',
        'account_closed',
        'account_suspended',
        'request_limits',
        'requests_too_many',
      ],
    },
    async (desk, { body }) => {
      const outcome = await makeRequest(desk.node, desk.people, body)
      return outcome.ok ? accept(requestJson(desk, outcome.value)) : outcome
    },
  ),
  route(
    {
      id: 'listRequests',
      method: 'get',
      path: '/members/{number}/requests',
      summary: 'Requests of a member, newest first',
      params: z.object({ number: z.string() }),
      answer: requestsShape,
      status: 200,
      refusals: ['account_unknown'],
    },
    async (desk, { params }) => {
      const outcome = await requestsOf(desk.node, desk.people, params.number)
      if (!outcome.ok) return outcome
      return accept({ requests: outcome.value.map((one) => requestJson(desk, one)) })
    },
  ),
  route(
    {
      id: 'request',
      method: 'get',
      path: '/requests/{code}',
      summary: 'A request, now or once it is paid',
      params: byCode,
      query: z.object({
        wait: z.coerce
          .number()
          .min(0)
          .optional()
          .openapi({ description: 'Seconds to wait until it is paid; 60 at most.', type: 'number' }),
      }),
      answer: requestShape,
      status: 200,
      refusals: ['request_unknown'],
    },
    async (desk, { params, query, signal }) => {
      const { node } = desk
      const over = node.clock.uptime() + Math.min(query.wait ?? 0, LIMITS.waitingRequestSeconds)
      const before = await requestByCode(node, desk.people, params.code)
      if (!before.ok) return before
      // A second at a time, so that nobody waits on when the bank stops or whoever asked has gone.
      for (let seen = before.value; ; ) {
        const left = over - node.clock.uptime()
        const isNews = seen.state !== 'open' || seen.used.length > before.value.used.length
        if (isNews || left <= 0 || signal.aborted) return accept(requestJson(desk, seen))
        const next = await requestPaid(node, desk.people, params.code, Math.min(left, 1))
        if (!next.ok) return next
        seen = next.value
      }
    },
  ),
  route(
    {
      id: 'withdrawRequest',
      method: 'delete',
      path: '/requests/{code}',
      summary: 'Take a request back',
      params: byCode,
      answer: requestShape,
      status: 200,
      refusals: ['request_unknown'],
    },
    async (desk, { params }) => {
      const outcome = await withdrawRequest(desk.node, desk.people, params.code)
      return outcome.ok ? accept(requestJson(desk, outcome.value)) : outcome
    },
  ),
  route(
    {
      id: 'payOwnRequest',
      method: 'post',
      path: '/requests/{code}/pay',
      summary: 'A member of this bank pays what another one asks for',
      params: byCode,
      body: payOwnShape,
      answer: exchangeShape,
      status: 201,
      refusals: [
        'minutes_not_whole',
        'minutes_out_of_range',
        'text_too_long',
        'account_unknown',
        'account_closed',
        'account_suspended',
        'payer_is_payee',
        'coordinator_unknown',
        'reason_missing',
        'not_covered',
        'invoice_differs',
        ...OF_CODES,
      ],
    },
    async (desk, { params, body }) => {
      const { node, people, coordinator } = desk
      const by = { coordinator, channel: body.channel, reason: body.reason ?? null }
      const outcome = await payRequest(node, people, { ...body, bank: node.bank, code: params.code }, by)
      if (!outcome.ok) return outcome
      must(!outcome.value.across, 'a request of this bank is paid inside it')
      return accept({ ...outcome.value.record, id: toHex(outcome.value.record.id) })
    },
  ),
  route(
    {
      id: 'fetchRequest',
      method: 'get',
      path: '/neighbours/{bank}/requests/{code}',
      summary: 'What a member of another bank asks for, as that bank endorses it',
      params: z.object({ bank: bankName, code: requestCode }),
      answer: fetchedRequestShape,
      status: 200,
      refusals: [...OF_QUESTIONS, ...OF_CODES],
    },
    async (desk, { params }) => {
      const bank = await findNeighbour(desk, params.bank)
      if (!bank.ok) return bank
      const outcome = await collectRequest(desk.node, desk.people, bank.value, params.code)
      if (!outcome.ok) return outcome
      const { bank: _, invoice, handle, day, ...rest } = outcome.value
      return accept({
        ...rest,
        ...bankFields(desk, bank.value),
        day: day === null ? null : dateOf(day),
        handle: toBase32(handle),
        invoice:
          invoice === null ? null : { epoch: invoice.epoch, index: invoice.index, leaf: toHex(invoice.leaf) },
      })
    },
  ),
  route(
    {
      id: 'findMember',
      method: 'get',
      path: '/neighbours/{bank}/members/{number}',
      summary: 'Whom a member number of another bank stands for; at most 30 times a day',
      params: z.object({ bank: bankName, number: z.string() }),
      answer: foundMemberShape,
      status: 200,
      refusals: [...OF_QUESTIONS, 'member_not_found'],
    },
    async (desk, { params }) => {
      const bank = await findNeighbour(desk, params.bank)
      if (!bank.ok) return bank
      const found = await lookUp(desk.node, bank.value, params.number)
      if (!found.ok) return found
      const { payee, handle, uses, expires } = found.value
      return accept({ payee, ...bankFields(desk, bank.value), handle: toBase32(handle), uses, expires })
    },
  ),
]

function bankFields(desk: Desk, bank: Uint8Array) {
  return { bank_id: toBase32(bank), bank_name: nameOfBank(desk, bank) }
}

function requestJson({ people }: Desk, request: RequestView): z.input<typeof requestShape> {
  const { code, account, state, minutes, category, day, what, created, expires, uses, used } = request
  return {
    code,
    shown: shownCode(code),
    number: people.byAccount(account)?.number ?? '',
    state,
    minutes,
    category,
    day: day === null ? null : dateOf(day),
    what,
    created,
    expires,
    uses,
    used: used.map(({ record, time }) => ({ id: toHex(record), time })),
  }
}
