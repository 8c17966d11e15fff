/**
 * Which fields do the shapes of the API share? Requests are checked with the same shapes from which the OpenAPI
 * document is made. Ids are text (bank ids and handles base32, all else hex), lengths whole minutes, times seconds
 * since 1970 UTC, days YYYY-MM-DD.
 */

import { z } from '@hono/zod-openapi'
import { CHANNELS, COORDINATOR_REASONS } from '../../core/entry.ts'

export const hex = (bytes: number, what: string): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `should be ${bytes * 2} hex digits, lower case`)
    .openapi({ description: what })
export const base32 = (letters: number, what: string): z.ZodString =>
  z
    .string()
    .regex(new RegExp(`^[a-z2-7]{${letters}}$`), `should be ${letters} letters and digits, a to z and 2 to 7`)
    .openapi({ description: what })

export const bankId = base32(32, 'Id of a bank: 20 bytes in base32.')
export const handleText = base32(
  26,
  'What a bank gave out for one of its members, so that others can pay to them: 16 bytes in base32.',
)
export const requestCode = z
  .string()
  .openapi({ description: 'Code of a request, however it was typed.', example: '7K3Q-X9M2' })
export const paymentId = hex(32, 'Id of a payment or exchange: 32 bytes in hex.')
export const deviceId = hex(16, 'Id of a device: 16 bytes in hex.')
export const seconds = z.int().openapi({ description: 'Seconds since 1970 UTC.' })
export const minutes = z.int().openapi({ description: 'Whole minutes.' })
/** As asked for: whether they are whole and in range is refused by name, not as a malformed field. */
export const askedMinutes = z.number().openapi({ description: 'Whole minutes.', type: 'integer' })
export const signedMinutes = z
  .int()
  .openapi({ description: 'Whole minutes; a positive balance is help given and not yet used.' })
export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'should be YYYY-MM-DD')
  .openapi({ example: '2026-11-21' })
export const number = z.string().openapi({ description: "A member's number.", example: 'HB-4827-K' })
export const channel = z.enum(CHANNELS).openapi({ description: 'How it reached the bank.' })
export const reason = z
  .enum(COORDINATOR_REASONS)
  .openapi({ description: 'Why a coordinator acts for the member.' })
export const nonce = hex(16, 'Random bytes of the form; the same form sent twice is one record.')
export const note = z.string()
export const withinSeconds = z.number().openapi({ description: 'Seconds in which the banks must decide.' })
export const peerAddress = z
  .string()
  .openapi({ description: 'A multiaddr that ends in /p2p/ and the peer id.' })
/** How many are due, and who is on the board, the bank refuses by name. */
export const boardNames = z
  .array(z.string())
  .openapi({ description: 'Names of the members of the board who decided this, two to five.' })
/** A bank as people name it; which bank that is, the neighbours tell. */
export const bankName = z.string().min(1).openapi({ description: 'Id or name of a bank.' })
