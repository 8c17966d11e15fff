/**
 * How does a member say that hours which moved between two banks were wrong? On the same form as inside one bank; then the
 * own desk looks at it, and rings the other bank's desk ([DESK-8], flow H).
 */

import { toHex } from '../../core/ids.ts'
import { crossingSentence } from '../parts/crossings.ts'
import { canBeCalledWrong, readWrong } from '../parts/put-right.tsx'
import { saysWrongPage, sayWrong } from '../parts/says-wrong.tsx'
import { type Answer, type MemberVisit, notHere, screen } from '../screen.ts'
import { ownCrossing } from './crossing.tsx'

export const crossingWrongScreen = screen({
  path: '/crossings/:id/wrong',
  who: ['member'],
  shows: ['name', 'record_words'],
  get: (visit) => answer(visit, 'look'),
  post: (visit) => answer(visit, 'post'),
})

/** What was called wrong before, is not done yet or never moved hours has a page of its own that says so. */
async function answer(visit: MemberVisit, what: 'look' | 'post'): Promise<Answer> {
  const { say, today } = visit
  const crossing = await ownCrossing(visit)
  if (crossing === null || crossing.person === null) return notHere(visit)
  const { id, index, bankName: bank, person } = crossing
  const back = `/crossings/${toHex(id)}`
  if (!canBeCalledWrong(crossing, await readWrong(visit, id))) return { to: back }
  // Whoever may act for them says it in their name.
  const by = person.account
  const errors = what === 'look' ? [] : await sayWrong(visit, { record: id, about: 'payment', index, by })
  if (what === 'post' && errors.length === 0) return { to: back }
  const sentence = crossingSentence(visit, crossing, today)
  return saysWrongPage(visit, { sentence, back, hint: say('wrong.across', { bank }) }, errors)
}
