import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../http/served.ts'
import { build, commonhour, interrupted, ON_FREE_PORTS, type Ran, type Serving, serve } from './program.ts'

let base: string
const serving = new Map<string, Serving>()

const at = (bank: string, ...args: string[]): Promise<Ran> => commonhour([...args, '--dir', join(base, bank)])

beforeAll(async () => {
  await build()
  base = await mkdtemp(join(tmpdir(), 'commonhour-cli-'))
  for (const name of ['harbour', 'millbrook']) {
    await at(
      name,
      'init',
      '--name',
      name === 'harbour' ? 'Harbour' : 'Millbrook',
      '--coordinator',
      'Priya',
      ...ON_FREE_PORTS,
    )
    serving.set(name, await serve(join(base, name)))
  }
})
afterAll(async () => {
  for (const one of serving.values()) await one.stop('SIGKILL')
  await rm(base, { recursive: true, force: true })
})

/** Whole programs start in every line of it: twenty times what it takes. */
describe('an hour crosses between two banks', { timeout: 240_000 }, () => {
  test('one bank proposes a line, the other agrees', async () => {
    const { bank_id, addresses } = (await at('millbrook', 'status', '--json')).json
    const found = await at('harbour', 'neighbour', 'find', bank_id, '--address', addresses[0])
    expect([found.code, found.out]).toEqual([0, expect.stringMatching(/^Millbrook \(/)])
    const added = await at('harbour', 'neighbour', 'add', bank_id, '--address', addresses[0])
    expect([added.code, added.out]).toEqual([0, expect.stringMatching(/^Proposed to Millbrook/)])
    await until(async () => (await at('millbrook', 'neighbour', 'list')).out.includes('asks for a line'))
    expect((await at('millbrook', 'neighbour', 'refuse', 'Harbour')).out).toBe(
      'Harbour: It may not ask again.\n',
    )
    expect((await at('millbrook', 'neighbour', 'accept', 'Harbour')).code).toBe(1)
    expect((await at('millbrook', 'neighbour', 'list')).out).toMatch(
      /Harbour \([a-z2-7]{32}\) may not ask for a line/,
    )
    expect((await at('millbrook', 'neighbour', 'let-ask', 'harbour')).out).toBe(
      'harbour: It may ask again.\n',
    )
    expect((await at('harbour', 'neighbour', 'remove', 'Millbrook')).code).toBe(0)
    await at('harbour', 'neighbour', 'add', bank_id, '--address', addresses[0])
    await until(async () => (await at('millbrook', 'neighbour', 'list')).out.includes('asks for a line'))
    expect((await at('millbrook', 'neighbour', 'accept', 'Harbour')).out).toBe(
      'Harbour: The line is agreed.\n',
    )
    await until(
      async () =>
        (await at('harbour', 'neighbour', 'list', '--json')).json.neighbours[0]?.line_state === 'open',
    )
    expect((await at('harbour', 'neighbour', 'list')).out).toMatch(
      /Millbrook +[a-z2-7]{32} +open, connected +40 hours/,
    )
    const again = await at('harbour', 'neighbour', 'add', bank_id)
    expect([again.code, again.err]).toEqual([
      1,
      expect.stringContaining('There is a line with this bank already'),
    ])
    expect((await at('harbour', 'neighbour', 'pause', 'millbrook')).out).toBe(
      'Millbrook: New hours are stopped.\n',
    )
    expect((await at('harbour', 'neighbour', 'resume', 'millbrook')).out).toBe(
      'Millbrook: New hours pass again.\n',
    )
    expect((await at('harbour', 'neighbour', 'limit', 'millbrook', '3000')).code).toBe(0)
    expect((await at('harbour', 'neighbour', 'invite')).out).toMatch(/^commonhour:invite\?b=/)
  })

  test('ninety minutes from Ada to Bo: Done, 0', async () => {
    await at(
      'harbour',
      'member',
      'add',
      '--name',
      'Ada',
      '--number',
      'M-0001',
      '--device',
      join(base, 'ada.key'),
    )
    await at('millbrook', 'member', 'add', '--name', 'Bo', '--number', 'M-0001')
    const to = (await at('millbrook', 'member', 'handle', 'M-0001', '--uses', '9')).out.trim()
    const paid = await at(
      'harbour',
      'pay',
      '--from',
      'M-0001',
      '--to',
      to,
      '--minutes',
      '90',
      '--reason',
      'telephoned',
      '--channel',
      'call',
    )
    expect([paid.code, paid.out]).toEqual([
      0,
      expect.stringMatching(/^Done\. 1 hour 30 minutes arrived at Millbrook\.\nPayment [0-9a-f]{64}\n$/),
    ])
    expect((await at('millbrook', 'member', 'statement', 'M-0001')).out).toContain(
      'helped a member of Harbour for 1 hour 30 minutes',
    )

    const byName = `Millbrook/${to.split('/')[1]}`
    const signed = await at(
      'harbour',
      'pay',
      '--key',
      join(base, 'ada.key'),
      '--to',
      byName,
      '--minutes',
      '30',
      '--note',
      'tea',
      '--json',
    )
    expect([signed.code, signed.json]).toEqual([
      0,
      expect.objectContaining({ schema_version: 1, state: 'paid', word: 'Done' }),
    ])
    expect((await at('harbour', 'member', 'statement', 'M-0001')).out).toContain('tea')
  })

  test('a key of another bank, or none, is told apart', async () => {
    const to = (await at('millbrook', 'member', 'handle', 'M-0001')).out.trim()
    const wrong = await at('millbrook', 'pay', '--key', join(base, 'ada.key'), '--to', to, '--minutes', '30')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('is for another bank')])
    const none = await at('harbour', 'pay', '--key', join(base, 'nothing.key'), '--to', to, '--minutes', '30')
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('cannot be read')])
    const nobody = await at('harbour', 'pay', '--to', to, '--minutes', '30')
    expect([nobody.code, nobody.err]).toEqual([64, expect.stringContaining('--from NUMBER or --key FILE')])
  })

  test('[EX-20] by the code that Bo shows, and by a number: who it is is told first', async () => {
    const acting = ['--from', 'M-0001', '--bank', 'millbrook', '--reason', 'telephoned']
    const made = await at('millbrook', 'request', 'make', 'M-0001', '--minutes', '45', '--what', 'gardening')
    expect([made.code, made.out]).toEqual([
      0,
      expect.stringMatching(/^[2-9A-Z]{4}-[2-9A-Z]{4}\n45 minutes for gardening, good once, until .*\.\n$/),
    ])
    const code = made.out.slice(0, 9)
    const paid = await at('harbour', 'pay', ...acting, '--code', code.toLowerCase().replace('-', ' '))
    expect([paid.code, paid.out]).toEqual([
      0,
      expect.stringMatching(/^Done\. 45 minutes arrived at Millbrook\./),
    ])
    expect(paid.err).toContain('Bo, Millbrook, helped for 45 minutes: gardening\n')
    const listed = await at('millbrook', 'request', 'list', 'M-0001')
    expect(listed.out).toMatch(new RegExp(`${code} +paid +1 of 1 .*45 minutes gardening`))
    // A bank that is slow to answer is taken to be away: then the hours go out once more, and come back.
    const again = await at('harbour', 'pay', ...acting, '--code', code)
    expect([again.code, again.err]).toEqual([
      1,
      expect.stringMatching(/This code was used on |On its way|Came back/),
    ])

    const open = (await at('millbrook', 'request', 'make', 'M-0001', '--hours', '2')).out.slice(0, 9)
    const signed = await at(
      'harbour',
      'pay',
      '--key',
      join(base, 'ada.key'),
      '--bank',
      'millbrook',
      '--code',
      open,
      '--minutes',
      '20',
    )
    expect([signed.code, signed.out]).toEqual([0, expect.stringMatching(/^Done\. 20 minutes arrived/)])

    const back = (await at('millbrook', 'request', 'make', 'M-0001', '--minutes', '5', '--json')).json.code
    expect((await at('millbrook', 'request', 'withdraw', back)).out).toMatch(/was taken back\.\n$/)
    expect((await at('millbrook', 'request', 'withdraw', back)).out).toMatch(/was taken back\.\n$/)
    expect((await at('harbour', 'pay', ...acting, '--code', back)).err).toContain('took this code back')

    const byNumber = await at('harbour', 'pay', ...acting, '--to-number', 'm-0001', '--minutes', '10')
    expect([byNumber.code, byNumber.out]).toEqual([0, expect.stringMatching(/^Done\. 10 minutes arrived/)])
    expect(byNumber.err).toContain('m-0001 is Bo, Millbrook\n')
    const nobody = await at('harbour', 'pay', ...acting, '--to-number', 'M-0404', '--minutes', '10')
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('finds nobody under this number')])
    for (const wrong of [[], ['--code', code, '--to-number', 'M-0001'], ['--to-number', 'M-0001']])
      expect((await at('harbour', 'pay', '--from', 'M-0001', '--reason', 'telephoned', ...wrong)).code).toBe(
        64,
      )
  })

  test('the other bank says no: 1, and the reason', async () => {
    const { json } = await at('millbrook', 'status', '--json')
    const refused = await at(
      'harbour',
      'pay',
      '--from',
      'M-0001',
      '--to',
      `${json.bank_id}/${'a'.repeat(26)}`,
      '--minutes',
      '30',
      '--reason',
      'telephoned',
    )
    expect([refused.code, refused.out]).toEqual([
      1,
      expect.stringMatching(/^Did not go through\. The other bank does not know this code\. No hours moved/),
    ])
  })

  test('the other bank is stopped: without --post 1 within the time, with --post it waits and arrives', async () => {
    const to = (await at('millbrook', 'member', 'handle', 'M-0001', '--uses', '9')).out.trim()
    await serving.get('millbrook')?.stop()
    const before = (await at('harbour', 'member', 'statement', 'M-0001', '--json')).json.balance_minutes
    const acting = ['--from', 'M-0001', '--to', to, '--minutes', '15', '--reason', 'telephoned']
    const never = await at('harbour', 'pay', ...acting, '--within', '1')
    expect([never.code, never.out]).toEqual([1, expect.stringMatching(/^Ran out\. .*it never happened/)])
    expect(never.err).toMatch(/^Waiting: 15 minutes set aside until Millbrook answers/)
    expect((await at('harbour', 'member', 'statement', 'M-0001', '--json')).json.balance_minutes).toBe(before)

    const stopped = await interrupted(
      ['pay', ...acting, '--within', '2', '--dir', join(base, 'harbour')],
      /^Waiting/,
    )
    expect([stopped.code, stopped.err]).toEqual([130, expect.stringContaining('the payment itself goes on')])
    await until(async () => (await at('harbour', 'status', '--json')).json.payments_open === 0)

    const posted = await at('harbour', 'pay', ...acting, '--post', '--json')
    expect([posted.code, posted.json.word]).toEqual([0, 'On its way'])
    serving.set('millbrook', await serve(join(base, 'millbrook')))
    await until(async () => (await at('harbour', 'status', '--json')).json.payments_open === 0)
    expect((await at('harbour', 'member', 'statement', 'M-0001', '--json')).json.balance_minutes).toBe(
      before - 15,
    )
  })

  test('[RES-1] both logs are exported and audited, as files and as folders', async () => {
    const zip = join(base, 'harbour.zip')
    expect((await at('harbour', 'export', 'all', '-o', zip)).code).toBe(0)
    expect((await stat(zip)).mode & 0o777).toBe(0o600)
    const folder = join(base, 'out')
    expect((await at('millbrook', 'export', 'all', '--out', folder, '--without-people')).code).toBe(0)
    await expect(stat(join(folder, 'register'))).rejects.toThrow(/ENOENT/)
    const audited = await commonhour(['audit', zip, folder])
    expect([audited.code, audited.out]).toEqual([0, expect.stringMatching(/^PASS/)])
    const independent = await commonhour(['audit', zip, folder, '--independent', '--json'])
    expect(independent.json).toMatchObject({ schema_version: 1, verdict: 'pass', sum: 0, findings: [] })
    await copyFile(join(folder, 'commonhour-export.json'), join(base, 'nothing.zip'))
    const broken = await commonhour(['audit', join(base, 'nothing.zip')])
    expect([broken.code, broken.err]).toEqual([2, expect.stringContaining('no zip file')])
  })
})
