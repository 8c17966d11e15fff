/** To whom does a coordinator send hours at another bank? To a handle, to a member's number, or to a request's code. */

import type { z } from '@hono/zod-openapi'
import { must } from '../../core/fault.ts'
import { fromBase32, HANDLE_BYTES, sameBytes } from '../../core/ids.ts'
import { type Outcome, type RefusalCode, refuse } from '../../core/refusal.ts'
import type { Act } from '../../register/exchanges.ts'
import { payRequest } from '../../register/paying-requests.ts'
import { type Crossing, payAcross } from '../../register/payments.ts'
import { findNeighbour } from '../named-bank.ts'
import type { Desk } from '../route.ts'
import type { newPaymentShape } from '../shapes/payments.ts'

/** What the payee's side of a payment may meet. */
export const OF_PAYEES: readonly RefusalCode[] = [
  'handle_unknown',
  'neighbour_away',
  'asked_too_often',
  'member_not_found',
  'request_unknown',
  'request_expired',
  'request_used',
  'request_withdrawn',
  'answer_not_sound',
  'invoice_not_held',
  'invoice_differs',
]

type Asked = Extract<z.output<typeof newPaymentShape>, { by: 'coordinator' }>

export async function payByCoordinator(desk: Desk, body: Asked, by: Act): Promise<Outcome<Crossing>> {
  const { node, people } = desk
  const { handle, number, request } = body
  const named = [handle, number, request].filter((one) => one !== null && one !== undefined)
  if (named.length !== 1) {
    return refuse('request_malformed', {
      field: 'handle',
      problem: 'name the payee by a handle, by a number or by the code of a request',
    })
  }
  const bank = await findNeighbour(desk, body.bank)
  if (!bank.ok) return bank
  if (typeof request === 'string') {
    // A request of this very bank is paid under its own address.
    if (sameBytes(bank.value, node.bank)) return refuse('own_bank')
    const paid = await payRequest(node, people, { ...body, bank: bank.value, code: request }, by)
    if (!paid.ok) return paid
    must(paid.value.across, 'a neighbour is another bank')
    return { ok: true, value: paid.value.payment }
  }
  const to = typeof number === 'string' ? { number } : fromBase32(handle ?? '', HANDLE_BYTES)
  if (to === null) return refuse('handle_unknown')
  const decideWithinSeconds = body.decide_within_seconds ?? null
  const asked = { ...body, bank: bank.value, handle: to, minutes: body.minutes ?? 0, decideWithinSeconds }
  return payAcross(node, people, asked, by)
}
