/**
 * How does the first coordinator come in, and one who has lost everything? By a link that the program prints or a
 * recovery code leads to: choose a password, print the recovery codes, and begin ([SIGN-8], [SIGN-9]). Opening the
 * link changes nothing; pressing the button does.
 */

import { sameBytes } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { keepBankFacts } from '../../register/bank-facts.ts'
import type { Coordinator } from '../../register/coordinators.ts'
import { coordinatorsInOffice } from '../../register/office.ts'
import { comeIn } from '../coming-in.ts'
import type { FieldError } from '../form.ts'
import { codesPage } from '../parts/codes.tsx'
import { Button, TextField } from '../parts/form-parts.tsx'
import { EVERYBODY, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { SharedComputer } from './sign-in.tsx'

export const setupScreen = screen({
  path: '/setup/:token',
  who: EVERYBODY,
  async get(visit) {
    const coordinator = await linked(visit)
    return coordinator === null ? linkOver(visit) : setupPage(visit, coordinator, await isFirst(visit))
  },
  async post(visit) {
    const { desk, form, params, say } = visit
    const coordinator = await linked(visit)
    if (coordinator === null) return linkOver(visit)
    const first = await isFirst(visit)
    const [password, again] = [form.exact('password'), form.exact('again')]
    const errors: FieldError[] = []
    if ([...password].length < LIMITS.passwordCharacters)
      errors.push({
        field: 'password',
        text: say('setup.password.short', { characters: LIMITS.passwordCharacters }),
      })
    else if (password !== again) errors.push({ field: 'again', text: say('setup.again.differs') })
    if (first && form.text('phone') === '') errors.push({ field: 'phone', text: say('setup.phone.missing') })
    if (errors.length > 0) return setupPage(visit, coordinator, first, errors)
    if (first) {
      const facts = {
        ...visit.facts,
        phone: form.text('phone'),
        hours: form.text('hours'),
        address: form.text('address'),
      }
      const kept = await keepBankFacts(desk.node, facts)
      if (!kept.ok)
        return setupPage(visit, coordinator, first, [
          { field: 'phone', text: refusalText(visit, kept.refusal) },
        ])
    }
    const chosen = await desk.logins.choose(coordinator.actor, password, {
      token: params.token ?? null,
      // Whoever comes in by a link or a recovery code may have lost a device.
      rows: await desk.devices.forget(coordinator.actor),
    })
    if (!chosen.ok)
      return setupPage(visit, coordinator, first, [
        { field: 'password', text: refusalText(visit, chosen.refusal) },
      ])
    await desk.signIns.endAll({ role: 'coordinator', id: coordinator.actor }, null)
    const keep = await comeIn(visit, { role: 'coordinator', id: coordinator.actor })
    const page = codesPage(visit, coordinator, chosen.value)
    return keep.ok ? { ...page, keep: keep.value } : page
  },
})

async function linked({ desk, params }: Visit): Promise<Coordinator | null> {
  const actor = desk.logins.linked(params.token ?? '')
  if (actor === null) return null
  const all = await coordinatorsInOffice(desk.node, desk.people)
  return all.find((one) => sameBytes(one.actor, actor)) ?? null
}

async function isFirst({ desk }: Visit): Promise<boolean> {
  return !(await desk.logins.anybody())
}

function linkOver({ say }: Visit): Page {
  return { title: say('setup.over.title'), body: say('setup.over.text'), status: 404 }
}

function setupPage(
  visit: Visit,
  coordinator: Coordinator,
  first: boolean,
  errors: readonly FieldError[] = [],
): Page {
  const { say, bankName, desk } = visit
  const kind = first ? 'first' : desk.logins.has(coordinator.actor) ? 'again' : 'new'
  return {
    title:
      kind === 'first'
        ? say('setup.title', { name: coordinator.name, bank: bankName })
        : say(`setup.${kind}.title`, { name: coordinator.name }),
    errors,
    body: (
      <form method="post" novalidate>
        <p class="govuk-body">
          {kind === 'first' ? say('setup.lead') : say(`setup.${kind}.lead`, { bank: bankName })}
        </p>
        <input type="hidden" name="username" autocomplete="username" value={coordinator.name} />
        <TextField
          say={say}
          name="password"
          label={say('setup.password')}
          hint={say('setup.password.hint', { characters: LIMITS.passwordCharacters })}
          value=""
          type="password"
          autocomplete="new-password"
          errors={errors}
          width={30}
        />
        <TextField
          say={say}
          name="again"
          label={say('setup.again')}
          value=""
          type="password"
          autocomplete="new-password"
          errors={errors}
          width={30}
        />
        {first ? <BankFields visit={visit} errors={errors} /> : null}
        <SharedComputer visit={visit} />
        <Button>{say('form.continue')}</Button>
      </form>
    ),
  }
}

/** What stands on every page and letter of the bank, asked of its first coordinator. */
function BankFields({ visit: { say, form }, errors }: { visit: Visit; errors: readonly FieldError[] }) {
  return (
    <>
      <TextField
        say={say}
        name="phone"
        label={say('setup.phone')}
        hint={say('setup.phone.hint')}
        value={form.text('phone')}
        type="tel"
        autocomplete="tel"
        errors={errors}
        width={20}
      />
      <TextField
        say={say}
        name="hours"
        label={say('setup.hours')}
        hint={say('setup.hours.hint')}
        value={form.text('hours')}
        errors={errors}
      />
      <TextField
        say={say}
        name="address"
        label={say('setup.address')}
        hint={say('setup.address.hint')}
        value={form.text('address')}
        errors={errors}
      />
    </>
  )
}
