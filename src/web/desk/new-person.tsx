/** How does somebody new come into the register? Nothing but a name has to be known ([SIGN-1], [SIGN-2]). */

import { fromHex, toHex } from '../../core/ids.ts'
import { accountOfPress, addMember } from '../../register/people.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { fieldOf, PersonFields, personOfForm } from '../parts/person-fields.tsx'
import { type Page, refusalText, screen, type Visit } from '../screen.ts'
import { personPath } from './people.tsx'

export const newPersonScreen = screen({
  path: '/desk/people/new',
  who: ['coordinator'],
  get: (visit) => newPersonPage(visit, []),
  async post(visit) {
    const { desk, form, say, visitor } = visit
    const name = form.text('name')
    if (name === '') return newPersonPage(visit, [{ field: 'name', text: say('person.name.missing') }])
    const nonce = fromHex(form.text('nonce'), 16)
    const known = nonce === null ? null : desk.people.byAccount(accountOfPress(nonce))
    if (known !== null) return { to: `${personPath(known)}?new` }
    const alike = desk.people.all().filter((one) => one.name.toLowerCase() === name.toLowerCase())
    if (alike.length > 0 && !form.has('anyway')) return newPersonPage(visit, [], alike)
    const asked = { ...personOfForm(form), nonce: form.text('nonce') || null }
    const added = await addMember(desk.node, desk.people, asked, visitor.coordinator)
    if (!added.ok)
      return newPersonPage(visit, [
        { field: fieldOf(added.refusal), text: refusalText(visit, added.refusal) },
      ])
    return { to: `${personPath(added.value)}?new` }
  },
})

function newPersonPage(visit: Visit, errors: readonly FieldError[], alike: readonly Person[] = []): Page {
  const { say, form, desk } = visit
  const nonce = form.text('nonce') || toHex(desk.node.random.bytes(16))
  return {
    title: say('person.new.title'),
    errors,
    back: '/desk/people',
    body: (
      <form method="post" action="/desk/people/new" novalidate>
        <Carried fields={{ nonce }} />
        {alike.length === 0 ? null : (
          <div class="govuk-inset-text">
            <p class="govuk-body">{say('person.alike', { count: alike.length })}</p>
            <ul class="govuk-list">
              {alike.map((one) => (
                <li>
                  <a class="govuk-link" href={personPath(one)}>
                    {one.name}, <span dir="ltr">{one.number}</span>
                  </a>
                </li>
              ))}
            </ul>
            <input type="hidden" name="anyway" value="yes" />
          </div>
        )}
        <p class="govuk-body">{say('person.new.lead')}</p>
        <PersonFields visit={visit} errors={errors} person={null} />
        <Button>{say(alike.length === 0 ? 'person.new.save' : 'person.new.anyway')}</Button>
      </form>
    ),
  }
}
