/** Which shapes has the correction of a record in the API? */

import { z } from '@hono/zod-openapi'
import { REVERSE_CAUSES } from '../../core/entry.ts'
import { askedMinutes, channel, day, nonce, note, number, paymentId } from './fields.ts'
import { recordWord } from './payments.ts'

const cause = z.enum(REVERSE_CAUSES).openapi({ description: 'Why the record was wrong.' })

export const takeBackShape = z
  .strictObject({ cause: cause.nullish(), nonce: nonce.nullish(), channel: channel.default('desk') })
  .openapi('TakeBack')
export const correctionShape = z
  .strictObject({
    cause,
    reason: note.nullish().openapi({ description: 'Private words; due for a record older than 14 days.' }),
    replacement: z
      .strictObject({
        provider: number.nullish(),
        recipient: number.nullish(),
        minutes: askedMinutes.nullish(),
        day: day.nullish(),
        category: z.int().nullish(),
        note: note.nullish().openapi({ description: 'Null takes the words away; left out, they stay.' }),
      })
      .nullish()
      .openapi({ description: 'What differs from the old record; without it nothing takes its place.' }),
    nonce: nonce.nullish(),
    channel: channel.default('desk'),
  })
  .openapi('Correction')
export const correctedShape = z
  .object({
    record: recordWord,
    id: paymentId,
    index: z.int().openapi({ description: 'Index of the record that was taken back.' }),
    reversed_at: z.int().openapi({ description: 'Index of the entry that took it back.' }),
    replaced_by: z.object({ id: paymentId, index: z.int() }).nullable(),
  })
  .openapi('Corrected')
