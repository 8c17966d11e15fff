/** What does a page make of words that were written to harm it? Text, in its place, and nothing typed is lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { end, type TestBank, testBank, until } from '../http/served.ts'
import { Caller, newNonce } from './caller.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

const MARKUP = `<script>alert(1)</script><b onclick="x">"'&amp;`
const TURNED = 'Eve\u202etluafed\u2066'
const INSIDE = `</textarea></title>{name}'{x, plural, other {#}}`
const TEN_KB = 'ab '.repeat(3_414)

let bank: WebBank
let caller: Caller
let people: Person[]
let index: string
/** A bank with a name to harm, which asks to be a neighbour. */
let turned: TestBank

beforeAll(async () => {
  bank = await openWebBank('Harbour')
  caller = await callerOf(bank, 'coordinator')
  const joins = async (name: string): Promise<Person> =>
    done(
      await addMember(bank.node, bank.people, {
        name,
        phone: MARKUP,
        area: MARKUP,
        note: INSIDE,
        joinedOn: '2020-01-01',
      }),
    )
  people = [await joins(MARKUP), await joins(TURNED), await joins(INSIDE)]
  turned = await testBank(`${TURNED} Bank`)
  const { addresses } = (await bank.call('GET', '/status')).json
  await turned.call('POST', '/neighbours', { bank_id: bank.id, addresses })
  await until(() => bank.node.proposals().length === 1)
  const asks = { name: MARKUP, phone: TURNED, reach: MARKUP, can: INSIDE, agreed: '1', nonce: newNonce() }
  await new Caller(bank.url).post('/join', asks)
  await new Caller(bank.url).post('/join', { ...asks, name: `${TURNED} Joins`, nonce: newNonce() })
  // Without an hour yet, so that the desk is told.
  await joins(`${TURNED} Two`)
  const saved = await caller.post('/desk/record', help({ save: 'yes' }))
  index = /^\/desk\/records\/(\d+)/.exec(saved.to ?? '')?.[1] ?? 'none'
})
afterAll(async () => {
  await closeBanks({ empty: bank })
  await end(turned)
})

function help(more: Record<string, string> = {}): Record<string, string> {
  const [helper, helped] = people
  return {
    ...{ helper: helper?.number ?? '', helped: helped?.number ?? '', hours: '1', minutes: '', when: 'today' },
    ...{ category: '40', note: MARKUP, known: 'voice', nonce: newNonce(), ...more },
  }
}

async function joinerNamed(start: string): Promise<string> {
  const { text } = await caller.look('/desk/join')
  return new RegExp(`href="(/desk/join/[0-9a-f]{32})">${start}`).exec(text)?.[1] ?? '/none'
}

const PAGES: Readonly<Record<string, () => Promise<{ status: number; text: string }>>> = {
  'the list': () => caller.look('/desk/people'),
  'what waits': () => caller.look('/desk'),
  'a person': () => caller.look(`/desk/people/${people[0]?.number}`),
  'a person with a turned name': () => caller.look(`/desk/people/${people[1]?.number}?new`),
  'a person with braces': () => caller.look(`/desk/people/${people[2]?.number}`),
  'a search': () =>
    caller.look(`/desk/people?who=${encodeURIComponent(MARKUP)}${encodeURIComponent(TURNED)}`),
  'somebody of that name': () =>
    caller.post('/desk/people/new', { name: MARKUP, note: INSIDE, area: TURNED }),
  'a form with errors': () => caller.post('/desk/record', help({ helper: `${MARKUP}${TURNED}`, hours: '' })),
  'a choice': () => caller.post('/desk/record', help({ helper: 'm-' })),
  'the check': () => caller.post('/desk/record', help()),
  'the record': () => caller.look(`/desk/records/${index}?new`),
  'who would like to join': () => caller.look('/desk/join'),
  'somebody who would like to join': async () => caller.look(await joinerNamed('&lt;script')),
  'somebody who would like to join, turned': async () => caller.look(await joinerNamed('Eve')),
  'a joiner with errors': () =>
    caller.post('/join', { name: `${MARKUP}${TURNED}`, reach: MARKUP, can: INSIDE }),
  'the neighbours': () => caller.look('/run/neighbours'),
  'a neighbour': () => caller.look(`/run/neighbours/${turned.id}`),
  'an invitation that is none': () => caller.post('/run/neighbours/add', { link: MARKUP }),
  'a receipt that is none': () =>
    caller.post('/verify', { phrase: MARKUP, reference: TURNED, proof: INSIDE }),
  'a sign-in': () =>
    new Caller(bank.url).post('/sign-in/desk', { name: `${MARKUP}${TURNED}`, password: 'x' }),
  'a sign-in on the way': () =>
    new Caller(bank.url).look(`/sign-in/desk?to=${encodeURIComponent(`"${MARKUP}`)}`),
}

describe('[PRIV-31] markup and braces', () => {
  test.each(Object.entries(PAGES))('on %s are text', async (_, open) => {
    const { text, status } = await open()
    expect([200, 422]).toContain(status)
    expect(text).not.toMatch(/<script>|<b onclick|<\/textarea><\/title>|="[^"]*"[a-z]+=/)
    expect(text.match(/<title>/g)).toHaveLength(1)
  })

  test('are shown as they were typed', async () => {
    const page = await caller.look(`/desk/people/${people[0]?.number}`)
    expect(page.text).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=&quot;x&quot;&gt;&quot;&#39;&amp;amp;',
    )
    const braces = await caller.look(`/desk/people/${people[2]?.number}`)
    expect(braces.text).toContain('&lt;/textarea&gt;&lt;/title&gt;{name}&#39;{x, plural, other {#}}')
  })
})

describe('marks that turn the order of letters', () => {
  test.each([
    ...['the check', 'the record', 'what waits', 'the neighbours', 'a neighbour'],
    'somebody who would like to join, turned',
  ])('in a name turn nothing else on %s', async (page) => {
    const text = (await PAGES[page]?.())?.text ?? ''
    const sentences =
      text.match(/<(h1|h2|h3|p|title)[^>]*>[^<]*/g)?.filter((one) => one.includes('Eve')) ?? []
    expect(sentences.length).toBeGreaterThan(0)
    expect(sentences.filter((one) => /[\u202a-\u202e\u2066-\u2069]/.test(one))).toEqual([])
  })
})

describe('ten kilobytes', () => {
  test.each(['name', 'phone', 'email', 'area', 'note'])(
    'of %s are refused beside the field, and not lost',
    async (field) => {
      const before = bank.people.all().length
      const fields = {
        name: 'Cleo',
        phone: '1',
        email: 'c@example.org',
        area: 'Quay',
        note: 'kind',
        [field]: TEN_KB,
      }
      const page = await caller.post('/desk/people/new', fields)
      expect(page.status).toBe(422)
      expect(page.text).toContain(`<a href="#${field}">That text is too long to keep. Make it shorter.</a>`)
      expect(page.text).toContain(`id="${field}-error"`)
      for (const typed of Object.values(fields)) expect(page.text).toContain(typed.trim())
      expect(bank.people.all().length).toBe(before)
    },
  )

  test('of words about a help are refused, and not lost', async () => {
    const page = await caller.post('/desk/record', help({ note: TEN_KB, save: 'yes' }))
    expect(page.status).toBe(422)
    expect(page.text).toContain(TEN_KB.trim())
  })

  test.each([257, 1_000])('times %i in one form are refused before they are read', async (kib) => {
    const page = await caller.post('/desk/people/new', { name: 'Cleo', note: 'x'.repeat(kib * 1_024) })
    expect(page.status).toBe(422)
    expect(page.text).toContain('That was too much at once.')
  })

  test('of a name that is searched for find nobody', async () => {
    const page = await caller.look(`/desk/people?who=${TEN_KB.replaceAll(' ', '+')}`)
    expect([page.status, page.text.includes('Nobody fits.')]).toEqual([200, true])
    // Twice as much is more than the heading of a request may hold.
    expect((await caller.look(`/desk/people?who=${'x'.repeat(20_000)}`)).status).toBe(431)
  })
})

describe('[EX-7] the same form again', () => {
  test.each(['one after the other', 'at the same moment'])('%s is one record', async (how) => {
    const before = bank.node.head.size
    const fields = help({ save: 'yes', hours: '2' })
    const first = how === 'at the same moment' ? null : await caller.post('/desk/record', fields)
    const rest = await Promise.all([1, 2, 3].map(() => caller.post('/desk/record', fields)))
    const places = new Set(
      [first, ...rest].flatMap((one) => (one === null ? [] : [one.to?.replace(/\?.*/, '')])),
    )
    expect([places.size, bank.node.head.size]).toEqual([1, before + 1])
    const again = await caller.look(`${rest[0]?.to?.replace(/\?.*/, '')}?again`)
    expect(again.text).toContain('Already recorded. It counts once')
  })

  test('with the pages from before, after "Change something", records what was changed', async () => {
    const fields = help({ hours: '3' })
    const changed = await caller.post('/desk/record', { ...fields, change: 'yes' })
    expect(changed.text).toContain(fields.nonce ?? '')
    const saved = await caller.post('/desk/record', { ...fields, hours: '4', save: 'yes' })
    expect(saved.status).toBe(303)
    // The back button, and the first wish after all: the form was used for something else.
    const late = await caller.post('/desk/record', { ...fields, save: 'yes' })
    expect(late.status).toBe(422)
  })

  test('taking back twice takes back once', async () => {
    const saved = await caller.post('/desk/record', help({ save: 'yes', hours: '5' }))
    const path = saved.to?.replace(/\?.*/, '') ?? ''
    const before = bank.node.head.size
    const nonce = newNonce()
    const all = await Promise.all([1, 2, 3].map(() => caller.post(path, { nonce })))
    expect(all.map(({ to }) => to)).toEqual([path, path, path])
    expect(bank.node.head.size).toBe(before + 1)
  })
})
