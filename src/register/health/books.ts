/** Do the books add up? */

import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

export function checkBooks({ isReadable, sumMinutes }: Look): readonly Finding[] {
  if (!isReadable) return []
  return [
    sumMinutes === 0
      ? finding('fine', 'books.fine')
      : finding('wrong', 'books.off', {}, `${sumMinutes} minutes`),
  ]
}
