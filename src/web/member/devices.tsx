/** Where is somebody signed in, and how do they end that? Each device by what its browser says it is ([SIGN-10]). */

import { toHex } from '../../core/ids.ts'
import { signInName } from '../../register/sign-ins.ts'
import { Button } from '../parts/form-parts.tsx'
import { Carried } from '../parts/help-fields.tsx'
import { type Page, screen, type Visit } from '../screen.ts'

const SECONDS_PER_DAY = 86_400

export const memberDevicesScreen = screen({
  path: '/me/devices',
  who: ['member'],
  shows: ['name', 'record_words'],
  get: (visit) => devicesPage(visit),
  async post(visit) {
    const { desk, form, visitor } = visit
    const who = { role: 'member', id: visitor.person.account } as const
    const own = await desk.signIns.of(who)
    if (form.has('others')) await desk.signIns.endAll(who, visitor.signIn.key)
    const named = own.find((one) => signInName(one) === form.text('sign-in'))
    if (named !== undefined) await desk.signIns.end(named.key)
    return { to: '/me/devices' }
  },
})

async function devicesPage({
  say,
  speech,
  desk,
  visitor,
}: Visit<Extract<Visit['visitor'], { kind: 'member' }>>): Promise<Page> {
  const own = await desk.signIns.of({ role: 'member', id: visitor.person.account })
  const here = toHex(visitor.signIn.key)
  return {
    title: say('devices.title'),
    back: '/me',
    body: (
      <>
        <ul class="ch-cards">
          {own.map((one) => (
            <li class="ch-card">
              <p class="govuk-body">
                <strong>{one.device}</strong>
                {toHex(one.key) === here ? ` ${say('devices.here')}` : ''}
              </p>
              <p class="govuk-body">
                {say('devices.seen', { day: speech.date(Math.floor(one.seen / SECONDS_PER_DAY)) })}
              </p>
              {toHex(one.key) === here ? null : (
                <form method="post" action="/me/devices">
                  <Carried fields={{ 'sign-in': signInName(one) }} />
                  <Button kind="second">{say('devices.end')}</Button>
                </form>
              )}
            </li>
          ))}
        </ul>
        {own.length < 2 ? null : (
          <form method="post" action="/me/devices">
            <Button kind="warning" name="others" value="yes">
              {say('devices.end_others')}
            </Button>
          </form>
        )}
      </>
    ),
  }
}
