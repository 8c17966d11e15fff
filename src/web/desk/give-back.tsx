/**
 * How does the desk give hours back that came from another bank and were wrong? It types the code that the other desk reads
 * out, reads who, how long and why, and presses yes; the hours go back as a payment of its own ([DESK-14], flow H).
 */

import { toHex } from '../../core/ids.ts'
import type { CrossingView } from '../../register/crossings.ts'
import type { PayerReads } from '../../register/paying-requests.ts'
import type { Person } from '../../register/person.ts'
import { collectForBack, giveBack } from '../../register/putting-right.ts'
import { readCode } from '../../register/request-codes.ts'
import { receiptPhrase } from '../../words/phrase.ts'
import { type FieldError, isNonce } from '../form.ts'
import { shownOf } from '../parts/across.ts'
import { crossingOfPath, whenAnswered } from '../parts/crossing-page.tsx'
import { crossingSentence } from '../parts/crossings.ts'
import { Button, TextField } from '../parts/form-parts.tsx'
import { CheckForm, FormNumber } from '../parts/help-form.tsx'
import { readWrong } from '../parts/put-right.tsx'
import { Rows } from '../parts/rows.tsx'
import { type Answer, type CoordinatorVisit, notHere, type Page, refusalText, screen } from '../screen.ts'

/** A payment whose hours this bank can give back, and whose they are now. */
interface Givable {
  readonly crossing: CrossingView
  readonly person: Person
  readonly path: string
}

export const giveBackScreen = screen({
  path: '/desk/crossings/:id/back',
  who: ['coordinator'],
  async get(visit) {
    const found = await givable(visit)
    if (found === null) return notHere(visit)
    return 'to' in found ? found : formPage(visit, found, [])
  },
  async post(visit): Promise<Answer> {
    const found = await givable(visit)
    if (found === null) return notHere(visit)
    if ('to' in found) return found
    const { desk, form, say } = visit
    if (form.has('change')) return formPage(visit, found, [])
    const code = readCode(form.text('code'))
    if (code === null) return formPage(visit, found, [{ field: 'code', text: say('collect.code.wrong') }])
    const reads = await collectForBack(desk, found.crossing, code)
    if (!reads.ok) {
      // A press at the same moment may have used the code.
      const now = await givable(visit)
      if (now !== null && 'to' in now) return now
      const { code: no } = reads.refusal
      const text = no === 'invoice_differs' ? otherText(visit, found) : refusalText(visit, reads.refusal)
      return formPage(visit, found, [{ field: 'code', text }])
    }
    if (!form.has('save')) return checkPage(visit, found, reads.value)
    if (form.text('shown') !== shownOf(reads.value))
      return checkPage(visit, found, reads.value, say('collect.changed'))
    return save(visit, found, reads.value)
  },
})

/** Null when there is nothing here to give back; where hours are on their way, the payment that takes them. */
async function givable(visit: CoordinatorVisit): Promise<Givable | { readonly to: string } | null> {
  const crossing = await crossingOfPath(visit)
  if (crossing === null || crossing.person === null || crossing.state !== 'credited') return null
  const { one, stage } = await readWrong(visit, crossing.id)
  if (one?.back != null && (stage === 'corrected' || stage === 'on_its_way'))
    return { to: `/desk/crossings/${toHex(one.back)}` }
  return { crossing, person: crossing.person, path: `/desk/crossings/${toHex(crossing.id)}/back` }
}

function otherText({ say, speech }: CoordinatorVisit, { crossing: { id, minutes } }: Givable): string {
  return say('give_back.other', { length: speech.hours(minutes), phrase: receiptPhrase(id) })
}

function formPage(visit: CoordinatorVisit, { crossing, path }: Givable, errors: readonly FieldError[]): Page {
  const { say, form, today } = visit
  const { bankName: bank, id } = crossing
  return {
    title: say('give_back.title'),
    errors,
    back: `/desk/crossings/${toHex(id)}`,
    body: (
      <form method="post" action={path} novalidate>
        <FormNumber visit={visit} />
        <p class="ch-sentence">{crossingSentence(visit, crossing, today)}</p>
        <p class="govuk-body">{say('give_back.lead', { bank })}</p>
        <TextField
          say={say}
          name="code"
          label={say('give_back.code', { bank })}
          value={form.text('code')}
          errors={errors}
          width={10}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
        />
        <Button>{say('form.check')}</Button>
      </form>
    ),
  }
}

function checkPage(
  visit: CoordinatorVisit,
  { crossing, person, path }: Givable,
  reads: PayerReads,
  wrong: string | null = null,
): Page {
  const { say, speech, form } = visit
  const theirs = say('party.at', { name: reads.payee, bank: crossing.bankName })
  const fields = { code: reads.code, nonce: form.text('nonce'), shown: shownOf(reads) }
  return {
    title: say('give_back.check.title'),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    body: (
      <>
        <p class="ch-sentence">
          {speech.alone(
            say('record.check.moves', {
              length: speech.hours(crossing.minutes),
              helper: theirs,
              helped: person.name,
            }),
          )}
        </p>
        <Rows
          rows={[
            [
              say('record.phrase'),
              <span class="ch-phrase" dir="ltr">
                {receiptPhrase(crossing.id)}
              </span>,
            ],
            [say('give_back.why'), speech.alone(reads.what)],
          ]}
        />
        <p class="govuk-body">{say('give_back.both')}</p>
        <CheckForm visit={visit} to={path} fields={fields} save={say('give_back.yes')} />
      </>
    ),
  }
}

async function save(visit: CoordinatorVisit, found: Givable, reads: PayerReads): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  // Without it a second press could be a second payment, had the first come back by then.
  if (!isNonce(form)) return checkPage(visit, found, reads, say('refusal.request_malformed'))
  const { id } = found.crossing
  const given = await giveBack(desk, id, { code: reads.code, nonce: form.text('nonce') }, visitor.coordinator)
  if (!given.ok) return checkPage(visit, found, reads, refusalText(visit, given.refusal))
  await whenAnswered(visit, given.value)
  return { to: `/desk/crossings/${toHex(given.value)}` }
}
