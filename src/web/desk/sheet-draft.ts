/**
 * What was written on the group sheet? Each line a person and perhaps an own length, empty lines passed over; whoever
 * cannot be told apart is asked about, and what is wrong is said beside its line.
 */

import { LIMITS } from '../../core/limits.ts'
import { POT_NUMBER } from '../../register/people.ts'
import type { Person } from '../../register/person.ts'
import { SHEET_LINES } from '../../register/sheets.ts'
import type { FieldError, Form } from '../form.ts'
import { readCategory, readDay } from '../parts/help-fields.tsx'
import { nobodyText, type Unclear, whoIsMeant } from '../parts/who.tsx'
import type { Visit } from '../screen.ts'

export const DIRECTIONS = ['they_helped', 'were_helped'] as const
export const SIDES = ['someone', 'pot'] as const
export const SOURCES = ['paper', 'here'] as const

const FIRST_LINES = 10

export interface DraftLine {
  readonly person: Person
  readonly minutes: number
}

/** A sheet with nothing left to ask. */
export interface SheetDraft {
  readonly other: Person
  readonly direction: (typeof DIRECTIONS)[number]
  readonly lines: readonly DraftLine[]
  readonly day: number
  readonly category: number
  readonly note: string
  readonly source: (typeof SOURCES)[number]
  readonly nonce: string
}

type Reading = Pick<Visit, 'desk' | 'form' | 'say' | 'speech' | 'today'>

/** Lines that the form shows: as many as it had, and some more on request. */
export function shownLines(form: Form): number {
  const had = form.number('lines', FIRST_LINES) ?? FIRST_LINES
  return Math.min(SHEET_LINES, Math.max(1, had) + (form.has('more') ? FIRST_LINES : 0))
}

export function lineFields(line: number): { who: string; hours: string; minutes: string } {
  return { who: `who-${line}`, hours: `hours-${line}`, minutes: `minutes-${line}` }
}

/** Names of everything that goes from step to step. */
export function sheetFields(form: Form): string[] {
  const head = [
    'nonce',
    'lines',
    'side',
    'other',
    'direction',
    'hours',
    'minutes',
    'category',
    'note',
    'source',
  ]
  const lines = Array.from({ length: shownLines(form) }, (_, i) => Object.values(lineFields(i + 1)))
  return [...head, 'when', 'day', 'month', 'year', ...lines.flat()]
}

export function readSheet(visit: Reading): {
  draft: SheetDraft | null
  errors: FieldError[]
  unclear: Unclear[]
} {
  const { form, say, today } = visit
  const errors: FieldError[] = []
  const unclear: Unclear[] = []
  const other = readOther(visit, errors, unclear)
  const direction = DIRECTIONS.find((one) => one === form.text('direction'))
  if (direction === undefined) errors.push({ field: 'direction', text: say('sheet.direction.missing') })
  const lines = readLines(visit, other, errors, unclear)
  const day = readDay(say, form, today)
  if ('error' in day) errors.push(day.error)
  if (other === null || direction === undefined || 'error' in day || errors.length > 0 || unclear.length > 0)
    return { draft: null, errors, unclear }
  const source = SOURCES.find((one) => one === form.text('source')) ?? 'paper'
  const [category, note, nonce] = [readCategory(form), form.text('note'), form.text('nonce')]
  return { draft: { other, direction, lines, day: day.day, category, note, source, nonce }, errors, unclear }
}

function readOther({ desk, form, say }: Reading, errors: FieldError[], unclear: Unclear[]): Person | null {
  const side = SIDES.find((one) => one === form.text('side'))
  if (side === 'pot') return desk.people.byNumber(POT_NUMBER)
  if (side === undefined) {
    errors.push({ field: 'side', text: say('sheet.other.missing') })
    return null
  }
  const typed = form.text('other')
  const meant = whoIsMeant({ desk }, typed)
  if (meant.kind === 'one') return meant.person
  if (meant.kind === 'several') unclear.push({ field: 'other', people: meant.people })
  else
    errors.push({
      field: 'other',
      text: typed === '' ? say('sheet.other.name') : nobodyText({ desk, say }, typed),
    })
  return null
}

function readLines(
  visit: Reading,
  other: Person | null,
  errors: FieldError[],
  unclear: Unclear[],
): DraftLine[] {
  const { form, say } = visit
  const lines: DraftLine[] = []
  const before = new Map<Person, number>()
  let written = 0
  for (let line = 1; line <= shownLines(form); line++) {
    const { who } = lineFields(line)
    const typed = form.text(who)
    const minutes = readLineLength(visit, line, typed !== '', errors)
    if (typed === '') {
      // A length without a person is a slip of the pen that must not vanish.
      if (minutes !== null) errors.push({ field: who, text: say('sheet.line.nobody', { line }) })
      continue
    }
    written += 1
    const meant = whoIsMeant(visit, typed)
    if (meant.kind === 'nobody')
      errors.push({
        field: who,
        text: say('sheet.line.unknown', { line, problem: nobodyText(visit, typed) }),
      })
    if (meant.kind === 'several') unclear.push({ field: who, people: meant.people })
    if (meant.kind !== 'one') continue
    const { person } = meant
    const twice = before.get(person)
    if (person === other)
      errors.push({ field: who, text: say('sheet.line.both', { line, name: person.name }) })
    else if (twice !== undefined)
      errors.push({ field: who, text: say('sheet.line.twice', { line, first: twice, name: person.name }) })
    before.set(person, twice ?? line)
    if (minutes !== null) lines.push({ person, minutes })
  }
  if (written === 0) errors.push({ field: lineFields(1).who, text: say('sheet.lines.missing') })
  return lines
}

/** Minutes of a line, or of all where the line says nothing; null for nothing and for what is wrong. */
function readLineLength(
  { form, say, speech }: Reading,
  line: number,
  named: boolean,
  errors: FieldError[],
): number | null {
  const own = lineFields(line)
  const isOwn = form.text(own.hours) !== '' || form.text(own.minutes) !== ''
  if (!isOwn && !named) return null
  const fields = isOwn ? own : { hours: 'hours', minutes: 'minutes' }
  const [hours, minutes] = [form.number(fields.hours, 0), form.number(fields.minutes, 0)]
  const wrong = (text: string): null => {
    // What is wrong with the length for all is said once.
    const isSaid = errors.some(({ field }) => field === fields.hours)
    if (!isSaid) errors.push({ field: fields.hours, text })
    return null
  }
  if (hours === null || minutes === null)
    return wrong(say(isOwn ? 'sheet.line.not_number' : 'help.length.not_number', { line }))
  const total = hours * 60 + minutes
  if (total < 1) return wrong(say(isOwn ? 'sheet.line.no_length' : 'sheet.length.missing', { line }))
  const most = speech.hours(LIMITS.recordMinutes)
  if (total > LIMITS.recordMinutes)
    return wrong(say(isOwn ? 'sheet.line.too_long' : 'help.length.too_long', { line, most }))
  return total
}
