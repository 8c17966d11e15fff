/**
 * What does a scanned code open? The bank it is from, the length and until when; and the way to one's own bank, for only
 * there does anybody say yes. It never names a person ([EX-20], flow C).
 */

import { toBase32, toHex } from '../../core/ids.ts'
import { neighbourBanks } from '../../register/neighbour-banks.ts'
import { shownCode } from '../../register/request-codes.ts'
import { requestByCode } from '../../register/requests.ts'
import { ButtonLink } from '../parts/form-parts.tsx'
import { EVERYBODY, type Page, refusalText, screen, type Visit } from '../screen.ts'

export const openedCodeScreen = screen({
  path: '/r/:code',
  who: EVERYBODY,
  async get(visit) {
    const { desk, visitor, params } = visit
    const found = await requestByCode(desk.node, desk.people, params.code ?? '')
    if (!found.ok) return { title: visit.say('collect.failed.title'), body: visit.say('opened.unknown') }
    const { code, account, state } = found.value
    if (visitor.kind === 'member') {
      const isMine = toHex(visitor.person.account) === toHex(account)
      return { to: isMine ? `/codes/${code}` : collectPath(desk.node.bank, code) }
    }
    if (state !== 'open')
      return {
        title: visit.say('collect.failed.title'),
        body: refusalText(visit, { code: `request_${state}`, facts: {} }),
      }
    return whichBank(visit, found.value)
  },
})

export function collectPath(bank: Uint8Array, code: string): string {
  return `/collect/${toBase32(bank)}/${code}`
}

async function whichBank(
  { say, speech, desk, bankName }: Visit,
  { code, minutes, expires }: { code: string; minutes: number | null; expires: number },
): Promise<Page> {
  const path = collectPath(desk.node.bank, code)
  const elsewhere = (await neighbourBanks(desk.node)).flatMap(({ name, address }) =>
    address === null ? [] : [{ name, to: `${address}${path}` }],
  )
  return {
    title: say('opened.title', { bank: bankName }),
    body: (
      <>
        <p class="govuk-body-l">
          {minutes === null ? say('opened.lead_open') : say('opened.lead', { length: speech.hours(minutes) })}
        </p>
        <h2 class="govuk-heading-m">{say('opened.which')}</h2>
        <div class="ch-row">
          <ButtonLink to={path}>{say('opened.here', { bank: bankName })}</ButtonLink>
          {elsewhere.map(({ name, to }) => (
            <ButtonLink to={to}>{name}</ButtonLink>
          ))}
        </div>
        <p class="govuk-body">{say('opened.elsewhere')}</p>
        <p class="ch-code ch-phrase" dir="ltr">
          {shownCode(code)}
        </p>
        <p class="govuk-body">{say('opened.no_screen')}</p>
        <p class="govuk-body">{say('opened.until', { time: speech.moment(expires, desk.zone) })}</p>
      </>
    ),
  }
}
