/** What can be done about a colleague at the desk? A link for whoever has lost everything, and the end of the office. */

import { sameBytes, toHex } from '../../core/ids.ts'
import type { ListedCoordinator } from '../../register/coordinators.ts'
import { letIn } from '../../register/letting-in.ts'
import { coordinatorsInOffice, removeCoordinator } from '../../register/office.ts'
import type { Write } from '../../store/store.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { OwnPassword, ownPassword } from '../parts/own-password.tsx'
import { linkPage } from '../parts/set-up-link.tsx'
import { type Answer, type CoordinatorVisit, notHere, type Page, refusalText, screen } from '../screen.ts'
import { colleaguePath } from './office.tsx'

const ALL = '/run/coordinators'

export const colleagueScreen = screen({
  path: '/run/coordinators/:actor',
  who: ['coordinator'],
  async get(visit) {
    const one = await colleague(visit)
    return one === null ? notHere(visit) : colleaguePage(visit, one, [])
  },
  async post(visit) {
    const one = await colleague(visit)
    if (one === null) return notHere(visit)
    const own = await ownPassword(visit)
    if ('wrong' in own) return colleaguePage(visit, one, [own.wrong])
    return visit.form.text('act') === 'remove' ? remove(visit, one, own.rows) : makeLink(visit, one, own.rows)
  },
})

async function makeLink(
  visit: CoordinatorVisit,
  one: ListedCoordinator,
  rows: readonly Write[],
): Promise<Answer> {
  const made = await letIn(visit.desk, one.name, visit.visitor.coordinator, rows)
  if (made.ok) return linkPage(visit, made.value, ALL)
  return colleaguePage(visit, one, [{ field: null, text: refusalText(visit, made.refusal) }])
}

/** Whoever is out of office is signed in nowhere from then on. */
async function remove(
  visit: CoordinatorVisit,
  one: ListedCoordinator,
  rows: readonly Write[],
): Promise<Answer> {
  const { node, people, signIns } = visit.desk
  const removed = await removeCoordinator(node, people, one.name, visit.visitor.coordinator, rows)
  if (!removed.ok)
    return colleaguePage(visit, one, [{ field: null, text: refusalText(visit, removed.refusal) }])
  await signIns.endAll({ role: 'coordinator', id: one.actor }, null)
  return { to: ALL }
}

/** Somebody else in office; what one can do about oneself stands on the own page. */
async function colleague({ desk, params, visitor }: CoordinatorVisit): Promise<ListedCoordinator | null> {
  const all = await coordinatorsInOffice(desk.node, desk.people)
  const found = all.find(({ actor }) => toHex(actor) === params.actor)
  return found === undefined || sameBytes(found.actor, visitor.coordinator.actor) ? null : found
}

function colleaguePage(visit: CoordinatorVisit, one: ListedCoordinator, errors: readonly FieldError[]): Page {
  const { say, desk } = visit
  const { name } = one
  return {
    title: say('office.one.title', { name }),
    errors,
    back: ALL,
    body: (
      <form method="post" action={colleaguePath(one)} novalidate>
        <p class="govuk-body">{say('office.link.for', { name })}</p>
        {desk.logins.has(one.actor) ? <p class="govuk-body">{say('office.link.ends')}</p> : null}
        <p class="govuk-body">{say('office.remove.for', { name })}</p>
        <OwnPassword visit={visit} errors={errors} />
        <div class="ch-row">
          <Button name="act" value="link">
            {say('office.link.make')}
          </Button>
          <Button kind="warning" name="act" value="remove">
            {say('office.remove')}
          </Button>
        </div>
      </form>
    ),
  }
}
