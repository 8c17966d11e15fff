/**
 * How does whoever was helped say yes to a code? It is opened or typed, their own bank fetches what it asks for, they read
 * it in one sentence, and one press records it, inside the bank or over the line (flow C, [EX-18], [EX-20]).
 */

import { BANK_ID_BYTES, fromBase32, fromHex, sameBytes, toBase32, toHex } from '../../core/ids.ts'
import type { Refusal } from '../../core/refusal.ts'
import { readCrossing } from '../../register/crossings.ts'
import { indexOf } from '../../register/exchanges.ts'
import { type NeighbourBank, neighbourBanks } from '../../register/neighbour-banks.ts'
import { collectRequest, type PayerReads, payRequest } from '../../register/paying-requests.ts'
import type { Person } from '../../register/person.ts'
import { readRecord } from '../../register/records.ts'
import { readCode } from '../../register/request-codes.ts'
import type { FieldError } from '../form.ts'
import { shownOf } from '../parts/across.ts'
import { whenAnswered } from '../parts/crossing-page.tsx'
import { actsFor, ForWhom, readForWhom, speaksFor } from '../parts/for-whom.tsx'
import { Button, ButtonLink, Radios, TextField } from '../parts/form-parts.tsx'
import { Carried, helpWords, LengthFields, readLength } from '../parts/help-fields.tsx'
import { FormNumber } from '../parts/help-form.tsx'
import { PinAgain, pinAgainError } from '../parts/pin-again.tsx'
import { collectPath } from '../public/opened-code.tsx'
import { type Answer, type MemberVisit, notHere, type Page, refusalText, screen } from '../screen.ts'

export const typeCodeScreen = screen({
  path: '/collect',
  who: ['member'],
  get: (visit) => typePage(visit, []),
  async post(visit) {
    const { desk, form, say } = visit
    const typed = form.text('code')
    const code = readCode(typed)
    const banks = await neighbourBanks(desk.node)
    const bank = banks.length === 0 ? desk.node.bank : fromBase32(form.text('bank'), BANK_ID_BYTES)
    const errors: FieldError[] = []
    if (code === null)
      errors.push({ field: 'code', text: say(typed === '' ? 'collect.code.missing' : 'collect.code.wrong') })
    if (bank === null) errors.push({ field: 'bank', text: say('collect.bank.missing') })
    if (code === null || bank === null) return typePage(visit, errors)
    return { to: collectPath(bank, code) }
  },
})

async function typePage(visit: MemberVisit, errors: readonly FieldError[]): Promise<Page> {
  const { say, form, desk, bankName } = visit
  const banks = await neighbourBanks(desk.node)
  return {
    title: say('collect.title'),
    errors,
    back: '/me',
    body: (
      <form method="post" action="/collect" novalidate>
        <TextField
          say={say}
          name="code"
          label={say('collect.code')}
          hint={say('collect.code.hint')}
          value={form.text('code')}
          errors={errors}
          width={10}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
        />
        {banks.length === 0 ? null : (
          <Radios
            say={say}
            name="bank"
            label={say('collect.bank')}
            errors={errors}
            value={form.text('bank')}
            choices={[
              { value: toBase32(desk.node.bank), label: bankName },
              ...banks.map(({ bank, name }) => ({ value: toBase32(bank), label: name })),
            ]}
          />
        )}
        <Button>{say('collect.open')}</Button>
      </form>
    ),
  }
}

/** A code of a bank, as it was opened; with its neighbour where it is not this one. */
interface Opened {
  readonly reads: PayerReads
  readonly neighbour: NeighbourBank | null
}

export const collectScreen = screen({
  path: '/collect/:bank/:code',
  who: ['member'],
  async get(visit) {
    const opened = await open(visit)
    if (opened === null) return notHere(visit)
    if ('code' in opened) return failedPage(visit, opened)
    return actsFor(visit).length === 0
      ? checkPage(visit, opened, visit.visitor.person)
      : whomPage(visit, opened)
  },
  async post(visit) {
    const { form, say } = visit
    if (form.has('no'))
      return { title: say('collect.said_no.title'), body: say('collect.said_no.text'), back: '/me' }
    const opened = await open(visit)
    if (opened === null) return notHere(visit)
    // What was recorded by an earlier press of this form is found again, although the code is used up by it.
    if ('code' in opened) return (await pressedBefore(visit)) ?? failedPage(visit, opened)
    const me = readForWhom(visit)
    if (me === null) return whomPage(visit, opened, say('for_whom.not_let'))
    if (form.has('whom')) return checkPage(visit, opened, me)
    if (!form.has('yes')) return checkPage(visit, opened, me, { field: null, text: say('claim.missing') })
    if (form.text('shown') !== shownOf(opened.reads))
      return checkPage(visit, opened, me, { field: null, text: say('collect.changed') })
    return save(visit, opened, me)
  },
})

async function open({ desk, params, visitor }: MemberVisit): Promise<Opened | Refusal | null> {
  const bank = fromBase32(params.bank ?? '', BANK_ID_BYTES)
  if (bank === null) return null
  const neighbour = (await neighbourBanks(desk.node)).find((one) => sameBytes(one.bank, bank)) ?? null
  const reads = await desk.lookups.ask(visitor.person.account, () =>
    collectRequest(desk.node, desk.people, bank, params.code ?? ''),
  )
  return reads.ok ? { reads: reads.value, neighbour } : reads.refusal
}

/** Where a form that was pressed before has led to, if it was this member's, or of somebody they act for. */
async function pressedBefore(visit: MemberVisit): Promise<Answer | null> {
  const { form } = visit
  const { node, people } = visit.desk
  const nonce = fromHex(form.text('nonce'), 16)
  const made = nonce === null ? null : people.presses.made(nonce)
  if (made === null) return null
  const crossing = await readCrossing(node, people, made)
  if (crossing.ok) return speaksFor(visit, crossing.value.person) ? { to: `/crossings/${toHex(made)}` } : null
  const index = await indexOf(node, made)
  const record = index === null ? null : await readRecord(node, people, index)
  const isMine = record?.ok && record.value.parts.some(({ person }) => speaksFor(visit, person))
  return isMine ? { to: `/records/${index}?again` } : null
}

/** "Bo M., Millbrook"; without the bank where it is this one. */
function whoHelped({ say }: MemberVisit, { reads, neighbour }: Opened): string {
  return neighbour === null ? reads.payee : say('party.at', { name: reads.payee, bank: neighbour.name })
}

/** Asked only of whoever may act for somebody, before anybody is named: the sentence to agree to names whom it is about. */
function whomPage(visit: MemberVisit, opened: Opened, wrong: string | null = null): Page {
  const { say } = visit
  const { reads } = opened
  const errors = wrong === null ? [] : [{ field: null, text: wrong }]
  return {
    title: say('for_whom.helped', { helper: whoHelped(visit, opened) }),
    errors,
    back: '/collect',
    body: (
      <form method="post" action={collectPath(reads.bank, reads.code)} novalidate>
        <FormNumber visit={visit} />
        <ForWhom visit={visit} errors={errors} />
        <Button name="whom" value="yes">
          {say('form.continue')}
        </Button>
      </form>
    ),
  }
}

/** The sentence to agree to, and what moves; `length` null where it is asked for. */
function agreeing(
  visit: MemberVisit,
  opened: Opened,
  { me, length }: { me: Person; length: string | null },
): { readonly sentence: string; readonly moves: string | null } {
  const { say } = visit
  const helper = whoHelped(visit, opened)
  const words = helpWords(say, { category: opened.reads.category, note: opened.reads.what })
  const facts = { helper, words, said: words === '' ? 'no' : 'yes' }
  if (me !== visit.visitor.person) {
    const { name } = me
    return length === null
      ? { sentence: say('for_whom.sentence_open', { ...facts, name }), moves: null }
      : {
          sentence: say('for_whom.sentence', { ...facts, name, length }),
          moves: say('for_whom.moves', { length, name, other: helper }),
        }
  }
  return length === null
    ? { sentence: say('collect.sentence_open', facts), moves: null }
    : {
        sentence: say('collect.sentence', { ...facts, length }),
        moves: say('collect.moves', { length, helper }),
      }
}

function checkPage(visit: MemberVisit, opened: Opened, me: Person, wrong: FieldError | null = null): Page {
  const { say, speech, form, visitor } = visit
  const { reads, neighbour } = opened
  const errors = wrong === null ? [] : [wrong]
  const length = reads.minutes === null ? null : speech.hours(reads.minutes)
  const typed = readLength(visit, form)
  const minutes = reads.minutes ?? ('error' in typed ? 0 : typed.minutes)
  const { sentence, moves } = agreeing(visit, opened, { me, length })
  const isTight = neighbour !== null && neighbour.roomToSend < (reads.minutes ?? TIGHT_MINUTES)
  return {
    title: say('collect.check.title'),
    errors,
    back: '/me',
    body: (
      <form method="post" action={collectPath(reads.bank, reads.code)} novalidate>
        <FormNumber visit={visit} />
        <Carried fields={{ shown: shownOf(reads), ...(me === visitor.person ? {} : { for: me.number }) }} />
        <p class="ch-sentence">{sentence}</p>
        {moves === null ? (
          <LengthFields say={say} form={form} errors={errors} />
        ) : (
          <p class="govuk-body">{moves}</p>
        )}
        {isTight ? (
          <p class="govuk-body">
            {say('collect.room', { bank: neighbour.name, length: speech.hours(neighbour.roomToSend) })}
          </p>
        ) : null}
        <PinAgain visit={visit} minutes={minutes} errors={errors} />
        <div class="ch-row">
          <Button name="yes" value="yes">
            {say('collect.yes')}
          </Button>
          <Button kind="second" name="no" value="yes">
            {me === visitor.person ? say('collect.no') : say('claim.no')}
          </Button>
        </div>
      </form>
    ),
  }
}

/** Below so much room it is said before anybody types a length. */
const TIGHT_MINUTES = 180

async function save(visit: MemberVisit, opened: Opened, me: Person): Promise<Answer> {
  const { desk, form, visitor } = visit
  const { reads } = opened
  const length = reads.minutes === null ? readLength(visit, form) : { minutes: reads.minutes }
  if ('error' in length) return checkPage(visit, opened, me, length.error)
  const wrong = await pinAgainError(visit, length.minutes)
  if (wrong !== null) return checkPage(visit, opened, me, wrong)
  const paid = await payRequest(
    desk.node,
    desk.people,
    {
      payer: me.number,
      bank: reads.bank,
      code: reads.code,
      minutes: length.minutes,
      nonce: form.text('nonce'),
    },
    { member: visitor.person, method: 'pin', channel: 'web' },
  )
  if (!paid.ok) return checkPage(visit, opened, me, { field: null, text: refusalText(visit, paid.refusal) })
  if (!paid.value.across) {
    const { index, record } = paid.value.record
    return { to: `/records/${index}?${record === 'known' ? 'again' : 'new'}` }
  }
  await whenAnswered(visit, paid.value.payment.id)
  return { to: `/crossings/${toHex(paid.value.payment.id)}` }
}

function failedPage(visit: MemberVisit, refusal: Refusal): Page {
  const { say, path } = visit
  return {
    title: say('collect.failed.title'),
    status: 422,
    back: '/collect',
    body: (
      <>
        <p class="govuk-body">{refusalText(visit, refusal)}</p>
        {refusal.code === 'neighbour_away' ? <ButtonLink to={path}>{say('collect.again')}</ButtonLink> : null}
      </>
    ),
  }
}
