/**
 * When may a bank sign after a start? One bank, its disk, its head guard and what its neighbours hold of its log, with
 * crashes, a lost guard and an older folder put back at every step. The gate of the program itself decides ([R8]).
 *
 * A log is a word, one letter for each entry ever written: two logs that differ in a letter are two histories. What a
 * process had said and nobody has read dies with its connection, so a neighbour holds what it has heard.
 */

import type { Head } from '../../src/log/checkpoint.ts'
import { Gate, type GuardFinding } from '../../src/node/gate.ts'
import { ManualClock } from '../sim/manual-clock.ts'
import type { Model, Step } from './explore.ts'

/** What a running bank has learnt since its start. */
export interface Asking {
  readonly guard: GuardFinding
  /** Whether the wait is over, and whether it asked in vain for a week. */
  readonly passed: 'moment' | 'wait' | 'week'
  /** What each neighbour answered; null while it is silent. */
  readonly answers: readonly (null | 'nothing more' | 'more')[]
  readonly vouched: boolean
}

interface Bank {
  readonly disk: string
  readonly guard: string | null
  /** Whether the guard was written, or its writing failed, since the last entry: before that nobody is shown anything. */
  readonly isGuarded: boolean
  /** The folder of an earlier day, its guard with it. */
  readonly copy: string | null
  readonly held: readonly string[]
  /** The longest log of which each neighbour has seen an entry: under a head that is proven, as held, or not. */
  readonly seen: readonly string[]
  readonly letters: number
  readonly up: Asking | null
  /** Whether an operator has ever vouched for a log of which somebody holds more. */
  readonly misled: boolean
}

export interface StartSetting {
  readonly neighbours: number
  readonly start: 'usual' | 'strict'
  /** `beside`: what is put back is the database alone, and the guard stays or is lost. `whole`: its old guard too. */
  readonly restores: 'beside' | 'whole'
  /** Whether a write of the guard may fail. */
  readonly guardFails?: boolean
  /**
   * Whether a neighbour may act on an entry while the proof of its head is still on its way. At the next start it names
   * the head that is proven, and what it has consumed. `answer`: that counts as an answer; unless said, as silence.
   */
  readonly unproven?: 'silence' | 'answer'
  /** Whether the operator types what the bank asks for. */
  readonly vouches: boolean
  /** The rule of the start; the gate of the program unless said. */
  readonly mayWrite?: (asking: Asking) => boolean
}

const MOST_ENTRIES = 3
const MOST_LETTERS = 4
const WAIT_SECONDS = 15
const WEEK_SECONDS = 7 * 86_400 + 1
const ROOT = new Uint8Array(32)
const TYPED = { size: 1, root: '00000000' }

const headOf = (size: number): Head => ({ origin: '', size, root: ROOT, note: ROOT }) as Head
const neighbourId = (n: number): Uint8Array => new Uint8Array(20).fill(n + 1)

/** The gate of the program, led to where this bank is. */
function gateOf(setting: StartSetting, asking: Asking): Gate {
  const clock = new ManualClock()
  const gate = new Gate({
    guard: asking.guard,
    partners: asking.answers.map((_, n) => neighbourId(n)),
    clock,
    report: () => undefined,
    head: headOf(TYPED.size),
    startWaitSeconds: WAIT_SECONDS,
    start: setting.start,
    askedBefore: 0,
    changed: () => undefined,
  })
  if (asking.passed !== 'moment') clock.pass(asking.passed === 'wait' ? WAIT_SECONDS : WEEK_SECONDS)
  asking.answers.forEach((answer, n) => {
    if (answer === null) return
    gate.partnerAnswered(neighbourId(n), { larger: answer === 'more' ? headOf(2) : null, ours: TYPED.size })
  })
  if (asking.vouched) gate.confirmLog(TYPED)
  return gate
}

const isPart = (of: string, part: string): boolean => of.startsWith(part)

function compared(guard: string | null, disk: string): GuardFinding {
  if (guard === null) return 'missing'
  if (!isPart(disk, guard)) return 'ahead'
  return guard === disk ? 'equal' : 'behind'
}

export function startModel(name: string, setting: StartSetting): Model<Bank> {
  const mayWrite = setting.mayWrite ?? ((asking: Asking): boolean => gateOf(setting, asking).state() === null)
  const knowsMore = ({ seen, disk }: Bank): boolean => seen.some((one) => !isPart(disk, one))
  const opened = (bank: Bank): Bank => {
    const guard = compared(bank.guard, bank.disk)
    const up: Asking = { guard, passed: 'moment', answers: bank.held.map(() => null), vouched: false }
    return { ...bank, isGuarded: guard !== 'behind', up }
  }
  return {
    name,
    start: {
      disk: 'a',
      guard: 'a',
      isGuarded: true,
      copy: null,
      held: Array.from({ length: setting.neighbours }, () => ''),
      seen: Array.from({ length: setting.neighbours }, () => ''),
      letters: 1,
      up: null,
      misled: false,
    },
    *steps(bank): Generator<Step<Bank>> {
      const { up, disk, held, seen } = bank
      const step = (kind: Step<Bank>['kind'], what: string, to: Bank, by = 'A'): Step<Bank> => ({
        by,
        kind,
        what,
        to,
      })
      if (up === null) {
        yield step('write', 'starts', opened(bank))
        if (bank.copy === null) yield step('act', 'a copy is made', { ...bank, copy: disk })
        yield step('crash', 'the guard is lost', { ...bank, guard: null })
        const { copy } = bank
        if (copy !== null && copy !== disk) {
          const guard = setting.restores === 'whole' ? copy : bank.guard
          yield step('crash', 'an older folder is put back', { ...bank, disk: copy, guard })
        }
        return
      }
      yield step('crash', 'stops', { ...bank, up: null })
      const learns = (more: Partial<Asking>): Bank => ({ ...bank, up: { ...up, ...more } })
      if (up.passed === 'moment') yield step('clock', 'the wait is over', learns({ passed: 'wait' }))
      if (up.passed === 'wait') yield step('clock', 'a week is over', learns({ passed: 'week' }))
      for (const [n, log] of held.entries()) {
        if (up.answers[n] !== null) continue
        const isLost = isPart(disk, log) && !isPart(disk, seen[n] as string)
        if (isLost && setting.unproven !== 'answer' && gateOf(setting, up).mayBeShort) continue
        const answer = isPart(disk, log) ? 'nothing more' : 'more'
        const answers = up.answers.map((one, i) => (i === n ? answer : one))
        yield step('hear', `says that it holds ${log || 'nothing'}`, learns({ answers }), `A P${n + 1}`)
      }
      if (setting.vouches && !up.vouched && gateOf(setting, up).confirmLog(TYPED))
        yield step('act', 'the operator vouches', {
          ...learns({ vouched: true }),
          misled: bank.misled || knowsMore(bank),
        })
      if (!bank.isGuarded) {
        yield step('write', 'writes the guard', { ...bank, guard: disk, isGuarded: true })
        if (setting.guardFails) yield step('write', 'cannot write the guard', { ...bank, isGuarded: true })
        return
      }
      if (mayWrite(up) && disk.length < MOST_ENTRIES && bank.letters < MOST_LETTERS) {
        const longer = disk + 'abcdefgh'[bank.letters]
        const { letters } = bank
        yield step('write', 'signs an entry', {
          ...bank,
          disk: longer,
          letters: letters + 1,
          isGuarded: false,
        })
      }
      for (const [n, log] of held.entries()) {
        if (!isPart(disk, log)) continue
        const shown = (logs: readonly string[]) => logs.map((one, i) => (i === n ? disk : one))
        yield step('say', 'shows its head', { ...bank, held: shown(held), seen: shown(seen) }, `A P${n + 1}`)
        if (setting.unproven !== undefined)
          yield step('say', 'shows an entry without its proof', { ...bank, seen: shown(seen) }, `A P${n + 1}`)
      }
    },
    rules: [
      {
        name: '[R8] never a second history of what a neighbour holds',
        broken: ({ seen, disk, misled }) => {
          const other = seen.find((one) => !isPart(disk, one) && !isPart(one, disk))
          return other === undefined || misled
            ? null
            : `it has signed ${disk}, and a neighbour holds ${other}`
        },
      },
    ],
    goals: [
      {
        name: '[CRASH-7] it signs again once its neighbours answer',
        reached: (bank) => bank.up !== null && mayWrite(bank.up),
        uses: ({ kind }) => kind !== 'act',
        from: (bank) => setting.neighbours > 0 && isComplete(bank),
      },
      ...(setting.vouches
        ? [
            {
              name: '[CRASH-9] it signs again with one neighbour silent for ever, and an operator who knows',
              reached: (bank: Bank) => bank.up !== null && mayWrite(bank.up),
              uses: ({ by }: Step<Bank>) => !by.includes('P1'),
              from: isComplete,
            },
          ]
        : []),
    ],
  }
}

/** Nobody holds anything that the disk has not: this bank has every right to go on. */
function isComplete({ disk, guard, seen }: Bank): boolean {
  return seen.every((one) => isPart(disk, one)) && (guard === null || isPart(disk, guard))
}
