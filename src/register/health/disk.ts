/** Is there room on the disk? */

import { LIMITS } from '../../core/limits.ts'
import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

const MIB = 1_048_576

export function checkDisk({ freeBytes }: Pick<Look, 'freeBytes'>): readonly Finding[] {
  const megabytes = Math.floor(freeBytes / MIB)
  if (freeBytes < LIMITS.diskFreeBytes) return [finding('wrong', 'disk.full', { megabytes })]
  if (freeBytes < LIMITS.diskSoonBytes) return [finding('look', 'disk.low', { megabytes })]
  return [finding('fine', 'disk.fine', { gigabytes: Math.floor(megabytes / 1024) })]
}
