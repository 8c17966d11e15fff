/** Which shapes do other banks and the lines to them have in the API? */

import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../core/limits.ts'
import {
  askedMinutes,
  bankId,
  boardNames,
  hex,
  minutes,
  peerAddress,
  seconds,
  signedMinutes,
} from './fields.ts'

export const neighbourShape = z
  .object({
    bank_id: bankId,
    name: z.string(),
    line: hex(16, 'Id of the line.').nullable(),
    line_state: z.enum(['none', 'proposed', 'open', 'closing', 'dead', 'closed']),
    connected: z.boolean(),
    paused_here: z.boolean(),
    paused_there: z.boolean(),
    we_owe_minutes: signedMinutes.openapi({
      description: 'Minutes owed to the neighbour, or below 0 by it.',
    }),
    we_may_owe_minutes: minutes,
    they_may_owe_minutes: minutes,
    room_to_send_minutes: minutes,
    room_to_receive_minutes: minutes,
    open_payments: z.int(),
    waiting_limit_minutes: minutes.nullable(),
    written_off_minutes: minutes.openapi({ description: 'Of its debt, given up by our board.' }),
    loss_minutes: signedMinutes.openapi({
      description: 'Written off and not borne by the pot yet; below 0 the pot bore it and is due it back.',
    }),
    last_heard: seconds.nullable().openapi({ description: 'When it was last on the wire or in our log.' }),
  })
  .openapi('Neighbour')
export const proposalShape = z
  .object({ bank_id: bankId, name: z.string(), we_may_owe_minutes: minutes, they_may_owe_minutes: minutes })
  .openapi('Proposal')
export const refusedBankShape = z
  .object({ bank_id: bankId, name: z.string(), since: seconds })
  .openapi('RefusedBank')
export const neighboursShape = z
  .object({
    neighbours: z.array(neighbourShape),
    proposals: z.array(proposalShape),
    refused: z
      .array(refusedBankShape)
      .openapi({ description: 'Banks that may not ask for a line, the newest first.' }),
  })
  .openapi('Neighbours')

const addresses = z.array(peerAddress).max(LIMITS.recordAddresses).optional()
export const findShape = z.strictObject({ bank_id: bankId, addresses }).openapi('Find')
export const foundShape = z
  .object({ bank_id: bankId, name: z.string(), peer_id: z.string(), addresses: z.array(peerAddress) })
  .openapi('FoundBank')
export const newNeighbourShape = z
  .strictObject({
    invite: z
      .string()
      .optional()
      .openapi({ description: 'The invitation of the other bank, instead of its id.' }),
    bank_id: bankId.optional(),
    addresses,
    we_may_owe_minutes: askedMinutes.default(LIMITS.firstLineMinutes),
    they_may_owe_minutes: askedMinutes.default(LIMITS.firstLineMinutes),
  })
  .openapi('NewNeighbour')
export const limitShape = z.strictObject({ they_may_owe_minutes: askedMinutes }).openapi('Limit')
export const boardActShape = z.strictObject({ board: boardNames }).openapi('BoardAct')
export const boardAmountShape = z
  .strictObject({ minutes: askedMinutes, board: boardNames })
  .openapi('BoardAmount')
export const inviteShape = z.object({ invite: z.string(), expires: seconds }).openapi('Invitation')
