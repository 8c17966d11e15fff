import { expect, test } from 'vitest'
import { ROUNDS, visit } from './neighbour.ts'

const REACHED = ['pay.commit', 'pay.abort', 'pay.return', 'rcv.promise', 'rcv.credit', 'rcv.waive'] as const

test.each([1, 2, 3, 4, 5, 6])(
  '[BYZ-1] [ADMIT-7] [PAY-7] seed %i: whatever a neighbour signs and sends, the writer lives, the book adds up, every credit has its commit, and a replay agrees',
  async (seed) => {
    const { kinds } = await visit(seed)
    // The lies get somewhere: they are not all turned away at the door.
    for (const kind of REACHED) expect([...kinds.keys()]).toContain(kind)
  },
)

test('the same seed is the same visit, entry by entry', async () => {
  const [first, second, other] = [await visit(7, 40), await visit(7, 40), await visit(8, 40)]
  expect(second).toEqual(first)
  expect(other.root).not.toBe(first.root)
  expect(first.rounds).toBeLessThan(ROUNDS)
})
