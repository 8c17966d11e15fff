/**
 * What became of a list that was brought in? Who came with it, and the way to take all of it away again while that can
 * be done; whoever has given or received since would stay ([IMP-12]).
 */

import { fromHex, HASH_BYTES } from '../../core/ids.ts'
import { checkUndo, type Undone, undoImport } from '../../register/import/undo.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink, TextField } from '../parts/form-parts.tsx'
import { type Answer, notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { personPath } from './people.tsx'

export const broughtListScreen = screen({
  path: '/desk/brought/:digest',
  who: ['coordinator'],
  get: (visit) => donePage(visit, []),
  async post(visit): Promise<Answer> {
    const { desk, form, params, visitor } = visit
    const digest = fromHex(params.digest ?? '', HASH_BYTES)
    if (digest === null) return notHere(visit)
    const by = { coordinator: visitor.coordinator }
    const outcome = await undoImport(digest, desk.node, desk.people, by, form.text('name'))
    if (outcome.ok) return undonePage(visit, outcome.value)
    if (outcome.refusal.code === 'import_unknown') return notHere(visit)
    const field = outcome.refusal.code === 'name_not_typed' ? 'name' : null
    const isPartly = outcome.refusal.code === 'import_after_line'
    const text = isPartly ? visit.say('lists.undo.after_line') : refusalText(visit, outcome.refusal)
    return donePage(visit, [{ field, text }])
  },
})

async function donePage(visit: Visit, errors: readonly FieldError[]): Promise<Page> {
  const { say, desk, params, query, bankName, form } = visit
  const digest = fromHex(params.digest ?? '', HASH_BYTES)
  const undo = digest === null ? null : await checkUndo(digest, desk.node, desk.people)
  if (!undo?.ok) return notHere(visit)
  const { removed, staying } = undo.value
  const state = query.has('new') ? 'new' : query.has('again') ? 'again' : 'seen'
  return {
    title: say(`lists.done.${state}`, { count: removed + staying.length }),
    errors,
    back: '/desk/lists',
    body: (
      <>
        <p class="govuk-body">{say('lists.done.lead')}</p>
        <ButtonLink to="/desk/people">{say('lists.done.people')}</ButtonLink>
        <h2 class="govuk-heading-m">{say('lists.undo')}</h2>
        <p class="govuk-body">{say('lists.undo.lead', { count: removed })}</p>
        <Staying people={staying} label={say('lists.undo.staying')} />
        <form method="post" action={`/desk/brought/${params.digest}`} novalidate>
          <TextField
            say={say}
            name="name"
            label={say('lists.accept.name', { bank: bankName })}
            value={form.text('name')}
            errors={errors}
            width={20}
          />
          <Button kind="warning">{say('lists.undo.go')}</Button>
        </form>
      </>
    ),
  }
}

function undonePage(visit: Visit, { removed, staying }: Undone): Page {
  const { say } = visit
  return {
    title: say('lists.undone.title', { count: removed }),
    body: (
      <>
        <p class="govuk-body">{say('lists.undone.text')}</p>
        <Staying people={staying} label={say('lists.undone.staying')} />
        <ButtonLink to="/desk/lists">{say('lists.undone.again')}</ButtonLink>
      </>
    ),
  }
}

function Staying({ people, label }: { people: readonly Person[]; label: string }) {
  if (people.length === 0) return null
  return (
    <>
      <p class="govuk-body">{label}</p>
      <ul class="govuk-list govuk-list--bullet">
        {people.map((person) => (
          <li>
            <a class="govuk-link" href={personPath(person)}>
              {person.name}
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}
