/** How does the desk keep up with people who move house, marry or change their telephone? Every field but the private note. */

import { editMember } from '../../register/editing.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { detailsOfForm, fieldOf, PersonFields } from '../parts/person-fields.tsx'
import { notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

export const changePersonScreen = screen({
  path: '/desk/people/:number/change',
  who: ['coordinator'],
  get(visit) {
    const person = personOfPath(visit)
    return person === null ? notHere(visit) : changePage(visit, person, [])
  },
  async post(visit) {
    const { desk, form, say, visitor } = visit
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    const errors: FieldError[] = []
    if (form.text('name') === '') errors.push({ field: 'name', text: say('person.name.missing') })
    if (form.text('number') === '') errors.push({ field: 'number', text: say('change.number.missing') })
    if (errors.length > 0) return changePage(visit, person, errors)
    const changes = { ...detailsOfForm(form), number: form.text('number') }
    const edited = await editMember(desk.node, desk.people, person.number, changes, visitor.coordinator)
    if (!edited.ok) {
      const { refusal } = edited
      return changePage(visit, person, [{ field: fieldOf(refusal), text: refusalText(visit, refusal) }])
    }
    return { to: `${personPath(edited.value)}?changed` }
  },
})

function changePage(visit: Visit, person: Person, errors: readonly FieldError[]): Page {
  const { say } = visit
  return {
    title: say('change.title', { name: person.name }),
    errors,
    back: personPath(person),
    body: (
      <form method="post" action={`${personPath(person)}/change`} novalidate>
        <PersonFields visit={visit} errors={errors} person={person} />
        <Button>{say('form.save')}</Button>
      </form>
    ),
  }
}
