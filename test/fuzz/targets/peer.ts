/** Which decoders read what strangers and neighbours send: frames, messages, records and their rows? */

import fc from 'fast-check'
import { encode } from '../../../src/core/codec.ts'
import { must } from '../../../src/core/fault.ts'
import { type Bytes, sameBytes } from '../../../src/core/ids.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { recordPreimage } from '../../../src/core/sign.ts'
import { encodeArtefact } from '../../../src/log/artefact.ts'
import { readLineage } from '../../../src/log/lineage.ts'
import { type Neighbour, neighbourOf, neighbourRow, readNeighbourRow } from '../../../src/node/neighbour.ts'
import type { OwnLog } from '../../../src/node/own-log.ts'
import { PeerSession } from '../../../src/node/session.ts'
import { readRecord } from '../../../src/peer/bank-record.ts'
import { FrameCutter, frameBytes } from '../../../src/peer/framing.ts'
import { decodeFrame, encodeFrame } from '../../../src/peer/messages.ts'
import {
  decodeRecordAnswer,
  decodeRecordQuestion,
  encodeRecordAnswer,
  encodeRecordQuestion,
} from '../../../src/peer/record-messages.ts'
import {
  bank,
  entries,
  frameShowing,
  frames,
  keyOf,
  messages,
  NOW,
  once,
  records,
  world,
} from '../material.ts'
import { edits, itemInputs, withEdits } from '../shaped.ts'
import { plainInputs } from '../shaped-text.ts'
import { NO, orNull, type Target } from '../target.ts'
import { CLAUSES } from './core.ts'
import { isSigned } from './log.ts'

const USUAL = { refusals: [NO], mostBytes: 20_000, mostMs: 250, inTest: 500 } as const

/** A stream in pieces whose lengths follow from the bytes themselves. */
const framing: Target = {
  ...USUAL,
  name: 'framing',
  covers: ['peer/framing.ts FrameCutter'],
  corpus: () => {
    const one = frameBytes(frames()[2] as Bytes)
    return [
      one,
      new Uint8Array(Buffer.concat([one, frameBytes(Uint8Array.of(1)), one])),
      frameBytes(new Uint8Array(20_000)),
    ]
  },
  inputs: plainInputs(40),
  tell(input) {
    const whole = cut([input])
    const pieces: Uint8Array[] = []
    for (let at = 0, n = 1; at < input.length; at += n) {
      n = 1 + ((input[at] as number) % 37)
      pieces.push(input.subarray(at, at + n))
    }
    const inPieces = cut(pieces)
    must(
      inPieces.count === whole.count &&
        inPieces.problem === whole.problem &&
        sameBytes(inPieces.bytes, whole.bytes),
      'it does not matter how a stream arrives',
    )
    if (whole.problem !== null) return { refused: whole.problem }
    const rest = input.subarray(input.length - whole.held)
    return { accepted: whole.count, again: new Uint8Array(Buffer.concat([whole.bytes, rest])) }
  },
  refusals: [
    /^the length of a frame (has more than three bytes|is 0 or not in its shortest form)$/,
    /^a frame of \d+ bytes is too long$/,
  ],
  mostBytes: 20_000,
}

/** The frames of a stream, written again; how many, and what was wrong. */
function cut(pieces: readonly Uint8Array[]) {
  const cutter = new FrameCutter()
  const found: Bytes[] = []
  for (const piece of pieces) {
    cutter.push(piece)
    for (let frame = cutter.next(); frame !== null; frame = cutter.next()) found.push(frameBytes(frame))
    if (cutter.problem !== null) break
  }
  const { problem, held } = cutter
  return { count: found.length, bytes: new Uint8Array(Buffer.concat(found)), problem, held }
}

/** Why a session does not read a frame's form. */
const FRAME_REFUSALS = [
  CLAUSES,
  'it is no frame of version 1',
  /^message (-?\d+|without a number) is unknown or malformed$/,
]

const frame: Target = {
  ...USUAL,
  name: 'frame',
  covers: ['peer/messages.ts decodeFrame'],
  corpus: frames,
  inputs: itemInputs(frames),
  tell(input) {
    const read = decodeFrame(input)
    return read.ok ? { accepted: read.frame, again: encodeFrame(read.frame) } : { refused: read.problem }
  },
  refusals: FRAME_REFUSALS,
  mostBytes: LIMITS.frameBytes,
}

function neighbour(): Neighbour {
  const { harbour } = world()
  const { bank: id, origin } = harbour
  const about = {
    name: 'Harbour',
    publicUrl: null,
    peerId: '',
    addresses: [],
    record: new Uint8Array(0),
    verifiedAt: NOW,
  }
  const key = keyOf(harbour)
  const founded = { bank: id, logKey: key.raw, recoveryHash: new Uint8Array(32) }
  const read = readLineage(founded, [])
  must(read.ok, 'a founding alone is a lineage')
  const { lineage } = read
  return { bank: id, founded, lineage, origin, key, ...about, pausedThere: false, held: null, heardAt: 0 }
}

/** A frame as a session takes it: the head verified, every entry proven under it and read. */
const session: Target = {
  ...USUAL,
  name: 'session',
  covers: ['node/session.ts PeerSession.read'],
  corpus: frames,
  inputs: () => {
    const valid = entries()
    const shown = fc
      .record({ from: fc.nat(valid.length - 1), changes: edits, message: fc.constantFrom(...messages()) })
      .map(({ from, changes, message }) =>
        // A log holds what its bank put there: the bytes are wrong, the proof and the signature are not.
        frameShowing(withEdits(valid[from] as Bytes, changes, valid).subarray(0, LIMITS.entryBytes), message),
      )
    return fc.oneof(shown, itemInputs(frames)())
  },
  tell(input) {
    const stream = { peerId: '', address: null, problem: () => null, send: done, close: done, frames: nobody }
    const own = {} as OwnLog
    const parts = {
      stream,
      neighbour: neighbour(),
      own,
      head: () => null,
      frameMessages: 1,
      ahead: () => null,
      broken: () => {},
    }
    const read = new PeerSession(parts, 0).read(input)
    if (!read.ok) return { refused: read.problem }
    const { head, entries: shown } = read.frame
    must(head === null || shown.length > 0 || isSigned(head), 'no head counts that nobody signed')
    return { accepted: [head?.size, shown.map(({ entry }) => entry), read.frame.messages.length] }
  },
  refusals: [
    ...FRAME_REFUSALS,
    'entries without a head',
    "the head does not verify under this bank's log key",
    'an entry is not under the head',
    /^an entry cannot be read: /,
  ],
  mostBytes: LIMITS.frameBytes,
  inTest: 250,
}

const done = async (): Promise<void> => {}
async function* nobody(): AsyncIterable<Uint8Array> {}

const question: Target = {
  ...USUAL,
  name: 'record-question',
  covers: ['peer/record-messages.ts decodeRecordQuestion'],
  corpus: () => [bank().id, null].map((id) => encodeRecordQuestion({ request: 7, bank: id })),
  inputs: () => itemInputs(question.corpus)(),
  tell: (input) => orNull(decodeRecordQuestion(input), encodeRecordQuestion),
}

const answer: Target = {
  ...USUAL,
  name: 'record-answer',
  covers: ['peer/record-messages.ts decodeRecordAnswer'],
  corpus: () => [
    encodeRecordAnswer({ request: 7, status: 'fine', records: records() }),
    encodeRecordAnswer({ request: 7, status: 'not_held', records: [] }),
    encodeRecordAnswer({ request: 7, status: 'later', records: [] }),
  ],
  inputs: () => itemInputs(answer.corpus)(),
  tell: (input) => orNull(decodeRecordAnswer(input, 7), encodeRecordAnswer),
}

/** Why a record does not hold, in the words of `readRecord`. */
const RECORD_REFUSALS = [
  /^a signed record has at most/,
  'the bytes are no signed record',
  /^the record has form \d+: a newer version/,
  'the fields of the record do not fit',
  /^a description has at most/,
  'the record has expired',
  'the record expires more than seven days ahead',
  'the founding body is not that of this bank',
  /^the bank has changed its log key: a newer version/,
  'the founding body does not fit its fields',
  'the log key is no key that may be used',
  'the card does not verify under the log key',
  'the entry shown as card is none',
  'the peer id of the card holds no key that may be used',
  'the record is not signed by the peer key of the card',
]

/** Records whose own bank, or a liar with keys of its own, signed what should not be signed. */
function signedRecords(): fc.Arbitrary<Uint8Array> {
  const { peerKey, parts, artefact, card } = bank()
  const inner = once(() => {
    const { foundingBody, description, ...rest } = parts
    const about = [
      description.name,
      description.cell,
      description.languages,
      1,
      description.welcomes.map(({ day, room }) => [day, room]),
    ]
    return encode([1, rest.bank, [foundingBody], rest.card, about, rest.addresses, rest.seq, rest.expires])
  })
  const sign = (bytes: Bytes): Bytes => encode([bytes, peerKey.sign(recordPreimage(bytes))])
  const others = () => [
    inner(),
    artefact(card({ publicUrl: 'https://harbour.example' })),
    encodeArtefact({ entry: new Uint8Array(1), index: 0, proof: [], checkpoint: new Uint8Array(0) }),
  ]
  return edits.map((changes) => sign(withEdits(inner(), changes, others())))
}

const record: Target = {
  ...USUAL,
  name: 'record',
  covers: ['peer/bank-record.ts readRecord'],
  corpus: records,
  inputs: () => fc.oneof(signedRecords(), itemInputs(records)()),
  tell(input) {
    const read = readRecord(input, { now: NOW })
    if (!read.ok) return { refused: read.problem }
    must(sameBytes(read.record.bank, bank().id), 'nobody makes a record of another bank')
    must(sameBytes(read.record.signed, input), 'it is kept as it came')
    const { name, cell, languages } = read.record.description
    return { accepted: [name, cell, languages, read.record.addresses, read.record.seq, read.record.expires] }
  },
  refusals: RECORD_REFUSALS,
  mostBytes: LIMITS.recordBytes + 100,
  inTest: 250,
}

/** The row of a neighbour, whose record is checked again. */
const neighbourTarget: Target = {
  ...USUAL,
  name: 'neighbour-row',
  covers: ['node/neighbour.ts readNeighbourRow'],
  corpus: once(() => {
    const read = readRecord(records()[0] as Bytes, { now: NOW })
    must(read.ok, 'it is a record')
    const row = neighbourRow(neighbourOf(read.record, NOW))
    return 'put' in row ? [row.value] : []
  }),
  inputs: () => itemInputs(neighbourTarget.corpus)(),
  tell(input) {
    const read = readNeighbourRow(input)
    return read === null
      ? { refused: NO }
      : { accepted: [read.name, read.addresses, read.verifiedAt, read.pausedThere] }
  },
  inTest: 250,
}

export const PEER: readonly Target[] = [framing, frame, session, question, answer, record, neighbourTarget]
