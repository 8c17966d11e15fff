/** What does the desk see of one payment between banks, and what can it do for whoever waits? ([DESK-1], flow D) */

import { toHex } from '../../core/ids.ts'
import { answerCrossing, crossingOfPath, crossingPage } from '../parts/crossing-page.tsx'
import { notHere, screen } from '../screen.ts'

const BELOW = '/desk/crossings'

export const deskCrossingScreen = screen({
  path: '/desk/crossings/:id',
  who: ['coordinator'],
  async get(visit) {
    const crossing = await crossingOfPath(visit)
    if (crossing === null) return notHere(visit)
    const { replacedBy } = crossing
    if (replacedBy !== null) return { to: `${BELOW}/${toHex(replacedBy)}` }
    return crossingPage(visit, crossing, { below: BELOW, back: '/desk', failed: null })
  },
  async post(visit) {
    const crossing = await crossingOfPath(visit)
    if (crossing === null) return notHere(visit)
    const { coordinator } = visit.visitor
    const by = { coordinator, channel: 'desk', reason: 'at_the_desk' } as const
    return answerCrossing(visit, crossing, { by, coordinator, below: BELOW, back: '/desk' })
  },
})
