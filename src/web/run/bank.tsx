/** What does this bank say of itself? Telephone, opening hours, place and rules, as every page and letter shows them. */

import type { BankFacts } from '../../register/bank-facts.ts'
import { keepBankFacts } from '../../register/bank-facts.ts'
import { keepHouseRules, readHouseRules, rulesIn } from '../../register/house-rules.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, TextArea, TextField } from '../parts/form-parts.tsx'
import { type Page, refusalText, screen, type Visit } from '../screen.ts'

const LINES = ['phone', 'hours', 'address', 'area', 'email', 'concernName', 'concernPhone'] as const
const HINTED = ['hours', 'area', 'concernName'] as const
type Line = (typeof LINES)[number]

export const bankScreen = screen({
  path: '/run/bank',
  who: ['coordinator'],
  get: (visit) => bankPage(visit, []),
  async post(visit) {
    const { desk, form, say } = visit
    if (form.text('phone') === '')
      return bankPage(visit, [{ field: 'phone', text: say('bank.phone.missing') }])
    const fitting = rulesIn(form.text('rules'))
    if (!fitting.ok) return bankPage(visit, [errorOf(visit, fitting.refusal)])
    const lines = Object.fromEntries(LINES.map((name) => [name, form.text(name) || null])) as Pick<
      BankFacts,
      Line
    >
    const kept = await keepBankFacts(desk.node, { ...lines, about: form.text('about') || null })
    if (!kept.ok) return bankPage(visit, [errorOf(visit, kept.refusal)])
    const rules = await keepHouseRules(desk.node, form.text('rules'))
    if (!rules.ok) return bankPage(visit, [errorOf(visit, rules.refusal)])
    return { to: '/run/bank?saved' }
  },
})

function errorOf(visit: Visit, refusal: Parameters<typeof refusalText>[1]): FieldError {
  const { field } = refusal.facts
  return { field: typeof field === 'string' ? field : 'phone', text: refusalText(visit, refusal) }
}

function bankPage(visit: Visit, errors: readonly FieldError[]): Page {
  const { say, form, facts, query, bankName, desk } = visit
  const typed = (name: Line | 'about' | 'rules', known: string | null): string =>
    form.has('phone') ? form.text(name) : (known ?? '')
  return {
    title: say('bank.title', { bank: bankName }),
    errors,
    back: '/desk',
    body: (
      <>
        {query.has('saved') ? <div class="govuk-inset-text">{say('bank.saved')}</div> : null}
        <p class="govuk-body">{say('bank.lead')}</p>
        <form method="post" action="/run/bank" novalidate>
          {LINES.map((name) => (
            <TextField
              say={say}
              errors={errors}
              name={name}
              label={say(`bank.${name}`)}
              value={typed(name, facts[name])}
              autocomplete="off"
              {...(hasHint(name) ? { hint: say(`bank.${name}.hint`) } : {})}
              {...(name === 'phone' || name === 'concernPhone' ? { type: 'tel', width: 20 } : {})}
              {...(name === 'email' ? { type: 'email', spellcheck: false } : {})}
            />
          ))}
          <TextArea
            say={say}
            errors={errors}
            name="about"
            label={say('bank.about')}
            hint={say('bank.about.hint')}
            value={typed('about', facts.about)}
          />
          <TextArea
            say={say}
            errors={errors}
            name="rules"
            rows={8}
            label={say('bank.rules')}
            hint={say('bank.rules.hint')}
            value={typed('rules', readHouseRules(desk.node.store).text)}
          />
          <Button>{say('form.save')}</Button>
        </form>
        <div class="ch-row">
          <ButtonLink to="/run/coordinators" kind="second">
            {say('office.title')}
          </ButtonLink>
          <ButtonLink to="/run/sheet" kind="second">
            {say('sheet.paper.title')}
          </ButtonLink>
          <ButtonLink to="/run/health" kind="second">
            {say('health.title')}
          </ButtonLink>
        </div>
      </>
    ),
  }
}

function hasHint(name: Line): name is (typeof HINTED)[number] {
  return HINTED.some((one) => one === name)
}
