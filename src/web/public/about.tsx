/** What is a time bank, and what is this one? Where it is, whom to ring and when, and the rules that everybody agrees to. */

import { type HouseRules, houseRulesOf, readHouseRules } from '../../register/house-rules.ts'
import { Telephone } from '../layout.tsx'
import { ButtonLink } from '../parts/form-parts.tsx'
import { type Row, Rows } from '../parts/rows.tsx'
import { EVERYBODY, notHere, screen, type Visit } from '../screen.ts'

const USUAL_RULES = ['hour', 'no', 'safe', 'secret', 'leave'] as const
const SECONDS_PER_DAY = 86_400

export const aboutScreen = screen({
  path: '/about',
  who: EVERYBODY,
  get(visit) {
    const { say, facts, bankName, desk, query } = visit
    const asked = query.get('rules')
    const rules =
      asked === null ? readHouseRules(desk.node.store) : houseRulesOf(desk.node.store, Number(asked) || 0)
    if (rules === null) return notHere(visit)
    return {
      title: say('about.title', { bank: bankName }),
      body: (
        <>
          <p class="govuk-body-l">{say('about.lead')}</p>
          <p class="govuk-body">{say('about.how')}</p>
          {facts.about === null ? null : <Paragraphs text={facts.about} />}
          <h2 class="govuk-heading-m">{say('about.find')}</h2>
          <Rows rows={contactRows(visit)} />
          <h2 class="govuk-heading-m" id="rules">
            {say('about.rules')}
          </h2>
          <RulesText visit={visit} rules={rules} />
          <div class="ch-row">
            <ButtonLink to="/join">{say('about.join')}</ButtonLink>
            <ButtonLink to="/activity" kind="second">
              {say('about.activity')}
            </ButtonLink>
          </div>
        </>
      ),
    }
  },
})

function contactRows({ say, facts, bankName }: Visit): Row[] {
  const rows: (Row | null)[] = [
    facts.phone === null ? null : [say('about.phone'), <Telephone number={facts.phone} />],
    facts.hours === null ? null : [say('about.hours'), facts.hours],
    facts.address === null ? null : [say('about.address'), facts.address],
    facts.area === null ? null : [say('about.area'), facts.area],
    facts.email === null ? null : [say('about.email'), <span dir="ltr">{facts.email}</span>],
  ]
  const known = rows.filter((row) => row !== null)
  return known.length > 0
    ? known
    : [[say('about.address'), say('frame.help_without_phone', { bank: bankName })]]
}

/** The rules of one version, in the bank's words or in ours. */
export function RulesText({ visit: { say, speech }, rules }: { visit: Visit; rules: HouseRules }) {
  return (
    <>
      {rules.text === null ? (
        <ul class="govuk-list govuk-list--bullet">
          {USUAL_RULES.map((one) => (
            <li>{say(`about.rules.${one}`)}</li>
          ))}
        </ul>
      ) : (
        <Paragraphs text={rules.text} />
      )}
      <p class="govuk-hint">
        {rules.since === null
          ? say('about.rules.version', { version: rules.version })
          : say('about.rules.since', {
              version: rules.version,
              day: speech.date(Math.floor(rules.since / SECONDS_PER_DAY)),
            })}
      </p>
    </>
  )
}

/** Words of several lines as somebody typed them. */
function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => (
          <p class="govuk-body">{line}</p>
        ))}
    </>
  )
}
