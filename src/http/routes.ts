/**
 * What can be asked of a bank under /api/v1? The one table: the server mounts it and the OpenAPI document is made
 * from it.
 */

import type { Route } from './route.ts'
import { BANK_ROUTES } from './routes/bank.ts'
import { BOARD_ROUTES } from './routes/board.ts'
import { DESK_ROUTES } from './routes/desk.ts'
import { FILE_ROUTES } from './routes/files.ts'
import { HEALTH_ROUTES } from './routes/health.ts'
import { MEMBER_ROUTES } from './routes/members.ts'
import { NEIGHBOUR_ROUTES } from './routes/neighbours.ts'
import { PAYMENT_ROUTES } from './routes/payments.ts'
import { PEOPLE_ROUTES } from './routes/people.ts'
import { RECORD_ROUTES } from './routes/records.ts'
import { REQUEST_ROUTES } from './routes/requests.ts'

export const API = '/api/v1'

export const ROUTES: readonly Route[] = [
  ...BANK_ROUTES,
  ...HEALTH_ROUTES,
  ...MEMBER_ROUTES,
  ...PEOPLE_ROUTES,
  ...RECORD_ROUTES,
  ...PAYMENT_ROUTES,
  ...REQUEST_ROUTES,
  ...NEIGHBOUR_ROUTES,
  ...BOARD_ROUTES,
  ...DESK_ROUTES,
  ...FILE_ROUTES,
]
