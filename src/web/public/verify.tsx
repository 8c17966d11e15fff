/** Is a receipt true? Anybody may hold one against this bank's log: the phrase with its reference, or a proof file ([EX-19]). */

import { type Verdict, verifyProof, verifyReference } from '../../register/verify.ts'
import type { FieldError } from '../form.ts'
import { Button, TextArea, TextField } from '../parts/form-parts.tsx'
import { EVERYBODY, type Page, screen, type Visit } from '../screen.ts'

export const verifyScreen = screen({
  path: '/verify',
  who: EVERYBODY,
  get: (visit) => verifyPage(visit, null, []),
  async post(visit) {
    const { desk, form, say } = visit
    const [reference, proof] = [form.text('reference'), form.text('proof')]
    if (reference === '' && proof === '')
      return verifyPage(visit, null, [{ field: 'reference', text: say('verify.missing') }])
    const verdict =
      proof === ''
        ? await verifyReference(desk.node, { phrase: form.text('phrase'), reference })
        : await verifyProof(desk.node, proof)
    return verifyPage(visit, verdict, [])
  },
})

const GOOD: ReadonlySet<Verdict['kind']> = new Set(['stands', 'proof_right'])

function verifyPage(visit: Visit, verdict: Verdict | null, errors: readonly FieldError[]): Page {
  const { say, form, bankName } = visit
  return {
    title: say('verify.title'),
    errors,
    body: (
      <>
        {verdict === null ? (
          <p class="govuk-body">{say('verify.lead', { bank: bankName })}</p>
        ) : (
          <div class="govuk-inset-text" role="status">
            <p class="govuk-body-l">{say(GOOD.has(verdict.kind) ? 'verify.yes' : 'verify.no')}</p>
            <p class="govuk-body">
              {verdict.kind === 'proof_right'
                ? say('verify.proof_right', { index: verdict.index })
                : say(`verify.${verdict.kind}`, { bank: bankName })}
            </p>
          </div>
        )}
        <form method="post" action="/verify" novalidate>
          <h2 class="govuk-heading-m">{say('verify.by_phrase')}</h2>
          <TextField
            say={say}
            errors={errors}
            name="phrase"
            label={say('verify.phrase')}
            hint={say('verify.phrase.hint')}
            value={form.text('phrase')}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            width={20}
          />
          <TextField
            say={say}
            errors={errors}
            name="reference"
            label={say('receipt.reference')}
            hint={say('verify.reference.hint')}
            value={form.text('reference')}
            autocomplete="off"
            spellcheck={false}
          />
          <h2 class="govuk-heading-m">{say('verify.by_proof')}</h2>
          <TextArea
            say={say}
            errors={errors}
            name="proof"
            label={say('verify.proof')}
            hint={say('verify.proof.hint')}
            value={form.text('proof')}
            rows={5}
          />
          <Button>{say('verify.check')}</Button>
        </form>
      </>
    ),
  }
}
