/** Does the bank record, and if not, why? The reasons are those of `/readyz`. */

import { type Finding, finding, type HealthCode } from './finding.ts'
import type { Look } from './look.ts'

const WHY: Readonly<Record<string, Extract<HealthCode, `recording.${string}`>>> = {
  log_behind_guard: 'recording.log_behind_guard',
  log_behind_neighbour: 'recording.log_behind_neighbour',
  start_waits: 'recording.start_waits',
  clock_unsure: 'recording.clock_unsure',
}

export function checkRecording({ shut, isReadable }: Look): readonly Finding[] {
  if (!isReadable) return [finding('wrong', 'recording.store_failed')]
  if (shut === null) return [finding('fine', 'recording.fine')]
  if (shut === 'wait') return [finding('look', 'recording.waits')]
  return [finding('wrong', WHY[shut] ?? 'recording.other', {}, shut)]
}
