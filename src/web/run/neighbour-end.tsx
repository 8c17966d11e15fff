/** How does the line to a bank end? Once both agree and the hours of both sides are even; it is asked once more here. */

import type { NeighbourView } from '../../register/neighbours.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { notHere, type Page, refusalText, screen, type Visit } from '../screen.ts'
import { standingWords } from './line-words.tsx'
import { neighbourOfPath } from './neighbour.tsx'
import { neighbourPath } from './neighbours.tsx'

export const neighbourEndScreen = screen({
  path: '/run/neighbours/:bank/end',
  who: ['coordinator'],
  async get(visit) {
    const view = await neighbourOfPath(visit)
    return view?.line == null ? notHere(visit) : endPage(visit, view, [])
  },
  async post(visit) {
    const view = await neighbourOfPath(visit)
    // A second press finds that it is over.
    if (view?.line == null || view.line.state === 'closing') return { to: '/run/neighbours' }
    if (!visit.form.has('sure')) return endPage(visit, view, [])
    const ended = await visit.desk.node.closeNeighbour(view.bank)
    if (ended.ok) return { to: '/run/neighbours' }
    return endPage(visit, view, [{ field: null, text: refusalText(visit, ended.refusal) }])
  },
})

function endPage(visit: Visit, view: NeighbourView, errors: readonly FieldError[]): Page {
  const { say } = visit
  const { name, line } = view
  const proposed = line?.state === 'proposed'
  return {
    title: say(proposed ? 'neighbour.withdraw.title' : 'neighbour.end.title', { bank: name }),
    errors,
    back: neighbourPath(view),
    body: (
      <form method="post" action={`${neighbourPath(view)}/end`}>
        <Carried fields={{ sure: 'yes' }} />
        {proposed ? null : (
          <>
            <p class="govuk-body">{say('neighbour.end.text', { bank: name })}</p>
            <p class="govuk-body">{standingWords(visit, view)}</p>
            <p class="govuk-body">{say('neighbour.end.even')}</p>
          </>
        )}
        <div class="ch-row">
          <Button kind="warning">{say(proposed ? 'neighbour.withdraw' : 'neighbour.end.do')}</Button>
          <ButtonLink to={neighbourPath(view)} kind="second">
            {say('neighbour.end.not_now')}
          </ButtonLink>
        </div>
      </form>
    ),
  }
}
