/**
 * Which lies does the simulator tell? Each attack that the design answers, with the tricks by which a bank that lies
 * carries it out, and beside them the attacks that nothing built so far can be hit by, with what they wait for.
 */

import type { Coverage } from './coverage.ts'

/** Attacks by their row, and the tricks that count for each. */
export const LIES = [
  {
    row: 'equivocation',
    attack: 'two entries at one index, two checkpoints that cannot both be',
    tricks: ['head of a fork', 'goes on in a fork', 'other history for each neighbour', 'twin process'],
  },
  {
    row: 'contradiction',
    attack: 'commit and abort, credit and waiver, or two commits for one id',
    tricks: [
      'commit, then abort',
      'abort, then commit',
      'commit and abort at once',
      'credit and waiver at once',
      'credit after waiver',
      'two commits for one id',
      'commit of another attempt',
      'commit with other minutes',
      'commit with another order beside it',
    ],
  },
  {
    row: 'mint',
    attack: 'hours from nothing for its own members, spent at the neighbours',
    tricks: ['mints hours', 'sends what nobody held'],
  },
  {
    row: 'over limit',
    attack: 'a commit beyond what the line allows',
    tricks: ['commit over the limit', 'commits until the limit and on'],
  },
  {
    row: 'no answer',
    attack: 'promise, then neither credit nor waiver',
    tricks: ['leaves a commit unanswered', 'withholds receipts', 'withholds waivers'],
  },
  {
    row: 'vanishing',
    attack: 'refuses to settle, falls silent for a while or for ever',
    tricks: ['falls silent', 'silent for ever', 'withholds promises', 'withholds aborts'],
  },
  {
    row: 'late waiver',
    attack: 'gives back what it had receipted: a poisoned gift',
    tricks: ['waiver after credit', 'gives everything back'],
  },
  {
    row: 'replay',
    attack: 'old frames and old artefacts again, in this session or a later one',
    tricks: ['old frame again', 'all postings again', 'frame hours late'],
  },
  {
    row: 'rewriting',
    attack: 'takes back entries that others have seen',
    tricks: ['rewrites its log', 'shows an older head', 'comes back with an older copy'],
  },
  {
    row: 'back-dating',
    attack: 'a commit later than its deadline, or dated before entries that stand before it',
    tricks: ['late commit', 'time goes back'],
  },
  {
    row: 'jamming',
    attack: 'reservations that are never decided',
    tricks: ['offers that hang'],
  },
  {
    row: 'making us write',
    attack: 'refused offers, promises and questions for ids that nobody ordered, limits without end',
    tricks: [
      'refused offers',
      'promise for an invented id',
      'question about an invented id',
      'more inventions than a day allows',
      'limits without end',
    ],
  },
  {
    row: 'false accusation',
    attack: 'claims that we broke a rule or lost entries',
    tricks: ['consumed what was never sent', 'consumed another posting', 'forged head of ours'],
  },
  {
    row: 'broken chain',
    attack: 'gaps, doubles and wrong hashes in the chain of postings',
    tricks: ['gap', 'number twice', 'wrong chain', 'part with other minutes', 'posting over another line'],
  },
  {
    row: 'wrong answer',
    attack: 'answers that do not fit what was asked',
    tricks: [
      'promise with other minutes',
      'promise of another offer',
      'promise of another attempt',
      'credit with other minutes',
      'credit of another attempt',
      'credit of what was never sent',
      'waiver of another attempt',
      'decline after promise',
      'word that is none of ours',
    ],
  },
  {
    row: 'meddling',
    attack: "a say in payments of others' lines",
    tricks: ["decides others' payments", "asks after others' payments"],
  },
  {
    row: 'line',
    attack: 'limits, pauses, closings and openings that nobody agreed to',
    tricks: [
      'limit of another version',
      'acknowledges another limit',
      'closes the line',
      'pauses and resumes',
      'second line',
      'line of two other banks',
    ],
  },
  {
    row: 'hello',
    attack: 'counters, heads and a clock that are not so',
    tricks: ['wrong counters', 'old head of ours', 'ids that are not open', 'clock far off'],
  },
  {
    row: 'bytes',
    attack: 'signatures and proofs that fail, frames that are too many or as long as they may be',
    tricks: [
      'bad signature',
      'entry under no head',
      'proof that does not fit',
      'unknown message',
      'largest frame',
      'many small frames',
      'record questions',
    ],
  },
] as const

export type Trick = (typeof LIES)[number]['tricks'][number]

/** Attacks that need what is not built, and what that is. */
export const LIES_WAITING = [
  { row: 'fake waiver upstream while offering downstream', feature: 'payments over several banks' },
  { row: 'sybil banks behind one line', feature: 'payments over several banks' },
  { row: 'jamming beyond openCap and parkCap', feature: 'payments over several banks' },
  { row: 'false proof', feature: 'proof bundles between banks' },
  { row: 'statement that is not so', feature: 'statements' },
  { row: 'refused settlement shown by a statement', feature: 'statements' },
  { row: 'lying carrier of sealed frames', feature: 'sealed post' },
  { row: 'lying keeper of a sealed backup', feature: 'sealed backups' },
  { row: 'line declared dead while the bank lives', feature: 'board acts' },
] as const

const ROW_OF = new Map<Trick, string>(LIES.flatMap(({ row, tricks }) => tricks.map((trick) => [trick, row])))

/** This lie was told. */
export function toldLie(coverage: Coverage, trick: Trick): void {
  coverage.met(`lie: ${ROW_OF.get(trick)}`)
  coverage.met(`trick: ${trick}`)
}

/** Rows that were never hit, by the counters of many seeds. */
export function rowsUntold(counts: Readonly<Record<string, number>>): string[] {
  return LIES.map(({ row }) => row).filter((row) => (counts[`lie: ${row}`] ?? 0) === 0)
}
