/** Who visits, what for and in which language? Everything a screen is told, read once from the request. */

import type { Context } from 'hono'
import { sameBytes } from '../core/ids.ts'
import { accountOf } from '../core/ledger/book.ts'
import { LIMITS } from '../core/limits.ts'
import { readBankFacts } from '../register/bank-facts.ts'
import { webAddress } from '../register/neighbour-banks.ts'
import { coordinatorsInOffice } from '../register/office.ts'
import type { SignIn } from '../register/sign-ins.ts'
import type { AskedFrom } from '../register/whence.ts'
import type { Speech } from '../words/language.ts'
import { isOverHttps, keptDevice, keptToken } from './cookies.ts'
import { Form } from './form.ts'
import { LIVE_LOOK, LOOK_HEADER } from './live-script.ts'
import type { Visit, Visitor, WebDesk } from './screen.ts'
import { speechesOf, speechFor } from './spoken.ts'

const SECONDS_PER_DAY = 86_400

export class Visits {
  readonly #desk: WebDesk
  readonly #speeches: readonly Speech[]

  constructor(desk: WebDesk) {
    this.#desk = desk
    this.#speeches = speechesOf(desk.languages)
  }

  async of(c: Context, { address, host }: AskedFrom): Promise<Visit> {
    const { node, cases, zone } = this.#desk
    const speech = speechFor(c, this.#speeches)
    const now = node.clock.now()
    const { bankName, publicUrl } = await node.read(({ book }) => ({
      bankName: book.card?.name ?? book.name,
      publicUrl: book.card?.publicUrl ?? null,
    }))
    const isHttps = isOverHttps(c, publicUrl)
    const asked = host === null ? null : `${isHttps ? 'https' : 'http'}://${host}`
    const who = await this.#visitorOf(c, isHttps)
    if (who.visitor.kind !== 'nobody') await cases.catchUp()
    return {
      desk: this.#desk,
      ...who,
      isHttps,
      address,
      device: keptDevice(c, isHttps),
      speech,
      say: speech.say,
      facts: readBankFacts(node.store),
      bankName,
      params: c.req.param(),
      query: new URL(c.req.url).searchParams,
      form: new Form(),
      now,
      today: dayIn(zone, now),
      path: c.req.path,
      origin: webAddress(publicUrl) ?? asked,
      userAgent: c.req.header('user-agent') ?? '',
    }
  }

  /** Who it is, and the cookie that is to be moved to its new name. */
  async #visitorOf(c: Context, isHttps: boolean): Promise<Pick<Visit, 'visitor' | 'moves'>> {
    const { token = null, hostOnly } = keptToken(c, isHttps)
    const renews = c.req.header(LOOK_HEADER) !== LIVE_LOOK
    const signIn = this.#desk.signIns.find(token ?? undefined, { renews, hostOnly })
    if (signIn === null) return { visitor: { kind: 'nobody' }, moves: null }
    const left = signIn.since + LIMITS.signInDays * SECONDS_PER_DAY - this.#desk.node.clock.now()
    const moves = isHttps && !hostOnly ? { token, seconds: signIn.onSharedComputer ? null : left } : null
    return { visitor: await this.#signedIn(signIn), moves }
  }

  async #signedIn(signIn: SignIn): Promise<Visitor> {
    const { node, people } = this.#desk
    if (signIn.role === 'member') {
      const person = people.byAccount(signIn.id)
      if (person === null) return { kind: 'nobody' }
      const state = await node.read(({ book }) => accountOf(book, person.account)?.state)
      return { kind: 'member', person, signIn, viewer: state === 'open' ? 'member' : 'resting' }
    }
    // Whoever is no coordinator any more is nobody here, however long the sign-in would have lasted.
    const inOffice = await coordinatorsInOffice(node, people)
    const coordinator = inOffice.find(({ actor }) => sameBytes(actor, signIn.id))
    return coordinator === undefined ? { kind: 'nobody' } : { kind: 'coordinator', coordinator, signIn }
  }
}

/** Days since 1970-01-01 of the day that it is in this zone. */
function dayIn(zone: string, seconds: number): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return Math.floor(Date.parse(`${parts.format(seconds * 1000)}T00:00:00Z`) / (SECONDS_PER_DAY * 1000))
}
