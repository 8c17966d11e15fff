/**
 * How is the desk's private note read and written? Reading it is an act that the person can see, so it is behind a
 * button; writing one where there is none shows nothing ([DESK-4]).
 */

import { editMember, privateNoteOf } from '../../register/editing.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, TextArea } from '../parts/form-parts.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refusalText,
  screen,
  type Visit,
} from '../screen.ts'
import { personOfPath } from './one-person.ts'
import { personPath } from './people.tsx'

export const noteScreen = screen({
  path: '/desk/people/:number/note',
  who: ['coordinator'],
  get(visit) {
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    return person.note === null ? notePage(visit, person, '') : closedPage(visit, person)
  },
  post(visit) {
    const person = personOfPath(visit)
    if (person === null) return notHere(visit)
    return visit.form.has('note') ? save(visit, person) : open(visit, person)
  },
})

async function open(visit: CoordinatorVisit, person: Person): Promise<Answer> {
  const { desk, visitor } = visit
  const read = await privateNoteOf(desk.node, desk.people, person.number, visitor.coordinator)
  if (!read.ok) return closedPage(visit, person, refusalText(visit, read.refusal))
  return notePage(visit, read.value, read.value.note ?? '')
}

async function save(visit: CoordinatorVisit, person: Person): Promise<Answer> {
  const { desk, form, visitor } = visit
  const note = form.text('note')
  const changes = { note: note === '' ? null : note }
  const edited = await editMember(desk.node, desk.people, person.number, changes, visitor.coordinator)
  if (!edited.ok)
    return notePage(visit, person, note, [{ field: 'note', text: refusalText(visit, edited.refusal) }])
  return { to: `${personPath(person)}?changed` }
}

function closedPage({ say }: Visit, person: Person, wrong: string | null = null): Page {
  return {
    title: say('person.note'),
    errors: wrong === null ? [] : [{ field: null, text: wrong }],
    back: personPath(person),
    body: (
      <form method="post" action={`${personPath(person)}/note`}>
        <p class="govuk-body">{say('person.note.kept', { name: person.name })}</p>
        <Button name="open" value="yes">
          {say('person.note.read')}
        </Button>
      </form>
    ),
  }
}

function notePage({ say }: Visit, person: Person, note: string, errors: readonly FieldError[] = []): Page {
  return {
    title: say('person.note'),
    errors,
    back: personPath(person),
    body: (
      <form method="post" action={`${personPath(person)}/note`} novalidate>
        <TextArea
          say={say}
          name="note"
          label={person.name}
          hint={say('person.note.hint')}
          value={note}
          errors={errors}
          rows={8}
        />
        <Button>{say('person.note.save')}</Button>
      </form>
    ),
  }
}
