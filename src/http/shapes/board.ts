/** Which shapes does the board have in the API? */

import { z } from '@hono/zod-openapi'
import { number } from './fields.ts'

export const seatShape = z
  .object({
    name: z.string(),
    number: number.nullable().openapi({ description: 'As a member of this bank; null when not said.' }),
  })
  .openapi('BoardMember')
export const boardShape = z.object({ board: z.array(seatShape) }).openapi('Board')
export const newSeatShape = z
  .strictObject({ name: z.string(), member: number.nullish() })
  .openapi('NewBoardMember')
