/** Does the clock of this machine agree with those of the neighbours? */

import { LIMITS } from '../../core/limits.ts'
import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

export function checkClock({ clockOffset, shut }: Look): readonly Finding[] {
  const minutes = Math.round(Math.abs(clockOffset ?? 0) / 60)
  if (shut === 'clock_unsure') return [finding('wrong', 'clock.unsure', {}, offsetText(clockOffset))]
  if (clockOffset === null) return [finding('unknown', 'clock.unheard')]
  if (Math.abs(clockOffset) <= LIMITS.clockWarnSeconds) return [finding('fine', 'clock.fine')]
  const code = clockOffset > 0 ? 'clock.behind' : 'clock.ahead'
  return [finding('look', code, { minutes }, offsetText(clockOffset))]
}

function offsetText(offset: number | null): string | null {
  return offset === null ? null : `a neighbour shows ${offset} seconds more`
}
