/**
 * How does a member say that somebody of a neighbouring bank helped? Who, how long, what, the sentence with the name that
 * bank gave, then it goes over the line; the bank may be away, and then nobody waits in the dark ([EX-17], flow D).
 */

import { toBase32, toHex } from '../../core/ids.ts'
import { dateOf } from '../../register/calendar.ts'
import { type NeighbourBank, neighbourBanks } from '../../register/neighbour-banks.ts'
import { payAcross } from '../../register/payments.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { carriedFar, FAR_FIELDS, type Far, metBefore, readFar } from '../parts/across.ts'
import { whenAnswered } from '../parts/crossing-page.tsx'
import { ForWhom, readForWhom } from '../parts/for-whom.tsx'
import { Button, Radios, TextField } from '../parts/form-parts.tsx'
import { carriedOf, readCategory, readDay, readLength } from '../parts/help-fields.tsx'
import { CheckForm, FormNumber, HELP_FIELDS, HelpFields } from '../parts/help-form.tsx'
import { PinAgain, pinAgainError } from '../parts/pin-again.tsx'
import { helpSentence } from '../parts/sentences.ts'
import { type Answer, type MemberVisit, type Page, refusalText, screen } from '../screen.ts'

const PATH = '/record/neighbour'
const FIELDS = ['for', ...FAR_FIELDS, ...HELP_FIELDS] as const

interface Draft {
  /** Whose hours: the member's own, or of somebody who lets the member act for them. */
  readonly me: Person
  readonly far: Far
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly nonce: string
}

export const tellAcrossScreen = screen({
  path: PATH,
  who: ['member'],
  get: (visit) => formPage(visit, []),
  async post(visit) {
    const { form } = visit
    if (form.has('change')) return formPage(visit, [])
    const draft = await readDraft(visit)
    if ('errors' in draft) return formPage(visit, draft.errors)
    return form.has('save') ? save(visit, draft) : checkPage(visit, draft)
  },
})

async function readDraft(visit: MemberVisit): Promise<Draft | { errors: readonly FieldError[] }> {
  const { form, say, today, visitor } = visit
  const errors: FieldError[] = []
  const length = readLength(visit, form)
  if ('error' in length) errors.push(length.error)
  const day = readDay(say, form, today)
  if ('error' in day) errors.push(day.error)
  const me = readForWhom(visit)
  if (me === null) errors.push({ field: null, text: say('for_whom.not_let') })
  // The other bank is asked last: it answers only so many questions a day.
  const nobody = form.text('known_far') === '' && form.text('number') === ''
  if (nobody) errors.unshift({ field: 'number', text: say('across.number.missing') })
  if (errors.length > 0 || me === null || 'error' in length || 'error' in day) return { errors }
  // Asked and sealed for whoever types: they ask, whoever they act for.
  const far = await readFar(visit, visitor.person)
  if (!('payee' in far)) return { errors: far }
  const [category, note, nonce] = [readCategory(form), form.text('note'), form.text('nonce')]
  return { me, far, minutes: length.minutes, day: day.day, category, note, nonce }
}

async function formPage(visit: MemberVisit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, desk, visitor } = visit
  const banks = await neighbourBanks(desk.node)
  const title = say('across.title')
  if (banks.length === 0) return { title, back: '/record', body: say('across.none') }
  const met = await metBefore(visit, visitor.person)
  const someone = <SomeoneFields visit={visit} banks={banks} errors={errors} />
  return {
    title,
    errors,
    back: '/record',
    body: (
      <form method="post" action={PATH} novalidate>
        <FormNumber visit={visit} />
        <ForWhom visit={visit} errors={errors} />
        {met.length === 0 ? (
          someone
        ) : (
          <>
            <Radios
              say={say}
              name="known_far"
              label={say('across.who')}
              errors={[]}
              value={form.text('known_far')}
              choices={[
                ...met.map(({ bank, payee, value }) => ({
                  value,
                  label: say('party.at', { name: payee.payee, bank: bank.name }),
                })),
                { value: 'other', label: say('across.other') },
              ]}
            />
            {someone}
          </>
        )}
        <HelpFields visit={visit} errors={errors} noteHint={say('tell.note.hint')} />
        <Button>{say('form.check')}</Button>
      </form>
    ),
  }
}

/** Somebody not met before: whose bank, and the number on their card. */
function SomeoneFields({
  visit: { say, form },
  banks,
  errors,
}: {
  visit: MemberVisit
  banks: readonly NeighbourBank[]
  errors: readonly FieldError[]
}) {
  const only = banks.length === 1 ? banks[0] : undefined
  return (
    <>
      <Radios
        say={say}
        name="bank"
        label={say('across.bank')}
        errors={errors}
        value={form.text('bank') || (only === undefined ? '' : toBase32(only.bank))}
        choices={banks.map(({ bank, name }) => ({ value: toBase32(bank), label: name }))}
      />
      <TextField
        say={say}
        name="number"
        label={say('across.number')}
        hint={say('across.number.hint')}
        value={form.text('number')}
        errors={errors}
        width={20}
        autocomplete="off"
        spellcheck={false}
      />
    </>
  )
}

function checkPage(visit: MemberVisit, draft: Draft, wrong: FieldError | null = null): Page {
  const { say, speech, form, today, visitor } = visit
  const { me, far, minutes } = draft
  const errors = wrong === null ? [] : [wrong]
  const helper = say('party.at', { name: far.payee.payee, bank: far.bank.name })
  const length = speech.hours(minutes)
  return {
    title: say('tell.check.title'),
    errors,
    body: (
      <>
        <p class="ch-sentence">{helpSentence(visit, { ...draft, helper, helped: me.name }, today)}</p>
        <p class="govuk-body">
          {me === visitor.person
            ? say('across.moves', { length, helper })
            : say('for_whom.across_moves', { length, helper, name: me.name })}
        </p>
        {far.bank.roomToSend < minutes ? (
          <p class="govuk-body">
            {say('collect.room', { bank: far.bank.name, length: speech.hours(far.bank.roomToSend) })}
          </p>
        ) : null}
        <CheckForm
          visit={visit}
          to={PATH}
          fields={{ ...carriedOf(form, FIELDS), ...carriedFar(visit, visitor.person, far) }}
          save={say('tell.was_helped.save')}
        >
          <PinAgain visit={visit} minutes={minutes} errors={errors} />
        </CheckForm>
      </>
    ),
  }
}

async function save(visit: MemberVisit, draft: Draft): Promise<Answer> {
  const { desk, visitor } = visit
  const { me, far, minutes, day, category, note, nonce } = draft
  const wrong = await pinAgainError(visit, minutes)
  if (wrong !== null) return checkPage(visit, draft, wrong)
  const sent = await payAcross(
    desk.node,
    desk.people,
    {
      payer: me.number,
      bank: far.bank.bank,
      handle: far.payee,
      minutes,
      day: dateOf(day),
      category,
      note,
      nonce,
      postal: false,
    },
    { member: visitor.person, method: 'pin', channel: 'web' },
  )
  if (!sent.ok) return checkPage(visit, draft, { field: null, text: refusalText(visit, sent.refusal) })
  await whenAnswered(visit, sent.value.id)
  return { to: `/crossings/${toHex(sent.value.id)}` }
}
