import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { end, MovableClock, serveFolder, type TestBank, testBank, twoBanks, until } from './served.ts'

let harbour: TestBank
let millbrook: TestBank

beforeAll(async () => {
  ;({ harbour, millbrook } = await twoBanks())
  await harbour.call('POST', '/members', { name: 'Ada' })
})
afterAll(() => end(harbour, millbrook))

describe('after a start', () => {
  test('a bank whose neighbours are silent answers questions, and says why it does not record yet', async () => {
    await Promise.all([harbour.close(), millbrook.close()])
    const clock = new MovableClock()
    const alone = await serveFolder(harbour.folder, 'Harbour', {
      clock,
      node: { start: 'strict', startWaitSeconds: 600 },
    })
    try {
      expect(await alone.ask('/readyz')).toMatchObject({
        status: 503,
        json: { ready: false, reasons: ['start_waits'] },
      })
      expect((await alone.ask('/livez')).status).toBe(200)
      expect((await alone.call('GET', '/status')).json).toMatchObject({
        signing: 'waiting',
        waiting_for_neighbours: 1,
        refusal: null,
      })
      expect(
        (await alone.call('GET', '/members')).json.members.map((one: { name: string }) => one.name),
      ).toContain('Ada')
      const written = alone.call('POST', '/members', { name: 'Bo' })
      const later = setInterval(() => {
        clock.offset += LIMITS.startWaitSeconds + 2
      }, 100)
      const answer = await written.finally(() => clearInterval(later))
      expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([
        503,
        'start_waits',
        '5',
      ])
      expect((await alone.call('GET', '/status')).json.members).toBe(1)
    } finally {
      await alone.close()
    }
  })

  test('a request that writes waits for the neighbours and is then done', async () => {
    const first = await serveFolder(harbour.folder, 'Harbour', {
      node: { start: 'strict', startWaitSeconds: 30 },
    })
    try {
      const written = first.call('POST', '/members', { name: 'Cy' })
      const back = await serveFolder(millbrook.folder, 'Millbrook', { node: { startWaitSeconds: 0 } })
      try {
        const { addresses } = (await back.call('GET', '/status')).json
        await first
          .call('POST', '/neighbours/find', { bank_id: millbrook.id, addresses })
          .catch(() => undefined)
        expect((await written).json.code ?? 'added').toBe('added')
      } finally {
        await back.close()
      }
    } finally {
      await first.close()
    }
  })
})

describe('a log without its guard', () => {
  test('[CRASH-9] is vouched for by the operator who types its size and root', async () => {
    const bank = await testBank('Lone')
    try {
      await bank.close()
      await rm(join(bank.folder, 'head-guard'))
      const again = await serveFolder(bank.folder, 'Lone')
      try {
        const refused = await again.call('POST', '/members', { name: 'Ada' })
        expect([refused.status, refused.json.code]).toEqual([503, 'start_waits'])
        const { entries, root } = refused.json.facts
        expect(refused.json.detail).toContain(`commonhour status --confirm-log ${entries}:${root}`)
        const wrong = await again.call('POST', '/log/confirm', { size: entries + 1, root })
        expect([wrong.status, wrong.json.code]).toEqual([503, 'start_waits'])
        expect((await again.call('POST', '/log/confirm', { size: entries, root })).json).toEqual({
          done: true,
        })
        expect((await again.call('POST', '/members', { name: 'Ada' })).status).toBe(201)
      } finally {
        await again.close()
      }
    } finally {
      await rm(bank.folder, { recursive: true, force: true })
    }
  })
})

describe('an older copy of the folder put back', () => {
  test('[CRASH-5] signs nothing, says why and what to do, and goes on answering', async () => {
    const bank = await testBank('Northgate')
    const copy = await mkdtemp(join(tmpdir(), 'commonhour-old-'))
    try {
      await bank.close()
      await cp(bank.folder, copy, { recursive: true })
      const newer = await serveFolder(bank.folder, 'Northgate')
      await newer.call('POST', '/members', { name: 'Edna' })
      await newer.close()
      await rm(join(bank.folder, 'db'), { recursive: true })
      await cp(join(copy, 'db'), join(bank.folder, 'db'), { recursive: true })

      const old = await serveFolder(bank.folder, 'Northgate')
      try {
        const answer = await old.call('POST', '/members', { name: 'Sam' })
        expect([answer.status, answer.json.code]).toEqual([503, 'log_behind_guard'])
        expect(answer.json.detail).toMatch(/Put back the newest copy/)
        expect(await old.ask('/readyz')).toMatchObject({
          status: 503,
          json: { reasons: ['log_behind_guard'] },
        })
        const status = (await old.call('GET', '/status')).json
        expect(status).toMatchObject({ signing: 'no', refusal: { code: 'log_behind_guard' } })
        expect((await old.call('GET', '/members')).status).toBe(200)
        expect((await old.ask('/checkpoint')).status).toBe(200)
      } finally {
        await old.close()
      }
    } finally {
      await rm(copy, { recursive: true, force: true })
      await rm(bank.folder, { recursive: true, force: true })
    }
  })
})

describe('stopping', () => {
  test('[OPS-12] whoever waits for a payment is answered with what is known', async () => {
    const [one, two] = await Promise.all([testBank('One'), testBank('Two')])
    try {
      const { addresses } = (await two.call('GET', '/status')).json
      await one.call('POST', '/neighbours', { bank_id: two.id, addresses })
      await until(async () => (await two.call('GET', '/neighbours')).json.proposals.length > 0)
      await two.call('POST', '/neighbours/One/accept', {})
      await until(async () => (await one.call('GET', '/neighbours')).json.neighbours[0].line_state === 'open')
      const { number } = (await one.call('POST', '/members', { name: 'Ada' })).json
      await two.close()
      const held = await one.call('POST', '/payments', {
        by: 'coordinator',
        payer: number,
        bank: two.id,
        handle: 'a'.repeat(26),
        minutes: 10,
        channel: 'call',
        reason: 'telephoned',
      })
      const waiting = one.call('GET', `/payments/${held.json.id}?wait=60`)
      const asked = performance.now()
      await new Promise((resolve) => setTimeout(resolve, 50))
      await one.close()
      expect((await waiting).json.state).toBe('held')
      expect(performance.now() - asked).toBeLessThan(LIMITS.closingSeconds * 1_000 + 5_000)
    } finally {
      await end(one, two)
    }
  })
})
