import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordHelp } from '../../src/register/exchanges.ts'
import {
  findForMember,
  findMemberNumber,
  findPeople,
  haveShared,
  isWholeName,
  sharedWith,
} from '../../src/register/find-people.ts'
import { addMember } from '../../src/register/people.ts'
import type { NewPerson } from '../../src/register/person.ts'
import { ok } from '../node/town.ts'
import { type LoneBank, openLoneBank } from './lone-bank.ts'

const PEOPLE: readonly NewPerson[] = [
  { name: 'Ada Marsh', number: 'H-1', phone: '020 7946 0991' },
  { name: 'Bo Lind', number: 'H-2', phone: '+44 (0)20 7946-0992', phone2: '07700 900123' },
  { name: 'Bo Karlsson', number: 'H-3' },
  { name: 'José Núñez', number: 'H-4', phone: '12345' },
  { name: 'Bo', number: 'H-5' },
  { name: 'Harbour Library', number: 'ORG', kind: 'organisation', phone: '01234 567 890' },
  { name: 'Twin Smith', number: 'H-6' },
  { name: 'twin  SMITH', number: 'H-7' },
  { name: 'Marsha Adams', number: 'H-10' },
]

let bank: LoneBank
beforeAll(async () => {
  bank = await openLoneBank()
  for (const person of PEOPLE) ok(await addMember(bank.node, bank.people, person))
})
afterAll(() => bank.close())

const numbers = (found: readonly { number: string }[]): string[] => found.map(({ number }) => number)

describe('[DESK-2] whom the desk means', () => {
  test.each([
    ['H-1', ['H-1']],
    [' h-1 ', ['H-1']],
    ['ada', ['H-1', 'H-10']],
    ['mar', ['H-1', 'H-10']],
    ['marsh ada', ['H-1', 'H-10']],
    ['ada marsh', ['H-1', 'H-10']],
    ['bo', ['H-5', 'H-2', 'H-3']],
    ['bo l', ['H-2']],
    ['jose nunez', ['H-4']],
    ['JOSÉ', ['H-4']],
    ['library', ['ORG']],
    ['arsh', []],
    ['', []],
    ['   ', []],
    ['zacharias', []],
    ['POT', ['POT']],
    ['pot', ['POT']],
    ['BEFORE', []],
    ['020 7946 0991', ['H-1']],
    ['2079460992', ['H-2']],
    ['07700900123', ['H-2']],
    ['946 0991', ['H-1']],
    ['12345', []],
    ['000000', []],
    ['01234567890', ['ORG']],
    ['.*', []],
    ['%', []],
  ] as const)('%j finds %j', (typed, wanted) => {
    expect(numbers(findPeople(bank.people, typed))).toEqual(wanted)
  })

  test('no more than are asked for', () => {
    expect(findPeople(bank.people, 'bo', 2)).toHaveLength(2)
    expect(findPeople(bank.people, 'x'.repeat(10_000))).toEqual([])
  })
})

describe('[PRIV-26] whom a member means', () => {
  test.each([
    ['H-1', ['H-1']],
    ['h-1', ['H-1']],
    ['Ada Marsh', ['H-1']],
    [' ada  MARSH ', ['H-1']],
    ['jose nunez', ['H-4']],
    ['Harbour Library', ['ORG']],
    ['twin smith', ['H-6', 'H-7']],
    // A part of a name, or a telephone, shows nobody.
    ['ada', []],
    ['marsh', []],
    ['ada mars', []],
    ['020 7946 0991', []],
    ['', []],
    ['POT', []],
    ['BEFORE', []],
  ] as const)('%j finds %j', (typed, wanted) => {
    expect(numbers(findForMember(bank.people, typed))).toEqual(wanted)
  })

  test.each([
    ['H-2', 'H-2'],
    ['org', 'ORG'],
    ['POT', null],
    ['BEFORE', null],
    ['Bo Lind', null],
    ['', null],
  ] as const)('the number %j is of %j', (typed, wanted) => {
    expect(findMemberNumber(bank.people, typed)?.number ?? null).toBe(wanted)
  })
})

describe('[EX-5] with whom somebody shared records', () => {
  test('newest first, each once, at most five, and never oneself', async () => {
    const ada = bank.people.byNumber('H-1')!
    expect(await sharedWith(bank.node, bank.people, ada.account)).toEqual([])
    for (const number of ['H-2', 'H-3', 'H-4', 'H-2', 'H-5', 'H-6', 'ORG']) {
      const [provider, recipient] = number === 'H-4' ? ['H-1', number] : [number, 'H-1']
      ok(await recordHelp(bank.node, bank.people, { provider, recipient, minutes: 10 }, bank.act))
    }
    expect(numbers(await sharedWith(bank.node, bank.people, ada.account))).toEqual([
      'ORG',
      'H-6',
      'H-5',
      'H-2',
      'H-4',
    ])
    expect(numbers(await sharedWith(bank.node, bank.people, bank.people.byNumber('H-4')!.account))).toEqual([
      'H-1',
    ])
    expect(await sharedWith(bank.node, bank.people, new Uint8Array(16))).toEqual([])
  })
})

describe('[PRIV-33] who may read a whole name', () => {
  test('whoever typed it, however it is spelled, and nobody who typed a number', () => {
    const jose = bank.people.byNumber('H-4')!
    for (const typed of ['jose nunez', ' José  NÚÑEZ ', jose.name])
      expect(isWholeName(jose, typed)).toBe(true)
    for (const typed of ['', 'jose', 'H-4', 'jose n', 'nunez jose'])
      expect(isWholeName(jose, typed)).toBe(false)
  })

  test('whoever shared a record with them, in either direction, and nobody besides', async () => {
    const [a, b, c] = ['H-7', 'H-5', 'H-3'].map((number) => bank.people.byNumber(number)!.account)
    const share = (one = a, other = b) => haveShared(bank.node, one!, other!)
    expect([await share(), await share(b, a)]).toEqual([false, false])
    ok(await recordHelp(bank.node, bank.people, { provider: 'H-5', recipient: 'H-7', minutes: 5 }, bank.act))
    expect([await share(), await share(b, a), await share(a, c), await share(c, b)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(await share(new Uint8Array(16), a)).toBe(false)
  })
})
