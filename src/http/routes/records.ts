/**
 * How is help inside the bank recorded, and put right when the record was wrong? Every act answers once it is durable.
 */

import { z } from '@hono/zod-openapi'
import { HASH_BYTES, toHex } from '../../core/ids.ts'
import { accept, type Outcome, type RefusalCode } from '../../core/refusal.ts'
import { type Corrected, correct, takeBack } from '../../register/corrections.ts'
import { recordHelp } from '../../register/exchanges.ts'
import { type Route, route } from '../route.ts'
import { paymentId } from '../shapes/fields.ts'
import { exchangeShape, newExchangeShape } from '../shapes/payments.ts'
import { correctedShape, correctionShape, takeBackShape } from '../shapes/records.ts'
import { bytesOf } from './members.ts'
import { actOf, OF_RECORDS, signedBy } from './payments.ts'

const byId = z.object({ id: paymentId })

const OF_REVERSALS: readonly RefusalCode[] = [
  'record_unknown',
  'record_not_correctable',
  'reversed_already',
  'account_closed',
  'coordinator_unknown',
  'not_covered',
]

export const RECORD_ROUTES: readonly Route[] = [
  route(
    {
      id: 'recordExchange',
      method: 'post',
      path: '/exchanges',
      summary: 'Record help between two members of this bank',
      body: newExchangeShape,
      answer: exchangeShape,
      status: 201,
      refusals: [...OF_RECORDS, 'payer_is_payee', 'legs_do_not_add_up'],
    },
    async (desk, { body }) => {
      const outcome = await recordHelp(
        desk.node,
        desk.people,
        body,
        body.by === 'device' ? signedBy(body) : actOf(desk, body),
      )
      return outcome.ok ? accept({ ...outcome.value, id: toHex(outcome.value.id) }) : outcome
    },
  ),
  route(
    {
      id: 'takeBack',
      method: 'post',
      path: '/records/{id}/reverse',
      summary: 'Take a wrong record back, within 14 days',
      params: byId,
      body: takeBackShape,
      answer: correctedShape,
      status: 200,
      refusals: [...OF_REVERSALS, 'take_back_late'],
    },
    async (desk, { params, body }) => {
      const { node, people } = desk
      const { channel, ...rest } = body
      const by = actOf(desk, { channel, reason: 'correction' })
      return answered(await takeBack(node, people, { record: bytesOf(params.id, HASH_BYTES), ...rest }, by))
    },
  ),
  route(
    {
      id: 'correct',
      method: 'post',
      path: '/records/{id}/correct',
      summary: 'Take a wrong record back with a reason, and put another in its place',
      params: byId,
      body: correctionShape,
      answer: correctedShape,
      status: 200,
      refusals: [...new Set([...OF_REVERSALS, ...OF_RECORDS, 'payer_is_payee' as const])],
    },
    async (desk, { params, body }) => {
      const { node, people } = desk
      const { channel, replacement, ...rest } = body
      const by = actOf(desk, { channel, reason: 'correction' })
      const request = { record: bytesOf(params.id, HASH_BYTES), ...rest, replacement: replacement ?? null }
      return answered(await correct(node, people, request, by))
    },
  ),
]

function answered(outcome: Outcome<Corrected>) {
  if (!outcome.ok) return outcome
  const { record, id, index, reversedAt, replacement } = outcome.value
  const replaced_by = replacement === null ? null : { id: toHex(replacement.id), index: replacement.index }
  return accept({ record, id: toHex(id), index, reversed_at: reversedAt, replaced_by })
}
