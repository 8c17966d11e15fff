import { describe, expect, test } from 'vitest'
import {
  checkLetter,
  drawNumber,
  LETTERS,
  prefixOf,
  printNumber,
  readNumber,
} from '../../src/register/numbers.ts'
import { random } from '../node/town.ts'

/** All numbers of one prefix, as they are typed. */
function* allNumbers(prefix: string): Iterable<string> {
  for (let n = 0; n < 8 ** 4; n++) {
    const digits = [...n.toString(8).padStart(4, '0')].map((one) => Number(one) + 2).join('')
    yield `${prefix}${digits}${checkLetter(prefix, digits)}`
  }
}

/** Every text that differs in one sign, of any kind. */
function* oneWrong(typed: string): Iterable<string> {
  for (let at = 0; at < typed.length; at++)
    for (const sign of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')
      if (sign !== typed[at]) yield typed.slice(0, at) + sign + typed.slice(at + 1)
}

/** Every text in which two different signs changed places, neighbours or not. */
function* swapped(typed: string): Iterable<string> {
  for (let a = 0; a < typed.length; a++)
    for (let b = a + 1; b < typed.length; b++) {
      const signs = [...typed]
      ;[signs[a], signs[b]] = [signs[b] as string, signs[a] as string]
      if (typed[a] !== typed[b]) yield signs.join('')
    }
}

describe('the numbers of members', () => {
  test('[SIGN-1] two letters, four digits and a check', () => {
    expect(printNumber('HB', '4827')).toBe('HB-4827-K')
    expect(LETTERS).toHaveLength(23)
    expect(LETTERS).not.toMatch(/[IOU]/)
  })

  test.each(['HB', 'NG', 'ZZ', 'KA'])(
    '[SIGN-1] of all numbers of %s: no wrong sign and no swap of two leads to another number',
    (prefix) => {
      let tried = 0
      for (const number of allNumbers(prefix)) {
        expect(readNumber(number, prefix)).toEqual({ kind: 'number', number: expect.stringContaining('-') })
        for (const typed of [...oneWrong(number), ...swapped(number)]) {
          tried += 1
          if (readNumber(typed, prefix).kind === 'number') throw new Error(`${number} typed as ${typed}`)
        }
      }
      expect(tried).toBeGreaterThan(1_000_000)
    },
  )

  test('[SIGN-1] capitals, blanks and dashes do not matter; digits alone are enough, with their letter they are checked', () => {
    for (const typed of [
      'hb4827k',
      'HB-4827-K',
      ' hb 48 27 k ',
      'HB\u20114827\u2011K',
      '4827',
      '4827K',
      '48 27 k',
    ])
      expect(readNumber(typed, 'HB'), typed).toEqual({ kind: 'number', number: 'HB-4827-K' })
    for (const typed of ['4827L', 'HB4827', 'HB4827L', 'MR4827K', 'HB48271K', '4017K', 'OB4827K'])
      expect(readNumber(typed, 'HB'), typed).toEqual({ kind: 'mistyped' })
    for (const typed of ['', 'Ada', 'M-0001', '482', 'HB-482-K', '4827-K-1', 'HBX4827K', '2'.repeat(13)])
      expect(readNumber(typed, 'HB'), typed).toEqual({ kind: 'other' })
  })

  test('[SIGN-1] are drawn at random, and one digit longer once half of a length is in use', () => {
    const taken = new Set<string>()
    for (let i = 0; i < 2_048; i++) {
      const number = drawNumber('HB', taken, random)
      expect(taken.has(number)).toBe(false)
      taken.add(number)
    }
    expect([...taken].every((number) => /^HB-[2-9]{4}-[A-Z]$/.test(number))).toBe(true)
    expect(drawNumber('HB', taken, random)).toMatch(/^HB-[2-9]{5}-[A-Z]$/)
    expect(drawNumber('NG', taken, random)).toMatch(/^NG-[2-9]{4}-[A-Z]$/)
    const counts = new Map<string, number>()
    for (const number of taken)
      for (const digit of number.slice(3, 7)) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    for (const digit of '23456789') expect(counts.get(digit)).toBeGreaterThan(800)
  })

  test.each([
    ['Harbour', 'HB'],
    ['Millbrook', 'MR'],
    ['Northgate', 'NG'],
    ['New Harbour Exchange', 'NH'],
    ['Évry', 'EY'],
    ['Ὁμόνοια', 'TB'],
    ['X', 'XB'],
    ['Oui', 'TB'],
    ['12 Elms', 'ES'],
  ])('[SIGN-1] those of %s begin with %s', (name, prefix) => {
    expect(prefixOf(name)).toBe(prefix)
  })
})
