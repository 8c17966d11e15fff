/**
 * How is a request code written, read out and typed? Eight letters without look-alikes, shown in two groups of four, and
 * understood with blanks, small letters and the letters people confuse ([EX-20]).
 */

import { LIMITS } from '../core/limits.ts'
import type { Random } from '../node/ports.ts'

/** 32 letters: no 0, O, 1 or I. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const RANDOM_BYTES = 5
const GROUP = 4

/** Letters that no code has, and what whoever typed them most likely saw. */
const MEANT: Readonly<Record<string, string>> = { '0': 'Q', O: 'Q', '1': 'L', I: 'L', '|': 'L' }

/** What people put between the letters of a code. */
const BETWEEN = /[\s\-_.,:/\u2010-\u2015\u2212]+/g

/** A new code: 40 random bits. */
export function newCode(random: Random): string {
  let bits = 0n
  for (const byte of random.bytes(RANDOM_BYTES)) bits = (bits << 8n) | BigInt(byte)
  let code = ''
  for (let i = 0; i < LIMITS.requestCodeLetters; i++) {
    code = `${LETTERS[Number(bits & 31n)]}${code}`
    bits >>= 5n
  }
  return code
}

/** The code that somebody typed, or null when it is none. */
export function readCode(typed: string): string | null {
  // A text far longer than any way to type a code is not worth a look.
  if (typed.length > LIMITS.requestCodeLetters * 8) return null
  const letters = [...typed.normalize('NFKC').toUpperCase().replace(BETWEEN, '')]
  const code = letters.map((letter) => MEANT[letter] ?? letter)
  const sound = code.length === LIMITS.requestCodeLetters && code.every((letter) => LETTERS.includes(letter))
  return sound ? code.join('') : null
}

/** The code as it is shown and read out: 7K3Q-X9M2. */
export function shownCode(code: string): string {
  return `${code.slice(0, GROUP)}-${code.slice(GROUP)}`
}
