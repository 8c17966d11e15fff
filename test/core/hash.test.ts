import { describe, expect, test } from 'vitest'
import { hmacSha256, labelled, labelledHash, sha256 } from '../../src/core/hash.ts'

function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

describe('[LOG-2] hashes', () => {
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('SHA-256 of the FIPS 180-4 example "%s", whole and in parts', (text, expected) => {
    const bytes = ascii(text)
    expect(hexOf(sha256(bytes))).toBe(expected)
    expect(hexOf(sha256(bytes.subarray(0, 2), new Uint8Array(0), bytes.subarray(2)))).toBe(expected)
    expect(hexOf(sha256(Buffer.from(bytes)))).toBe(expected)
  })

  test('no parts at all are the empty text', () => {
    expect(hexOf(sha256())).toBe(hexOf(sha256(ascii(''))))
  })

  test('a label stands in front, with one zero byte behind it', () => {
    const preimage = ascii('commonhour.order.v1\0abc')
    expect(labelled('commonhour.order.v1', [ascii('a'), ascii('bc')])).toStrictEqual(preimage)
    expect(hexOf(labelledHash('commonhour.order.v1', ascii('a'), ascii('bc')))).toBe(hexOf(sha256(preimage)))
    expect(hexOf(labelledHash('commonhour.order.v1'))).toBe(hexOf(sha256(ascii('commonhour.order.v1\0'))))
  })

  test.each(['commonhour\0', 'commonhour order', 'commonhöur'])('%j is no label', (label) => {
    expect(() => labelledHash(label)).toThrow('printable ASCII')
  })

  test('HMAC-SHA-256 by RFC 4231, test cases 1 and 2', () => {
    expect(hexOf(hmacSha256(new Uint8Array(20).fill(0x0b), ascii('Hi There')))).toBe(
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    )
    expect(hexOf(hmacSha256(ascii('Jefe'), ascii('what do ya want '), ascii('for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('results are plain bytes with memory of their own', () => {
    for (const result of [sha256(ascii('a')), labelledHash('a'), hmacSha256(ascii('a'))]) {
      expect(Object.getPrototypeOf(result)).toBe(Uint8Array.prototype)
      expect(result.length).toBe(32)
      expect(result.buffer.byteLength).toBe(32)
    }
  })
})
