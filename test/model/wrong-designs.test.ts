/** Does every design that looks simpler than ours fail, and in how few steps? */

import { describe, expect, test } from 'vitest'
import { WRONG } from './catalogue.ts'

/** What goes wrong, and after how many steps at the earliest. */
const EXPECTED: Readonly<Record<string, readonly [rule: RegExp, steps: number]>> = {
  'payee decides, payer refunds on its clock': [/an hour is created/, 3],
  'hash lock, two clocks': [/an hour is created/, 3],
  'hash lock over a hop, decreasing deadlines': [/the hop pays/, 5],
  'two-phase commit, participant forgets on its clock': [/arrives or comes home/, 4],
  'two-phase commit, participant waits': [/with the coordinator dead/, 2],
  'payee decides, payer waits for a signed reject': [/with the payee's bank dead/, 1],
  'payee credits on every commit it hears': [/credited twice/, 5],
  'a retry is a new payment': [/credited twice/, 4],
  'commit sent before append': [/PAY-1/, 6],
  'commit by post sent before append': [/PAY-1/, 2],
  'receipt sent before append': [/PAY-1/, 8],
  'waiver sent before append': [/PAY-1/, 9],
  'abort sent before append': [/BYZ-1/, 10],
  'uses of a request counted in memory': [/INV-4/, 8],
  'request endorsed before append': [/BYZ-1/, 5],
  'receipt treated as final': [/what was waived of p1 comes home/, 4],
  'hop: abort is final': [/HOP-4/, 9],
  'hop: waives on abort while it still offers': [/L2/, 4],
  'hop: receipt treated as final': [/HOP-4/, 14],
  'hop: ignores a waiver after posting': [/HOP-4/, 8],
  'hop: answers wrong terms with a waiver': [/L2/, 4],
  'hop: waives a commit that comes after the abort': [/L2/, 6],
  'hop: keeps quiet about a waiver while it offers': [/with A dead/, 2],
  'forwarded minutes are firm at once': [/LINE-5/, 4],
  'start: one answer is enough without a guard': [/R8/, 13],
  'start: whoever has consumed what the log lacks has answered': [/R8/, 12],
  'start: nobody is asked': [/R8/, 10],
  'start: a guard that could not be written is believed': [/R8/, 11],
  'start: the guard of the folder is believed after a restore': [/R8/, 11],
}

describe('[SIM-6] [SIM-9] classical wrong designs', () => {
  test.each(WRONG)('$lesson $name: fails, and the shortest run is known', ({ name, try: run }) => {
    const [rule, steps] = EXPECTED[name] ?? [/nobody expects this design/, 0]
    const { failure } = run()
    expect(failure?.rule).toMatch(rule)
    expect(failure?.trace).toHaveLength(steps)
  })

  test('[SIM-9] every expected design is tried', () => {
    expect(WRONG.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort())
  })
})
