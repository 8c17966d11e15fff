/**
 * How does a newcomer try the demo by hand? Each bank's coordinator and one member get known sign-ins, made through the pages as
 * people make them, and somebody of Millbrook shows a code that waits for a yes.
 */

import { Fault, must } from '../../core/fault.ts'
import type { MembersView, RequestJson } from '../../http/client.ts'
import type { DemoBank } from './bank.ts'

/** For the demo alone: everybody who reads the terminal knows them. */
export const DEMO_PASSWORD = 'three words in a row'
export const DEMO_PIN = '2583'

/** Who may come in where. */
export interface Door {
  readonly bank: string
  readonly url: string
  readonly coordinator: string
  /** Number and name of a member. */
  readonly number: string
  readonly member: string
}

export interface Doors {
  readonly doors: readonly Door[]
  /** Opens a request of a member of Millbrook, whose name the payer reads. */
  readonly link: string
}

/** Sign-ins at all banks, and the code of the second bank's member. Throws Fault `bank_unreachable` if a page is not as it was. */
export async function openDoors(banks: readonly DemoBank[]): Promise<Doors> {
  const doors: Door[] = []
  for (const bank of banks) doors.push(await openDoor(bank))
  const [, millbrook] = banks
  const helper = doors[1]
  must(millbrook !== undefined && helper !== undefined, 'the demo has more than one bank')
  const asked = { number: helper.number, minutes: 45, what: 'Put up two shelves' }
  const { code } = await millbrook.api.post<RequestJson>('/requests', asked)
  return { doors, link: `${millbrook.api.url}/r/${code}` }
}

async function openDoor(bank: DemoBank): Promise<Door> {
  const { url } = bank.api
  const { members } = await bank.api.get<MembersView>('/members')
  const someone = members.find(({ kind, state }) => kind === 'member' && state === 'open')
  must(someone !== undefined, 'a bank of the demo has members')
  const setup = bank.setupPath
  must(setup !== null, 'a bank that nobody has opened prints a link')
  const chosen = { password: DEMO_PASSWORD, again: DEMO_PASSWORD, phone: '01234 567 890' }
  const cookie = cookieOf(await post(url, setup, chosen))
  const page = await post(
    url,
    `/desk/people/${encodeURIComponent(someone.number)}/code`,
    { said: 'yes' },
    cookie,
  )
  const code = /ch-phrase"[^>]*>([\d ]+)</.exec(await page.text())?.[1]
  if (code === undefined) throw notAsItWas(bank)
  const pin = { number: someone.number, code, pin: DEMO_PIN, again: DEMO_PIN }
  if ((await post(url, '/sign-in/code', pin)).status !== 303) throw notAsItWas(bank)
  const { name, coordinator } = bank
  return { bank: name, url, coordinator, number: someone.number, member: someone.name }
}

function post(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  cookie = '',
): Promise<Response> {
  const headers = { origin: url, cookie }
  return fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })
}

function cookieOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

function notAsItWas({ name }: DemoBank): Fault {
  return new Fault('bank_unreachable', `The pages of ${name} did not let the demo in.`)
}

/** Lines for a terminal. */
export function doorsText({ doors, link }: Doors): string[] {
  return [
    '',
    'Try it by hand',
    ...doors.flatMap(({ bank, url, coordinator, number, member }) => [
      `  ${bank.padEnd(10)} ${url}`,
      `    member ${number} (${member}), PIN ${DEMO_PIN}; desk: ${coordinator}, password "${DEMO_PASSWORD}"`,
    ]),
    '',
    '  Somebody of Millbrook says that they helped for 45 minutes, and shows this code:',
    `    ${link}`,
    '  Open it, choose Harbour, sign in as its member, and say yes. Both banks then show the same receipt.',
  ]
}
