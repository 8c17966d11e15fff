import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Postings } from '../../../src/core/ledger/postings.ts'

describe('the postings of all accounts', () => {
  test('[CRASH-10] each account gets back its own entries, the newest first, as from a list of its own', () => {
    const accountAndStep = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 }))
    fc.assert(
      fc.property(fc.array(accountAndStep, { maxLength: 200 }), (posted) => {
        const postings = new Postings()
        const lists: number[][] = Array.from({ length: 5 }, () => [])
        const last = [0, 0, 0, 0, 0]
        let index = 0
        for (const [account, step] of posted) {
          index += step
          last[account] = postings.add(index, last[account] as number)
          lists[account]?.push(index)
        }
        const read = last.map((one) => [...postings.newestFirst(one)].reverse())
        expect(read).toEqual(lists)
        expect(postings.size).toBe(posted.length)
      }),
    )
  })

  test('[CRASH-10] 8 bytes a posting, over the edges of its pieces', () => {
    const postings = new Postings()
    const last = [0, 0, 0]
    for (let i = 0; i < 30_000; i++) last[i % 3] = postings.add(i, last[i % 3] as number)
    expect([...postings.newestFirst(last[1] as number)]).toEqual(
      Array.from({ length: 10_000 }, (_, i) => 29_998 - i * 3),
    )
    expect(postings.bytesHeld / postings.size).toBeLessThan(9)
    expect(() => postings.add(2 ** 32, 0)).toThrow('2^32')
  })
})
