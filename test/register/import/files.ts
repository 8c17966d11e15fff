/** Import files made by hand for tests, and a bank to put them into. */

import type { ImportFiles } from '../../../src/register/import/source.ts'

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export const HEADING = 'member_number,name,kind,balance_minutes'
export const HISTORY_HEADING = 'source_id,happened_on,provider_number,recipient_number,minutes,description'

/** Ada helped Cy 90 minutes, Cy gave the pot 30; the library has nothing. */
export const SMALL = {
  members: `${HEADING}\nH-1,Ada,member,90\nH-2,Cy,member,-120\nH-3,Library,organisation,0\nPOT,Pot,fund,30\n`,
  exchanges: `${HISTORY_HEADING}\n1,2020-05-01,H-1,H-2,90,Gardening\n2,2020-05-02,POT,H-2,30,A gift\n`,
}

export function filesOf(members: string, exchanges?: string): ImportFiles {
  return exchanges === undefined
    ? { members: bytesOf(members) }
    : { members: bytesOf(members), exchanges: bytesOf(exchanges) }
}

export const small: ImportFiles = filesOf(SMALL.members, SMALL.exchanges)

/** The same number of members above, below and at zero, in order of number; balances sum to zero. */
export function manyMembers(each: number): string {
  const rows = Array.from(
    { length: each * 3 },
    (_, i) => `B-${String(i).padStart(5, '0')},Person ${i},member,${((i % 3) - 1) * (60 + (i - (i % 3)))}`,
  )
  return `${HEADING}\n${rows.join('\n')}\n`
}
