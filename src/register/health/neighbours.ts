/** Is each neighbouring bank there, and does it find this one? */

import { type Finding, finding } from './finding.ts'
import type { Look, NeighbourLook } from './look.ts'

const SECONDS_PER_DAY = 86_400
/** After a week of silence somebody should ask by telephone. */
const LONG_DAYS = 7

export function checkNeighbours({ neighbours, now }: Look): readonly Finding[] {
  if (neighbours.length === 0) return [finding('fine', 'neighbour.none')]
  return neighbours.map((one) => findingOf(one, now))
}

function findingOf({ name: bank, connected, lastHeard, problem }: NeighbourLook, now: number): Finding {
  if (connected) return finding('fine', 'neighbour.fine', { bank })
  if (lastHeard === null) return finding('look', 'neighbour.never', { bank }, problem)
  const days = Math.max(0, Math.floor((now - lastHeard) / SECONDS_PER_DAY))
  if (days >= LONG_DAYS) return finding('wrong', 'neighbour.gone', { bank, days }, problem)
  return finding('look', days === 0 ? 'neighbour.away' : 'neighbour.silent', { bank, days }, problem)
}

/**
 * Whoever calls us has found us. The protocol tells no more of it: a neighbour that we called first has no reason to call,
 * so silence is no proof.
 */
export function checkSeen({ neighbours, calledAt }: Look): readonly Finding[] {
  if (neighbours.length === 0) return []
  return [calledAt === null ? finding('unknown', 'seen.unknown') : finding('fine', 'seen.fine')]
}
