/** How is the bank? Every check of a running bank, in one table, each with its answer in words ([OPS-4]). */

import type { Node } from '../../node/node.ts'
import { checkAddresses } from './addresses.ts'
import { checkBooks } from './books.ts'
import { checkClock } from './clock.ts'
import { checkDisk } from './disk.ts'
import type { Finding, HealthId } from './finding.ts'
import { checkGuard } from './guard.ts'
import { type Look, lookAt, type Surroundings } from './look.ts'
import { checkNeighbours, checkSeen } from './neighbours.ts'
import { checkOwnWork } from './own-work.ts'
import { checkPages } from './pages-address.ts'
import { checkRecording } from './recording.ts'

/** In the order of `HEALTH_IDS`; a check that has nothing to look at finds nothing. */
export const CHECKS: Readonly<Record<HealthId, (look: Look) => readonly Finding[]>> = {
  recording: checkRecording,
  guard: checkGuard,
  disk: checkDisk,
  clock: checkClock,
  books: checkBooks,
  addresses: checkAddresses,
  neighbour: checkNeighbours,
  seen: checkSeen,
  pages: checkPages,
  work: checkOwnWork,
}

export interface Health {
  readonly look: Look
  readonly findings: readonly Finding[]
}

export async function healthOf(node: Node, surroundings: Surroundings): Promise<Health> {
  const look = await lookAt(node, surroundings)
  return { look, findings: Object.values(CHECKS).flatMap((check) => check(look)) }
}
