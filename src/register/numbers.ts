/**
 * What number does a new member get, and what was meant by one that was typed or said? Two letters of the bank, four
 * digits drawn at random, and a letter that shows a slip: `HB-4827-K` ([SIGN-1]).
 *
 * Letters and digits are weighed by their place and added up modulo 23, a prime. No two places weigh the same, so a
 * wrong character changes the sum, and so do two that changed places.
 */

import { must } from '../core/fault.ts'
import type { Random } from '../node/ports.ts'

/** Without I, O and U, which are taken for 1, 0 and V. */
export const LETTERS = 'ABCDEFGHJKLMNPQRSTVWXYZ'
/** Without 0 and 1, for the same reason. */
const DIGITS = '23456789'
const FEWEST_DIGITS = 4
/** Weight of the first place; each place after it weighs one more. */
const FIRST_WEIGHT = 8
/** Two letters and these weigh 8 to 21, and the check 22: all of them otherwise, none of them 0 modulo 23. */
const MOST_DIGITS = 12
const PREFIX_LETTERS = 2

/** Letters of a bank whose name has none to take. */
const USUAL_PREFIX = 'TB'

/** What a bank's numbers begin with: the first letters of two words of its name, or of the first two syllables. */
export function prefixOf(bankName: string): string {
  const plain = bankName
    .normalize('NFD')
    .toUpperCase()
    .replace(/[^A-Z ]/g, '')
  const [first = '', second = ''] = plain.split(/ +/).filter((word) => usable(word) !== '')
  const syllable = /[AEIOUY]+([^AEIOUY]+)/.exec(first.slice(1))?.[1] ?? first.slice(1)
  const candidates = [usable(first)[0], usable(second)[0] ?? usable(syllable).at(-1)]
  const prefix = candidates.map((letter, place) => letter ?? (USUAL_PREFIX[place] as string)).join('')
  must(prefix.length === PREFIX_LETTERS, 'a prefix has two letters')
  return prefix
}

function usable(word: string): string {
  return [...word].filter((letter) => LETTERS.includes(letter)).join('')
}

/** The letter that makes the weighted sum of letters, digits and itself a multiple of 23. */
export function checkLetter(prefix: string, digits: string): string {
  let sum = 0
  for (const [place, sign] of [...prefix, ...digits].entries()) sum += (place + FIRST_WEIGHT) * worthOf(sign)
  // The check itself weighs -1, which is 22 and no weight of a place before it.
  return LETTERS[sum % LETTERS.length] as string
}

function worthOf(sign: string): number {
  return sign >= '0' && sign <= '9' ? Number(sign) : LETTERS.indexOf(sign)
}

/** The number of these digits as it is printed. */
export function printNumber(prefix: string, digits: string): string {
  return `${prefix}-${digits}-${checkLetter(prefix, digits)}`
}

/** `number`: the number that was meant, as it is printed. `mistyped`: its letter does not fit. `other`: not of this kind. */
export type TypedNumber =
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'mistyped' }
  | { readonly kind: 'other' }

const TYPED = /^([A-Z]{2})?([0-9]{4,12})([A-Z])?$/

/**
 * Reads what was typed, whatever its capitals, blanks and dashes: all of it, or the digits with or without their letter
 * for a number of this bank.
 */
export function readNumber(typed: string, ownPrefix: string): TypedNumber {
  const match = TYPED.exec(typed.toUpperCase().replace(/[\s\-.\u2010-\u2015]+/g, ''))
  const [, prefix, digits, check] = match ?? []
  if (digits === undefined) return { kind: 'other' }
  if (prefix === undefined && check === undefined)
    return { kind: 'number', number: printNumber(ownPrefix, digits) }
  // Letters and digits that no number has are slips, and so is a number of which the last letter is missing.
  const sound = [...(prefix ?? ''), ...digits].every(
    (sign) => LETTERS.includes(sign) || DIGITS.includes(sign),
  )
  const whole = prefix ?? ownPrefix
  return sound && check === checkLetter(whole, digits)
    ? { kind: 'number', number: printNumber(whole, digits) }
    : { kind: 'mistyped' }
}

/** A free number, drawn at random so that it tells nothing of who came when. */
export function drawNumber(prefix: string, taken: Iterable<string>, random: Random): string {
  return new NumberDraw(prefix, taken).draw(random)
}

/**
 * Draws free numbers, one after the other, each of them taken from then on. One digit longer once half of the numbers
 * of a length are in use: up to there two draws find a free one on average.
 */
export class NumberDraw {
  readonly #prefix: string
  readonly #taken = new Set<string>()
  /** Numbers in use, by how long they are when printed. */
  readonly #used = new Map<number, number>()

  constructor(prefix: string, taken: Iterable<string>) {
    this.#prefix = prefix
    for (const number of taken) this.take(number)
  }

  take(number: string): void {
    if (this.#taken.has(number)) return
    this.#taken.add(number)
    if (number.startsWith(`${this.#prefix}-`))
      this.#used.set(number.length, (this.#used.get(number.length) ?? 0) + 1)
  }

  draw(random: Random): string {
    for (let length = FEWEST_DIGITS; length <= MOST_DIGITS; length++) {
      const printed = printNumber(this.#prefix, DIGITS[0]?.repeat(length) as string).length
      if ((this.#used.get(printed) ?? 0) * 2 >= DIGITS.length ** length) continue
      for (;;) {
        const number = printNumber(this.#prefix, drawDigits(length, random))
        if (this.#taken.has(number)) continue
        this.take(number)
        return number
      }
    }
    throw new Error('no bank has so many members')
  }
}

/** Each of the eight digits as likely as the others: three bits of a random byte. */
function drawDigits(length: number, random: Random): string {
  return [...random.bytes(length)].map((byte) => DIGITS[byte % DIGITS.length]).join('')
}
