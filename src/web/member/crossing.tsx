/**
 * How stands what I sent to, or got from, somebody of another bank? Only the one it is about ever sees it ([PRIV-25]), and of
 * what was sent whoever may act for them ([EX-15]).
 */

import { toHex } from '../../core/ids.ts'
import type { CrossingView } from '../../register/crossings.ts'
import { answerCrossing, crossingOfPath, crossingPage } from '../parts/crossing-page.tsx'
import { speaksFor } from '../parts/for-whom.tsx'
import { type MemberVisit, notHere, screen } from '../screen.ts'

const BELOW = '/crossings'

export const ownCrossingScreen = screen({
  path: '/crossings/:id',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const crossing = await ownCrossing(visit)
    if (crossing === null) return notHere(visit)
    const { replacedBy } = crossing
    if (replacedBy !== null) return { to: `${BELOW}/${toHex(replacedBy)}` }
    return crossingPage(visit, crossing, { below: BELOW, back: '/me', failed: null })
  },
  async post(visit) {
    const crossing = await ownCrossing(visit)
    if (crossing === null) return notHere(visit)
    const by = { member: visit.visitor.person, method: 'pin', channel: 'web' } as const
    return answerCrossing(visit, crossing, { by, coordinator: null, below: BELOW, back: '/me' })
  },
})

/** The payment of this path if it is this member's own. */
export async function ownCrossing(visit: MemberVisit): Promise<CrossingView | null> {
  const crossing = await crossingOfPath(visit)
  if (crossing === null) return null
  const { person, role } = crossing
  const isTheirs = role === 'payer' ? speaksFor(visit, person) : person === visit.visitor.person
  return isTheirs ? crossing : null
}
