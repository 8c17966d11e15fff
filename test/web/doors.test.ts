/** Who gets in where? Every screen, tried by everybody, looked at and posted to; and posts that are not from our pages. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '../../src/core/ids.ts'
import { type Screen, VISITORS } from '../../src/web/screen.ts'
import { SCREENS } from '../../src/web/screens.ts'
import { type Answer, Caller, newNonce } from './caller.ts'
import { STATES } from './states.ts'
import { type Banks, callerOf, closeBanks, openBanks, PASSWORD } from './town.ts'

let banks: Banks
beforeAll(async () => {
  banks = await openBanks()
})
afterAll(() => closeBanks(banks))

/** What a visit answers, for nobody, a member and a coordinator: a status, and for 303 where it leads. */
type Cell = 200 | 404 | 422 | `303 ${string}`
interface Door {
  readonly look: readonly [Cell, Cell, Cell]
  /** An empty form, from our own page. */
  readonly post: readonly [Cell, Cell, Cell]
}

const OPEN: Door = { look: [200, 200, 200], post: [404, 404, 404] }
/** Nobody is led to the door and back; a member learns nothing. `%` stands for the path that was asked for. */
function deskOnly(look: Cell, post?: Cell): Door {
  const shut = post === undefined ? OPEN.post : (['303 /sign-in/desk', 404, post] as const)
  return { look: ['303 /sign-in/desk?to=%', 404, look], post: shut }
}
/** For members alone: who works at the desk has no hours of their own there. */
function memberOnly(look: Cell, post?: Cell): Door {
  const shut = post === undefined ? OPEN.post : (['303 /sign-in', post, 404] as const)
  return { look: ['303 /sign-in?to=%', look, 404], post: shut }
}

const DOORS: Readonly<Record<string, Door>> = {
  '/': OPEN,
  '/privacy': OPEN,
  '/accessibility': OPEN,
  '/language': { look: ['303 /', '303 /', '303 /'], post: ['303 /', '303 /', '303 /'] },
  '/setup/:token': { look: [404, 404, 404], post: [404, 404, 404] },
  '/sign-in/desk': { look: [200, 200, '303 /desk'], post: [422, 422, 422] },
  '/sign-in/recovery': { look: [200, 200, 200], post: [422, 422, 422] },
  '/sign-in': { look: [200, '303 /me', 200], post: [422, 422, 422] },
  '/sign-in/code': { look: [200, 200, 200], post: [422, 422, 422] },
  '/sign-out': { look: ['303 /', '303 /', '303 /'], post: ['303 /', '303 /', '303 /'] },
  '/me': memberOnly(200),
  '/me/devices': memberOnly(200, '303 /me/devices'),
  // A code is nobody's secret to whoever holds it; a member is led on to say yes.
  '/r/:code': { look: [200, '303 /codes/:code', 200], post: [404, 404, 404] },
  '/record': memberOnly(200, 422),
  '/record/neighbour': memberOnly(200, 422),
  '/collect': memberOnly(200, 422),
  '/collect/:bank/:code': memberOnly(200, 422),
  '/codes': memberOnly(200),
  '/codes/new': memberOnly(200, 422),
  '/codes/:code': memberOnly(200, '303 %'),
  '/crossings/:id': memberOnly(200, '303 %'),
  '/crossings/:id/wrong': memberOnly(200, 422),
  '/helped': memberOnly(200, 422),
  '/gift': memberOnly(200, 422),
  '/agree/:id': memberOnly(200, 422),
  '/board': memberOnly(200, 422),
  '/ask': memberOnly(200, 422),
  '/offer': memberOnly(200, 422),
  '/notices/:notice': memberOnly(200, '303 %'),
  '/hours': memberOnly(200),
  '/hours.csv': memberOnly(200),
  '/records/:index': memberOnly(200),
  '/records/:index/wrong': memberOnly(200, 422),
  '/desk': deskOnly(200, '303 /desk'),
  '/desk/record': deskOnly(200, 422),
  '/desk/records/:index': deskOnly(200, 422),
  '/desk/record/neighbour': deskOnly(200, 422),
  '/desk/crossings/:id': deskOnly(200, '303 %'),
  '/desk/crossings/:id/wrong': deskOnly(200, 422),
  '/desk/crossings/:id/case': deskOnly(200, 422),
  '/desk/crossings/:id/back': deskOnly(200, 422),
  '/desk/codes/:code': deskOnly(200, '303 %'),
  '/desk/people/:number/request': deskOnly(200, 422),
  '/desk/people': deskOnly(200),
  '/desk/people/new': deskOnly(200, 422),
  '/desk/lists': deskOnly(200, 422),
  // A list that nobody has pasted; those that wait have random names.
  '/desk/lists/:list': deskOnly(404, 404),
  '/desk/lists/:list/columns': deskOnly(404, 404),
  '/desk/brought/:digest': deskOnly(404, 404),
  '/desk/people/:number': deskOnly(200),
  '/desk/people/:number/code': deskOnly(200, 422),
  '/desk/people/:number/change': deskOnly(200, 422),
  // Opening the note is an act, and a post for that reason.
  '/desk/people/:number/note': deskOnly(200, 200),
  '/desk/people/:number/helpers': deskOnly(200, 422),
  '/desk/people/:number/account': deskOnly(200, 404),
  '/desk/people/:number/leave': deskOnly(200, 422),
  '/desk/people/:number/erase': deskOnly(200, 422),
  '/desk/cases/:index': deskOnly(200, 422),
  '/desk/sheet': deskOnly(200, 422),
  '/desk/slips': deskOnly(200, 422),
  '/desk/slips/print': deskOnly(200),
  '/desk/notices': deskOnly(200),
  '/desk/notices/new': deskOnly(200, 422),
  '/desk/notices/answer': deskOnly(404, 404),
  '/desk/notices/sent/:sent': deskOnly(200, '303 /desk'),
  '/desk/notices/:notice': deskOnly(200, '303 %'),
  '/desk/letters': deskOnly(200, 422),
  '/desk/letters/for/:number/:letter': deskOnly(200),
  '/desk/letters/receipt/:index': deskOnly(200),
  '/desk/acts': deskOnly(200),
  '/desk/me': deskOnly(200, 422),
  '/about': OPEN,
  '/activity': OPEN,
  '/verify': { look: [200, 200, 200], post: [422, 422, 422] },
  '/records/:index/proof': memberOnly(200),
  '/join': { look: [200, 200, 200], post: [422, 422, 422] },
  // The link of an invitation, which nobody has here.
  '/invite': { look: [404, 404, 404], post: [404, 404, 404] },
  '/desk/join': deskOnly(200),
  '/desk/join/:joiner': deskOnly(200, 422),
  '/run/bank': deskOnly(200, 422),
  '/run/health': deskOnly(200),
  '/run/coordinators': deskOnly(200, 422),
  '/run/sheet': deskOnly(200, '303 %'),
  '/run/coordinators/:actor': deskOnly(200, 422),
  '/run/neighbours': deskOnly(200, '303 %'),
  '/run/neighbours/invite': deskOnly(200, 200),
  '/run/neighbours/add': deskOnly(200, 422),
  '/run/neighbours/:bank': deskOnly(200, 422),
  // Without a yes it is asked again.
  '/run/neighbours/:bank/end': deskOnly(200, 200),
}

/** Parts of paths, with something real behind each. */
function real({ path }: Screen): string {
  const { told, between } = banks.town
  return path
    .replace('crossings/:id/case', `crossings/${between.wrong.open}/case`)
    .replace('crossings/:id/back', `crossings/${between.crossings.received}/back`)
    .replace('crossings/:id', `crossings/${between.crossings.paid}`)
    .replace('/collect/:bank/:code', `/collect/${between.near.id}/${between.near.code}`)
    .replace(':code', between.codes.open)
    .replace(':token', 'used')
    .replace(':notice', told.notices.own)
    .replace(':sent', told.notices.sent)
    .replace(':id', told.claims.asked)
    .replace('cases/:index', `cases/${told.cases.open}`)
    .replace(':index', String(banks.town.records.fresh))
    .replace(':number', banks.town.ada.number)
    .replace(':letter', 'welcome')
    .replace(':actor', toHex(banks.town.colleague.actor))
    .replace(':joiner', banks.town.joiners.asked.slice('/desk/join/'.length))
    .replace(':bank', banks.near.id)
}

describe('[PRIV-26] the table of doors', () => {
  test('has every screen', () => {
    expect(Object.keys(DOORS).sort()).toEqual(SCREENS.map(({ path }) => path).sort())
  })

  const cells = SCREENS.flatMap((screen) =>
    VISITORS.flatMap((kind, column) =>
      (['look', 'post'] as const).map((act) => ({ screen, kind, column, act, path: screen.path })),
    ),
  )
  test.each(cells)('$act at $path by $kind', async ({ screen, kind, column, act }) => {
    const caller = await callerOf(banks.town, kind)
    const path = real(screen)
    const answer = act === 'look' ? await caller.look(path) : await caller.post(path)
    const wanted = DOORS[screen.path]?.[act][column]
    const shown = answer.to === null ? answer.status : `${answer.status} ${answer.to}`
    const asked = act === 'look' ? encodeURIComponent(path) : path
    const led = (cell: string): string =>
      cell.replace('%', asked).replace(':code', banks.town.between.codes.open)
    expect(shown).toBe(typeof wanted === 'string' ? led(wanted) : wanted)
    if (wanted === 404 || String(wanted).startsWith('303 /sign-in')) expectNothingLeaks(answer)
  })

  /** Nobody learns from a shut door who is behind it. */
  function expectNothingLeaks({ text }: Answer): void {
    for (const { name, number, phone } of [banks.town.edna, banks.town.boKarlsson]) {
      expect(text).not.toContain(name)
      expect(text).not.toContain(number)
      if (phone !== null) expect(text).not.toContain(phone)
    }
    expect(text).not.toContain('Bo Lind')
  }

  test('[SIGN-3] a look never writes: not to the log, not to the register', async () => {
    const caller = await callerOf(banks.town, 'coordinator')
    const before = [banks.town.node.head.size, banks.town.people.all().length]
    for (const state of STATES) {
      if (state.form === undefined && state.bank === 'town') await caller.look(await state.path(banks))
    }
    expect([banks.town.node.head.size, banks.town.people.all().length]).toEqual(before)
  })

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s finds nothing at any screen', async (method) => {
    const caller = await callerOf(banks.town, 'coordinator')
    for (const screen of SCREENS) {
      const headers = { origin: banks.town.url }
      expect((await caller.send(real(screen), { method, headers })).status).toBe(404)
    }
  })

  test('[PRIV-32] whoever’s account rests opens what is their own, and nothing that shows others', async () => {
    const own = ['/me', '/me/devices', '/hours', '/hours.csv', '/crossings/:id']
    const ownRecord = [
      '/crossings/:id/wrong',
      '/records/:index',
      '/records/:index/proof',
      '/records/:index/wrong',
    ]
    const caller = await callerOf(banks.town, 'member', 'Hal Rest')
    const before = banks.town.node.head.size
    for (const screen of SCREENS.filter(({ who }) => who.includes('member') && !who.includes('nobody'))) {
      const isOwn = [...own, ...ownRecord].includes(screen.path)
      const look = await caller.look(real(screen))
      // A record and a crossing in these paths are others'.
      const wanted = !isOwn ? 403 : own.slice(0, 4).includes(screen.path) ? 200 : 404
      expect([screen.path, look.status]).toEqual([screen.path, wanted])
      // The own list names those it was shared with.
      if (isOwn) continue
      expectNothingLeaks(look)
      const posted = await caller.post(real(screen), everything())
      expect([screen.path, posted.status]).toEqual([screen.path, screen.post === undefined ? 404 : 403])
      expectNothingLeaks(posted)
    }
    expect(banks.town.node.head.size).toBe(before)
    expect((await caller.look('/me')).text).not.toContain('href="/board"')
  })

  test('a bank that is not set up has one door', async () => {
    const nobody = new Caller(banks.fresh.url)
    for (const screen of SCREENS) {
      const { status, text } = await nobody.look(real(screen))
      const own = screen.path === '/setup/:token' ? 404 : screen.path === '/language' ? 303 : 503
      expect([screen.path, status]).toEqual([screen.path, own])
      expect(text).not.toContain('Priya')
    }
  })
})

describe('a forged post', () => {
  const FORGED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'without an origin': {},
    'of another site': { origin: 'https://evil.example' },
    'of a site that hides': { origin: 'null' },
    'of another port': { origin: 'http://127.0.0.1:1' },
    'of a name like ours': { origin: 'http://127.0.0.1.evil.example' },
    'that the browser calls foreign': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'that the browser calls near': { 'sec-fetch-site': 'same-site' },
  }
  const posted = SCREENS.filter(({ post }) => post !== undefined)

  test.each(Object.entries(FORGED))(
    '%s is refused at every screen and changes nothing',
    async (_, headers) => {
      const callers = await callersOf()
      const before = banks.town.node.head.size
      for (const screen of posted) {
        const answer = await callers[whoFor(screen)].post(real(screen), everything(), headers)
        expect([screen.path, answer.status, answer.headers.getSetCookie()]).toEqual([screen.path, 403, []])
      }
      expect(banks.town.node.head.size).toBe(before)
      expect((await callers.coordinator.look('/desk')).status).toBe(200)
      expect((await callers.member.look('/me')).status).toBe(200)
    },
  )

  test.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'text/plain; application/x-www-form-urlencoded',
    '',
  ])('as %j is refused too', async (type) => {
    const callers = await callersOf()
    const before = banks.town.node.head.size
    const body = new TextEncoder().encode(String(new URLSearchParams(everything())))
    for (const screen of posted) {
      const answer = await callers[whoFor(screen)].send(real(screen), {
        body,
        headers: { 'content-type': type },
      })
      expect([screen.path, answer.status]).toEqual([screen.path, 403])
    }
    expect(banks.town.node.head.size).toBe(before)
  })

  test('as JSON, which no form can send, is no form', async () => {
    const callers = await callersOf()
    for (const screen of posted) {
      const headers = { 'content-type': 'application/json' }
      const request = { body: JSON.stringify(everything()), headers }
      const answer = await callers[whoFor(screen)].send(real(screen), request)
      expect([screen.path, answer.status]).toEqual([screen.path, 422])
    }
  })

  /** The screens of members do not even read what somebody else sends. */
  function whoFor({ who }: Screen): 'member' | 'coordinator' {
    return who.includes('coordinator') ? 'coordinator' : 'member'
  }

  async function callersOf(): Promise<Record<'member' | 'coordinator', Caller>> {
    const [member, coordinator] = [
      await callerOf(banks.town, 'member'),
      await callerOf(banks.town, 'coordinator'),
    ]
    return { member, coordinator }
  }
})

/** A form that every screen would take something from. */
function everything(): Record<string, string> {
  const { ada, bo } = banks.town
  return {
    ...{
      name: 'Priya',
      password: PASSWORD,
      again: PASSWORD,
      phone: '1',
      item: 'x',
      language: 'ar-XB',
      back: '/desk',
    },
    ...{
      helped: ada.number,
      helper: bo.number,
      hours: '1',
      minutes: '0',
      when: 'today',
      known: 'voice',
      save: 'yes',
    },
    nonce: newNonce(),
  }
}

describe('[SIGN-10] a sign-in', () => {
  const enter = (
    caller: Caller,
    more: Record<string, string> = {},
    path = '/sign-in/desk',
  ): Promise<Answer> => caller.post(path, { name: 'priya', password: PASSWORD, ...more })

  test('gets a cookie that scripts cannot read and other sites cannot send', async () => {
    const nobody = new Caller(banks.town.url)
    const answer = await enter(nobody)
    expect([answer.status, answer.to]).toEqual([303, '/desk'])
    const lines = answer.headers.getSetCookie().sort()
    expect(lines).toHaveLength(2)
    // The sign-in for 90 days, and for a year the mark by which the device is known.
    for (const [i, [name, seconds]] of Object.entries({
      commonhour: 7_776_000,
      device: 31_536_000,
    }).entries()) {
      const [value, ...attributes] = (lines[i] ?? '').split('; ')
      expect(value).toMatch(new RegExp(`^${name}=[\\w-]{43}$`))
      expect(attributes.sort()).toEqual(['HttpOnly', `Max-Age=${seconds}`, 'Path=/', 'SameSite=Lax'])
    }
  })

  test('over https is sent over https alone', async () => {
    const { url } = banks.town
    const secure = { origin: url.replace('http:', 'https:'), 'x-forwarded-proto': 'https' }
    const answer = await new Caller(url).post('/sign-in/desk', { name: 'Priya', password: PASSWORD }, secure)
    expect(answer.headers.getSetCookie().join()).toContain('; Secure')
  })

  test('on a shared computer is forgotten with the window', async () => {
    const answer = await enter(new Caller(banks.town.url), { shared: 'yes' })
    expect(answer.headers.getSetCookie().join()).not.toMatch(/max-age|expires/i)
  })

  test('never takes over what the browser brought along', async () => {
    const planted = 'A'.repeat(43)
    const caller = new Caller(banks.town.url, { commonhour: planted })
    expect((await caller.look('/desk')).status).toBe(303)
    await enter(caller)
    const own = caller.cookies.get('commonhour')
    expect(own).not.toBe(planted)
    expect((await caller.look('/desk')).status).toBe(200)
    expect((await new Caller(banks.town.url, { commonhour: planted }).look('/desk')).status).toBe(303)
  })

  test('is gone for good after signing out, also for whoever copied the cookie', async () => {
    const caller = new Caller(banks.town.url)
    await enter(caller)
    const copy = new Caller(banks.town.url, Object.fromEntries(caller.cookies))
    expect((await copy.look('/desk')).status).toBe(200)
    await caller.post('/sign-out')
    expect([...caller.cookies.keys()]).toEqual(['device'])
    expect((await copy.look('/desk')).status).toBe(303)
  })

  test('as somebody else ends the one before', async () => {
    const caller = new Caller(banks.town.url)
    await enter(caller)
    const first = new Caller(banks.town.url, Object.fromEntries(caller.cookies))
    await enter(caller)
    expect([(await first.look('/desk')).status, (await caller.look('/desk')).status]).toEqual([303, 200])
  })

  test('pages are kept by no browser and no proxy', async () => {
    for (const { path, bank, as, member } of STATES) {
      if (bank !== 'town') continue
      const answer = await (await callerOf(banks.town, as, member)).look(await path(banks))
      expect(answer.headers.get('cache-control') ?? (answer.status === 303 ? 'no-store' : null)).toBe(
        'no-store',
      )
    }
  })
})

describe('a way back that came with a request', () => {
  const ELSEWHERE = [
    ...[
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'https://evil.example',
      'HTTPS:evil.example',
    ],
    ...[
      'javascript:alert(1)',
      '/\t/evil.example',
      '/\n/evil.example',
      ' //evil.example',
      '/%0d%0aset-cookie:x=y',
    ],
    ...[
      '/..//evil.example',
      '/.//evil.example',
      '/@evil.example',
      '?x=//evil.example',
      'evil.example',
      '',
      '/\u0000',
    ],
  ]

  test.each(ELSEWHERE)('%j leads nowhere else after signing in', async (to) => {
    const caller = new Caller(banks.town.url)
    const fields = { name: 'Priya', password: PASSWORD }
    const answer = await caller.post(`/sign-in/desk?to=${encodeURIComponent(to)}`, fields)
    expect(answer.status).toBe(303)
    expectHere(answer)
  })

  test.each(ELSEWHERE)('%j leads nowhere else after choosing a language', async (back) => {
    expectHere(await new Caller(banks.town.url).post('/language', { language: 'en', back }))
  })

  test('a page of the desk is found again', async () => {
    const led = await new Caller(banks.town.url).look('/desk/people/new')
    expect(led.to).toBe('/sign-in/desk?to=%2Fdesk%2Fpeople%2Fnew')
    const fields = { name: 'Priya', password: PASSWORD }
    expect((await new Caller(banks.town.url).post(led.to ?? '', fields)).to).toBe('/desk/people/new')
  })

  function expectHere({ to, headers }: Answer): void {
    const led = new URL(to ?? 'missing:', banks.town.url)
    expect(led.origin).toBe(banks.town.url)
    expect(headers.get('set-cookie') ?? '').not.toContain('x=y')
  }
})

describe('[PRIV-31] the headers', () => {
  test('of every answer keep other sites out', async () => {
    for (const { path, bank, as, member } of STATES) {
      const caller = await callerOf(banks[bank], as, member)
      const { headers } = await caller.look(await path(banks))
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('same-origin')
    }
  })

  test('a language that is not spoken sets no cookie', async () => {
    const answer = await new Caller(banks.town.url).post('/language', { language: 'x"; evil', back: '/' })
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})
