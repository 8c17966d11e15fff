/** What does the bank say of its own health? Every check on looks that a test makes up, to both sides of each bound. */
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import {
  type Finding,
  HEALTH_IDS,
  type HealthCode,
  sentencesOf,
  type Verdict,
  worstOf,
} from '../../src/register/health/finding.ts'
import { CHECKS } from '../../src/register/health/health.ts'
import type { Look, Surroundings } from '../../src/register/health/look.ts'
import { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { EN } from '../../src/words/languages/en.ts'
import { HEALTH_EN } from '../../src/words/languages/health.en.ts'

const NOW = 1_700_000_000
const DAY = 86_400
const around: Surroundings = { network: 'internet', isPrivate: (text) => text.includes('/10.'), proxies: 1 }
const near = { name: 'Millbrook', connected: true, lastHeard: NOW, problem: null }
const WELL: Look = {
  shut: null,
  isReadable: true,
  freeBytes: 2 ** 40,
  guard: 'equal',
  guardMissed: false,
  clockOffset: 1,
  sumMinutes: 0,
  addresses: ['/ip4/10.0.0.1/tcp/1', '/ip4/81.2.69.142/tcp/1'],
  surroundings: around,
  neighbours: [near],
  calledAt: NOW,
  publicUrl: 'https://bank.example',
  jobs: [{ job: 'neighbours', at: NOW, outcome: 'fine' }],
  now: NOW,
}

const silent = (seconds: number): Partial<Look> => ({
  neighbours: [{ ...near, connected: false, lastHeard: NOW - seconds, problem: 'no answer' }],
})
const ticked = (seconds: number): Partial<Look> => ({
  jobs: [{ job: 'neighbours', at: NOW - seconds, outcome: 'fine' }],
})
const warn = LIMITS.clockWarnSeconds

const ROWS: readonly [HealthCode, Verdict, Partial<Look>][] = [
  ['recording.fine', 'fine', {}],
  ['recording.waits', 'look', { shut: 'wait' }],
  ['recording.log_behind_guard', 'wrong', { shut: 'log_behind_guard' }],
  ['recording.log_behind_neighbour', 'wrong', { shut: 'log_behind_neighbour' }],
  ['recording.start_waits', 'wrong', { shut: 'start_waits' }],
  ['recording.clock_unsure', 'wrong', { shut: 'clock_unsure' }],
  ['recording.store_failed', 'wrong', { isReadable: false }],
  ['recording.other', 'wrong', { shut: 'too_busy' }],
  ['guard.fine', 'fine', {}],
  ['guard.fine', 'fine', { guard: 'behind' }],
  ['guard.ahead', 'wrong', { guard: 'ahead' }],
  ['guard.missed', 'wrong', { guardMissed: true }],
  ['guard.missing', 'look', { guard: 'missing' }],
  ['disk.fine', 'fine', { freeBytes: 2 ** 50 }],
  ['disk.fine', 'fine', { freeBytes: LIMITS.diskSoonBytes }],
  ['disk.low', 'look', { freeBytes: LIMITS.diskSoonBytes - 1 }],
  ['disk.low', 'look', { freeBytes: LIMITS.diskFreeBytes }],
  ['disk.full', 'wrong', { freeBytes: LIMITS.diskFreeBytes - 1 }],
  ['clock.fine', 'fine', { clockOffset: -warn }],
  ['clock.unheard', 'unknown', { clockOffset: null }],
  ['clock.behind', 'look', { clockOffset: warn + 1 }],
  ['clock.ahead', 'look', { clockOffset: -warn - 1 }],
  ['clock.unsure', 'wrong', { shut: 'clock_unsure', clockOffset: 90_000 }],
  ['books.fine', 'fine', {}],
  ['books.off', 'wrong', { sumMinutes: -1 }],
  ['addresses.fine', 'fine', {}],
  ['addresses.none', 'look', { addresses: [] }],
  ['addresses.private', 'look', { addresses: ['/ip4/10.0.0.1/tcp/1'] }],
  [
    'addresses.house',
    'fine',
    { surroundings: { ...around, network: 'lan' }, addresses: ['/ip4/10.0.0.1/tcp/1'] },
  ],
  ['neighbour.fine', 'fine', {}],
  ['neighbour.none', 'fine', { neighbours: [] }],
  ['neighbour.never', 'look', { neighbours: [{ ...near, connected: false, lastHeard: null }] }],
  ['neighbour.away', 'look', silent(DAY - 1)],
  ['neighbour.silent', 'look', silent(DAY)],
  ['neighbour.silent', 'look', silent(7 * DAY - 1)],
  ['neighbour.gone', 'wrong', silent(7 * DAY)],
  ['seen.fine', 'fine', {}],
  ['seen.unknown', 'unknown', { calledAt: null }],
  ['pages.fine', 'fine', {}],
  ['pages.house', 'fine', { publicUrl: null }],
  ['pages.house', 'fine', { publicUrl: 'http://10.0.0.1:7600' }],
  ['pages.open', 'wrong', { publicUrl: 'http://bank.example' }],
  ['pages.proxy', 'look', { surroundings: { ...around, proxies: 0 } }],
  ['work.fine', 'fine', ticked(60)],
  ['work.fine', 'fine', { jobs: [] }],
  ['work.stands', 'wrong', ticked(61)],
  ['work.failed', 'look', { jobs: [{ job: 'erasures', at: NOW, outcome: 'failed' }] }],
]

function all(changed: Partial<Look>): readonly Finding[] {
  return Object.values(CHECKS).flatMap((check) => check({ ...WELL, ...changed }))
}

describe('[OPS-4] how the bank is', () => {
  test.each(ROWS)('%s is %s', (code, verdict, changed) => {
    const found = all(changed)
    expect(found.filter(({ id }) => code.startsWith(`${id}.`)).map((one) => [one.code, one.verdict])).toEqual(
      [[code, verdict]],
    )
  })

  test('a bank that is well finds nothing else', () => {
    expect(all({}).map(({ id, verdict }) => [id, verdict])).toEqual(HEALTH_IDS.map((id) => [id, 'fine']))
  })

  test('every sentence is one of a row, and whatever is wrong has something to do', () => {
    const codes = Object.keys(HEALTH_EN).flatMap((id) => {
      const [, check = '', what, rest] = id.split('.')
      return (HEALTH_IDS as readonly string[]).includes(check) && rest === undefined
        ? [`${check}.${what}`]
        : []
    })
    expect(new Set(ROWS.map(([code]) => code))).toEqual(new Set(codes))
    for (const [, verdict, changed] of ROWS)
      for (const one of all(changed))
        if (one.verdict === verdict && (verdict === 'wrong' || verdict === 'look'))
          expect([one.code, sentencesOf(one).todo]).toEqual([one.code, `health.${one.code}.todo`])
  })

  test.each(LANGUAGES.map((language) => [language.tag, language] as const))(
    'is said in %s with every fact',
    (_, language) => {
      const { say } = new Speech(language, EN)
      for (const [, , changed] of ROWS)
        for (const one of all(changed)) {
          const { says, todo } = sentencesOf(one)
          expect(say(says, one.facts)).not.toMatch(/[{}]/)
          if (todo !== null) expect(say(todo, one.facts)).not.toMatch(/[{}]/)
        }
    },
  )

  test('the worst of all counts', () => {
    const of = (...verdicts: Verdict[]) => worstOf(verdicts.map((verdict) => ({ verdict })))
    expect([of(), of('fine', 'unknown'), of('unknown', 'look'), of('look', 'wrong')]).toEqual([
      'fine',
      'unknown',
      'look',
      'wrong',
    ])
  })
})
