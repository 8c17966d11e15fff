/** Which decoders of `core` read bytes that somebody else made? */

import { decodeIndependently } from '../../../src/audit/second-decoder.ts'
import { verifyIndependently } from '../../../src/audit/second-verifier.ts'
import { type Cbor, decode, encode } from '../../../src/core/codec.ts'
import { signatureShapeOk, verify, verifyingKey } from '../../../src/core/ed25519.ts'
import {
  decodeEntry,
  type Entry,
  type EntryOf,
  encodeEntry,
  KINDS,
  type Kind,
  readEntry,
} from '../../../src/core/entry.ts'
import { bodyBytes } from '../../../src/core/entry-body.ts'
import { must } from '../../../src/core/fault.ts'
import {
  type Bytes,
  fromBase32,
  fromHex,
  originOf,
  parseOrigin,
  sameBytes,
  toBase32,
  toHex,
} from '../../../src/core/ids.ts'
import { decodeIntent, encodeIntent, readIntent } from '../../../src/core/intent.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { type ScanOptions, scan } from '../../../src/core/scan.ts'
import type { Field } from '../../../src/core/schema.ts'
import { decodeTerms, encodeTerms, readTerms } from '../../../src/core/terms.ts'
import { decodeOrder, encodeOrder, readOrder } from '../../../src/core/transfer/order.ts'
import { entries, intents, items, orders, terms, world } from '../material.ts'
import { itemInputs } from '../shaped.ts'
import { plainInputs, textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, type Told, textOf } from '../target.ts'

/** The clauses of the profile, as a scanner names them. */
export const CLAUSES = /^ENC-[1-7]\b/

/** The codec and the auditor's second one take the same bytes and read the same from them ([ENC-14]). */
function item(name: string, options: ScanOptions): Target {
  const corpus = () => [...items(), ...entries(), ...orders()]
  return {
    name,
    covers: ['core/codec.ts decode', 'core/scan.ts scan', 'audit/second-decoder.ts decodeIndependently'],
    corpus,
    inputs: itemInputs(corpus),
    tell(input) {
      const read = decode(input, options)
      const second = decodeIndependently(input, options)
      must(read.ok === (second !== null), `one decoder takes it and one does not: ${JSON.stringify(read)}`)
      must(read.ok === (scan(input, options) === null), 'the scanner says what the decoder says')
      if (!read.ok) return { refused: read.problem.clause }
      must(sameBytes(encode(second?.value as Cbor, options), input), 'both read the same')
      return { accepted: read.value, again: encode(read.value, options) }
    },
    refusals: [CLAUSES],
    mostBytes: 100_000,
    mostMs: 250,
    inTest: 1_500,
  }
}

const entry: Target = {
  name: 'entry',
  covers: ['core/entry.ts decodeEntry', 'core/entry.ts readEntry'],
  corpus: entries,
  inputs: itemInputs(entries),
  tell(input) {
    const read = decodeEntry(input)
    const decoded = decodeIndependently(input, { maxBytes: LIMITS.entryBytes })
    const second = decoded === null ? null : readEntry(decoded.value)
    must(read.ok === (second?.ok ?? false), 'both ways of reading an entry take the same bytes')
    if (!read.ok) return { refused: read.problem }
    must(second?.ok === true, 'it was taken')
    const { kind, body } = read.entry
    const own = encode((KINDS[kind].body as Field<unknown>).write(body))
    must(sameBytes(bodyBytes(input), own), 'the body that is cut out is the body that was read')
    must(sameBytes(written(second.entry), input), 'both read the same')
    return { accepted: read.entry, again: written(read.entry) }
  },
  refusals: [
    CLAUSES,
    /^an entry (has 1 to|is an array of)/,
    'version and kind are integers',
    /^version -?\d+, kind -?\d+: a newer version of the program is needed$/,
    'the time is out of range',
    /^the fields do not fit [a-z.]+$/,
  ],
  mostBytes: 20_000,
  mostMs: 250,
  inTest: 1_500,
}

function written(read: Entry): Bytes {
  return encodeEntry(read as EntryOf<Kind>)
}

interface Part<T> {
  readonly name: string
  readonly covers: readonly string[]
  readonly corpus: () => readonly Bytes[]
  readonly decode: (bytes: Bytes) => T | null
  readonly encode: (value: T) => Bytes
  readonly readSecond: (value: Cbor) => T | undefined
  /** A second reader leaves this rule to its caller. */
  readonly laxSecond?: boolean
}

/** What is signed and travels as bytes inside entries and messages. */
function part<T>({
  name,
  covers,
  corpus,
  decode: read,
  encode: write,
  readSecond,
  laxSecond,
}: Part<T>): Target {
  return {
    name,
    covers,
    corpus,
    inputs: itemInputs(corpus),
    tell(input): Told {
      const value = read(input)
      const decoded = decodeIndependently(input)
      const second = decoded === null ? undefined : readSecond(decoded.value)
      const agree = (value !== null) === (second !== undefined)
      must(agree || (laxSecond === true && value === null), 'both ways of reading take the same bytes')
      return orNull(value, write)
    },
    refusals: [NO],
    mostBytes: 20_000,
    mostMs: 250,
    inTest: 600,
  }
}

const KEY_AND_SIGNATURE = 96

/** Key, signature and message one after another. */
const signature: Target = {
  name: 'signature',
  covers: [
    'core/ed25519.ts verifyingKey',
    'core/ed25519.ts verify',
    'core/ed25519.ts signatureShapeOk',
    'audit/second-verifier.ts verifyIndependently',
  ],
  corpus: () => {
    const { phone, tablet } = world()
    return [phone, tablet].flatMap((key, n) => {
      const message = bytesOf(`${n} minutes`)
      return [new Uint8Array(Buffer.concat([key.publicKey, key.sign(message), message]))]
    })
  },
  inputs: plainInputs(200),
  tell(input) {
    const raw = input.subarray(0, 32)
    const signed = input.subarray(32, KEY_AND_SIGNATURE)
    const message = input.subarray(KEY_AND_SIGNATURE)
    const key = verifyingKey(raw)
    const counts = key !== null && verify(key, message, signed)
    const second = verifyIndependently(raw, message, signed)
    must(!counts || second, 'what counts here counts for the auditor')
    // The other way round only the owner of a key could make them differ, and nobody's damage does.
    must(!second || counts, 'what counts for the auditor counts here')
    if (counts) return { accepted: true }
    return { refused: key === null ? 'key' : signatureShapeOk(signed) ? 'equation' : 'shape' }
  },
  refusals: ['key', 'equation', 'shape'],
  mostBytes: 4_096,
  mostMs: 250,
  inTest: 250,
}

/** First letter: which id is meant. */
const idText: Target = {
  name: 'id-text',
  covers: ['core/ids.ts fromBase32', 'core/ids.ts fromHex', 'core/ids.ts parseOrigin'],
  corpus: () => {
    const { harbour } = world()
    return [`b${harbour.id}`, `h${toHex(harbour.bank)}`, `o${harbour.origin}`].map(bytesOf)
  },
  inputs: () => textInputs(idText.corpus)(),
  tell(input) {
    const [which, text] = [textOf(input).slice(0, 1), textOf(input).slice(1)]
    if (which === 'o') {
      const origin = parseOrigin(text)
      return orNull(origin, (value) => bytesOf(`o${originOf(value.bank, value.epoch)}`))
    }
    if (which === 'h') return orNull(fromHex(text, 20), (value) => bytesOf(`h${toHex(value)}`))
    return orNull(which === 'b' ? fromBase32(text, 20) : null, (value) => bytesOf(`b${toBase32(value)}`))
  },
  refusals: [NO],
  mostBytes: 5_000,
  mostMs: 250,
  inTest: 500,
}

export const CORE: readonly Target[] = [
  item('item', {}),
  item('item-private', { controlCharacters: 'allowed', maxBytes: 50_000 }),
  entry,
  part({
    name: 'order',
    covers: ['core/transfer/order.ts decodeOrder', 'core/transfer/order.ts readOrder'],
    corpus: orders,
    decode: decodeOrder,
    encode: encodeOrder,
    readSecond: readOrder,
  }),
  part({
    name: 'intent',
    covers: ['core/intent.ts decodeIntent', 'core/intent.ts readIntent'],
    corpus: intents,
    decode: decodeIntent,
    encode: encodeIntent,
    readSecond: readIntent,
    laxSecond: true,
  }),
  part({
    name: 'terms',
    covers: ['core/terms.ts decodeTerms', 'core/terms.ts readTerms'],
    corpus: terms,
    decode: decodeTerms,
    encode: encodeTerms,
    readSecond: readTerms,
  }),
  signature,
  idText,
]
