/** Which shapes have the people of the desk, and what they did, in the API? */

import { z } from '@hono/zod-openapi'
import { DESK_ACTS } from '../../register/acts.ts'
import { number, paymentId, seconds } from './fields.ts'

const memberNumber = number
  .nullable()
  .openapi({ description: 'As a member of this bank; null when not said, or erased.' })

export const coordinatorShape = z
  .object({ name: z.string(), number: memberNumber, state: z.enum(['in_office', 'removed', 'run_out']) })
  .openapi('Coordinator')
export const coordinatorsShape = z.object({ coordinators: z.array(coordinatorShape) }).openapi('Coordinators')
export const newCoordinatorShape = z
  .strictObject({ name: z.string(), member: number.nullish() })
  .openapi('NewCoordinator')
export const coordinatorLinkShape = z
  .object({
    name: z.string(),
    path: z.string().openapi({ description: 'Below the address of the pages of this bank.' }),
    url: z
      .string()
      .nullable()
      .openapi({ description: 'The whole link; null when the bank names no address.' }),
    ends: seconds,
  })
  .openapi('CoordinatorLink')

const actShape = z
  .object({
    no: z.int().openapi({ description: 'Counts up over all acts of the bank.' }),
    time: seconds,
    coordinator: z.string().nullable().openapi({ description: 'Null once the name is erased.' }),
    what: z.enum(DESK_ACTS),
    members: z.array(number).openapi({ description: 'Whom it concerned, as far as they are still known.' }),
    record: paymentId.nullable(),
  })
  .openapi('DeskAct')
export const actsShape = z
  .object({
    acts: z.array(actShape),
    next: z.int().nullable().openapi({ description: 'What to ask for as `before` to go on.' }),
  })
  .openapi('DeskActs')
