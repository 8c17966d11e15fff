/**
 * How does the desk come to a letter? A person, the kind of letter and the size; what is made is noted, and shown as a
 * page that prints as the letter alone ([DESK-9], [EX-21]).
 */

import { dateOf } from '../../register/calendar.ts'
import { keepLook } from '../../register/looks.ts'
import type { Person } from '../../register/person.ts'
import { readRecord } from '../../register/records.ts'
import { memberStatement } from '../../register/statements.ts'
import type { FieldError } from '../form.ts'
import { Button, Radios, SelectField } from '../parts/form-parts.tsx'
import { PRINTS, PrintWays, writingTo } from '../parts/letter.tsx'
import { readPeople, type Unclear, WhoField, whichPage, whoIsMeant, withTyped } from '../parts/who.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { monthDay, ReceiptLetter, StatementLetter, WelcomeLetter } from './letter-texts.tsx'

const LETTERS = ['welcome', 'statement'] as const
const FIELDS = ['who', 'letter', 'period', 'print'] as const
const MONTHS = 13

export const lettersScreen = screen({
  path: '/desk/letters',
  who: ['coordinator'],
  get: (visit) => lettersPage(visit, []),
  async post(given) {
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    const { found, errors, unclear } = readPeople<'who'>(visit, { who: visit.say('letters.who.missing') })
    const letter = LETTERS.find((one) => one === form.text('letter'))
    if (letter === undefined) errors.push({ field: 'letter', text: visit.say('letters.letter.missing') })
    if (errors.length > 0 || letter === undefined) return lettersPage(visit, errors)
    const label = (_: Unclear, typed: string): string => visit.say('letters.which', { typed })
    if (found.who === undefined)
      return whichPage(visit, { to: '/desk/letters', fields: FIELDS, unclear, left, label })
    return make(visit, found.who, letter)
  },
})

async function make(
  visit: CoordinatorVisit,
  person: Person,
  letter: (typeof LETTERS)[number],
): Promise<Answer> {
  const { desk, form, visitor } = visit
  const about = { what: 'letter_printed', accounts: [person.account] } as const
  const kept = await keepLook(desk.node, desk.people, visitor.coordinator, about)
  if (!kept.ok) return lettersPage(visit, [{ field: 'who', text: refusalText(visit, kept.refusal) }])
  const print = PRINTS.find((one) => one === form.text('print')) ?? 'normal'
  const period = monthDay(form.text('period')) === null ? 'all' : form.text('period')
  const query = letter === 'statement' ? `?print=${print}&period=${period}` : `?print=${print}`
  return { to: `/desk/letters/for/${encodeURIComponent(person.number)}/${letter}${query}` }
}

function lettersPage(visit: Visit, errors: readonly FieldError[]): Page {
  const { say, form, query } = visit
  const who = form.has('who') ? form.text('who') : (query.get('who') ?? '')
  const meant = whoIsMeant(visit, who)
  const usual = meant.kind === 'one' && meant.person.printLarge ? 'large' : 'normal'
  return {
    title: say('letters.title'),
    errors,
    body: (
      <>
        <p class="govuk-body">{say('letters.lead')}</p>
        <form method="post" action="/desk/letters" novalidate>
          <WhoField visit={visit} name="who" label={say('letters.who')} value={who} errors={errors} />
          <Radios
            say={say}
            name="letter"
            label={say('letters.letter')}
            errors={errors}
            value={form.text('letter')}
            choices={LETTERS.map((value) => ({ value, label: say(`letters.letter.${value}`) }))}
          />
          <SelectField
            say={say}
            name="period"
            label={say('letters.period')}
            errors={errors}
            value={form.text('period')}
            choices={[{ value: 'all', label: say('letters.period.all') }, ...lastMonths(visit)]}
          />
          <Radios
            say={say}
            name="print"
            label={say('letters.print')}
            errors={errors}
            value={form.text('print') || usual}
            inline
            choices={PRINTS.map((value) => ({ value, label: say(`letters.print.${value}`) }))}
          />
          <Button>{say('letters.make')}</Button>
        </form>
      </>
    ),
  }
}

/** This month and a year of months before it. */
function lastMonths({ speech, today }: Visit): { value: string; label: string }[] {
  const now = new Date(`${dateOf(today).slice(0, 7)}-01T00:00:00Z`)
  return Array.from({ length: MONTHS }, (_, back) => {
    const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1) / 86_400_000
    return { value: dateOf(first).slice(0, 7), label: speech.month(first) }
  })
}

export const letterScreen = screen({
  path: '/desk/letters/for/:number/:letter',
  who: ['coordinator'],
  async get(visit) {
    const { desk, params, query, say } = visit
    const letter = LETTERS.find((one) => one === params.letter)
    const read = await memberStatement(desk.node, desk.people, params.number ?? '')
    if (!read.ok || letter === undefined) return notHere(visit)
    const { person } = read.value
    if (person.kind !== 'member' && person.kind !== 'organisation') return notHere(visit)
    const writing = writingTo(visit, person)
    return {
      title: say('letters.for', { letter: say(`letters.letter.${letter}`), name: person.name }),
      back: `/desk/letters?who=${encodeURIComponent(person.number)}`,
      body: (
        <>
          <PrintWays visit={visit} />
          {letter === 'welcome' ? (
            <WelcomeLetter writing={writing} person={person} />
          ) : (
            <StatementLetter writing={writing} statement={read.value} period={query.get('period') ?? 'all'} />
          )}
        </>
      ),
    }
  },
})

export const receiptScreen = screen({
  path: '/desk/letters/receipt/:index',
  who: ['coordinator'],
  async get(visit) {
    const { desk, params, say } = visit
    const index = /^\d{1,15}$/.test(params.index ?? '') ? Number(params.index) : -1
    const record = await readRecord(desk.node, desk.people, index)
    if (!record.ok) return notHere(visit)
    const readers = record.value.parts.flatMap(({ person }) =>
      person === null || person.kind === 'fund' ? [] : [person],
    )
    return {
      title: say('receipt.title'),
      back: `/desk/records/${index}`,
      body: (
        <>
          <PrintWays visit={visit} />
          <ReceiptLetter writing={writingTo(visit, ...readers)} record={record.value} />
        </>
      ),
    }
  },
})
