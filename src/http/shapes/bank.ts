/** What does the API say about the bank as a whole? */

import { z } from '@hono/zod-openapi'
import { bankId, hex, minutes, peerAddress, seconds, signedMinutes } from './fields.ts'

const signingState = z.enum(['yes', 'waiting', 'no'])

export const statusShape = z
  .object({
    bank_id: bankId,
    name: z.string(),
    version: z.string(),
    coordinator: z.string(),
    epoch: z.int().openapi({ description: 'One more for each change of the log key.' }),
    size: z.int().openapi({ description: 'Entries of this epoch.' }),
    root: hex(32, 'Root of the newest head.'),
    time: seconds.openapi({
      description: "The bank's log time, from which deadlines count; seconds since 1970 UTC.",
    }),
    signing: signingState.openapi({
      description: '`waiting`: asking the neighbours after a start. `no`: see `refusal`.',
    }),
    refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
    waiting_for_neighbours: z.int(),
    peer_id: z.string(),
    addresses: z.array(peerAddress),
    banks_known: z
      .int()
      .nullable()
      .openapi({ description: 'Peers in the routing table; null without a directory.' }),
    neighbours_connected: z.int(),
    lines_open: z.int(),
    members: z.int(),
    hold_minutes: minutes,
    sum_minutes: signedMinutes.openapi({ description: 'Sum of all books of the bank; always 0.' }),
    payments_open: z.int(),
  })
  .openapi('Status')

export const keyChangeShape = z
  .object({
    epoch: z.int().openapi({ description: 'Number of the epoch that began.' }),
    aborted_payments: z.int().openapi({ description: 'Payments that waited and were ended by it.' }),
  })
  .openapi('KeyChange')

export const confirmLogShape = z
  .strictObject({
    size: z.int(),
    root: z.string().openapi({ description: 'First digits of the root, as the bank shows them.' }),
  })
  .openapi('ConfirmLog')

export const doneShape = z.object({ done: z.literal(true) }).openapi('Done')
