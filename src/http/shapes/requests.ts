/** Which shapes do requests by code and members of other banks have in the API? */

import { z } from '@hono/zod-openapi'
import {
  askedMinutes,
  bankId,
  channel,
  day,
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
} from './fields.ts'

const category = z.int()
const openMinutes = minutes.nullable().openapi({ description: 'Null: the payer says how long it was.' })

export const newRequestShape = z
  .strictObject({
    number: number.openapi({ description: 'Member who helped and asks for the hours.' }),
    minutes: askedMinutes.nullish().openapi({ description: 'Left out, the payer says how long it was.' }),
    category: category.nullish(),
    day: day.nullish(),
    what: note.nullish(),
    uses: z.number().nullish().openapi({ description: 'Payments it is good for; 1 unless said otherwise.' }),
    seconds: z
      .number()
      .nullish()
      .openapi({ description: 'How long it is good for; a day unless said otherwise.' }),
  })
  .openapi('NewRequest')

export const requestShape = z
  .object({
    code: requestCode,
    shown: z.string().openapi({ description: 'As it is read out.', example: '7K3Q-X9M2' }),
    number,
    state: z.enum(['open', 'used', 'expired', 'withdrawn']),
    minutes: openMinutes,
    category,
    day: day.nullable(),
    what: z.string(),
    created: seconds,
    expires: seconds,
    uses: z.int(),
    used: z
      .array(z.object({ id: paymentId, time: seconds }))
      .openapi({ description: 'Payments and exchanges that used it, oldest first.' }),
  })
  .openapi('Request')
export const requestsShape = z.object({ requests: z.array(requestShape) }).openapi('Requests')

/** What a payer reads before agreeing. */
export const fetchedRequestShape = z
  .object({
    code: requestCode,
    bank_id: bankId,
    bank_name: z.string().nullable(),
    payee: z.string().openapi({ description: 'First name and a letter.', example: 'Bo M.' }),
    minutes: openMinutes,
    category,
    day: day.nullable(),
    what: z.string(),
    expires: seconds,
    uses: z.int(),
    handle: handleText,
    invoice: z
      .object({ epoch: z.int(), index: z.int(), leaf: hex(32, 'Leaf hash of the entry.') })
      .nullable()
      .openapi({ description: 'Entry that an order cites.' }),
  })
  .openapi('FetchedRequest')

export const foundMemberShape = z
  .object({
    payee: z.string().openapi({ description: 'First name and a letter, to be checked with the person.' }),
    bank_id: bankId,
    bank_name: z.string().nullable(),
    handle: handleText,
    uses: z.int(),
    expires: seconds,
  })
  .openapi('FoundMember')

export const payOwnShape = z
  .strictObject({
    payer: number.openapi({ description: 'Member of this bank who was helped.' }),
    minutes: askedMinutes.nullish(),
    note: note.nullish(),
    nonce: nonce.nullish(),
    channel,
    reason: reason.nullish(),
  })
  .openapi('PayRequest')
