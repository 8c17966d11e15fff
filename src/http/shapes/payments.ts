/** Which shapes does help have in the API, inside the bank and to another one? */

import { z } from '@hono/zod-openapi'
import {
  askedMinutes,
  bankId,
  bankName,
  channel,
  day,
  deviceId,
  handleText,
  hex,
  minutes,
  nonce,
  note,
  number,
  paymentId,
  reason,
  requestCode,
  seconds,
  withinSeconds,
} from './fields.ts'

const memo = z
  .strictObject({
    texts: z
      .tuple([z.string(), z.string(), z.string()])
      .openapi({ description: 'Description, place, note.' }),
    salts: z.tuple([hex(32, 'Salt.'), hex(32, 'Salt.'), hex(32, 'Salt.')]),
  })
  .nullish()
const signed = {
  device: deviceId,
  signature: hex(64, 'Signature of the device.'),
  channel: channel.default('web'),
  memo,
}
const acting = { channel, reason: reason.nullish() }

const help = {
  provider: number,
  recipient: number,
  minutes: askedMinutes,
  day: day.nullish(),
  category: z.int().nullish(),
}
export const newExchangeShape = z
  .discriminatedUnion('by', [
    z
      .strictObject({
        by: z.literal('coordinator'),
        ...help,
        note: note.nullish(),
        nonce: nonce.nullish(),
        ...acting,
      })
      .openapi('ExchangeByCoordinator'),
    z
      .strictObject({
        by: z.literal('device'),
        ...help,
        intent: z
          .string()
          .regex(/^([0-9a-f]{2})+$/)
          .openapi({ description: 'The intent as it was signed, in hex.' }),
        ...signed,
      })
      .openapi('ExchangeByDevice'),
  ])
  .openapi('NewExchange')
export const recordWord = z
  .enum(['new', 'known'])
  .openapi({ description: '`known`: an earlier request had recorded it; nothing was written.' })
export const exchangeShape = z
  .object({ id: paymentId, record: recordWord, index: z.int().nullable() })
  .openapi('Exchange')

export const newPaymentShape = z
  .discriminatedUnion('by', [
    z
      .strictObject({
        by: z.literal('coordinator'),
        payer: number,
        bank: bankName,
        handle: handleText.nullish(),
        number: number
          .nullish()
          .openapi({ description: 'Member number at the other bank, instead of a handle.' }),
        request: requestCode.nullish().openapi({ description: 'Code of a request, instead of a handle.' }),
        minutes: askedMinutes
          .nullish()
          .openapi({ description: 'May be left out where a request says them.' }),
        day: day.nullish(),
        category: z.int().nullish(),
        note: note.nullish(),
        postal: z
          .boolean()
          .default(false)
          .openapi({ description: 'Send at once, although the other bank may be away.' }),
        decide_within_seconds: withinSeconds.nullish(),
        nonce: nonce.nullish(),
        ...acting,
      })
      .openapi('PaymentByCoordinator'),
    z
      .strictObject({
        by: z.literal('device'),
        order: z
          .string()
          .regex(/^([0-9a-f]{2})+$/)
          .openapi({ description: 'The order as it was signed, in hex.' }),
        ...signed,
      })
      .openapi('PaymentByDevice'),
  ])
  .openapi('NewPayment')

export const paymentShape = z
  .object({
    id: paymentId,
    role: z.enum(['payer', 'payee']),
    state: z.enum([
      'none',
      'held',
      'sent',
      'covered',
      'paid',
      'returned',
      'dead',
      'promised',
      'released',
      'credited',
      'waived',
    ]),
    word: z.string().openapi({ description: 'What a person reads.', example: 'On its way' }),
    sentence: z.string(),
    ended: z.boolean().openapi({ description: 'Nobody is waited for any more.' }),
    minutes,
    number: number.nullable().openapi({ description: 'Our member.' }),
    bank_id: bankId.nullable(),
    bank_name: z.string().nullable(),
    decide_by: seconds,
    mode: z
      .enum(['direct', 'postal', 'invoice'])
      .openapi({ description: "At the payee's bank `postal` also stands for what came by invoice." }),
    reason: z.string().nullable().openapi({ description: 'Code of why it ended without moving hours.' }),
    index: z.int(),
  })
  .openapi('Payment')
export const sentPaymentShape = paymentShape.extend({ record: recordWord }).openapi('SentPayment')
export const paymentsShape = z
  .object({ payments: z.array(paymentShape), left_out: z.int() })
  .openapi('Payments')
export const swapShape = z
  .strictObject({ within_seconds: withinSeconds.nullish(), ...acting })
  .openapi('GoOn')
