/** How are acts of the desk listed? When, who, what, for whom, and the record if there is one. */

import { maySee } from '../../register/access.ts'
import type { KeptAct } from '../../register/acts.ts'
import { indexOf } from '../../register/exchanges.ts'
import type { Person } from '../../register/person.ts'
import { calledName } from '../parts/sentences.ts'
import type { Visit } from '../screen.ts'
import { personPath } from './people.tsx'

/** Names that one line of the list shows; the rest is counted. */
const NAMES = 3

/** With `about`, the person whose page it is, the column of people is left out. */
export async function ActsTable({
  visit,
  acts,
  about = null,
}: {
  visit: Visit
  acts: readonly KeptAct[]
  about?: Person | null
}) {
  const { say, desk } = visit
  if (!maySee('coordinator', 'acts')) return null
  const columns = (['when', 'who', 'what', 'for'] as const).filter((one) => about === null || one !== 'for')
  const records = await Promise.all(
    acts.map(({ record }) => (record === null ? null : indexOf(desk.node, record))),
  )
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{say(about === null ? 'acts.title' : 'acts.person')}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {columns.map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`acts.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {acts.map((act, i) => (
          <tr class="govuk-table__row">
            <td class="govuk-table__cell" data-is={say('acts.when')}>
              {visit.speech.moment(act.time, desk.zone)}
            </td>
            <td class="govuk-table__cell" data-is={say('acts.who')}>
              {desk.people.coordinators.nameOf(act.actor) ?? say('record.by.former')}
            </td>
            <td class="govuk-table__cell" data-is={say('acts.what')}>
              <What visit={visit} act={act} index={records[i] ?? null} />
            </td>
            {about === null ? (
              <td class="govuk-table__cell" data-is={say('acts.for')}>
                <ForWhom visit={visit} act={act} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function What({ visit: { say }, act, index }: { visit: Visit; act: KeptAct; index: number | null }) {
  const words = say(`act.${act.what}`)
  if (index === null) return <>{words}</>
  return (
    <a class="govuk-link" href={`/desk/records/${index}`}>
      {words}
    </a>
  )
}

function ForWhom({ visit, act }: { visit: Visit; act: KeptAct }) {
  const { say, desk } = visit
  const people = act.accounts.map((account) => desk.people.byAccount(account))
  const more = people.length - NAMES
  return (
    <>
      {people.slice(0, NAMES).map((person, i) => (
        <>
          {i === 0 ? null : <br />}
          {person === null || person.kind === 'fund' ? (
            calledName({ say }, person)
          ) : (
            <a class="govuk-link" href={personPath(person)}>
              {person.name}
            </a>
          )}
        </>
      ))}
      {more > 0 ? (
        <>
          <br />
          {say('acts.more', { count: more })}
        </>
      ) : null}
    </>
  )
}
