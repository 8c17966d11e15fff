/** Which banks help each other with this one? All neighbours in words, those that ask first, and the ways to more. */

import { BANK_ID_BYTES, fromBase32, toBase32 } from '../../core/ids.ts'
import { type NeighbourView, neighbours, refusedBanks } from '../../register/neighbours.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { type Page, refused, screen, type Visit } from '../screen.ts'
import { contactWords, hindrances, RoomLeft } from './line-words.tsx'

const PATH = '/run/neighbours'

export const neighboursScreen = screen({
  path: PATH,
  who: ['coordinator'],
  get: async (visit) => neighboursPage(visit, await neighbours(visit.desk.node)),
  async post(visit) {
    const { desk, form } = visit
    const bank = fromBase32(form.text('may_ask'), BANK_ID_BYTES)
    const outcome = bank === null ? null : await desk.node.neighbourhood.letAsk(bank)
    return outcome?.ok === false ? refused(visit, outcome.refusal, PATH) : { to: PATH }
  },
})

export function neighbourPath({ bank }: Pick<NeighbourView, 'bank'>): string {
  return `${PATH}/${toBase32(bank)}`
}

function neighboursPage(visit: Visit, all: readonly NeighbourView[]): Page {
  const { say } = visit
  return {
    title: say('neighbours.title'),
    body: (
      <>
        <p class="govuk-body">{say('neighbours.lead')}</p>
        {all.length === 0 ? <p class="govuk-body">{say('neighbours.none')}</p> : null}
        <ul class="ch-cards">
          {all.map((view) => (
            <li class="ch-card">
              <h2 class="govuk-heading-m">{view.name}</h2>
              {view.line === null ? null : <LineCard visit={visit} view={view} />}
              {view.proposal === null ? null : <ProposalCard visit={visit} view={view} />}
            </li>
          ))}
        </ul>
        <div class="ch-row">
          <ButtonLink to="/run/neighbours/invite">{say('neighbours.invite')}</ButtonLink>
          <ButtonLink to="/run/neighbours/add" kind="second">
            {say('neighbours.add')}
          </ButtonLink>
        </div>
        <MayNotAsk visit={visit} />
      </>
    ),
  }
}

/** Those that a coordinator refused for good; each may ask again after one press. */
function MayNotAsk({ visit: { say, desk } }: { visit: Visit }) {
  const banks = refusedBanks(desk.node)
  if (banks.length === 0) return null
  return (
    <>
      <h2 class="govuk-heading-m">{say('neighbours.refused')}</h2>
      <p class="govuk-body">{say('neighbours.refused.text')}</p>
      <ul class="govuk-list">
        {banks.map(({ bank, name }) => (
          <li>
            <form method="post" action={PATH} class="ch-row">
              <span>{name}</span>
              <Carried fields={{ may_ask: toBase32(bank) }} />
              <Button kind="second">{say('neighbours.may_ask', { bank: name })}</Button>
            </form>
          </li>
        ))}
      </ul>
    </>
  )
}

/** The bank that asks may not ask again. */
export function RefuseForGood({ visit: { say }, view }: { visit: Visit; view: NeighbourView }) {
  return (
    <form method="post" action={neighbourPath(view)}>
      <Carried fields={{ act: 'refuse' }} />
      <Button kind="second">{say('neighbour.refuse')}</Button>
    </form>
  )
}

function LineCard({ visit, view }: { visit: Visit; view: NeighbourView }) {
  return (
    <>
      <p class="govuk-body">{contactWords(visit, view)}</p>
      {hindrances(visit, view).map((words) => (
        <p class="govuk-body">{words}</p>
      ))}
      <RoomLeft visit={visit} view={view} />
      <div class="ch-row">
        <ButtonLink to={neighbourPath(view)} kind="second">
          {visit.say('neighbours.open', { bank: view.name })}
        </ButtonLink>
      </div>
    </>
  )
}

function ProposalCard({ visit, view }: { visit: Visit; view: NeighbourView }) {
  const { say } = visit
  return (
    <>
      <p class="govuk-body">
        {say(view.proposal?.invited ? 'neighbour.asks.invited' : 'neighbour.asks', { bank: view.name })}
      </p>
      <div class="ch-row">
        {view.proposal?.invited ? (
          <form method="post" action={neighbourPath(view)}>
            <Carried fields={{ act: 'agree' }} />
            <Button>{say('neighbour.agree')}</Button>
          </form>
        ) : null}
        <ButtonLink to={neighbourPath(view)} kind="second">
          {say('neighbours.look')}
        </ButtonLink>
        <RefuseForGood visit={visit} view={view} />
      </div>
    </>
  )
}
