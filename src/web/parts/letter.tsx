/**
 * How does a letter look? Who writes, to whom, the day, what it says, and whom to ring; in the reader's own language and
 * print, whatever the desk reads ([A11Y-7], [A11Y-8], [DESK-9]).
 */

import type { Child } from 'hono/jsx'
import type { Person } from '../../register/person.ts'
import { Speech } from '../../words/language.ts'
import { EN } from '../../words/languages/en.ts'
import type { Visit } from '../screen.ts'

export const PRINTS = ['normal', 'large'] as const

/** What a letter is said with: a visit whose words are those of the reader. */
export type Writing = Pick<
  Visit,
  'say' | 'speech' | 'desk' | 'facts' | 'bankName' | 'today' | 'query' | 'visitor'
>

/**
 * The language of this person if we speak it, else the one of the page; of several people, the one that is everybody's.
 */
export function writingTo<V extends Writing>(visit: V, ...people: readonly Person[]): V {
  const own = visit.speech.language
  const spoken = people.map(({ language }) => visit.desk.languages.find(({ tag }) => tag === language) ?? own)
  const [language = own] = spoken
  if (language === own || spoken.some((other) => other !== language)) return visit
  const speech = new Speech(language, EN)
  return { ...visit, speech, say: speech.say }
}

export function isLarge({ query }: Pick<Visit, 'query'>): boolean {
  return query.get('print') === 'large'
}

/** The sheet of paper; `to` is null for a letter to whom it may concern. */
export function Letter({
  writing,
  to,
  title,
  children,
}: {
  writing: Writing
  to: Person | null
  title: string
  children?: Child
}) {
  const { say, speech, facts, bankName, today, visitor } = writing
  const { tag, direction } = speech.language
  return (
    <article class={`ch-letter${isLarge(writing) ? ' ch-letter--large' : ''}`} lang={tag} dir={direction}>
      <header class="ch-letter__head">
        <p class="ch-letter__bank">{say('letter.bank', { bank: bankName })}</p>
        {facts.address === null ? null : <p>{facts.address}</p>}
        {facts.phone === null ? null : (
          <p>
            {facts.hours === null
              ? say('letter.ring', { phone: facts.phone })
              : say('letter.ring_hours', { phone: facts.phone, hours: facts.hours })}
          </p>
        )}
      </header>
      {to === null ? null : (
        <p>
          {to.name}
          <br />
          {say('person.number')}{' '}
          <span class="ch-whole" dir="ltr">
            {to.number}
          </span>
        </p>
      )}
      <p>{speech.alone(speech.day(today))}</p>
      <h2 class="govuk-heading-m">{title}</h2>
      {to === null ? null : <p>{say('letter.dear', { name: to.name })}</p>}
      {children}
      {to === null || visitor.kind !== 'coordinator' ? null : (
        <p>{say('letter.signed', { name: visitor.coordinator.name, bank: bankName })}</p>
      )}
      {facts.concernPhone === null ? null : (
        <p>{say('letter.worried', { name: facts.concernName ?? '', phone: facts.concernPhone })}</p>
      )}
    </article>
  )
}

/** Above a letter on the screen: how to print it, and the way to the other size. */
export function PrintWays({ visit: { say, query, path } }: { visit: Visit }) {
  const large = isLarge({ query })
  const other = new URLSearchParams(query)
  other.set('print', large ? 'normal' : 'large')
  return (
    <p class="govuk-body ch-no-print">
      {say('letters.how')}{' '}
      <a class="govuk-link" href={`${path}?${other}`}>
        {say(large ? 'letters.in_normal' : 'letters.in_large')}
      </a>
    </p>
  )
}
