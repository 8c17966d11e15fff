/** How does somebody say that a record is wrong? What is wrong, in a few words; then the desk looks at it by a day ([DESK-8]). */

import { type RecordView, readRecord } from '../../register/records.ts'
import type { FieldError } from '../form.ts'
import { speaksFor } from '../parts/for-whom.tsx'
import { saysWrongPage, sayWrong } from '../parts/says-wrong.tsx'
import { recordSentence } from '../parts/sentences.ts'
import { type MemberVisit, notHere, type Page, screen, type Visit } from '../screen.ts'

export const wrongScreen = screen({
  path: '/records/:index/wrong',
  who: ['member'],
  shows: ['name', 'record_words'],
  async get(visit) {
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    return isSettled(visit, record) ? { to: `/records/${record.index}` } : wrongPage(visit, record, [])
  },
  async post(visit) {
    const { visitor } = visit
    const record = await ownRecord(visit)
    if (record === null) return notHere(visit)
    if (isSettled(visit, record)) return { to: `/records/${record.index}` }
    const { id, index } = record
    const errors = await sayWrong(visit, { record: id, index, by: visitor.person.account })
    return errors.length > 0 ? wrongPage(visit, record, errors) : { to: `/records/${index}` }
  },
})

/** Whether somebody has called it wrong before, or it was taken back: the record's own page says how things stand. */
function isSettled({ desk }: Visit, { id, reversedAt }: RecordView): boolean {
  return reversedAt !== null || desk.cases.find(id) !== null
}

/** The record of this path if this member has a part in it, or acts for somebody who has. */
export async function ownRecord(visit: MemberVisit): Promise<RecordView | null> {
  const { desk, params } = visit
  const index = /^\d{1,15}$/.test(params.index ?? '') ? Number(params.index) : -1
  const read = await readRecord(desk.node, desk.people, index)
  return read.ok && read.value.parts.some(({ person }) => speaksFor(visit, person)) ? read.value : null
}

function wrongPage(visit: MemberVisit, record: RecordView, errors: readonly FieldError[]): Page {
  const sentence = recordSentence(visit, record, visit.today)
  return saysWrongPage(visit, { sentence, back: `/records/${record.index}` }, errors)
}
