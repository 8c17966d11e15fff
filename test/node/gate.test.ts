import { describe, expect, test } from 'vitest'
import { signingKey, verifyingKey } from '../../src/core/ed25519.ts'
import { sha256 } from '../../src/core/hash.ts'
import { type Bytes, originOf, toHex } from '../../src/core/ids.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { type Head, openCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash } from '../../src/log/merkle.ts'
import { openTree } from '../../src/log/tree.ts'
import { compareGuard, Gate, type GuardFinding } from '../../src/node/gate.ts'
import { bytesOf, id20 } from '../core/ledger/books.ts'
import { ManualClock } from '../sim/manual-clock.ts'

const BANK = id20(1)
const A = id20(2)
const B = id20(3)
const key = signingKey(bytesOf(32, 1))
const origin = originOf(BANK, 0)
const log = { origin, key: verifyingKey(key.publicKey)! }

function headOf(size: number, root: Bytes, by = key): Head {
  const note = signCheckpoint({ origin, size, root, key: by })
  return openCheckpoint(note, { origin, key: verifyingKey(by.publicKey)! }) as Head
}

const HEAD = headOf(7, sha256(bytesOf(8, 7)))

function open(guard: GuardFinding, partners: Bytes[], start: 'usual' | 'strict' = 'usual', askedBefore = 0) {
  const clock = new ManualClock()
  const notices: string[] = []
  const changes = { count: 0 }
  const gate = new Gate({
    guard,
    partners,
    clock,
    head: HEAD,
    report: (notice) => notices.push(notice),
    startWaitSeconds: 15,
    start,
    askedBefore,
    changed: () => {
      changes.count += 1
    },
  })
  return { gate, clock, notices, changes }
}

const fine = { larger: null, ours: 7 }
const code = (state: ReturnType<Gate['state']>): string =>
  state === null ? 'open' : state === 'wait' ? 'wait' : state.code

describe('the guard against the log', () => {
  const leaves = Array.from({ length: 10 }, (_, i) => leafHash(bytesOf(8, i)))
  const tree = openTree({ size: 0, loadHash: () => new Uint8Array(32), loadTile: () => undefined })
  tree.append(leaves)
  const against = (note: Bytes | null): GuardFinding =>
    compareGuard(note, { ...log, head: headOf(10, tree.root()), tree })

  test('[CRASH-5] [CRASH-6] equal, behind on the same tree, ahead, another history, missing, another key', () => {
    expect(against(headOf(10, tree.root()).note)).toBe('equal')
    expect(against(headOf(4, tree.rootAt(4)).note)).toBe('behind')
    expect(against(headOf(11, tree.root()).note)).toBe('ahead')
    expect(against(headOf(10, tree.rootAt(9)).note)).toBe('ahead')
    expect(against(headOf(4, tree.rootAt(5)).note)).toBe('ahead')
    expect(against(null)).toBe('missing')
    expect(against(headOf(99, tree.root(), signingKey(bytesOf(32, 9))).note)).toBe('missing')
    expect(against(bytesOf(100, 1))).toBe('missing')
  })
})

/** Guard, start, partners, answers of partners, whether 15 s are over: the state of the gate. */
const ROWS: readonly (readonly [GuardFinding, 'usual' | 'strict', number, number, boolean, string])[] = [
  ['equal', 'usual', 0, 0, false, 'open'],
  ['behind', 'usual', 0, 0, false, 'open'],
  ['missing', 'usual', 0, 0, false, 'start_waits'],
  ['missing', 'usual', 0, 0, true, 'start_waits'],
  ['ahead', 'usual', 0, 0, true, 'log_behind_guard'],
  ['equal', 'strict', 0, 0, false, 'open'],
  ['equal', 'usual', 2, 0, false, 'wait'],
  ['equal', 'usual', 2, 1, false, 'wait'],
  ['equal', 'usual', 2, 2, false, 'open'],
  ['equal', 'usual', 2, 0, true, 'open'],
  ['equal', 'usual', 2, 1, true, 'open'],
  ['behind', 'usual', 2, 0, false, 'wait'],
  ['behind', 'usual', 2, 0, true, 'open'],
  ['missing', 'usual', 2, 0, false, 'wait'],
  ['missing', 'usual', 2, 0, true, 'start_waits'],
  ['missing', 'usual', 2, 1, false, 'wait'],
  ['missing', 'usual', 2, 1, true, 'start_waits'],
  ['missing', 'usual', 2, 2, false, 'open'],
  ['missing', 'usual', 2, 2, true, 'open'],
  ['equal', 'strict', 2, 0, true, 'start_waits'],
  ['equal', 'strict', 2, 1, true, 'start_waits'],
  ['equal', 'strict', 2, 2, false, 'open'],
  ['ahead', 'usual', 2, 2, true, 'log_behind_guard'],
]

describe('the start', () => {
  test.each(ROWS)(
    '[R8] [CRASH-6] [CRASH-7] guard %s, start %s, %i partners, %i answers, wait over %s: %s',
    (guard, start, partners, answers, over, expected) => {
      const { gate, clock } = open(guard, [A, B].slice(0, partners), start)
      if (over) clock.pass(15)
      for (const partner of [A, B].slice(0, answers)) gate.partnerAnswered(partner, fine)
      expect(code(gate.state())).toBe(expected)
    },
  )

  test('[R8] an answer wakes the writer, and whom we wait for is known', () => {
    const { gate, clock, changes } = open('equal', [A, B])
    expect(gate.waitingFor).toBe(2)
    gate.partnerAnswered(A, fine)
    gate.partnerAnswered(A, fine)
    expect([gate.waitingFor, changes.count]).toEqual([1, 2])
    clock.pass(15)
    expect(changes.count).toBe(3)
  })

  test('[CRASH-8] a larger head stops the signing for good, whoever shows it and however late', () => {
    for (const stranger of [A, id20(9)]) {
      const { gate, notices } = open('equal', [A])
      gate.partnerAnswered(A, fine)
      expect(gate.state()).toBeNull()
      gate.partnerAnswered(stranger, { larger: headOf(9, HEAD.root), ours: 7 })
      expect(gate.state()).toMatchObject({
        code: 'log_behind_neighbour',
        facts: { theirSize: 9, ourSize: 7 },
      })
      gate.partnerAnswered(B, fine)
      expect(code(gate.state())).toBe('log_behind_neighbour')
      expect(notices).toEqual(['refusing_to_sign'])
      expect(gate.confirmLog({ size: 7, root: toHex(HEAD.root).slice(0, 8) })).toBe(false)
    }
  })
})

describe('a log without a guard and nobody to ask', () => {
  const typed = { size: 7, root: toHex(HEAD.root).slice(0, LIMITS.confirmRootDigits) }

  test('[CRASH-9] is confirmed by its size and the first digits of its root, and by nothing else', () => {
    const { gate } = open('missing', [])
    expect(gate.state()).toMatchObject({ code: 'start_waits', facts: { entries: 7, root: typed.root } })
    for (const wrong of [
      { ...typed, size: 8 },
      { ...typed, root: '' },
      { ...typed, root: 'ffffffff' },
    ]) {
      expect(gate.confirmLog(wrong)).toBe(false)
    }
    expect(code(gate.state())).toBe('start_waits')
    expect(gate.confirmLog(typed)).toBe(true)
    expect(gate.state()).toBeNull()
  })

  test('[CRASH-9] with partners it is so only after a week of asking one of them in vain, whoever else answered', () => {
    for (const answers of [0, 1]) {
      const { gate, clock } = open('missing', [A, B])
      if (answers > 0) gate.partnerAnswered(A, fine)
      clock.pass(LIMITS.startSilenceSeconds)
      expect(gate.confirmLog(typed)).toBe(false)
      clock.pass(1)
      expect(gate.confirmLog(typed)).toBe(true)
      expect(gate.state()).toBeNull()
    }
  })

  test('[CRASH-9] the week counts over all starts on the same log', () => {
    const { gate, clock } = open('missing', [A], 'usual', LIMITS.startSilenceSeconds - 60)
    clock.pass(60)
    expect([gate.askedSeconds, gate.confirmLog(typed)]).toEqual([LIMITS.startSilenceSeconds, false])
    clock.pass(1)
    expect(gate.confirmLog(typed)).toBe(true)
  })

  test('[PAY-10] it may be short until the last partner has answered or the operator vouches', () => {
    const { gate, clock } = open('missing', [A, B])
    gate.partnerAnswered(A, fine)
    clock.pass(15)
    expect(gate.mayBeShort).toBe(true)
    gate.partnerAnswered(B, fine)
    expect([gate.mayBeShort, gate.state()]).toEqual([false, null])
    const alone = open('missing', [])
    expect(alone.gate.mayBeShort).toBe(true)
    alone.gate.confirmLog(typed)
    expect(alone.gate.mayBeShort).toBe(false)
    expect(open('behind', [A]).gate.mayBeShort).toBe(false)
    expect(open('behind', [A], 'strict').gate.mayBeShort).toBe(true)
  })

  test('[CRASH-8] a guard that is ahead cannot be confirmed away', () => {
    const { gate } = open('ahead', [])
    expect(gate.confirmLog(typed)).toBe(false)
    expect(code(gate.state())).toBe('log_behind_guard')
  })
})

describe('the clock', () => {
  const HOUR = 3_600

  test("[LOG-5] [PAY-16] one that runs ahead of the machine's counter stops the writer until the operator confirms it", () => {
    const { gate, clock, notices } = open('equal', [])
    clock.ahead += HOUR
    clock.pass(100)
    expect(gate.state()).toBeNull()
    clock.ahead += 1
    expect(gate.state()).toMatchObject({ code: 'clock_unsure', facts: { seconds: HOUR + 1 } })
    gate.state()
    expect(notices).toEqual(['clock_unsure'])
    gate.confirmClock()
    expect(gate.state()).toBeNull()
  })

  test('[LOG-5] it stops by itself when the clock is set right, and a jump back never stops', () => {
    const { gate, clock } = open('equal', [])
    clock.ahead += 2 * HOUR
    expect(code(gate.state())).toBe('clock_unsure')
    clock.ahead -= 2 * HOUR
    expect(gate.state()).toBeNull()
    clock.ahead -= 50 * HOUR
    expect(gate.state()).toBeNull()
  })

  test('[LOG-5] a neighbour confirms a jump: the clock was wrong before', () => {
    const { gate, clock, notices } = open('equal', [])
    gate.clockHeard(A, clock.now() + 2 * HOUR)
    expect(notices).toEqual(['clock_differs'])
    clock.pass(1_000)
    clock.ahead += 2 * HOUR
    expect(gate.state()).toBeNull()
    clock.ahead += 2 * HOUR
    expect(code(gate.state())).toBe('clock_unsure')
    gate.clockHeard(B, clock.now())
    expect(gate.state()).toBeNull()
  })

  test('[PAY-16] one neighbour alone only warns; two that agree stop the writer, two that do not do not', () => {
    const { gate, clock, notices } = open('equal', [])
    gate.clockHeard(A, clock.now() + 400)
    gate.clockHeard(A, clock.now() - 5 * HOUR)
    expect(notices).toEqual(['clock_differs', 'clock_differs'])
    expect(gate.state()).toBeNull()
    gate.clockHeard(B, clock.now() - 8 * HOUR)
    expect(gate.state()).toBeNull()
    gate.clockHeard(B, clock.now() - 5 * HOUR + 200)
    expect(code(gate.state())).toBe('clock_unsure')
  })

  test('[PAY-16] when the machine is set to what both say, what they said before no longer speaks against it', () => {
    const { gate, clock } = open('equal', [])
    for (const bank of [A, B]) gate.clockHeard(bank, clock.now() - 5 * HOUR)
    expect(code(gate.state())).toBe('clock_unsure')
    clock.ahead -= 5 * HOUR
    gate.clockHeard(A, clock.now())
    expect(gate.state()).toBeNull()
  })

  test('[PAY-16] the operator overrules both, until the clock jumps again; what is older than a day counts for nothing', () => {
    const { gate, clock } = open('equal', [])
    for (const bank of [A, B]) gate.clockHeard(bank, clock.now() - 5 * HOUR)
    gate.confirmClock()
    expect(gate.state()).toBeNull()
    for (const bank of [A, B]) gate.clockHeard(bank, clock.now() - 5 * HOUR)
    expect(gate.state()).toBeNull()
    clock.ahead += 2 * HOUR
    expect(code(gate.state())).toBe('clock_unsure')
    clock.ahead -= 2 * HOUR
    expect(code(gate.state())).toBe('clock_unsure')
    clock.pass(LIMITS.clockHeardSeconds + 1)
    expect(gate.state()).toBeNull()
  })
})
