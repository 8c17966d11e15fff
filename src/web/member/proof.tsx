/** What does a member take home as proof? A file that anybody can hold against what the bank signed ([EX-19]). */

import { proofOf } from '../../register/verify.ts'
import { notHere, screen } from '../screen.ts'
import { ownRecord } from './wrong.tsx'

export const proofScreen = screen({
  path: '/records/:index/proof',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    const file = await proofOf(visit.desk.node, record.index)
    return { file, name: `proof-${record.index}.txt`, type: 'text/plain; charset=utf-8' }
  },
})
