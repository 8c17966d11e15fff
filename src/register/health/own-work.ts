/** Does the bank do what it does by itself? */

import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

/** Neighbours are looked at every second; a minute without it means that the program hangs. */
const QUIET_SECONDS = 60

export function checkOwnWork({ jobs, now }: Look): readonly Finding[] {
  const failed = jobs.filter(({ outcome }) => outcome === 'failed').map(({ job }) => job)
  const ticked = jobs.find(({ job }) => job === 'neighbours')?.at ?? null
  if (failed.length > 0) return [finding('look', 'work.failed', { count: failed.length }, failed.join(' '))]
  const stands = ticked !== null && now - ticked > QUIET_SECONDS
  return [stands ? finding('wrong', 'work.stands') : finding('fine', 'work.fine')]
}
