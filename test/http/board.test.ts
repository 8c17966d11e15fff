import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { neighbourShape } from '../../src/http/shapes/neighbours.ts'
import { end, MovableClock, openLine, serveFolder, type TestBank, testBank, until } from './served.ts'

const clock = new MovableClock()
const theirs = new MovableClock()
let harbour: TestBank
let millbrook: TestBank
let ada: string
let bo: { number: string; handle: string }

beforeAll(async () => {
  ;[harbour, millbrook] = await Promise.all([
    testBank('Harbour', { clock }),
    testBank('Millbrook', { clock: theirs }),
  ])
  await openLine(harbour, millbrook)
  ada = (await harbour.call('POST', '/members', { name: 'Ada' })).json.number
  const { number } = (await millbrook.call('POST', '/members', { name: 'Bo' })).json
  const { handle } = (await millbrook.call('POST', `/members/${number}/handles`, { uses: 9, days: 300 })).json
  bo = { number, handle }
})
afterAll(() => end(harbour, millbrook))

const atHarbour = (path: string, body: object = {}) => harbour.call('POST', path, body)
const line = async () => (await harbour.call('GET', '/neighbours')).json.neighbours[0]
const codeOf = async (answer: Promise<{ status: number; json: { code: string } }>) => {
  const { status, json } = await answer
  return [status, json.code]
}
const BOTH = { board: ['Anne', 'ben'] }

const pay = (minutes: number, more: object = {}) =>
  atHarbour('/payments', {
    by: 'coordinator',
    payer: ada,
    bank: 'Millbrook',
    handle: bo.handle,
    minutes,
    channel: 'call',
    reason: 'telephoned',
    ...more,
  })

describe('the board', () => {
  test('people join and leave it by name', async () => {
    expect((await harbour.call('GET', '/board')).json).toEqual({ board: [] })
    expect(await atHarbour('/board', { name: 'Anne', member: ada })).toMatchObject({
      status: 201,
      json: { name: 'Anne', number: ada },
    })
    await atHarbour('/board', { name: 'Ben' })
    await atHarbour('/board', { name: 'Mary Price' })
    expect(await codeOf(atHarbour('/board', { name: 'ben' }))).toEqual([409, 'board_known'])
    expect((await harbour.call('DELETE', `/board/${encodeURIComponent('mary price')}`)).json.name).toBe(
      'Mary Price',
    )
    expect(await codeOf(harbour.call('DELETE', '/board/Mary'))).toEqual([422, 'board_unknown'])
    expect((await harbour.call('GET', '/board')).json.board).toEqual([
      { name: 'Anne', number: ada },
      { name: 'Ben', number: null },
    ])
  })
})

describe('a neighbour that is gone', () => {
  let sent: string

  test('[LINE-10] is given up by two of the board, once it has been silent long enough', async () => {
    const early = await atHarbour('/neighbours/Millbrook/give-up', BOTH)
    expect([early.status, early.json.code]).toEqual([409, 'line_not_silent'])
    await millbrook.close()
    sent = (await pay(60, { postal: true })).json.id
    expect(await codeOf(atHarbour(`/payments/${sent}/cover`, BOTH))).toEqual([409, 'line_not_dead'])
    expect(await codeOf(atHarbour(`/payments/${sent}/recall`))).toEqual([409, 'not_recallable'])
    for (const one of [clock, theirs]) one.offset += LIMITS.deadSilenceSeconds + 60
    const acts: [object, string][] = [
      [{ board: ['Anne'] }, 'board_too_few'],
      [{ board: ['Anne', 'ANNE'] }, 'board_too_few'],
      [{ board: ['Anne', 'Mary Price'] }, 'board_unknown'],
      [{ board: ['Anne', 'Priya'] }, 'board_unknown'],
    ]
    for (const [body, code] of acts)
      expect(await codeOf(atHarbour('/neighbours/Millbrook/give-up', body))).toEqual([422, code])
    expect((await atHarbour('/neighbours/Millbrook/give-up', {})).json.facts.field).toBe('board')
    const given = await atHarbour('/neighbours/Millbrook/give-up', BOTH)
    expect(neighbourShape.parse(given.json)).toEqual(given.json)
    expect(given.json).toMatchObject({ line_state: 'dead', we_owe_minutes: 60 })
    expect(await codeOf(pay(5))).toEqual([409, 'line_dead'])
  })

  test('[PAY-18] the pot pays back what is on its way to it', async () => {
    const covered = await atHarbour(`/payments/${sent}/cover`, BOTH)
    expect(covered.json).toMatchObject({ state: 'covered', word: 'Came back', ended: true })
    expect(await codeOf(atHarbour(`/payments/${sent}/cover`, BOTH))).toEqual([409, 'not_coverable'])
    const statement = (await harbour.call('GET', `/members/${ada}`)).json
    expect(statement.lines.map((one: { what: string }) => one.what)).toEqual(['sent', 'came_back'])
    expect(statement).toMatchObject({ balance_minutes: 0, received_minutes: 0 })
    const pot = (await harbour.call('GET', '/members/POT')).json
    expect(pot.lines.map((one: { what: string; minutes: number }) => [one.what, one.minutes])).toEqual([
      ['covered', -60],
    ])
    expect((await harbour.call('GET', '/status')).json.sum_minutes).toBe(0)
  })

  test('[LINE-10] nothing is written off that is not owed; settling needs a loss', async () => {
    const amounts = { ...BOTH, minutes: 10 }
    expect(await codeOf(atHarbour('/neighbours/Millbrook/write-off', amounts))).toEqual([
      409,
      'amount_too_large',
    ])
    expect(await codeOf(atHarbour('/neighbours/Millbrook/settle-loss', amounts))).toEqual([
      409,
      'amount_too_large',
    ])
    expect(await codeOf(atHarbour('/neighbours/Millbrook/close'))).toEqual([409, 'line_dead'])
  })

  test('[LINE-10] comes back, is taken up again, and what it kept stays with it', async () => {
    expect(await codeOf(atHarbour('/neighbours/Millbrook/revive', BOTH))).toEqual([409, 'heads_not_compared'])
    const again = await serveFolder(millbrook.folder, 'Millbrook', { clock: theirs })
    millbrook = { ...again, id: millbrook.id, words: millbrook.words }
    for (const one of [clock, theirs]) one.offset += LIMITS.resendLongestSeconds + 5
    await until(async () => (await harbour.call('GET', `/payments/${sent}`)).json.state === 'paid', 60)
    await until(async () => (await atHarbour('/neighbours/Millbrook/revive', BOTH)).status === 200)
    expect(await line()).toMatchObject({ line_state: 'open', written_off_minutes: 0, loss_minutes: 0 })
    expect((await harbour.call('GET', '/members/POT')).json.balance_minutes).toBe(-60)
    expect(await codeOf(atHarbour('/neighbours/Millbrook/close'))).toEqual([409, 'line_not_settled'])
  }, 90_000)
})

describe('members who leave', () => {
  test('[PAY-14] give the rest to the pot and are closed', async () => {
    const { number } = (await atHarbour('/members', { name: 'Cleo' })).json
    const help = {
      by: 'coordinator',
      provider: number,
      recipient: ada,
      minutes: 45,
      channel: 'desk',
      reason: 'at_the_desk',
    }
    expect((await atHarbour('/exchanges', help)).status).toBe(201)
    expect((await atHarbour(`/members/${number}/leave`, { channel: 'call' })).json.code).toBe(
      'reason_missing',
    )
    const left = await atHarbour(`/members/${number}/leave`, { channel: 'call', reason: 'telephoned' })
    expect(left.json).toMatchObject({
      state: 'closed',
      balance_minutes: 0,
      waiting_payments: 0,
      rest_minutes: 45,
    })
    expect(
      await codeOf(atHarbour(`/members/${number}/leave`, { channel: 'call', reason: 'telephoned' })),
    ).toEqual([409, 'account_closed'])
  })
})
