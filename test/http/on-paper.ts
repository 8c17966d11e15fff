/** Which recovery sheet has a bank of the tests? One that is on paper already, as `init` leaves it. */
import type { SheetOnHold } from '../../src/register/sheet-on-hold.ts'

export const ON_PAPER: SheetOnHold = {
  waits: () => false,
  words: async () => null,
  putAway: async () => undefined,
}
