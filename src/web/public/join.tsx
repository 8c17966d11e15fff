/**
 * How does somebody new find a way in? By ringing, or with five questions and a yes to the rules; then the desk rings back.
 * Nobody waits for an e-mail ([DESK-5]).
 */

import { toHex } from '../../core/ids.ts'
import { readHouseRules } from '../../register/house-rules.ts'
import type { JoinRequest } from '../../register/joiners.ts'
import type { FieldError, Form } from '../form.ts'
import { Telephone } from '../layout.tsx'
import { Button, Checkboxes, TextArea, TextField } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { EVERYBODY, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { RulesText } from './about.tsx'

export const joinScreen = screen({
  path: '/join',
  who: EVERYBODY,
  get: (visit) => (visit.query.has('done') ? donePage(visit) : joinPage(visit, [])),
  async post(visit) {
    const { desk, form, say } = visit
    const request = requestOf(form)
    const rules = readHouseRules(desk.node.store)
    const errors: FieldError[] = []
    if (request.name === '') errors.push({ field: 'name', text: say('join.name.missing') })
    if (request.phone === null && request.reach === null)
      errors.push({ field: 'phone', text: say('join.phone.missing') })
    if (form.text('agreed') !== String(rules.version))
      errors.push({
        field: 'agreed',
        text: say(form.has('agreed') ? 'join.agreed.newer' : 'join.agreed.missing'),
      })
    if (errors.length > 0) return joinPage(visit, errors)
    const given = { nonce: form.text('nonce'), rules: rules.version, address: visit.address }
    const asked = await desk.joiners.ask(request, given)
    if (asked.ok) return { to: '/join?done' }
    const { phone } = visit.facts
    if (asked.refusal.code === 'joins_too_many' && phone !== null)
      return joinPage(visit, [{ field: null, text: say('join.too_many', { phone }) }])
    const { field } = asked.refusal.facts
    const named = typeof field === 'string' && field in request ? field : null
    return joinPage(visit, [{ field: named, text: refusalText(visit, asked.refusal) }])
  },
})

function requestOf(form: Form): JoinRequest {
  const text = (name: string): string | null => form.text(name) || null
  return {
    name: form.text('name'),
    phone: text('phone'),
    reach: text('reach'),
    area: text('area'),
    can: text('can'),
    wants: text('wants'),
  }
}

function joinPage(visit: Visit, errors: readonly FieldError[]): Page {
  const { say, form, facts, bankName, desk } = visit
  const nonce = form.text('nonce') || toHex(desk.node.random.bytes(16))
  const field = (name: 'phone' | 'reach' | 'area') =>
    ({ say, errors, name, label: say(`join.${name}`), value: form.text(name) }) as const
  return {
    title: say('join.title', { bank: bankName }),
    errors,
    back: '/',
    body: (
      <>
        <p class="govuk-body">
          {facts.phone === null ? say('join.lead_without_phone') : say('join.lead')}
          {facts.phone === null ? null : (
            <>
              {' '}
              <Telephone number={facts.phone} />
            </>
          )}
        </p>
        <form method="post" action="/join" novalidate>
          <Carried fields={{ nonce }} />
          <TextField
            say={say}
            errors={errors}
            name="name"
            label={say('join.name')}
            value={form.text('name')}
            size="s"
            autocomplete="name"
          />
          <TextField {...field('phone')} size="s" type="tel" width={20} autocomplete="tel" />
          <TextField {...field('reach')} hint={say('join.reach.hint')} />
          <TextField {...field('area')} size="s" hint={say('join.area.hint')} />
          {(['can', 'wants'] as const).map((name) => (
            <TextArea
              say={say}
              errors={errors}
              name={name}
              size="s"
              label={say(`join.${name}`)}
              hint={say(`join.${name}.hint`)}
              value={form.text(name)}
            />
          ))}
          <Agreed visit={visit} errors={errors} />
          <p class="govuk-body">{say('join.private')}</p>
          <Button>{say('join.send')}</Button>
        </form>
      </>
    ),
  }
}

function Agreed({ visit, errors }: { visit: Visit; errors: readonly FieldError[] }) {
  const { say, form, desk } = visit
  const rules = readHouseRules(desk.node.store)
  return (
    <>
      <h2 class="govuk-heading-s">{say('about.rules')}</h2>
      <RulesText visit={visit} rules={rules} />
      <Checkboxes
        say={say}
        name="agreed"
        label={say('join.agreed')}
        errors={errors}
        values={form.all('agreed')}
        choices={[{ value: String(rules.version), label: say('join.agreed.yes') }]}
      />
    </>
  )
}

/** What happens next, when, and whom to ring. */
function donePage({ say, facts, bankName }: Visit): Page {
  return {
    title: say('join.done.title'),
    body: (
      <>
        <p class="govuk-body-l">{say('join.done.next', { bank: bankName })}</p>
        <ol class="govuk-list govuk-list--number">
          <li>{say('join.done.step_1')}</li>
          <li>{say('join.done.step_2')}</li>
          <li>{say('join.done.step_3')}</li>
        </ol>
        <p class="govuk-body">
          {facts.phone === null
            ? say('join.done.come')
            : say('join.done.ring', {
                phone: facts.phone,
                hours: facts.hours ?? '',
                when: facts.hours === null ? 'no' : 'yes',
              })}
        </p>
      </>
    ),
  }
}
