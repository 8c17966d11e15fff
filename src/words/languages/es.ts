/**
 * What do the pages say in Spanish? To people with usted, in the words of time banks: somebody helps and is helped, hours
 * are recorded (anotar) at the desk (secretaría), and nothing is ever paid. What is not here is said in English.
 */

import { ACTS_ES } from './acts.es.ts'
import { BEGIN_ES } from './begin.es.ts'
import { DESK_ES } from './desk.es.ts'
import type { Messages } from './en.ts'
import { FRAME_ES } from './frame.es.ts'
import { HEALTH_ES } from './health.es.ts'
import { LETTERS_ES } from './letters.es.ts'
import { LISTS_ES } from './lists.es.ts'
import { MEMBER_ES } from './member.es.ts'
import { NEIGHBOURS_ES } from './neighbours.es.ts'
import { NOTICES_ES } from './notices.es.ts'
import { OFFICE_ES } from './office.es.ts'
import { PAYING_ES } from './paying.es.ts'
import { PERSON_ES } from './person.es.ts'
import { PUBLIC_ES } from './public.es.ts'
import { SHEETS_ES } from './sheets.es.ts'

export const ES: Partial<Messages> = {
  ...FRAME_ES,
  ...MEMBER_ES,
  ...DESK_ES,
  ...PERSON_ES,
  ...PAYING_ES,
  ...SHEETS_ES,
  ...LISTS_ES,
  ...LETTERS_ES,
  ...ACTS_ES,
  ...NOTICES_ES,
  ...NEIGHBOURS_ES,
  ...OFFICE_ES,
  ...BEGIN_ES,
  ...HEALTH_ES,
  ...PUBLIC_ES,
}
