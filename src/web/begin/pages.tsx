/** What does somebody read who starts the program for the first time? Three ways on, and each in a few sentences. */

import type { FieldError } from '../form.ts'
import { Button, ButtonLink } from '../parts/form-parts.tsx'
import { Rows } from '../parts/rows.tsx'
import type { Page } from '../screen.ts'
import type { First, Sights } from './first.ts'
import { Questions } from './questions.tsx'

export function choicePage({ say, link }: First): Page {
  return {
    title: say('begin.title'),
    body: (
      <>
        <p class="govuk-body-l">{say('begin.lead')}</p>
        <ul class="ch-cards">
          {(['new', 'restore', 'look'] as const).map((way) => (
            <li class="ch-card">
              <h2 class="govuk-heading-m">{say(`begin.${way}.title`)}</h2>
              <p class="govuk-body">{say(`begin.${way}.text`)}</p>
              <ButtonLink to={`${link}/${way}`} kind={way === 'new' ? 'first' : 'second'}>
                {say(`begin.${way}.go`)}
              </ButtonLink>
            </li>
          ))}
        </ul>
      </>
    ),
  }
}

export function newPage(first: First, errors: readonly FieldError[]): Page {
  const { say, link } = first
  return {
    title: say('begin.new.title'),
    errors,
    back: link,
    body: (
      <form method="post" action={`${link}/new`} novalidate>
        <p class="govuk-body">{say('begin.new.lead')}</p>
        <Questions first={first} errors={errors} />
        <Button>{say('begin.new.make')}</Button>
      </form>
    ),
  }
}

export function restorePage({ say, link }: First): Page {
  return {
    title: say('begin.restore.title'),
    back: link,
    body: (
      <>
        <p class="govuk-body">{say('begin.restore.lead')}</p>
        <ol class="govuk-list govuk-list--number">
          {([1, 2, 3, 4] as const).map((step) => (
            <li>{say(`begin.restore.step_${step}`)}</li>
          ))}
        </ol>
        <p class="govuk-body">{say('begin.restore.disk')}</p>
        <div class="govuk-inset-text">{say('begin.restore.only')}</div>
      </>
    ),
  }
}

export function lookPage({ say, link, looking }: First): Page {
  const waits = looking.state === 'opening'
  return {
    title: say('begin.look.title'),
    back: link,
    live: { state: looking.state, waits },
    body: (
      <>
        {looking.state === 'open' ? (
          <Doors say={say} sights={looking.sights} />
        ) : (
          <p class="govuk-body">{say(`begin.look.${looking.state}`)}</p>
        )}
        {waits ? (
          <ButtonLink to={`${link}/look`} kind="second">
            {say('begin.look.again')}
          </ButtonLink>
        ) : looking.state === 'open' ? (
          <ButtonLink to={`${link}/new`}>{say('begin.new.go')}</ButtonLink>
        ) : (
          <form method="post" action={`${link}/look`}>
            <Button>{say('begin.look.open')}</Button>
          </form>
        )}
      </>
    ),
  }
}

function Doors({ say, sights }: { say: First['say']; sights: Sights }) {
  return (
    <>
      <p class="govuk-body">{say('begin.look.here')}</p>
      <ul class="ch-cards">
        {sights.doors.map(({ bank, url, coordinator, password, number, member, pin }) => (
          <li class="ch-card">
            <h2 class="govuk-heading-m">{say('frame.bank', { bank })}</h2>
            <p class="govuk-body">
              <a class="govuk-link" href={`${url}/sign-in/desk`} target="_blank" rel="noreferrer">
                {say('begin.look.desk')}
              </a>
            </p>
            <Rows
              rows={[
                [say('begin.look.name'), coordinator],
                [say('begin.look.password'), password],
              ]}
            />
            <p class="govuk-body">
              <a class="govuk-link" href={`${url}/sign-in`} target="_blank" rel="noreferrer">
                {say('begin.look.member', { name: member })}
              </a>
            </p>
            <Rows
              rows={[
                [say('begin.look.number'), number],
                [say('begin.look.pin'), pin],
              ]}
            />
          </li>
        ))}
      </ul>
      <p class="govuk-body">{say('begin.look.over')}</p>
    </>
  )
}

/** For everybody without the link, and for every other address. */
export function notYetPage({ say }: First): Page {
  return { title: say('setup.not_yet.title'), body: say('setup.not_yet.text'), status: 503 }
}

export function foreignPage({ say }: First): Page {
  return { title: say('error.foreign.title'), body: say('error.foreign.text'), status: 403 }
}

export function nothingPage({ say, link }: First): Page {
  return { title: say('error.fault.title'), body: say('begin.failed'), status: 503, back: link }
}
