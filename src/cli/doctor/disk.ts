/** Is there room on the disk, and is the guard there? Asked of a stopped bank; one that runs tells both itself. */

import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { LIMITS } from '../../core/limits.ts'
import type { Place } from './place.ts'
import { fine, look, type Told, unknown, wrong } from './told.ts'

const MIB = 1_048_576

export async function checkDisk({ folder, isSetUp, health }: Place): Promise<readonly Told[]> {
  if (health !== null || !isSetUp) return []
  return [roomTold(await statfs(folder).catch(() => null)), await guardTold(join(folder, 'head-guard'))]
}

function roomTold(found: { readonly bavail: number; readonly bsize: number } | null): Told {
  if (found === null) return unknown('disk', 'How much room the disk has cannot be seen.')
  const free = found.bavail * found.bsize
  const left = `${Math.floor(free / MIB)} MB of disk are free.`
  if (free >= LIMITS.diskSoonBytes) return fine('disk', left)
  const todo = 'Remove what is not needed from this machine.'
  if (free >= LIMITS.diskFreeBytes) return look({ id: 'disk', code: 'disk.low', says: left, todo })
  const says = `${left} The bank records nothing below ${LIMITS.diskFreeBytes / MIB} MB.`
  return wrong({ id: 'disk', code: 'disk.full', says, todo })
}

async function guardTold(path: string): Promise<Told> {
  const isThere = await stat(path).then(
    ({ size }) => size > 0,
    () => false,
  )
  if (isThere) return fine('guard', 'The head guard is there. The next start compares it with the log.')
  const says = `The head guard ${path} is missing.`
  const todo =
    'Put it back if you have it. Without it the bank waits for all its neighbours at the next start.'
  return look({ id: 'guard', code: 'guard.missing', says, todo })
}
