/**
 * How does Sam record that somebody of a neighbouring bank helped Edna? By the number on the helper's card or by the code that
 * was read out; the other bank says the name, Sam reads the sentence aloud, and it goes over the line ([DESK-2], flow E).
 */

import { toBase32, toHex } from '../../core/ids.ts'
import { accept, type Outcome, refuse } from '../../core/refusal.ts'
import { dateOf } from '../../register/calendar.ts'
import { type NeighbourBank, neighbourBanks } from '../../register/neighbour-banks.ts'
import { collectRequest, type PayerReads, payRequest } from '../../register/paying-requests.ts'
import { payAcross } from '../../register/payments.ts'
import type { Person } from '../../register/person.ts'
import { readCode } from '../../register/request-codes.ts'
import type { FieldError } from '../form.ts'
import { carriedFar, FAR_FIELDS, type Far, readFar, shownOf } from '../parts/across.ts'
import { whenAnswered } from '../parts/crossing-page.tsx'
import { Button, Radios, TextField } from '../parts/form-parts.tsx'
import { carriedOf, readCategory, readDay, readLength } from '../parts/help-fields.tsx'
import { CheckForm, FormNumber, HELP_FIELDS, HelpFields } from '../parts/help-form.tsx'
import { helpSentence } from '../parts/sentences.ts'
import { readPeople, type Unclear, WhoField, whichPage, withTyped } from '../parts/who.tsx'
import { type Answer, type CoordinatorVisit, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { KNOWN_BY, type Known, KnownField, readKnown } from './known.tsx'

const PATH = '/desk/record/neighbour'
const FIELDS = [...FAR_FIELDS, 'helped', 'code', 'known', 'shown', ...HELP_FIELDS] as const

/** Whoever helped: found by number, or whose code it is. */
type Giver = { readonly far: Far } | { readonly bank: NeighbourBank; readonly reads: PayerReads }

interface Draft {
  readonly helped: Person
  readonly helper: Giver
  readonly minutes: number
  readonly day: number
  readonly category: number
  readonly note: string
  readonly known: Known
  readonly nonce: string
}

export const recordAcrossScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: (visit) => formPage(visit, []),
  async post(given) {
    const { form, left } = withTyped(given.form)
    const visit = { ...given, form }
    if (form.has('change')) return formPage(visit, [])
    const { draft, errors, unclear } = await readDraft(visit)
    if (errors.length > 0) return formPage(visit, errors)
    const label = (_: Unclear, typed: string): string => visit.say('record.which.helped', { typed })
    if (unclear.length > 0) return whichPage(visit, { to: PATH, fields: FIELDS, unclear, left, label })
    if (draft === null) return formPage(visit, [])
    if (!form.has('save')) return checkPage(visit, draft)
    const { helper: who } = draft
    const isShown = 'far' in who || form.text('shown') === shownOf(who.reads)
    return isShown ? save(visit, draft) : checkPage(visit, draft, visit.say('collect.changed'))
  },
})

interface Reading {
  readonly draft: Draft | null
  readonly errors: readonly FieldError[]
  readonly unclear: readonly Unclear[]
}

async function readDraft(visit: Visit): Promise<Reading> {
  const { form, say, speech, today } = visit
  const { found, errors, unclear } = readPeople<'helped'>(visit, { helped: say('record.helped.missing') })
  const known = readKnown(form)
  if (known === null) errors.push({ field: 'known', text: say('record.known.missing') })
  const day = readDay(say, form, today)
  if ('error' in day) errors.push(day.error)
  const byCode = form.text('code') !== ''
  const isOpen = byCode && form.text('hours') === '' && form.text('minutes') === ''
  const length = isOpen ? null : readLength(visit, form)
  if (length !== null && 'error' in length) errors.push(length.error)
  const { helped } = found
  const soFar = { draft: null, errors, unclear }
  // The other bank is asked last: it answers only so many questions a day.
  if (errors.length > 0 || unclear.length > 0 || helped === undefined || known === null) return soFar
  if ('error' in day || (length !== null && 'error' in length)) return soFar
  const helper = byCode ? await readByCode(visit) : await readByNumber(visit, helped)
  if (!('value' in helper)) return { ...soFar, errors: helper }
  const asked = 'reads' in helper.value ? helper.value.reads.minutes : null
  if (asked !== null && length !== null && length.minutes !== asked) {
    const text = say('desk_across.code.wrong', { length: speech.hours(asked) })
    return { ...soFar, errors: [{ field: 'hours', text }] }
  }
  const minutes = asked ?? length?.minutes ?? null
  if (minutes === null) return { ...soFar, errors: [{ field: 'hours', text: say('help.length.missing') }] }
  const [category, note, nonce] = [readCategory(form), form.text('note'), form.text('nonce')]
  const draft = { helped, helper: helper.value, minutes, day: day.day, category, note, known, nonce }
  return { draft, errors, unclear }
}

async function readByNumber(visit: Visit, helped: Person): Promise<{ value: Giver } | readonly FieldError[]> {
  const far = await readFar(visit, helped)
  return 'payee' in far ? { value: { far } } : far
}

async function readByCode(visit: Visit): Promise<{ value: Giver } | readonly FieldError[]> {
  const { form, say, desk } = visit
  const banks = await neighbourBanks(desk.node)
  const bank = banks.find((one) => toBase32(one.bank) === form.text('bank'))
  if (bank === undefined) return [{ field: 'bank', text: say('across.bank.missing') }]
  const code = readCode(form.text('code'))
  if (code === null) return [{ field: 'code', text: say('collect.code.wrong') }]
  const reads = await collectRequest(desk.node, desk.people, bank.bank, code)
  if (reads.ok) return { value: { bank, reads: reads.value } }
  return [{ field: 'code', text: refusalText(visit, reads.refusal) }]
}

async function formPage(visit: Visit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, query, desk } = visit
  const banks = await neighbourBanks(desk.node)
  const title = say('desk_across.title')
  if (banks.length === 0) return { title, back: '/desk/record', body: say('across.none') }
  return {
    title,
    errors,
    back: '/desk/record',
    body: (
      <form method="post" action={PATH} novalidate>
        <p class="govuk-body">{say('desk_across.helped.hint')}</p>
        <FormNumber visit={visit} />
        <div class="ch-two">
          <WhoField
            visit={visit}
            name="helped"
            label={say('record.helped')}
            value={form.has('helped') ? form.text('helped') : (query.get('helped') ?? '')}
            errors={errors}
            autofocus={errors.length === 0}
          />
          <Radios
            say={say}
            name="bank"
            label={say('across.bank')}
            errors={errors}
            value={form.text('bank')}
            choices={banks.map(({ bank, name }) => ({ value: toBase32(bank), label: name }))}
          />
          <TextField
            say={say}
            name="number"
            label={say('desk_across.number')}
            value={form.text('number')}
            errors={errors}
            width={20}
            autocomplete="off"
            spellcheck={false}
          />
          <TextField
            say={say}
            name="code"
            label={say('desk_across.code')}
            value={form.text('code')}
            errors={errors}
            width={10}
            autocomplete="off"
            spellcheck={false}
          />
          <HelpFields visit={visit} errors={errors} />
          <KnownField say={say} form={form} errors={errors} />
        </div>
        <Button>{say('form.check')}</Button>
      </form>
    ),
  }
}

function checkPage(visit: Visit, draft: Draft, wrong: string | null = null): Page {
  const { say, speech, form, today } = visit
  const { helper: who, helped, minutes } = draft
  const [name, bank] =
    'far' in who ? [who.far.payee.payee, who.far.bank.name] : [who.reads.payee, who.bank.name]
  const names = { helper: say('party.at', { name, bank }), helped: helped.name }
  const said = 'reads' in who && who.reads.what !== '' ? who.reads.what : draft.note
  const category = 'reads' in who && who.reads.category !== 0 ? who.reads.category : draft.category
  const fields = {
    ...carriedOf(form, FIELDS),
    helped: helped.number,
    ...('far' in who ? carriedFar(visit, helped, who.far) : { shown: shownOf(who.reads) }),
  }
  return {
    title: say('record.check.title'),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    body: (
      <>
        <p class="govuk-body">{say('record.check.lead')}</p>
        <p class="ch-sentence">{helpSentence(visit, { ...draft, category, note: said, ...names }, today)}</p>
        <p class="govuk-body">
          {speech.alone(say('record.check.moves', { length: speech.hours(minutes), ...names }))}
        </p>
        <p class="govuk-body">{say(`record.check.known.${draft.known}`)}</p>
        <CheckForm visit={visit} to={PATH} fields={fields} save={say('record.save')} />
      </>
    ),
  }
}

async function save(visit: CoordinatorVisit, draft: Draft): Promise<Answer> {
  const sent = await send(visit, draft)
  if (!sent.ok) return checkPage(visit, draft, refusalText(visit, sent.refusal))
  await whenAnswered(visit, sent.value)
  return { to: `/desk/crossings/${toHex(sent.value)}` }
}

/** Id of the payment. */
async function send({ desk, visitor }: CoordinatorVisit, draft: Draft): Promise<Outcome<Uint8Array>> {
  const { helped, helper, minutes, category, note, known, nonce } = draft
  const by = { coordinator: visitor.coordinator, ...KNOWN_BY[known] }
  const help = { payer: helped.number, minutes, day: dateOf(draft.day), category, note, nonce }
  if ('far' in helper) {
    const { bank, payee } = helper.far
    const asked = { ...help, bank: bank.bank, handle: payee, postal: false }
    const sent = await payAcross(desk.node, desk.people, asked, by)
    return sent.ok ? accept(sent.value.id) : sent
  }
  const asked = { ...help, bank: helper.bank.bank, code: helper.reads.code }
  const paid = await payRequest(desk.node, desk.people, asked, by)
  if (!paid.ok) return paid
  return paid.value.across ? accept(paid.value.payment.id) : refuse('own_bank')
}
