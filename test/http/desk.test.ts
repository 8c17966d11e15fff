import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { end, type TestBank, testBank } from './served.ts'

let harbour: TestBank

beforeAll(async () => {
  harbour = await testBank('Harbour')
  for (const [name, number] of [
    ['Ada', 'H-1'],
    ['Bo', 'H-2'],
  ])
    await harbour.call('POST', '/members', { name, number })
}, 60_000)
afterAll(() => end(harbour))

describe('coordinators', () => {
  test('[DESK-3] are added and removed; whoever is in office longest acts for the token', async () => {
    const added = await harbour.call('POST', '/coordinators', { name: 'Sam', member: 'H-1' })
    expect([added.status, added.json]).toEqual([201, { name: 'Sam', number: 'H-1', state: 'in_office' }])
    const gone = await harbour.call('DELETE', '/coordinators/priya')
    expect([gone.status, gone.json]).toMatchObject([200, { name: 'Priya', state: 'removed' }])
    expect((await harbour.call('GET', '/status')).json.coordinator).toBe('Sam')
    const own = { by: 'coordinator', provider: 'H-2', recipient: 'H-1', minutes: 5, channel: 'call' }
    expect((await harbour.call('POST', '/exchanges', { ...own, reason: 'telephoned' })).status).toBe(201)
    const last = await harbour.call('DELETE', '/coordinators/Sam')
    expect([last.status, last.json.code]).toEqual([409, 'last_coordinator'])
    await harbour.call('POST', '/coordinators', { name: 'Priya' })
    const refused = await harbour.call('POST', '/exchanges', { ...own, reason: 'telephoned' })
    expect([refused.status, refused.json.code]).toEqual([422, 'not_covered'])
    const { coordinators } = (await harbour.call('GET', '/coordinators')).json
    expect(coordinators.map((one: { state: string }) => one.state)).toEqual([
      'removed',
      'in_office',
      'in_office',
    ])
  })

  test.each([
    [{ name: '' }, 422, 'name_missing'],
    [{ name: 'Sam' }, 409, 'coordinator_known'],
    [{ name: 'Eve', member: 'H-9' }, 404, 'account_unknown'],
    [{ nome: 'Eve' }, 400, 'request_malformed'],
  ])('%o is refused', async (body, status, code) => {
    const answer = await harbour.call('POST', '/coordinators', body)
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })
})

describe('what the desk did', () => {
  test('[DESK-12] is listed with names and numbers, for all or for one member', async () => {
    const { acts, next } = (await harbour.call('GET', '/acts')).json
    expect(next).toBeNull()
    expect(acts[0]).toMatchObject({ what: 'coordinator_added', coordinator: 'Sam', members: [] })
    const recorded = acts.find((act: { what: string }) => act.what === 'recorded')
    expect(recorded).toMatchObject({ coordinator: 'Sam', members: ['H-2', 'H-1'] })
    expect(recorded.record).toMatch(/^[0-9a-f]{64}$/)
    const earlier = (await harbour.call('GET', `/acts?before=${acts.at(-1).no + 1}`)).json
    expect(earlier.acts).toEqual([acts.at(-1)])
    const about = (await harbour.call('GET', '/members/h-2/acts')).json.acts
    expect(about.map((act: { what: string }) => act.what)).toEqual(['recorded', 'added'])
    expect((await harbour.call('GET', '/members/H-9/acts')).status).toBe(404)
    expect((await harbour.call('GET', '/acts?before=x')).status).toBe(400)
  })
})

describe('what is known of a person', () => {
  test('[SIGN-2] [EX-15] is shown, changed and helped; the note is opened by an act', async () => {
    const changes = { phone: '020 7946 0000', note: 'likes tea', print_large: true, phone_word: 'heron' }
    const edited = await harbour.call('PATCH', '/members/H-1', changes)
    expect([edited.status, edited.json]).toMatchObject([
      200,
      { number: 'H-1', phone: '020 7946 0000', print_large: true, phone_word: 'heron', has_note: true },
    ])
    expect(edited.text).not.toContain('tea')
    const helped = await harbour.call('POST', '/members/H-1/helpers', { helper: 'H-2', for_what: 'record' })
    expect([helped.status, helped.json.helpers]).toMatchObject([
      201,
      [{ number: 'H-2', name: 'Bo', until: null }],
    ])
    expect((await harbour.call('GET', '/members/H-1/person')).json).toEqual(helped.json)
    expect((await harbour.call('POST', '/members/H-1/note')).json.note).toBe('likes tea')
    expect((await harbour.call('GET', '/members/H-1/acts')).json.acts[0].what).toBe('opened_notes')
    expect((await harbour.call('DELETE', '/members/H-1/helpers/H-2')).json.helpers).toEqual([])
    const taken = await harbour.call('PATCH', '/members/H-1', { number: 'H-2' })
    expect([taken.status, taken.json.code]).toEqual([409, 'number_taken'])
    const unknown = await harbour.call('PATCH', '/members/H-1', { pin: '1234' })
    expect([unknown.status, unknown.json.code]).toEqual([400, 'request_malformed'])
    expect((await harbour.call('PATCH', '/members/H-1', { phone: null })).json).toMatchObject({
      phone: null,
      phone_word: 'heron',
    })
  })
})
