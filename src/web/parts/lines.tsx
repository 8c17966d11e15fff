/** How does a statement list what happened? One line each, what was taken back struck through ([EX-8], [EX-21]). */

import { GIFT } from '../../core/categories.ts'
import { toHex } from '../../core/ids.ts'
import { bankNameOf } from '../../register/neighbours.ts'
import { POT_NUMBER } from '../../register/people.ts'
import type { MemberLine } from '../../register/statements.ts'
import type { Visit } from '../screen.ts'
import { helpWords } from './help-fields.tsx'

/** Names that still fit one line; more of them are counted. */
const NAMES = 3

type Saying = Pick<Visit, 'say' | 'speech' | 'desk'>

/** With `links`, each record leads to its own page; on paper there are none. */
export function Lines({
  visit,
  lines,
  caption,
  links,
}: {
  visit: Saying
  lines: readonly MemberLine[]
  caption: string
  links: boolean
}) {
  const { say, speech } = visit
  const columns = (['day', 'what', 'length', 'record'] as const).filter((one) => links || one !== 'record')
  return (
    <table class="govuk-table ch-stacks">
      <caption class="govuk-visually-hidden">{caption}</caption>
      <thead class="govuk-table__head">
        <tr class="govuk-table__row">
          {columns.map((column) => (
            <th scope="col" class="govuk-table__header">
              {say(`line.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="govuk-table__body">
        {lines.map((line) => (
          <tr class="govuk-table__row">
            <td class="govuk-table__cell" data-is={say('line.day')}>
              {speech.date(line.day ?? Math.floor(line.time / 86_400))}
            </td>
            <td
              class={`govuk-table__cell${isStruck(visit, line) ? ' ch-struck' : ''}`}
              data-is={say('line.what')}
            >
              {lineWords(visit, line)}
            </td>
            <td class="govuk-table__cell" data-is={say('line.length')}>
              {speech.hours(Math.abs(line.minutes))}
            </td>
            {links ? (
              <td class="govuk-table__cell" data-is={say('line.record')}>
                {line.what === 'exchange' ? (
                  <a class="govuk-link" href={`/desk/records/${line.index}`}>
                    {say('line.open')}
                    <span class="govuk-visually-hidden"> {lineWords(visit, line)}</span>
                  </a>
                ) : line.bank !== null && line.what !== 'loss' ? (
                  <a class="govuk-link" href={`/desk/crossings/${toHex(line.id)}`}>
                    {say('line.open')}
                    <span class="govuk-visually-hidden"> {lineWords(visit, line)}</span>
                  </a>
                ) : null}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Whether it was taken back, or its hours went back between two banks: the line stays, and counts no more. */
export function isStruck({ desk }: Pick<Visit, 'desk'>, { reversedAt, what, id }: MemberLine): boolean {
  const isPayment = what === 'sent' || what === 'received'
  return reversedAt !== null || (isPayment && desk.cases.find(id)?.state === 'corrected')
}

/** "Helped Ada: gardening", "Was helped by Bo", "Taken back". */
export function lineWords({ say, speech, desk }: Saying, line: MemberLine): string {
  const names = line.with.map(({ name, number }) => (number === POT_NUMBER ? say('person.pot') : name))
  const others =
    names.length === 0
      ? say('person.erased')
      : names.length > NAMES
        ? say('record.people', { count: names.length })
        : speech.list(names)
  const words = helpWords(say, { category: line.category, note: line.note ?? '' })
  const bank = line.bank === null ? '' : bankNameOf(desk.node, line.bank)
  const far =
    line.party === null ? say('party.someone', { bank }) : say('party.at', { name: line.party, bank })
  const facts = { others, bank, far, words, said: words === '' ? 'no' : 'yes' }
  if (line.category === GIFT && (line.what === 'sent' || line.what === 'received'))
    return say(line.what === 'sent' ? 'line.passed_to' : 'line.passed_from', facts)
  if (line.what === 'exchange' && line.category === GIFT)
    return say(line.minutes > 0 ? 'line.gift_from' : 'line.gift_to', facts)
  if (line.what === 'exchange') return say(line.minutes > 0 ? 'line.helped' : 'line.was_helped', facts)
  return say(`line.${line.what}`, facts)
}
