/**
 * How does one bank ask another for a bank record? Question and answer of `/commonhour/record/1.0.0` ([REC-5]), as
 * tb-cbor arrays in one frame each. Of the three questions the program knows number 1:
 *
 *     [1, request, bank?] -> [16, request, status, [signed record bytes]]
 */

import { decode, encode } from '../core/codec.ts'
import { must } from '../core/fault.ts'
import type { Bytes } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { b20, bytes, type Field, integer, list, literal, optional, record, u } from '../core/schema.ts'

/** What an answer says, by its number on the wire. */
export const RECORD_STATUSES = ['fine', 'not_held', 'later'] as const
export type RecordStatus = (typeof RECORD_STATUSES)[number]

const RECORDS_IN_ANSWER = 16

const questionField = record({ number: literal(1), request: u, bank: optional(b20) })
const answerField = record({
  number: literal(16),
  request: u,
  status: integer(0, RECORD_STATUSES.length - 1),
  records: list(bytes(LIMITS.recordBytes), 0, RECORDS_IN_ANSWER),
})

/** Asks for the record of a bank, or, with null, for the answerer's own. */
export interface RecordQuestion {
  readonly request: number
  readonly bank: Bytes | null
}

export interface RecordAnswer {
  readonly request: number
  readonly status: RecordStatus
  /** Signed records; none unless the status is `fine`. */
  readonly records: readonly Bytes[]
}

export function encodeRecordQuestion(question: RecordQuestion): Bytes {
  return encode(questionField.write({ number: 1, ...question }))
}

/** The question; null for bytes that are none of number 1. */
export function decodeRecordQuestion(frame: Bytes): RecordQuestion | null {
  const read = readFrame(frame, questionField)
  return read === undefined ? null : { request: read.request, bank: read.bank }
}

/** Answer bytes. More than fits a frame is a bug: two of the longest records do not. */
export function encodeRecordAnswer(answer: RecordAnswer): Bytes {
  const status = RECORD_STATUSES.indexOf(answer.status)
  const frame = encode(
    answerField.write({ number: 16, request: answer.request, status, records: answer.records }),
  )
  must(frame.length <= LIMITS.frameBytes, 'an answer fits one frame')
  return frame
}

/** The answer to this request; null for anything else, and for records beside a "no". */
export function decodeRecordAnswer(frame: Bytes, request: number): RecordAnswer | null {
  const read = readFrame(frame, answerField)
  if (read === undefined || read.request !== request) return null
  const status = RECORD_STATUSES[read.status] as RecordStatus
  if (status !== 'fine' && read.records.length > 0) return null
  return { request, status, records: read.records }
}

function readFrame<T>(frame: Bytes, field: Field<T>): T | undefined {
  if (frame.length > LIMITS.frameBytes) return undefined
  const decoded = decode(frame)
  return decoded.ok ? field.read(decoded.value) : undefined
}
