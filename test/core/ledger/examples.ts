/**
 * One valid body of every kind that can stand in the log, and for every field values that its kind must refuse.
 */

import type { Cbor } from '../../../src/core/codec.ts'
import type { Body, Kind } from '../../../src/core/entry.ts'
import { id16, id20, id32, RULES } from './books.ts'

const sig = new Uint8Array(64).fill(7)
const ref = { bank: id20(1), epoch: 0, index: 3, leaf: id32(9) }
const limit = { minutes: 600, openCap: 240, parkCap: 240 }
const part = { line: id16(1), minutes: 60 }

export const EXAMPLES: { readonly [K in Kind]: Body<K> } = {
  found: { nonce: id32(1), name: 'Harbour', logKey: id32(2), recoveryHash: id32(3), unit: 1 },
  card: { name: 'Harbour', witnessKey: id32(1), peerId: id32(2), publicUrl: 'https://harbour.example' },
  rules: RULES,
  seen: { bank: id20(1), epoch: 0, size: 12, root: id32(1), signature: sig },
  'acct.open': { acct: id16(1), class: 1, nonce: id16(2) },
  'acct.close': { acct: id16(1), cause: 1, nonce: id16(2) },
  'acct.suspend': { acct: id16(1), on: true, cause: 1, nonce: id16(2) },
  'dev.add': {
    acct: id16(1),
    device: id16(2),
    key: id32(3),
    possession: sig,
    introducedBy: { device: id16(4), signature: sig },
    nonce: id16(5),
  },
  'dev.remove': { device: id16(1), cause: 1, nonce: id16(2) },
  'role.grant': { actor: id16(1), role: 1, ownAcct: id16(2), until: 2_000_000_000, nonce: id16(3) },
  'role.revoke': { actor: id16(1), cause: 1, nonce: id16(3) },
  exchange: {
    intent: new Uint8Array(100),
    channel: 1,
    auths: [
      { form: 1, device: id16(1), signature: sig },
      { form: 2, actor: id16(2), onBehalfOf: null, reason: 5, second: id16(3) },
    ],
    refs: [{ type: 2, value: id32(1) }],
  },
  'line.open': { terms: new Uint8Array(100), peerEntry: ref },
  'line.limit': { line: id16(1), direction: 2, version: 2, limit, fromOutSeq: 5, peerEntry: ref },
  'line.freeze': { line: id16(1), cause: 3, evidence: id32(1) },
  'line.dead': { line: id16(1), board: [id16(1), id16(2)] },
  'line.thaw': { line: id16(1), cause: 1, board: [id16(1), id16(2)], accepted: ref },
  'line.close': { line: id16(1), cause: 1, lastStatement: 0, peerEntry: ref },
  'line.writeoff': { line: id16(1), minutes: 525_600, board: [id16(1), id16(2)] },
  'susp.settle': { line: id16(1), minutes: -60, board: [1, 2, 3, 4, 5].map(id16) },
  'pay.hold': {
    order: new Uint8Array(200),
    aid: id32(1),
    mode: 1,
    channel: 3,
    auths: [{ form: 2, actor: id16(1), onBehalfOf: id16(2), reason: 2, second: null }],
    parts: [{ ...part, lineVersion: 1 }],
  },
  'pay.commit': {
    id: id32(1),
    aid: id32(2),
    minutes: 60,
    decideBy: 1_774_000_000,
    bundle: id32(3),
    parts: [{ ...part, outSeq: 1, outSum: 60, prevOut: id32(0) }],
  },
  'pay.abort': { id: id32(1), aid: id32(2), cause: 6 },
  'pay.return': { id: id32(1), aid: id32(2), line: id16(1), waive: ref },
  'pay.done': { id: id32(1), aid: id32(2), credit: ref },
  'pay.cover': { id: id32(1), line: id16(1), board: [id16(1), id16(2)] },
  'rcv.promise': {
    id: id32(1),
    aid: id32(2),
    payee: id16(1),
    minutes: 60,
    category: 999,
    day: 20_000,
    decideBy: 1_774_000_000,
    parts: [{ ...part, lineVersion: 1, offerHash: id32(3) }],
  },
  'rcv.credit': {
    id: id32(1),
    aid: id32(2),
    payee: id16(1),
    minutes: 60,
    category: 0,
    day: 20_000,
    commit: ref,
    parts: [{ ...part, inSeq: 1, postRef: null }],
  },
  'rcv.waive': {
    id: id32(1),
    aid: id32(2),
    cause: 7,
    parts: [{ line: id16(1), inSeq: null }],
    commit: null,
  },
  'rcv.release': { id: id32(1), aid: id32(2), evidence: ref },
  'rcv.bounce': { id: id32(1), aid: id32(2), line: id16(1), inSeq: 4, commit: ref },
}

const b = (length: number): Uint8Array => new Uint8Array(length)
const BANK_REF: Cbor = [id20(1), 0, 3, id32(9)]
const LIMIT: Cbor = [600, 240, 240]
const BOARD: readonly Cbor[] = [null, [b(16)], [b(16), b(15)], Array.from({ length: 6 }, () => b(16))]

/** Values that stand for each field of a body, in order, and that its kind must refuse. */
export const BAD_FIELDS: { readonly [K in Kind]: readonly (readonly Cbor[])[] } = {
  found: [[b(31)], ['', 'x'.repeat(81), 5], [b(33)], [null], [0, 2, null]],
  card: [[''], [b(31)], [b(65)], ['', 'x'.repeat(201)]],
  rules: [
    [-1],
    [[], [[5, null, 0, 0, null]], [[1, null, 0, 0, null]], null],
    [0.5 as Cbor, ''],
    [-1],
    [-1],
    [1],
    [-1],
    [-1],
    [null],
    [-1],
  ],
  seen: [[b(19)], [-1], [null], [b(31)], [b(63)]],
  'acct.open': [[b(15)], [0, 6], [null]],
  'acct.close': [[b(17)], [-1], [b(15)]],
  'acct.suspend': [[null], [1], [-1], [b(15)]],
  'dev.add': [[b(15)], [b(15)], [b(31)], [b(63)], [[b(16)], [b(16), b(63)], b(16)], [null]],
  'dev.remove': [[b(15)], [-1], [null]],
  'role.grant': [[b(15)], [0, 5], [b(15)], [-1, 2 ** 40], [null]],
  'role.revoke': [[b(15)], [-1], [null]],
  exchange: [
    [b(8193), null],
    [0, 7],
    [[], [[3, b(16), b(64)]], [[1, b(16), b(63)]], [[2, b(16), null, 0, null]], [[2, b(16), null, 9, null]]],
    [[[0, b(32)]], [[7, b(32)]], [[1, b(31)]], [1, 2, 3, 4, 5].map((type) => [type, b(32)])],
  ],
  'line.open': [
    [b(513), ''],
    [b(32), [b(20), 0, 3]],
  ],
  'line.limit': [
    [b(15)],
    [0, 3],
    [-1],
    [
      [600, 240],
      [-1, 0, 0],
    ],
    [-1],
    [b(32)],
  ],
  'line.freeze': [[b(15)], [0, 6], [b(31)]],
  'line.dead': [[b(15)], BOARD],
  'line.thaw': [[b(15)], [0, 5], [[b(16)], Array.from({ length: 6 }, () => b(16))], [b(16)]],
  'line.close': [[b(15)], [-1], [-1, null], [1]],
  'line.writeoff': [[b(15)], [0, 525_601, -525_601], BOARD],
  'susp.settle': [[b(15)], [0, 525_601, -525_601], BOARD],
  'pay.hold': [
    [b(2049)],
    [b(16)],
    [0, 5],
    [0, 7],
    [[1], Array.from({ length: 3 }, () => [1, b(16), b(64)])],
    [[], [[b(16), 1, 0]], [[b(16), 1, 6_001]], [[b(16), -1, 60]], Array(5).fill([b(16), 1, 60])],
  ],
  'pay.commit': [
    [b(31)],
    [b(31)],
    [0, 6_001],
    [2 ** 40],
    [b(31)],
    [[], [[b(16), 60, 0, 60, b(32)]], [[b(16), 60, 2 ** 32, 60, b(32)]], [[b(16), 60, 1, 60, b(31)]]],
  ],
  'pay.abort': [[b(31)], [b(31)], [0, 7]],
  'pay.return': [[b(31)], [null], [b(15)], [null]],
  'pay.done': [[b(31)], [null], [null, [b(19), 0, 0, b(32)]]],
  'pay.cover': [[b(31)], [b(15)], BOARD],
  'rcv.promise': [
    [b(31)],
    [b(31)],
    [b(15)],
    [0, 6_001],
    [-1, 1_000],
    [-1],
    [null],
    [[], [[b(16), 1, 60, b(31)]], [[b(16), 1, 0, b(32)]]],
  ],
  'rcv.credit': [
    [b(31)],
    [null],
    [b(15)],
    [0, -5],
    [1_000],
    [-1],
    [null],
    [[], [[b(16), 0, 1, null]], [[b(16), 60, -1, null]], [[b(16), 60, 1, b(32)]]],
  ],
  'rcv.waive': [[b(31)], [null], [0, 8], [[], [[b(15), null]], [[b(16), -1]]], [b(32)]],
  'rcv.release': [[b(31)], [b(31)], [null]],
  'rcv.bounce': [[b(31)], [b(31)], [b(15)], [-1, null], [null, [BANK_REF]]],
}

/** Values that a field may also take, beside those of the example, by kind and place. */
export const GOOD_FIELDS: readonly (readonly [Kind, number, Cbor])[] = [
  ['card', 3, null],
  ['rules', 2, null],
  ['rules', 4, 600],
  ['dev.add', 4, null],
  ['role.grant', 2, null],
  ['role.grant', 3, null],
  ['exchange', 3, []],
  ['line.open', 1, null],
  ['line.limit', 3, LIMIT],
  ['line.limit', 4, null],
  ['line.limit', 5, null],
  ['line.freeze', 2, null],
  ['line.thaw', 2, null],
  ['line.thaw', 3, BANK_REF],
  ['line.close', 3, null],
  ['line.writeoff', 1, -525_600],
  ['susp.settle', 1, 525_600],
  ['pay.hold', 4, []],
  ['pay.commit', 4, null],
  ['pay.abort', 1, null],
  ['rcv.waive', 3, [[b(16), 5]]],
  ['rcv.waive', 4, BANK_REF],
  ['rcv.credit', 7, [[b(16), 60, null, BANK_REF]]],
]
