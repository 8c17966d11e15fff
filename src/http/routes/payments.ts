/**
 * How do hours move to another bank? Every act answers once it is durable; a payment is then held or sent, and whoever
 * wants to know how it ends asks and waits.
 */

import { z } from '@hono/zod-openapi'
import { must } from '../../core/fault.ts'
import { ACCOUNT_ID_BYTES, type Bytes, HASH_BYTES, SIGNATURE_BYTES } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { accept, type Outcome, type RefusalCode } from '../../core/refusal.ts'
import { type PaymentView, paymentView } from '../../node/query.ts'
import type { Act, SignedHelp } from '../../register/exchanges.ts'
import { type Crossing, cancelPayment, payWithDevice } from '../../register/payments.ts'
import { waitOrSendAnyway } from '../../register/sending-again.ts'
import { type Desk, type Route, route } from '../route.ts'
import { paymentId } from '../shapes/fields.ts'
import {
  newPaymentShape,
  paymentShape,
  paymentsShape,
  sentPaymentShape,
  swapShape,
} from '../shapes/payments.ts'
import { paymentJson } from '../views.ts'
import { bytesOf } from './members.ts'
import { OF_PAYEES, payByCoordinator } from './paying.ts'

const byId = z.object({ id: paymentId })
const waitQuery = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .optional()
    .openapi({ description: 'Seconds to wait until it has ended; 60 at most.', type: 'number' }),
})

/** What an order may meet, also when another takes its place. */
const OF_PAYERS: readonly RefusalCode[] = [
  'account_closed',
  'account_suspended',
  'coordinator_unknown',
  'reason_missing',
  'not_covered',
]
/** What any order of hours may meet. */
export const OF_RECORDS: readonly RefusalCode[] = [
  'minutes_not_whole',
  'minutes_out_of_range',
  'day_out_of_range',
  'text_too_long',
  'category_unknown',
  'account_unknown',
  'number_mistyped',
  'device_unknown',
  'device_removed',
  'signature_wrong',
  ...OF_PAYERS,
]
const OF_CROSSINGS: readonly RefusalCode[] = [
  'own_bank',
  'bank_unknown',
  'bank_ambiguous',
  'line_missing',
  'line_proposed',
  'line_paused',
  'line_paused_there',
  'line_closing',
  'line_dead',
  'order_expired',
  'deadline_too_far',
  'order_malformed',
  'payer_stop',
  'line_full',
  'line_too_busy',
]

export const PAYMENT_ROUTES: readonly Route[] = [
  route(
    {
      id: 'listPayments',
      method: 'get',
      path: '/payments',
      summary: 'Payments between banks that wait for somebody',
      answer: paymentsShape,
      status: 200,
      refusals: [],
    },
    async (desk) => {
      const { open, leftOut } = await desk.node.read((reading) => {
        const { asPayer, asPayee } = reading.book
        const ids = [...asPayer.open(), ...asPayee.open()].map(({ id }) => id)
        const views = ids.slice(0, LIMITS.listedPayments).map((id) => paymentView(reading, id))
        return {
          open: views.filter((view) => view !== null),
          leftOut: Math.max(0, ids.length - LIMITS.listedPayments),
        }
      })
      return accept({ payments: open.map((view) => paymentJson(desk, view)), left_out: leftOut })
    },
  ),
  route(
    {
      id: 'pay',
      method: 'post',
      path: '/payments',
      summary: 'Send hours of a member to another bank',
      body: newPaymentShape,
      answer: sentPaymentShape,
      status: 202,
      refusals: [...OF_RECORDS, ...OF_CROSSINGS, ...OF_PAYEES],
    },
    async (desk, { body }) => {
      if (body.by === 'device') {
        return answerSent(
          desk,
          await payWithDevice(desk.node, desk.people, { ...signedBy(body), order: bytesFrom(body.order) }),
        )
      }
      return answerSent(desk, await payByCoordinator(desk, body, actOf(desk, body)))
    },
  ),
  route(
    {
      id: 'payment',
      method: 'get',
      path: '/payments/{id}',
      summary: 'A payment, now or once it has ended',
      params: byId,
      query: waitQuery,
      answer: paymentShape,
      status: 200,
      refusals: ['payment_unknown'],
    },
    async (desk, { params, query, signal }) => {
      const outcome = await ended(desk, bytesOf(params.id, HASH_BYTES), query.wait ?? 0, signal)
      return outcome.ok ? accept(paymentJson(desk, outcome.value)) : outcome
    },
  ),
  route(
    {
      id: 'cancelPayment',
      method: 'post',
      path: '/payments/{id}/cancel',
      summary: 'Take back a payment that is still waiting',
      params: byId,
      answer: paymentShape,
      status: 200,
      refusals: ['payment_unknown', 'not_cancellable'],
    },
    async (desk, { params }) => {
      const outcome = await cancelPayment(
        desk.node,
        desk.people,
        bytesOf(params.id, HASH_BYTES),
        desk.coordinator,
      )
      return outcome.ok ? accept(paymentJson(desk, outcome.value)) : outcome
    },
  ),
  route(
    {
      id: 'recallPayment',
      method: 'post',
      path: '/payments/{id}/recall',
      summary: 'Ask the other bank to give back what is on its way',
      params: byId,
      answer: paymentShape,
      status: 202,
      refusals: ['payment_unknown', 'not_recallable'],
    },
    async (desk, { params }) => {
      const outcome = await desk.node.recall(bytesOf(params.id, HASH_BYTES))
      return outcome.ok ? accept(paymentJson(desk, outcome.value)) : outcome
    },
  ),
  ...(['wait', 'send-anyway'] as const).map((act) =>
    route(
      {
        id: act === 'wait' ? 'goOnWaiting' : 'sendAnyway',
        method: 'post',
        path: `/payments/{id}/${act}`,
        summary:
          act === 'wait'
            ? 'Go on waiting for the other bank'
            : 'Send now, although the other bank does not answer',
        params: byId,
        body: swapShape,
        answer: sentPaymentShape,
        status: 202,
        refusals: ['payment_unknown', 'not_cancellable', ...OF_PAYERS, ...OF_CROSSINGS],
      },
      async (desk, { params, body }) => {
        const request = { postal: act === 'send-anyway', decideWithinSeconds: body.within_seconds ?? null }
        const id = bytesOf(params.id, HASH_BYTES)
        return answerSent(
          desk,
          await waitOrSendAnyway(desk.node, desk.people, id, request, actOf(desk, body)),
        )
      },
    ),
  ),
]

export function actOf(
  { coordinator }: Desk,
  { channel, reason }: { channel: Act['channel']; reason?: Act['reason'] | undefined },
): Act {
  return { coordinator, channel, reason: reason ?? null }
}

/** What a device sent with its signature; `intent` is there for help inside the bank. */
export function signedBy(body: {
  readonly device: string
  readonly signature: string
  readonly channel: Act['channel']
  readonly intent?: string
  readonly memo?: { texts: [string, string, string]; salts: [string, string, string] } | null | undefined
}): SignedHelp & { memo: NonNullable<SignedHelp['memo']> | null } {
  const { device, signature, channel, intent, memo } = body
  const salt = (text: string): Bytes => bytesOf(text, HASH_BYTES)
  const words = memo ?? null
  return {
    intent: bytesFrom(intent ?? ''),
    device: bytesOf(device, ACCOUNT_ID_BYTES),
    signature: bytesOf(signature, SIGNATURE_BYTES),
    channel,
    memo:
      words === null
        ? null
        : { texts: words.texts, salts: [salt(words.salts[0]), salt(words.salts[1]), salt(words.salts[2])] },
  }
}

function bytesFrom(hex: string): Bytes {
  return bytesOf(hex, hex.length / 2)
}

async function answerSent(desk: Desk, outcome: Outcome<Crossing>) {
  if (!outcome.ok) return outcome
  const view = await desk.node.payment(outcome.value.id)
  must(view.ok, 'a payment that was just recorded is known')
  return accept({ ...paymentJson(desk, view.value), record: outcome.value.record })
}

/** Looks again every second, so that nobody waits on when the bank stops or whoever asked has gone. */
async function ended(
  desk: Desk,
  id: Bytes,
  seconds: number,
  signal: AbortSignal,
): Promise<Outcome<PaymentView>> {
  const { node } = desk
  const over = node.clock.uptime() + Math.min(seconds, LIMITS.waitingRequestSeconds)
  for (;;) {
    const left = over - node.clock.uptime()
    const found = await node.settled(id, Math.max(0, Math.min(left, 1)))
    if (!found.ok || !['held', 'sent', 'promised'].includes(found.value.state) || left <= 1 || signal.aborted)
      return found
  }
}
