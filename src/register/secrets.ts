/**
 * How are passwords, PINs and codes kept? Passwords and PINs as scrypt hashes (RFC 7914), which are slow to guess;
 * codes that chance made, of 50 bits and more, as SHA-256. Nothing that opens a door is kept as it was said.
 */

import { scrypt, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../core/hash.ts'
import { type Bytes, sameBytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import { b16, b32, record, type TypeOf } from '../core/schema.ts'
import type { Random } from '../node/ports.ts'

/** Cost as [SIGN-5] has it: about 50 ms and 32 MiB on a small computer; Node's usual bound on memory is below it. */
const COST = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const
const HASH_BYTES = 32

export const hashedField = record({ salt: b16, hash: b32 })
export type Hashed = TypeOf<typeof hashedField>

/**
 * What is kept of a password or PIN. Spelled in NFKC, so that every keyboard's way of one text is one text. Refuses
 * `too_busy`.
 */
export async function hashSecret(secret: string, random: Random): Promise<Outcome<Hashed>> {
  const salt = random.bytes(16)
  const hash = await derive(secret, salt)
  return hash.ok ? accept({ salt, hash: hash.value }) : hash
}

/**
 * Whether this is the secret; it takes as long when nothing was kept, so that nobody learns who has one. Refuses
 * `too_busy`.
 */
export async function checkSecret(kept: Hashed | null, secret: string): Promise<Outcome<boolean>> {
  const hash = await derive(secret, kept?.salt ?? new Uint8Array(16))
  return hash.ok ? accept(kept !== null && timingSafeEqual(hash.value, kept.hash)) : hash
}

/** Whether the next one would be refused as `too_busy`: asked before anything is written on its behalf. */
export function isHashingFull(): boolean {
  return underWay.size >= LIMITS.secretsUnderWay && waiting.size >= LIMITS.secretsWaiting
}

/** Of the whole process, as its threads are: a flood of sign-ins must never keep the disk from them. */
const underWay = new Set<symbol>()
const waiting = new Set<() => void>()

async function derive(secret: string, salt: Bytes): Promise<Outcome<Bytes>> {
  if (isHashingFull()) return refuse('too_busy')
  const mine = Symbol()
  if (underWay.size < LIMITS.secretsUnderWay) underWay.add(mine)
  else
    await new Promise<void>((resolve) => {
      waiting.add(() => {
        underWay.add(mine)
        resolve()
      })
    })
  try {
    return accept(await slowHash(secret, salt))
  } finally {
    underWay.delete(mine)
    const [next] = waiting
    if (next !== undefined) {
      waiting.delete(next)
      next()
    }
  }
}

function slowHash(secret: string, salt: Bytes): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, HASH_BYTES, COST, (error, key) =>
      error === null ? resolve(new Uint8Array(key)) : reject(error),
    )
  })
}

/** Letters and digits that nobody takes for another: no 0 O 1 I L U. */
const CLEAR = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A code of so many clear characters, evenly drawn. */
export function randomCode(characters: number, random: Random): string {
  let code = ''
  while (code.length < characters) {
    for (const byte of random.bytes(characters)) {
      // Bytes above the last whole round of the alphabet would favour its first letters.
      if (byte < 240 && code.length < characters) code += CLEAR[byte % CLEAR.length]
    }
  }
  return code
}

/** As typed by people: blanks, dashes and small letters mean nothing. */
export function typedCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s\-–—.]/g, '')
}

/** In groups of four, to read and to say. */
export function groupedCode(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? code
}

/** What is kept of a code or token that chance made. */
export function hashedCode(code: string): Bytes {
  return sha256(new TextEncoder().encode(code))
}

export function isCode(kept: Bytes, typed: string): boolean {
  return sameBytes(kept, hashedCode(typed))
}
