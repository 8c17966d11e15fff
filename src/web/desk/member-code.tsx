/**
 * How does the desk let a member in who has no PIN, or has lost the telephone? Six digits to read out or a letter to
 * print; and one press that signs all their devices out and takes the old PIN away ([SIGN-4], flow I).
 */

import { accept } from '../../core/refusal.ts'
import { CODE_KINDS } from '../../register/member-keys.ts'
import type { Person } from '../../register/person.ts'
import type { FieldError } from '../form.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { writingTo } from '../parts/letter.tsx'
import {
  type Answer,
  type CoordinatorVisit,
  notHere,
  type Page,
  refused,
  screen,
  type Visit,
} from '../screen.ts'
import { personPath } from './people.tsx'

const SECONDS_PER_DAY = 86_400

export const memberCodeScreen = screen({
  path: '/desk/people/:number/code',
  who: ['coordinator'],
  get(visit) {
    const person = wanted(visit)
    return person === null ? notHere(visit) : codePage(visit, person)
  },
  async post(visit) {
    const person = wanted(visit)
    return person === null ? notHere(visit) : act(visit, person)
  },
})

function wanted({ desk, params }: Visit): Person | null {
  const found = desk.people.find(params.number ?? '')
  return found.ok && (found.value.kind === 'member' || found.value.kind === 'organisation')
    ? found.value
    : null
}

async function act(visit: CoordinatorVisit, person: Person): Promise<Answer> {
  const { desk, form, say, visitor } = visit
  const back = `${personPath(person)}/code`
  const kept = (what: 'code_given' | 'invited' | 'pin_reset') => (now: number) =>
    desk.people.acts.keep(visitor.coordinator, { what, accounts: [person.account] }, now)
  if (form.has('lost')) {
    await desk.signIns.endAll({ role: 'member', id: person.account }, null)
    const devices = await desk.devices.forget(person.account)
    const rows = (now: number) => [
      desk.memberKeys.forget(person.account),
      ...devices,
      ...kept('pin_reset')(now),
    ]
    const gone = await desk.node.commit((_, now) => accept({ entries: [], rows: rows(now), value: null }))
    return gone.ok ? { to: `${back}?lost` } : refused(visit, gone.refusal, back)
  }
  const kind = CODE_KINDS.find((one) => form.has(one))
  if (kind === undefined) return codePage(visit, person, [{ field: null, text: say('member_code.missing') }])
  const made = await desk.memberKeys.makeCode(
    person.account,
    kind,
    kept(kind === 'letter' ? 'invited' : 'code_given'),
  )
  if (!made.ok) return refused(visit, made.refusal, back)
  const { code, ends } = made.value
  if (kind === 'letter') return letterPage(visit, person, code, ends)
  return {
    title: say('member_code.read_out', { name: person.name }),
    back: personPath(person),
    body: (
      <>
        <p class="ch-sentence ch-phrase" dir="ltr">
          {`${code.slice(0, 3)} ${code.slice(3)}`}
        </p>
        <p class="govuk-body">{say('member_code.read_out.text', { number: person.number })}</p>
        <ButtonLink to={personPath(person)} kind="second">
          {say('member_code.back')}
        </ButtonLink>
      </>
    ),
  }
}

function codePage({ say, desk, query }: Visit, person: Person, errors: readonly FieldError[] = []): Page {
  return {
    title: say('member_code.title', { name: person.name }),
    errors,
    back: personPath(person),
    body: (
      <>
        {query.has('lost') ? <div class="govuk-inset-text">{say('member_code.lost.done')}</div> : null}
        <p class="govuk-body">
          {say(desk.memberKeys.hasPin(person.account) ? 'member_code.has_pin' : 'member_code.no_pin', {
            name: person.name,
          })}
        </p>
        <form method="post" action={`${personPath(person)}/code`}>
          <div class="ch-row">
            <Button name="said" value="yes">
              {say('member_code.said')}
            </Button>
            <Button kind="second" name="letter" value="yes">
              {say('member_code.letter')}
            </Button>
          </div>
          <h2 class="govuk-heading-m">{say('member_code.lost.title')}</h2>
          <p class="govuk-body">{say('member_code.lost.text')}</p>
          <Button kind="warning" name="lost" value="yes">
            {say('member_code.lost')}
          </Button>
        </form>
      </>
    ),
  }
}

function letterPage(visit: Visit, person: Person, code: string, ends: number): Page {
  const { say, speech, bankName, facts } = writingTo(visit, person)
  const { tag, direction } = speech.language
  return {
    title: visit.say('invitation.title', { bank: bankName }),
    back: `${personPath(person)}/code`,
    body: (
      <div class="ch-letter" lang={tag} dir={direction}>
        <p class="govuk-body">{say('invitation.dear', { name: person.name })}</p>
        <p class="govuk-body">{say('invitation.text')}</p>
        <ol class="govuk-list govuk-list--number">
          <li>{say('invitation.open', { path: '/sign-in/code' })}</li>
          <li>
            {say('invitation.number')}{' '}
            <span class="ch-phrase" dir="ltr">
              {person.number}
            </span>
          </li>
          <li>
            {say('invitation.code')}{' '}
            <span class="ch-phrase" dir="ltr">
              {code}
            </span>
          </li>
          <li>{say('invitation.pin')}</li>
        </ol>
        <p class="govuk-body">
          {say('invitation.until', { day: speech.date(Math.floor(ends / SECONDS_PER_DAY)) })}
        </p>
        <p class="govuk-body">
          {facts.phone === null
            ? say('invitation.without')
            : say('invitation.without_phone', { phone: facts.phone })}
        </p>
      </div>
    ),
  }
}
