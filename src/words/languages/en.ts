/**
 * What do the pages say in English? Every sentence that people read on screens and letters, as ICU messages, by name.
 * Plain words, one thought a sentence; names of the other languages follow these ([A11Y-6], [A11Y-7]).
 */

import { ACTS_EN } from './acts.en.ts'
import { BEGIN_EN } from './begin.en.ts'
import { DESK_EN } from './desk.en.ts'
import { FRAME_EN } from './frame.en.ts'
import { HEALTH_EN } from './health.en.ts'
import { LETTERS_EN } from './letters.en.ts'
import { LISTS_EN } from './lists.en.ts'
import { MEMBER_EN } from './member.en.ts'
import { NEIGHBOURS_EN } from './neighbours.en.ts'
import { NOTICES_EN } from './notices.en.ts'
import { OFFICE_EN } from './office.en.ts'
import { PAYING_EN } from './paying.en.ts'
import { PERSON_EN } from './person.en.ts'
import { PUBLIC_EN } from './public.en.ts'
import { SHEETS_EN } from './sheets.en.ts'

export const EN = {
  ...FRAME_EN,
  ...MEMBER_EN,
  ...DESK_EN,
  ...PERSON_EN,
  ...PAYING_EN,
  ...SHEETS_EN,
  ...LISTS_EN,
  ...LETTERS_EN,
  ...ACTS_EN,
  ...NOTICES_EN,
  ...NEIGHBOURS_EN,
  ...OFFICE_EN,
  ...BEGIN_EN,
  ...HEALTH_EN,
  ...PUBLIC_EN,
} as const

export type MessageId = keyof typeof EN
export type Messages = Readonly<Record<MessageId, string>>

export function isMessage(id: string): id is MessageId {
  return Object.hasOwn(EN, id)
}
