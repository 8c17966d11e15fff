/** Is a settle frame read as it was written, and nothing else read at all? */

import { describe, expect, test } from 'vitest'
import { encode } from '../../src/core/codec.ts'
import { LIMITS } from '../../src/core/limits.ts'
import { FrameCutter, frameBytes } from '../../src/peer/framing.ts'
import { decodeFrame, encodeFrame, type Frame, type Message, offerHash } from '../../src/peer/messages.ts'

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

/** One of each. */
const MESSAGES: readonly Message[] = [
  {
    name: 'hello',
    line: bytes(16, 1),
    outSeq: 7,
    outChain: bytes(32, 2),
    inSeq: 0,
    inChain: bytes(32, 0),
    yours: bytes(240, 3),
    now: 1_790_000_000,
    open: [bytes(32, 4), bytes(32, 5)],
  },
  { name: 'busy', about: 30, retrySeconds: 600 },
  { name: 'ask', id: bytes(32, 6), promise: 0 },
  { name: 'nothing', id: bytes(32, 6) },
  {
    name: 'offer',
    order: bytes(300, 7),
    line: bytes(16, 1),
    lineVersion: 2,
    aid: bytes(32, 8),
    epoch: 0,
    logKey: bytes(32, 9),
  },
  { name: 'promise', entry: 1 },
  { name: 'decline', id: bytes(32, 6), aid: bytes(32, 8), code: 'line_full' },
  { name: 'commit', entry: 0, order: null },
  { name: 'commit', entry: 255, order: bytes(2_048, 7) },
  { name: 'abort', entry: 0 },
  { name: 'receipt', entry: 0 },
  { name: 'waive', entry: 0 },
  { name: 'line', entry: 0, token: bytes(16, 10) },
  { name: 'look', question: bytes(32, 6) },
  { name: 'notices', question: bytes(32, 6), notices: [] },
  {
    name: 'notices',
    question: bytes(32, 6),
    notices: [{ id: bytes(16, 1), kind: 1, text: 'a lift', category: 20, until: 1_790_000_000 }],
  },
  { name: 'interest', question: bytes(32, 6), notice: bytes(16, 1), who: 'Ada M.', phone: null },
  { name: 'noted', question: bytes(32, 6), outcome: 2, phone: '020 7946 0900' },
]

const FRAME: Frame = {
  head: bytes(243, 11),
  link: { from: 12, proof: [bytes(32, 12)] },
  entries: [{ index: 13, entry: bytes(500, 13), proof: [bytes(32, 14), bytes(32, 15)] }],
  messages: MESSAGES,
}

describe('[P2P-1] a settle frame', () => {
  test('is read as it was written, every message of it', () => {
    const cutter = new FrameCutter()
    cutter.push(frameBytes(encodeFrame(FRAME)))
    const cut = cutter.next()
    expect(cut === null ? null : decodeFrame(cut)).toMatchObject({ ok: true, frame: FRAME })
  })

  test('may hold nothing at all', () => {
    const frame: Frame = { head: null, link: null, entries: [], messages: [] }
    expect(decodeFrame(encodeFrame(frame))).toMatchObject({ ok: true, frame })
  })

  test.each<[string, unknown[]]>([
    ['of another version', [2, null, null, [], []]],
    ['with a field more', [1, null, null, [], [], null]],
    ['with a message nobody knows', [1, null, null, [], [[99]]]],
    ['with a message of no number', [1, null, null, [], [[]]]],
    ['with a message that lacks a field', [1, null, null, [], [[12, bytes(32, 6), bytes(32, 8)]]]],
    ['with a message that has one more', [1, null, null, [], [[14, 0, 0]]]],
    ['with an id of 31 bytes', [1, null, null, [], [[4, bytes(31, 6)]]]],
    ['with a place beyond the most entries', [1, null, null, [], [[14, LIMITS.frameEntries]]]],
    [
      'with too many messages',
      [1, null, null, [], Array.from({ length: LIMITS.frameMessages + 1 }, () => [14, 0])],
    ],
    ['with an entry too long', [1, null, null, [[0, bytes(LIMITS.entryBytes + 1, 1), []]], []]],
    [
      'with a proof too long',
      [1, null, [0, Array.from({ length: LIMITS.proofHashes + 1 }, () => bytes(32, 1))], [], []],
    ],
    ['that names too many open ids', [1, null, null, [], [hello(LIMITS.openIdsPerLine + 1)]]],
  ])('%s is refused whole', (_, value) => {
    expect(decodeFrame(encode(value as Parameters<typeof encode>[0]))).toMatchObject({ ok: false })
  })

  test('bytes that are no tb-cbor are refused with the clause they break', () => {
    expect(decodeFrame(Uint8Array.of(0x9f, 0xff))).toEqual({
      ok: false,
      problem: 'ENC-2: an indefinite length',
    })
  })

  test('the hash of an offer is that of its bytes, so any other term is another hash', () => {
    const offer = MESSAGES.find((message) => message.name === 'offer')
    if (offer?.name !== 'offer') throw new Error('there is an offer in the list')
    const hashes = [
      offer,
      { ...offer, lineVersion: 3 },
      { ...offer, aid: bytes(32, 1) },
      { ...offer, epoch: 1 },
    ].map((one) => Buffer.from(offerHash(one)).toString('hex'))
    expect(new Set(hashes).size).toBe(4)
  })
})

function hello(open: number): unknown[] {
  const ids = Array.from({ length: open }, (_, i) => bytes(32, i % 256))
  return [1, null, 0, bytes(32, 0), 0, bytes(32, 0), null, 0, ids]
}
