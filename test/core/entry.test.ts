import { describe, expect, test } from 'vitest'
import { type Cbor, decode, encode } from '../../src/core/codec.ts'
import { bodyFits, decodeEntry, type EntryOf, encodeEntry, KINDS, type Kind } from '../../src/core/entry.ts'
import { bodyBytes } from '../../src/core/entry-body.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { START } from './ledger/books.ts'
import { BAD_FIELDS, EXAMPLES, GOOD_FIELDS } from './ledger/examples.ts'

const kinds = Object.keys(KINDS) as Kind[]

function example(kind: Kind): EntryOf<Kind> {
  return { kind, time: START, body: EXAMPLES[kind] } as EntryOf<Kind>
}

/** The example as the array that is encoded. */
function arrayOf(kind: Kind): [number, number, number, Cbor[]] {
  const decoded = decode(encodeEntry(example(kind)))
  if (!decoded.ok) throw new Error('an example is canonical')
  return structuredClone(decoded.value) as [number, number, number, Cbor[]]
}

const read = (value: Cbor): ReturnType<typeof decodeEntry> => decodeEntry(encode(value))

describe.each(kinds)('%s', (kind) => {
  test('[TEST-2] a valid example comes back as it was, and its bytes are written the same', () => {
    const raw = encodeEntry(example(kind))
    const back = decodeEntry(raw)
    expect(back).toEqual({ ok: true, entry: example(kind) })
    expect(encodeEntry((back as { entry: EntryOf<Kind> }).entry)).toEqual(raw)
    expect(bodyFits(kind, EXAMPLES[kind])).toBe(true)
  })

  test('[TEST-2] the bytes of its body are the body and nothing else', () => {
    const raw = encodeEntry(example(kind))
    expect(decode(bodyBytes(raw))).toEqual({ ok: true, value: arrayOf(kind)[3] })
  })

  test('[TEST-2] each field in turn refuses what does not fit it', () => {
    const bad = BAD_FIELDS[kind]
    expect(bad.length).toBe(arrayOf(kind)[3].length)
    for (const [place, values] of bad.entries()) {
      for (const wrong of values) {
        const value = arrayOf(kind)
        value[3][place] = wrong
        if (typeof wrong === 'number' && !Number.isSafeInteger(wrong)) continue
        expect(read(value), `${kind} field ${place}: ${String(wrong)}`).toMatchObject({ ok: false })
      }
    }
  })

  test('[TEST-2] one field more or one less, and it is no entry', () => {
    const more = arrayOf(kind)
    more[3].push(0)
    const less = arrayOf(kind)
    less[3].pop()
    expect(read(more)).toMatchObject({ ok: false, newer: false })
    expect(read(less)).toMatchObject({ ok: false, newer: false })
  })
})

describe('an entry', () => {
  test('[TEST-2] every field that may be null or otherwise takes that too', () => {
    for (const [kind, place, other] of GOOD_FIELDS) {
      const value = arrayOf(kind)
      value[3][place] = other
      expect(read(value), `${kind} field ${place}`).toMatchObject({ ok: true })
    }
  })

  test('[LOG-9] a version or kind nobody knows yet asks for a newer program, and is not called damaged', () => {
    const [, , time, body] = arrayOf('acct.open')
    expect(read([2, 10, time, body])).toMatchObject({ ok: false, newer: true })
    expect(read([1, 250, time, body])).toMatchObject({ ok: false, newer: true })
    expect(read(['1', 10, time, body])).toMatchObject({ ok: false, newer: false })
  })

  test('[LOG-4] a time is whole seconds below 2^40', () => {
    const [version, no, , body] = arrayOf('acct.open')
    for (const time of [-1, 2 ** 40, null, '0']) {
      expect(read([version, no, time, body])).toMatchObject({ ok: false })
    }
    expect(read([version, no, 2 ** 40 - 1, body])).toMatchObject({ ok: true })
  })

  test('[ENC-7] 0 bytes and 16,385 bytes are no entry', () => {
    expect(decodeEntry(new Uint8Array(0))).toMatchObject({ ok: false })
    expect(decodeEntry(new Uint8Array(LIMITS.entryBytes + 1))).toMatchObject({ ok: false })
  })

  test('[ENC-3] text with a control character is no entry', () => {
    const raw = encodeEntry(example('card'))
    const at = Buffer.from(raw).indexOf('Harbour')
    raw[at + 3] = 7
    expect(decodeEntry(raw)).toMatchObject({ ok: false })
  })

  test('[ENC-2] the same entry with a longer integer head is refused', () => {
    const raw = encodeEntry(example('acct.close'))
    // 84 01 0b 1a tttttttt 83 50 ...: version 1 as two bytes.
    const longer = Uint8Array.of(raw[0] as number, 0x18, 0x01, ...raw.subarray(2))
    expect(decodeEntry(longer)).toMatchObject({ ok: false })
  })

  test('[LOG-9] numbers of kinds are those of the page of the log, each once', () => {
    const numbers = kinds.map((kind) => KINDS[kind].no)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).toEqual([
      1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 14, 15, 16, 17, 20, 21, 30, 31, 32, 33, 35, 36, 38, 39, 40, 41, 42, 43,
      44, 46, 50, 51, 52, 53, 54, 56,
    ])
  })

  test('[ENC-12] a body that somebody sent and that does not fit is told before it is written', () => {
    const hold = EXAMPLES['pay.hold']
    expect(bodyFits('pay.hold', { ...hold, auths: [...hold.auths, ...hold.auths, ...hold.auths] })).toBe(
      false,
    )
    expect(bodyFits('pay.hold', { ...hold, channel: 9 })).toBe(false)
    expect(bodyFits('dev.add', { ...EXAMPLES['dev.add'], device: new Uint8Array(15) })).toBe(false)
  })
})
