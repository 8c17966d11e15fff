/**
 * How does somebody agree to what another said? One sentence, and three answers: yes, another length, no. Nothing moves
 * before a yes ([EX-3], [EX-6]).
 */

import { fromHex, sameBytes, toHex } from '../../core/ids.ts'
import type { Claim } from '../../register/claim-rows.ts'
import type { FieldError } from '../form.ts'
import { Button } from '../parts/form-parts.tsx'
import { LengthFields, readLength } from '../parts/help-fields.tsx'
import { PinAgain, pinAgainError } from '../parts/pin-again.tsx'
import { seenName } from '../parts/seen-name.ts'
import { calledName, helpSentence } from '../parts/sentences.ts'
import { type Answer, type MemberVisit, notHere, type Page, refusalText, screen } from '../screen.ts'

export const claimScreen = screen({
  path: '/agree/:id',
  who: ['member'],
  get(visit) {
    const claim = wanted(visit)
    return claim === null ? notHere(visit) : claimPage(visit, claim)
  },
  async post(visit) {
    const claim = wanted(visit)
    if (claim === null) return notHere(visit)
    return answer(visit, claim)
  },
})

async function answer(visit: MemberVisit, claim: Claim): Promise<Answer> {
  const { desk, form, visitor } = visit
  const { claims } = desk
  const failed = (text: string): Promise<Page> =>
    claimPage(visit, claims.find(claim.id) ?? claim, [{ field: null, text }])
  if (form.has('yes')) {
    const unsure = isHelped(visit, claim) ? await pinAgainError(visit, claim.minutes) : null
    if (unsure !== null) return claimPage(visit, claim, [unsure])
    const agreed = await claims.agree(claim.id, { member: visitor.person, method: 'pin', channel: 'web' })
    return agreed.ok
      ? { to: `/records/${agreed.value.index}?new` }
      : failed(refusalText(visit, agreed.refusal))
  }
  if (form.has('other')) {
    const length = readLength(visit, form)
    if ('error' in length) return claimPage(visit, claim, [length.error])
    // The other may say yes to it at once, so it is asked here.
    const unsure = await pinAgainError(visit, length.minutes)
    if (unsure !== null) return claimPage(visit, claim, [unsure])
    const countered = await claims.counter(claim.id, visitor.person, length.minutes)
    return countered.ok ? { to: '/me' } : failed(refusalText(visit, countered.refusal))
  }
  if (!form.has('no')) return failed(visit.say('claim.missing'))
  const ended = await claims.end(claim.id, visitor.person)
  return ended.ok ? { to: claimPath(claim) } : failed(refusalText(visit, ended.refusal))
}

/** Only the two people it is about ever see it. */
function wanted({ desk, params, visitor }: MemberVisit): Claim | null {
  const id = fromHex(params.id ?? '', 16)
  const claim = id === null ? null : desk.claims.find(id)
  if (claim === null) return null
  const me = toHex(visitor.person.account)
  return me === toHex(claim.helper) || me === toHex(claim.helped) ? claim : null
}

async function claimPage(
  visit: MemberVisit,
  claim: Claim,
  errors: readonly FieldError[] = [],
): Promise<Page> {
  const { say, speech, visitor } = visit
  const me = toHex(visitor.person.account)
  const isAsked = me === toHex(claim.state === 'countered' ? claim.helper : claim.helped)
  const sentence = await claimSentence(visit, claim)
  const waits = claim.state === 'asked' || claim.state === 'countered'
  return {
    title: titleOf(visit, claim, me),
    errors,
    back: '/me',
    body: (
      <>
        <p class="ch-sentence">{sentence}</p>
        {claim.firstMinutes === null ? null : (
          <p class="govuk-body">{say('claim.first', { length: speech.hours(claim.firstMinutes) })}</p>
        )}
        {claim.state === 'agreed' && claim.index !== null ? (
          <a class="govuk-link" href={`/records/${claim.index}`}>
            {say('claim.see')}
          </a>
        ) : null}
        {waits && isAsked ? <Answers visit={visit} claim={claim} errors={errors} /> : null}
        {waits && !isAsked ? (
          <form method="post" action={claimPath(claim)}>
            <p class="govuk-body">{say('claim.silence')}</p>
            <Button kind="second" name="no" value="yes">
              {say('claim.withdraw')}
            </Button>
          </form>
        ) : null}
      </>
    ),
  }
}

/** Whether it is this member's hours that a yes would move. */
function isHelped({ visitor }: MemberVisit, { helped }: Claim): boolean {
  return sameBytes(visitor.person.account, helped)
}

/** Yes and no first; another length is a form of its own, so that the enter key there never says yes. */
function Answers({
  visit,
  claim,
  errors,
}: {
  visit: MemberVisit
  claim: Claim
  errors: readonly FieldError[]
}) {
  const { say, speech, form } = visit
  const saidOther = form.has('other')
  const typed = saidOther ? readLength(visit, form) : null
  return (
    <>
      <p class="govuk-body">{say('claim.moves', { length: speech.hours(claim.minutes) })}</p>
      <form method="post" action={claimPath(claim)} novalidate>
        {saidOther || !isHelped(visit, claim) ? null : (
          <PinAgain visit={visit} minutes={claim.minutes} errors={errors} />
        )}
        <div class="ch-row">
          <Button name="yes" value="yes">
            {say('claim.yes')}
          </Button>
          <Button kind="second" name="no" value="yes">
            {say('claim.no')}
          </Button>
        </div>
      </form>
      {claim.state === 'asked' ? (
        <details class="govuk-details" open={saidOther}>
          <summary class="govuk-details__summary">
            <span class="govuk-details__summary-text">{say('claim.other')}</span>
          </summary>
          <form method="post" action={claimPath(claim)} class="govuk-details__text" novalidate>
            <LengthFields say={say} form={form} errors={errors} />
            {typed !== null && 'minutes' in typed ? (
              <PinAgain visit={visit} minutes={typed.minutes} errors={errors} />
            ) : null}
            <Button kind="second" name="other" value="yes">
              {say('claim.other.send')}
            </Button>
          </form>
        </details>
      ) : null}
    </>
  )
}

/** Who answers and who waits: an answer of one's own is told otherwise than the other's. */
function titleOf({ say }: MemberVisit, { state, firstMinutes, helper, helped }: Claim, me: string): string {
  const asked = toHex(firstMinutes === null ? helped : helper)
  if (state === 'asked' || state === 'countered')
    return say(me === asked ? 'claim.ask.title' : `claim.${state}.title`)
  if (state === 'declined') return say(me === asked ? 'claim.declined.own' : 'claim.declined.title')
  return say(`claim.${state}.title`)
}

/** "Bo helped you for 1 hour 30 minutes on Saturday 21 November: gardening." with "you" as a name in it. */
export async function claimSentence(visit: MemberVisit, claim: Claim): Promise<string> {
  const { desk, today, visitor } = visit
  const [helper, helped] = [claim.helper, claim.helped].map((one) => desk.people.byAccount(one))
  const isHelper = sameBytes(visitor.person.account, claim.helper)
  // Whoever says that they helped names themselves; whom they named is no more theirs to read than before.
  const shown = isHelper ? await seenName(visit, helped ?? null) : calledName(visit, helped ?? null)
  return helpSentence(visit, { ...claim, helper: calledName(visit, helper ?? null), helped: shown }, today)
}

export function claimPath({ id }: Claim): string {
  return `/agree/${toHex(id)}`
}
