/** Can somebody guess a way in? Many wrong tries at one door open nothing, keep other doors open and outlive a restart. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { Logins } from '../../src/register/logins.ts'
import { end, StandingClock, serveFolder } from '../http/served.ts'
import { Caller } from './caller.ts'
import { done, openWebBank, PASSWORD, type WebBank } from './town.ts'

const MANY = 10_000
const HOUR = 3_600

let bank: WebBank
let clock: StandingClock
beforeEach(async () => {
  clock = new StandingClock()
  bank = await openWebBank('Harbour', { clock })
})
afterEach(() => end(bank))

function enter(
  password: string,
  at = bank.url,
): Promise<{ status: number; text: string; to: string | null }> {
  return new Caller(at).post('/sign-in/desk', { name: 'Priya', password })
}

/** Tries passwords at the door of this coordinator until it waits. */
async function shut(): Promise<void> {
  for (let i = 0; i < LIMITS.guesses; i++) await bank.logins.enter([bank.coordinator.actor], `wrong ${i}`)
}

describe('[SIGN-8] wrong passwords', () => {
  test('of any number open nothing, and keep no other door shut', async () => {
    const { actor } = bank.coordinator
    const other = bank.node.random.bytes(16)
    done(await bank.logins.choose(other, 'another sentence here'))
    const codes = new Map<string, number>()
    for (let i = 0; i < MANY; i++) {
      // In twenty hours, as fast as somebody likes.
      clock.offset += i % 500 === 0 ? HOUR : 0
      const { ok, ...rest } = await bank.logins.enter([actor], `wrong ${i}`)
      expect(ok).toBe(false)
      const code = 'refusal' in rest ? rest.refusal.code : 'entered'
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    const heard = codes.get('sign_in_wrong') ?? 0
    expect([...codes.keys()].sort()).toEqual(['sign_in_wrong', 'tried_too_often'])
    expect(heard).toBeLessThanOrEqual(LIMITS.guesses + 20)
    // The right one has to wait as well, and is told how long.
    const late = await enter(PASSWORD)
    expect([late.status, late.to]).toEqual([422, null])
    expect(late.text).toMatch(/There were too many wrong tries. Wait (1 hour|\d+ minutes?), then try again/)
    expect((await bank.logins.enter([other], 'another sentence here')).ok).toBe(true)
    const recovered = await new Caller(bank.url).post('/sign-in/recovery', {
      name: 'Priya',
      code: bank.codes[3] ?? '',
    })
    expect(recovered.to).toMatch(/^\/setup\//)
    const chosen = await new Caller(bank.url).post(recovered.to ?? '', {
      password: 'quite a new one',
      again: 'quite a new one',
    })
    expect(chosen.status).toBe(200)
    expect((await enter('quite a new one')).to).toBe('/desk')
  })

  test('that come all at once are counted one by one', async () => {
    const tries = Array.from({ length: 60 }, (_, i) =>
      bank.logins.enter([bank.coordinator.actor], `wrong ${i}`),
    )
    const codes = (await Promise.all(tries)).map((one) => (one.ok ? 'entered' : one.refusal.code))
    expect(codes.filter((code) => code === 'sign_in_wrong')).toHaveLength(LIMITS.guesses)
    expect(codes.filter((code) => code === 'tried_too_often')).toHaveLength(60 - LIMITS.guesses)
  })

  test('are counted on the disk: a restart gives nobody new tries', async () => {
    await shut()
    await bank.close()
    const again = await serveFolder(bank.folder, 'Harbour', { clock })
    bank = { ...bank, ...again }
    const late = await enter(PASSWORD)
    expect([late.status, late.text.includes('too many wrong tries')]).toEqual([422, true])
    clock.offset += HOUR + 1
    expect((await enter(PASSWORD)).to).toBe('/desk')
    expect(await new Logins(again.node).anybody()).toBe(true)
  })

  test('are forgotten by a right one', async () => {
    for (let round = 0; round < 3; round++) {
      for (let i = 1; i < LIMITS.guesses; i++) expect((await enter(`wrong ${i}`)).status).toBe(422)
      expect((await enter(PASSWORD)).to).toBe('/desk')
    }
  })

  test('never keep out a second person of the same name', async () => {
    const { actor } = bank.coordinator
    const namesake = bank.node.random.bytes(16)
    done(await bank.logins.choose(namesake, 'the other one of us'))
    for (let i = 0; i < LIMITS.guesses + 2; i++) {
      const entered = done(await bank.logins.enter([actor, namesake], 'the other one of us'))
      expect(entered.actor).toEqual(namesake)
      done(await bank.signIns.open({ role: 'coordinator', id: namesake }, { ...DEVICE, rows: entered.rows }))
    }
    expect(done(await bank.logins.enter([actor, namesake], PASSWORD)).actor).toEqual(actor)
  })
})

const DEVICE = { onSharedComputer: false, device: 'a test' }

describe('[SIGN-8] recovery codes', () => {
  test('cannot be guessed: ten thousand wrong ones open nothing, and the password still does', async () => {
    const { actor } = bank.coordinator
    for (let i = 0; i < MANY; i++) {
      const { ok } = await bank.logins.recover([actor], `ABCD-EFGH-${String(i).padStart(4, '2')}`)
      expect(ok).toBe(false)
    }
    expect((await enter(PASSWORD)).to).toBe('/desk')
  })

  test('open once each, whatever is pressed twice', async () => {
    const [code = ''] = bank.codes
    const typed = code.toLowerCase().replaceAll('-', ' ')
    const { actor } = bank.coordinator
    const all = await Promise.all([1, 2, 3, 4].map(() => bank.logins.recover([actor], typed)))
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    const late = await new Caller(bank.url).post('/sign-in/recovery', { name: 'PRIYA', code: typed })
    expect(late.status).toBe(422)
  })
})

describe('nobody learns who is here', () => {
  test('a name that is unknown is answered in the same words as a wrong password', async () => {
    const known = await enter('not the right one')
    const unknown = await new Caller(bank.url).post('/sign-in/desk', {
      name: 'Nobody',
      password: 'not the right one',
    })
    expect(unknown.text.replaceAll('Nobody', 'Priya')).toBe(known.text)
  })

  test('and waits as long after as many wrong ones', async () => {
    const heard = async (name: string) => {
      const answers: string[] = []
      for (let i = 0; i < LIMITS.guesses + 2; i++) {
        const spelled = i % 2 === 0 ? name : ` ${name.toUpperCase()}`
        for (const [path, field] of Object.entries({
          '/sign-in/desk': 'password',
          '/sign-in/recovery': 'code',
        })) {
          const { text, status } = await new Caller(bank.url).post(path, { name: spelled, [field]: 'wrong' })
          answers.push(`${status} ${text.replaceAll(new RegExp(name, 'gi'), 'Name')}`)
        }
      }
      return answers
    }
    const unknown = await heard('Nobody')
    expect(unknown).toEqual(await heard('Priya'))
    expect(unknown.filter((text) => text.includes('too many wrong tries'))).toHaveLength(4)
  })

  test('and costs as much work', async () => {
    const { actor } = bank.coordinator
    const known = await workOf(() => bank.logins.enter([actor], 'wrong'))
    const unknown = await workOf(() => bank.logins.enter([], 'wrong'))
    // A comparison of hashes takes some tens of milliseconds, everything else less than one.
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })

  /** Microseconds that the processors worked for it, however busy the machine is; the middle of three. */
  async function workOf(run: () => Promise<unknown>): Promise<number> {
    const times: number[] = []
    for (let i = 0; i < 3; i++) {
      const before = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(before)
      times.push(user + system)
    }
    return times.sort((a, b) => a - b)[1] ?? 0
  }
})
