/** What does a blank slip ask? Two names, how long, the day and a signature; eight of them on a sheet to cut ([EX-24]). */

import { screen } from '../screen.ts'

const SLIPS = 8
const QUESTIONS = ['helped', 'helper', 'hours', 'day', 'what', 'sign'] as const

export const blankSlipsScreen = screen({
  path: '/desk/slips/print',
  who: ['coordinator'],
  get: ({ say, bankName, facts }) => ({
    title: say('slips.blank.title'),
    back: '/desk/slips',
    body: (
      <>
        <p class="govuk-body ch-no-print">{say('slips.blank.lead')}</p>
        <div class="ch-slips">
          {Array.from({ length: SLIPS }, () => (
            <section class="ch-slip">
              <p class="ch-slip__name">{say('slips.blank.heading', { bank: bankName })}</p>
              {QUESTIONS.map((question) => (
                <p class="ch-slip__line">
                  <span>{say(`slips.blank.${question}`)}</span>
                </p>
              ))}
              <p class="ch-slip__foot">
                {facts.phone === null
                  ? say('slips.blank.return_without_phone')
                  : say('slips.blank.return', { phone: facts.phone })}
              </p>
            </section>
          ))}
        </div>
      </>
    ),
  }),
})
