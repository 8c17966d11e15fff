/** What does the running bank say of its own health? The same that the page for coordinators shows. */

import type { Place } from './place.ts'
import { type Told, unknown } from './told.ts'

export function checkBank({ isSetUp, health }: Place): readonly Told[] {
  if (!isSetUp) return []
  if (health !== null) return health.findings
  return [unknown('bank', 'Clock, books, addresses and neighbours are looked at while the bank runs.')]
}
