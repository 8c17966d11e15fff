import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { end, MovableClock, openLine, type TestBank, testBank, until } from '../http/served.ts'
import { type Told, told } from './told.ts'

const clock = new MovableClock()
let harbour: TestBank
let millbrook: TestBank
let northgate: TestBank
let base: string

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'commonhour-cli-'))
  ;[harbour, millbrook, northgate] = await Promise.all([
    testBank('Harbour', { clock }),
    testBank('Millbrook', { clock }),
    testBank('Northgate', { clock }),
  ])
  await openLine(harbour, millbrook)
  await openLine(harbour, northgate)
  for (const [bank, name] of [
    [harbour, 'Ada'],
    [millbrook, 'Bo'],
  ] as const)
    await bank.call('POST', '/members', { name, number: 'M-0001' })
})
afterAll(async () => {
  await end(harbour, millbrook, northgate)
  await rm(base, { recursive: true, force: true })
})

/** Runs one command line in this process, against a bank by its address. */
async function at(bank: TestBank, ...argv: string[]): Promise<Told> {
  const token = join(base, `${bank.name}.token`)
  await writeFile(token, `${bank.token}\n`, { mode: 0o600 })
  return told([...argv, '--url', bank.url, '--token-file', token])
}

async function pay(from: TestBank, to: TestBank, minutes: number, ...more: string[]): Promise<string> {
  const { handle } = (await to.call('POST', '/members/M-0001/handles', { uses: 9, days: 300 })).json
  const parts = ['--to', `${to.id}/${handle}`, '--minutes', String(minutes), '--reason', 'telephoned']
  const ran = await at(from, 'pay', '--from', 'M-0001', ...parts, ...more)
  return /Payment ([0-9a-f]{64})/.exec(ran.out)?.[1] ?? ran.err
}

describe('the end of a line', () => {
  test('[OPS-13] a line is removed by both banks, and taken back while nobody has answered', async () => {
    await northgate.close()
    expect((await at(harbour, 'neighbour', 'remove', 'Northgate')).out).toBe(
      'Northgate: The line ends as soon as the other bank agrees.\n',
    )
    expect((await at(harbour, 'neighbour', 'list')).out).toMatch(
      /Northgate .* closing, waits for the other bank, away/,
    )
    const twice = await at(harbour, 'neighbour', 'remove', 'Northgate')
    expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('is being closed')])
    expect((await at(harbour, 'neighbour', 'resume', 'Northgate')).out).toBe(
      'Northgate: New hours pass again.\n',
    )
  })

  test('[CLI-5] the board is told who is missing, and gives a silent bank up', async () => {
    expect((await at(harbour, 'board', 'list')).out).toBe('Nobody is on the board yet.\n')
    const first = await at(harbour, 'board', 'add', 'Owen', '--member', 'M-0001')
    expect([first.out, first.err]).toEqual([
      'Owen is on the board.\n',
      expect.stringContaining('Add another one'),
    ])
    expect((await at(harbour, 'board', 'add', 'Mary')).err).toBe('')
    expect((await at(harbour, 'board', 'list')).out).toMatch(/Mary +-\nOwen +M-0001/)
    const sent = await pay(millbrook, harbour, 90)
    await until(async () => (await millbrook.call('GET', `/payments/${sent}`)).json.state === 'paid')
    await millbrook.close()
    const { handle } = { handle: 'a'.repeat(26) }
    const waiting = await at(
      harbour,
      ...[
        'pay',
        '--from',
        'M-0001',
        '--to',
        `${millbrook.id}/${handle}`,
        '--minutes',
        '30',
        '--reason',
        'telephoned',
        '--post',
      ],
    )
    const id = /Payment ([0-9a-f]{64})/.exec(waiting.out)?.[1] as string
    expect((await at(harbour, 'payment', 'recall', id)).err).toContain('is away')
    const soon = await at(harbour, 'neighbour', 'give-up', 'Millbrook', '--board', 'Owen', 'Mary')
    expect([soon.code, soon.err]).toEqual([1, expect.stringContaining('silent for 30 days')])
    clock.offset += LIMITS.deadSilenceSeconds + 60
    const alone = await at(harbour, 'neighbour', 'give-up', 'Millbrook', '--board', 'Owen')
    expect([alone.code, alone.err]).toEqual([1, expect.stringContaining('2 to 5 different members')])
    const wrong = await at(
      harbour,
      'neighbour',
      'give-up',
      'Millbrook',
      '--board',
      'Owen',
      '--board',
      'Priya',
    )
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('Priya is not on the board')])
    expect((await at(harbour, 'neighbour', 'give-up', 'Millbrook')).code).toBe(64)
    const given = await at(harbour, 'neighbour', 'give-up', 'Millbrook', '--board', 'Owen', 'Mary')
    expect([given.code, given.out]).toEqual([0, 'Millbrook: The board has given it up.\n'])
    const covered = await at(harbour, 'payment', 'cover', id.slice(0, 8), '--board', 'Owen', 'Mary')
    expect(covered.out).toMatch(/^Came back\. Millbrook stays silent/)
    expect((await at(harbour, 'payment', 'cancel', 'ffff')).code).toBe(64)
    expect((await at(harbour, 'payment', 'cancel', 'x')).code).toBe(64)
  }, 60_000)

  test('[LINE-10] its debt is written off and borne by the pot, in words', async () => {
    const written = await at(harbour, 'neighbour', 'write-off', 'Millbrook', '45', '--board', 'Owen', 'Mary')
    expect([written.code, written.out]).toEqual([0, expect.stringContaining('written off')])
    expect((await at(harbour, 'neighbour', 'list')).out).toMatch(
      /given up, away, 45 minutes written off, 45 minutes for the pot to bear/,
    )
    const more = await at(harbour, 'neighbour', 'write-off', 'Millbrook', '60', '--board', 'Owen', 'Mary')
    expect([more.code, more.err]).toEqual([1, expect.stringContaining('at most 15 minutes')])
    expect(
      (await at(harbour, 'neighbour', 'settle-loss', 'Millbrook', '45', '--board', 'Owen', 'Mary')).code,
    ).toBe(0)
    expect((await at(harbour, 'member', 'statement', 'POT')).out).toMatch(
      /bore a loss of 45 minutes with Millbrook/,
    )
    const early = await at(harbour, 'neighbour', 'revive', 'Millbrook', '--board', 'Owen', 'Mary')
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('while it is connected')])
  })

  test('[PAY-14] a member leaves; who is on the board may leave it too', async () => {
    const left = await at(harbour, 'member', 'leave', 'M-0001', '--reason', 'telephoned')
    expect([left.code, left.out]).toEqual([0, 'Ada (M-0001) has left. 1 hour 30 minutes went to the pot.\n'])
    expect((await at(harbour, 'board', 'remove', 'owen')).out).toBe('Owen is not on the board any more.\n')
    const none = await at(harbour, 'board', 'remove', 'owen')
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('not on the board')])
  })
})
