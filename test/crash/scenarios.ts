/** Which scenarios are there? All of them, by name. */

import type { Scenario } from './scenario.ts'
import { BOARDS } from './scenarios/boards.ts'
import { DECISIONS } from './scenarios/decisions.ts'
import { ENDINGS } from './scenarios/endings.ts'
import { HOUSE } from './scenarios/house.ts'
import { KEYS } from './scenarios/keys.ts'
import { LINES } from './scenarios/lines.ts'
import { MACHINES } from './scenarios/machines.ts'
import { MESSAGES } from './scenarios/messages.ts'
import { PAYMENTS } from './scenarios/payments.ts'
import { REQUESTS } from './scenarios/requests.ts'

export const SCENARIOS: readonly Scenario[] = [
  ...PAYMENTS,
  ...MESSAGES,
  ...DECISIONS,
  ...MACHINES,
  ...LINES,
  ...HOUSE,
  ...ENDINGS,
  ...BOARDS,
  ...KEYS,
  ...REQUESTS,
]
