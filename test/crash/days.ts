/** Which payments meet a bank that is away for days? Counted as the simulator's seeds count them. */

import { toHex } from '../../src/core/ids.ts'
import type { World } from '../sim/world.ts'

export function noteDays({ seer, coverage, towns }: World): void {
  const away = new Set(towns.filter(({ bank }) => !bank.up).map(({ bank }) => toHex(bank.bank)))
  for (const payment of seer.payments.values()) {
    const promised = payment.promised.size > 0 && payment.credited === null && payment.waived.size === 0
    const inTransit = payment.sent !== null && payment.credited === null && payment.waived.size === 0
    const undecided = payment.sent === null && !payment.aborted
    if (promised && away.has(payment.payeeBank ?? '')) coverage.met('days: payee away after promise')
    if (inTransit && away.has(payment.payeeBank ?? '')) coverage.met('days: payee away in transit')
    if (promised && undecided && away.has(payment.payerBank ?? ''))
      coverage.met('days: payer away after promise')
  }
}
