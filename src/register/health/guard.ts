/** Is the head guard there, and does it agree with the log? */

import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

export function checkGuard({ guard, guardMissed }: Look): readonly Finding[] {
  if (guard === 'ahead') return [finding('wrong', 'guard.ahead')]
  if (guardMissed) return [finding('wrong', 'guard.missed')]
  return [guard === 'missing' ? finding('look', 'guard.missing') : finding('fine', 'guard.fine')]
}
