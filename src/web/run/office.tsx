/** Who works at the desk, and how does somebody new begin? With a link, on which that person chooses a password ([SIGN-16]). */

import { sameBytes, toHex } from '../../core/ids.ts'
import type { ListedCoordinator } from '../../register/coordinators.ts'
import { letIn } from '../../register/letting-in.ts'
import { addCoordinator, coordinatorsInOffice } from '../../register/office.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, TextField } from '../parts/form-parts.tsx'
import { OwnPassword, ownPassword } from '../parts/own-password.tsx'
import { linkPage } from '../parts/set-up-link.tsx'
import { type CoordinatorVisit, type Page, refusalText, screen } from '../screen.ts'

const PATH = '/run/coordinators'

export const officeScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: (visit) => officePage(visit, []),
  async post(visit) {
    const { desk, form, say, visitor } = visit
    const name = form.text('name')
    if (name === '') return officePage(visit, [{ field: 'name', text: say('office.name.missing') }])
    const own = await ownPassword(visit)
    if ('wrong' in own) return officePage(visit, [own.wrong])
    const wanted = { name, ownNumber: form.text('number') || null }
    const added = await addCoordinator(desk.node, desk.people, wanted, visitor.coordinator)
    if (!added.ok) {
      const field = FIELDS[added.refusal.code] ?? 'name'
      return officePage(visit, [{ field, text: refusalText(visit, added.refusal) }])
    }
    const link = await letIn(desk, added.value.name, visitor.coordinator, own.rows)
    if (link.ok) return linkPage(visit, link.value, PATH)
    return officePage(visit, [{ field: null, text: refusalText(visit, link.refusal) }])
  },
})

const FIELDS: Readonly<Record<string, string>> = { account_unknown: 'number', number_mistyped: 'number' }

export function colleaguePath({ actor }: Pick<ListedCoordinator, 'actor'>): string {
  return `${PATH}/${toHex(actor)}`
}

async function officePage(visit: CoordinatorVisit, errors: readonly FieldError[]): Promise<Page> {
  const { say, desk, form } = visit
  const all = await coordinatorsInOffice(desk.node, desk.people)
  return {
    title: say('office.title'),
    errors,
    back: '/run/bank',
    body: (
      <>
        <p class="govuk-body">{say('office.lead')}</p>
        <ul class="ch-cards">
          {all.map((one) => (
            <Colleague visit={visit} one={one} />
          ))}
        </ul>
        <form method="post" action={PATH} novalidate>
          <h2 class="govuk-heading-m">{say('office.new')}</h2>
          <p class="govuk-body">{say('office.new.lead')}</p>
          <TextField
            say={say}
            name="name"
            label={say('office.name')}
            value={form.text('name')}
            errors={errors}
            autocomplete="off"
            width={30}
          />
          <TextField
            say={say}
            name="number"
            label={say('office.number')}
            hint={say('office.number.hint')}
            value={form.text('number')}
            errors={errors}
            autocomplete="off"
            width={10}
          />
          <OwnPassword visit={visit} errors={errors} />
          <Button>{say('office.add')}</Button>
        </form>
      </>
    ),
  }
}

function Colleague({ visit, one }: { visit: CoordinatorVisit; one: ListedCoordinator }) {
  const { say, desk, visitor } = visit
  const isOwn = sameBytes(one.actor, visitor.coordinator.actor)
  return (
    <li class="ch-card">
      <h2 class="govuk-heading-m">{one.name}</h2>
      <p class="govuk-body">{say(desk.logins.has(one.actor) ? 'office.comes_in' : 'office.never_in')}</p>
      <ButtonLink to={isOwn ? '/desk/me' : colleaguePath(one)} kind="second">
        {isOwn ? say('office.own') : say('office.open', { name: one.name })}
      </ButtonLink>
    </li>
  )
}
