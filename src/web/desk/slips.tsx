/**
 * How are slips of paper typed, ten a minute? One short form that saves with the enter key and comes back empty, the
 * day kept; what was saved stands below, each with a button that takes it back ([EX-24]).
 */

import { dateOf } from '../../register/calendar.ts'
import { takeBack } from '../../register/corrections.ts'
import { recordHelp } from '../../register/exchanges.ts'
import type { Person } from '../../register/person.ts'
import { readRecord } from '../../register/records.ts'
import type { FieldError } from '../form.ts'
import { readDate, readLength } from '../parts/help-fields.tsx'
import { readPeople, type Unclear, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, refusalText, screen, type Visit } from '../screen.ts'
import { SAVED_SHOWN, savedIn, slipsPage } from './slips-page.tsx'

const FIELDS = [
  'helped',
  'helper',
  'hours',
  'minutes',
  'note',
  'day',
  'month',
  'year',
  'nonce',
  'saved',
] as const

export const slipsScreen = screen({
  path: '/desk/slips',
  who: ['coordinator'],
  get: (visit) => slipsPage(visit, []),
  async post(given) {
    if (given.form.has('take')) return takeOneBack(given)
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    const { slip, errors, unclear } = readSlip(visit)
    if (errors.length > 0) return slipsPage(visit, errors)
    const label = ({ field }: Unclear, typed: string): string =>
      visit.say(field === 'helped' ? 'record.which.helped' : 'record.which.helper', { typed })
    if (slip === null) return whichPage(visit, { to: '/desk/slips', fields: FIELDS, unclear, left, label })
    return save(visit, slip)
  },
})

interface Slip {
  readonly helped: Person
  readonly helper: Person
  readonly minutes: number
  readonly day: number
}

function readSlip(visit: Visit): { slip: Slip | null; errors: FieldError[]; unclear: Unclear[] } {
  const { form, say, today } = visit
  const missing = { helped: say('record.helped.missing'), helper: say('record.helper.missing') }
  const { found, errors, unclear } = readPeople<'helped' | 'helper'>(visit, missing)
  const { helped, helper } = found
  if (helper !== undefined && helper === helped) errors.push({ field: 'helper', text: say('record.same') })
  const length = readLength(visit, form)
  if ('error' in length) errors.push(length.error)
  const day = readDate(say, form, today, 'day')
  if ('error' in day) errors.push(day.error)
  const whole = helped !== undefined && helper !== undefined && !('error' in length) && !('error' in day)
  return { slip: whole ? { helped, helper, minutes: length.minutes, day: day.day } : null, errors, unclear }
}

async function save(visit: CoordinatorVisit, slip: Slip): Promise<Answer> {
  const { desk, form, visitor } = visit
  const recorded = await recordHelp(
    desk.node,
    desk.people,
    {
      provider: slip.helper.number,
      recipient: slip.helped.number,
      minutes: slip.minutes,
      day: dateOf(slip.day),
      note: form.text('note'),
      nonce: form.text('nonce'),
    },
    { coordinator: visitor.coordinator, channel: 'paper', reason: 'on_paper' },
  )
  if (!recorded.ok) return slipsPage(visit, [{ field: 'helped', text: refusalText(visit, recorded.refusal) }])
  const { index, record } = recorded.value
  const saved = [index ?? -1, ...savedIn(form.text('saved')).filter((one) => one !== index)]
  return { to: wayBack(saved, dateOf(slip.day), record === 'known') }
}

async function takeOneBack(visit: CoordinatorVisit): Promise<Answer> {
  const { desk, form, visitor } = visit
  const index = form.number('take') ?? -1
  const found = await readRecord(desk.node, desk.people, index)
  const taken = !found.ok
    ? found
    : await takeBack(
        desk.node,
        desk.people,
        { record: found.value.id, nonce: form.text('nonce') },
        { coordinator: visitor.coordinator, channel: 'paper', reason: 'correction' },
      )
  if (!taken.ok) {
    const hasButton =
      found.ok && found.value.reversedAt === null && savedIn(form.text('saved')).includes(index)
    const field = hasButton ? `take-${index}` : null
    return slipsPage(visit, [{ field, text: refusalText(visit, taken.refusal) }])
  }
  return { to: wayBack(savedIn(form.text('saved')), form.text('on'), false) }
}

/** The same page, empty but for the day and what was saved. */
function wayBack(saved: readonly number[], on: string, isKnown: boolean): string {
  const list = saved.slice(0, SAVED_SHOWN).join('.')
  return `/desk/slips?on=${encodeURIComponent(on)}&saved=${list}${isKnown ? '&again' : ''}`
}
