import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { lawOf } from '../../src/audit/report-text.ts'
import { RULE_IDS, type RuleId } from '../../src/audit/rule-id.ts'
import { RULES } from '../../src/audit/rules.ts'
import { encode } from '../../src/core/codec.ts'
import { type Body, decodeEntry, type Entry, type Kind, type Ref } from '../../src/core/entry.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { bundleOf, devicePreimage, exchangeIdOf, orderPreimage } from '../../src/core/sign.ts'
import { decodeTerms, encodeTerms, type Terms } from '../../src/core/terms.ts'
import { decodeOrder, encodeOrder, type Order } from '../../src/core/transfer/order.ts'
import {
  bytesFor,
  change,
  drop,
  type Edit,
  follow,
  START,
  TODAY,
  World,
  type WorldOptions,
  writeFiles,
} from './log-builder.ts'

const root = mkdtempSync(join(tmpdir(), 'audit-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

type Expected = readonly [rule: RuleId, bank: 'Harbour' | 'Millbrook', at: string]
/** An empty place stands for the log as a whole. */
type Defect = WorldOptions & { readonly now?: number; readonly expected: readonly Expected[] }

const id16 = (label: string) => bytesFor(label, 16)
const nonce = id16('another nonce')

function bad(signature: Bytes): Bytes {
  const other = signature.slice()
  other[40] = (other[40] as number) ^ 1
  return other
}

/** The entry, of the kind that is meant. */
function ofKind<K extends Kind>(entry: Entry, kind: K): Body<K> {
  if (entry.kind !== kind) throw new Error(`${entry.kind} is not ${kind}`)
  return entry.body as Body<K>
}

/** Millbrook's entry after the labelled one. */
function after({ millbrook }: World, label: string): Ref {
  const index = millbrook.at(label) + 1
  return { bank: millbrook.bank, epoch: 0, index, leaf: millbrook.leaves[index] as Bytes }
}

const twice: Edit = (push, entry) => {
  push(entry)
  push(entry)
}

/** Another entry before the labelled one; the label then names the other. */
function precede<K extends Kind>(kind: K, bodyOf: (world: World, entry: Entry) => Body<K>): Edit {
  return (push, entry, world) => {
    push({ kind, time: entry.time, body: bodyOf(world, entry) } as Entry)
    push(entry)
  }
}

/** The entry between two others; the label names the first. */
function wrap<K extends Kind>(kind: K, one: (world: World) => Body<K>, two: (world: World) => Body<K>): Edit {
  return (push, entry, world) => {
    push({ kind, time: entry.time, body: one(world) } as Entry)
    push(entry)
    push({ kind, time: entry.time, body: two(world) } as Entry)
  }
}

/** Fields of the one part of an entry with parts. */
const part = (fields: object) =>
  ((push, entry) => {
    if (!('parts' in entry.body)) throw new Error(`${entry.kind} has no parts`)
    const parts = [...entry.body.parts].map((one) => ({ ...one, ...fields }))
    const body: object = { ...entry.body, parts }
    push({ ...entry, body } as Entry)
  }) satisfies Edit

/** Fields of every auth of an exchange. */
const auth = (fields: object) =>
  change('exchange', ({ auths }) => ({ auths: auths.map((one) => ({ ...one, ...fields })) as typeof auths }))

/** Other legs in the exchange, agreed to by the desk for everybody. */
const legs = (
  legsOf: (world: World) => { acct: Bytes; minutes: number }[],
  more: { day?: number; bank?: Bytes } = {},
) =>
  ((push, entry, world) => {
    const body = ofKind(entry, 'exchange')
    const auths = [{ form: 2 as const, actor: world.desk, onBehalfOf: null, reason: 5, second: null }]
    push({
      ...entry,
      body: { ...body, intent: world.intent('instead', legsOf(world), more), auths },
    } as Entry)
  }) satisfies Edit

const fromCleo = (minutes: number) => (w: World) => [
  { acct: w.cleo, minutes: -minutes },
  { acct: w.ada, minutes },
]

const commitAgain: Edit = (push, entry, world) => {
  push(entry)
  const body = ofKind(entry, 'pay.commit')
  push({ ...entry, body: { ...body, parts: [world.harbour.outPart(world.line, body.minutes)] } } as Entry)
}

const creditAgain: Edit = (push, entry) => {
  push(entry)
  const body = ofKind(entry, 'rcv.credit')
  const parts = body.parts.map((one) => ({ ...one, inSeq: (one.inSeq ?? 0) + 1 }))
  push({ ...entry, body: { ...body, parts } } as Entry)
}

const secondTerms = (world: World) => encodeTerms({ ...(decodeTerms(world.terms) as Terms), nonce })

/** One defect each, and what the audit says: rule, bank, entry (`label`, or `label +1` for the entry after it). */
const DEFECTS: Readonly<Record<string, Defect>> = {
  // the book of one bank
  '[AUD-2] legs that do not add up': {
    edits: {
      'help 2': legs((w) => [
        { acct: w.cleo, minutes: -30 },
        { acct: w.ada, minutes: 31 },
      ]),
    },
    expected: [['AUD-2.postings_not_zero', 'Harbour', 'help 2']],
  },
  '[AUD-2] a leg on an account that was never opened': {
    edits: {
      'help 2': legs((w) => [
        { acct: w.cleo, minutes: -30 },
        { acct: id16('nobody'), minutes: 30 },
      ]),
    },
    expected: [['AUD-2.account_unknown', 'Harbour', 'help 2']],
  },
  '[LOG-6] the same exchange twice': {
    edits: { 'help 1': twice },
    expected: [['AUD-2.exchange_twice', 'Harbour', 'help 1 +1']],
  },
  '[AUD-2] help recorded for another bank': {
    edits: { 'help 2': legs(fromCleo(30), { bank: bytesFor('elsewhere', 20) }) },
    expected: [['AUD-2.exchange_bank', 'Harbour', 'help 2']],
  },
  '[AUD-2] bytes that are no record of help': {
    edits: { 'help 2': change('exchange', () => ({ intent: Uint8Array.of(0x80) })) },
    expected: [['AUD-2.exchange_malformed', 'Harbour', 'help 2']],
  },
  '[AUD-2] help dated over a year back': {
    edits: { 'help 2': legs(fromCleo(30), { day: TODAY - 367 }) },
    expected: [['AUD-2.exchange_day', 'Harbour', 'help 2']],
  },
  '[AUD-2] help dated two days ahead': {
    edits: { 'help 2': legs(fromCleo(30), { day: TODAY + 2 }) },
    expected: [['AUD-2.exchange_day', 'Harbour', 'help 2']],
  },
  '[AUD-2] a suspended account pays': {
    edits: {
      'help 2': wrap(
        'acct.suspend',
        (w) => ({ acct: w.cleo, on: true, cause: 1, nonce }),
        (w) => ({ acct: w.cleo, on: false, cause: 1, nonce: id16('other') }),
      ),
    },
    expected: [['AUD-2.account_suspended', 'Harbour', 'help 2 +1']],
  },
  '[AUD-2] an account opened twice': {
    edits: { 'open Ada': twice },
    expected: [['AUD-2.account_twice', 'Harbour', 'open Ada +1']],
  },
  '[AUD-2] an account closed with a balance': {
    edits: { 'help 2': follow('acct.close', (w) => ({ acct: w.cleo, cause: 1, nonce })) },
    expected: [['AUD-2.account_not_empty', 'Harbour', 'help 2 +1']],
  },
  '[AUD-2] the community pot closed': {
    edits: { 'help 2': follow('acct.close', () => ({ acct: id16('Harbour fund'), cause: 1, nonce })) },
    expected: [['AUD-2.fund_closed', 'Harbour', 'help 2 +1']],
  },
  '[AUD-2] a second account for earlier times': {
    edits: { 'open before': follow('acct.open', () => ({ acct: id16('again'), class: 5, nonce })) },
    expected: [['AUD-2.second_of_class', 'Harbour', 'open before +1']],
  },
  '[AUD-2] opening balances without the digest of their file': {
    edits: { opening: change('exchange', () => ({ refs: [] })) },
    expected: [['AUD-2.import_rules', 'Harbour', 'opening']],
  },
  '[AUD-2] one class twice in the rules': {
    edits: {
      'Harbour rules': change('rules', ({ classes }) => ({
        classes: classes.map((row, i) => classes[i % 3] ?? row),
      })),
    },
    expected: [['AUD-2.rules_rows', 'Harbour', 'Harbour rules']],
  },
  '[LOG-4] time that goes back': {
    edits: { 'open Cleo': (push, entry) => push({ ...entry, time: entry.time + 25 }) },
    expected: [['AUD-1.time_back', 'Harbour', 'open Dora']],
  },
  '[CKPT-7] a log that does not begin as it must': {
    edits: { 'Harbour card': precede('acct.open', () => ({ acct: id16('early'), class: 1, nonce })) },
    expected: [['AUD-1.founding', 'Harbour', 'Harbour card']],
  },
  // who agreed
  '[LOG-7] a bad device signature': {
    edits: {
      'help 1': change('exchange', ({ auths }) => ({
        auths: auths.map((one) => (one.form === 1 ? { ...one, signature: bad(one.signature) } : one)),
      })),
    },
    expected: [['AUD-3.device_signature', 'Harbour', 'help 1']],
  },
  '[LOG-7] a device removed before it is used': {
    edits: { 'reverse hold': precede('dev.remove', () => ({ device: id16('tablet'), cause: 1, nonce })) },
    expected: [['AUD-3.device_removed', 'Millbrook', 'reverse hold +1']],
  },
  '[LOG-7] a device that was never registered': {
    edits: { 'help 1': auth({ device: id16('other') }) },
    expected: [['AUD-3.device_unknown', 'Harbour', 'help 1']],
  },
  '[LOG-7] a registration without possession of the key': {
    edits: { phone: change('dev.add', ({ possession }) => ({ possession: bad(possession) })) },
    expected: [['AUD-3.possession_signature', 'Harbour', 'phone']],
  },
  '[SIG-2] a key of low order that is registered': {
    edits: { tablet: change('dev.add', () => ({ key: new Uint8Array(32) })) },
    expected: [
      ['AUD-3.possession_signature', 'Millbrook', 'tablet'],
      ['AUD-3.device_signature', 'Millbrook', 'reverse hold'],
    ],
  },
  '[LOG-7] a second device brought in by the bank alone': {
    edits: {
      'help 1': (push, entry, w) => {
        push(entry)
        w.device(w.harbour, 'second phone', w.ada, w.tablet)
      },
    },
    expected: [['AUD-3.introduced_by_bank', 'Harbour', 'second phone']],
  },
  '[LOG-7] an actor who is no coordinator': {
    edits: { 'help 2': auth({ actor: id16('stranger') }) },
    expected: [['AUD-3.coordinator_not_granted', 'Harbour', 'help 2']],
  },
  '[LOG-7] a coordinator whose time had run out': {
    edits: { 'help 2': auth({ actor: id16('short') }) },
    expected: [['AUD-3.coordinator_run_out', 'Harbour', 'help 2']],
  },
  '[LOG-7] somebody signed in who is no member': {
    edits: {
      'help 2': change('exchange', () => ({
        auths: [{ form: 3 as const, acct: id16('stranger'), onBehalfOf: null, method: 1 }],
      })),
    },
    expected: [['AUD-3.session_account', 'Harbour', 'help 2']],
  },
  '[LOG-7] nobody agreed for the account': {
    edits: { 'help 2': auth({ onBehalfOf: id16('Ada') }) },
    expected: [['AUD-3.not_covered', 'Harbour', 'help 2']],
  },
  '[LOG-7] a hold that nobody agreed to': {
    edits: { 'flying hold': change('pay.hold', () => ({ auths: [] })) },
    expected: [['AUD-3.not_covered', 'Harbour', 'flying hold']],
  },
  '[LOG-7] a coordinator for the own account while a colleague stands': {
    edits: {
      'help 2': legs((w) => [
        { acct: w.dora, minutes: -30 },
        { acct: w.ada, minutes: 30 },
      ]),
    },
    expected: [['AUD-3.coordinator_own_account', 'Harbour', 'help 2']],
  },
  '[LOG-7] the only coordinator for the own account': {
    edits: {
      'grant colleague': drop,
      'help 3': drop,
      'take back': drop,
      'help 2': legs((w) => [
        { acct: w.dora, minutes: -30 },
        { acct: w.ada, minutes: 30 },
      ]),
    },
    expected: [['AUD-3.coordinator_own_account_alone', 'Harbour', 'help 2']],
  },
  '[LOG-7] a coordinator without an own account': {
    edits: { 'grant colleague': change('role.grant', () => ({ ownAcct: null })) },
    expected: [['AUD-3.coordinator_without_account', 'Harbour', 'grant colleague']],
  },
  '[LOG-7] a large act without a second coordinator': {
    edits: { 'help 2': legs(fromCleo(501)) },
    expected: [['AUD-3.second_missing', 'Harbour', 'help 2']],
  },
  '[AUD-3] opening balances after a line stands need a second coordinator': {
    until: 'line',
    edits: {
      confirm: (push, entry, w) => {
        push(entry)
        const intent = w.intent('late', [
          { acct: w.ada, minutes: 10 },
          { acct: id16('before'), minutes: -10 },
        ])
        const auths = [{ form: 2 as const, actor: w.desk, onBehalfOf: null, reason: 7, second: null }]
        const body = { intent, channel: 6, auths, refs: [{ type: 5, value: bytesFor('file', 32) }] }
        push({ kind: 'exchange', time: entry.time, body })
      },
    },
    expected: [['AUD-3.second_missing', 'Harbour', 'confirm +1']],
  },
  // decisions of the payer's bank
  '[AUD-3] bytes that are no order': {
    edits: {
      'aborted hold': precede('pay.hold', (_, entry) => ({
        ...ofKind(entry, 'pay.hold'),
        order: Uint8Array.of(0x80),
      })),
    },
    expected: [['AUD-3.order_malformed', 'Harbour', 'aborted hold']],
  },
  '[PAY-14] a payment to another bank by a suspended account': {
    edits: {
      'paid hold': wrap(
        'acct.suspend',
        (w) => ({ acct: w.ada, on: true, cause: 1, nonce }),
        (w) => ({ acct: w.ada, on: false, cause: 1, nonce: id16('other') }),
      ),
    },
    expected: [['AUD-2.account_suspended', 'Harbour', 'paid hold +1']],
  },
  '[PAY-14] a payment below the stop for other banks': {
    edits: { 'Harbour rules': change('rules', () => ({ crossingLow: 155 })) },
    expected: [
      ['AUD-6.payer_stop', 'Harbour', 'returned hold'],
      ['AUD-6.payer_stop', 'Harbour', 'flying hold'],
    ],
  },
  '[AUD-3] a postal order carried out as a direct one': {
    edits: { 'postal hold': change('pay.hold', () => ({ mode: 1 })) },
    expected: [['AUD-3.order_mode', 'Harbour', 'postal hold']],
  },
  '[PAY-19] a deadline beyond eight days': {
    ahead: { flying: 9 * 86_400 },
    expected: [
      ['AUD-3.deadline', 'Harbour', 'flying hold'],
      ['AUD-3.deadline', 'Millbrook', 'flying promise'],
    ],
  },
  '[R3] a payment sent twice': {
    edits: { 'flying commit': commitAgain },
    expected: [['AUD-3.double_commit', 'Harbour', 'flying commit +1']],
  },
  '[R3] a payment sent after it was cancelled': {
    edits: {
      'flying commit': precede('pay.abort', (_, entry) => {
        const { id, aid } = ofKind(entry, 'pay.commit')
        return { id, aid, cause: 1 }
      }),
    },
    expected: [['AUD-3.commit_after_abort', 'Harbour', 'flying commit +1']],
  },
  '[R3] a payment cancelled after it was sent': {
    edits: {
      'flying commit': (push, entry) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'pay.commit')
        push({ kind: 'pay.abort', time: entry.time, body: { id, aid, cause: 1 } })
      },
    },
    expected: [['AUD-3.abort_after_commit', 'Harbour', 'flying commit +1']],
  },
  '[LOG-12] a payment cancelled twice': {
    edits: { 'aborted abort': twice },
    expected: [['AUD-3.double_abort', 'Harbour', 'aborted abort +1']],
  },
  '[LOG-12] a payment held twice': {
    edits: { 'aborted hold': twice },
    expected: [['AUD-3.double_hold', 'Harbour', 'aborted hold +1']],
  },
  '[PAY-11] a dead payment held again': {
    edits: {
      'aborted hold': (push, entry, w) => {
        push(entry)
        held.set(w, entry)
      },
      'aborted abort': (push, entry, w) => {
        push(entry)
        push({ ...(held.get(w) as Entry), time: entry.time })
      },
    },
    expected: [['AUD-3.hold_after_abort', 'Harbour', 'aborted abort +1']],
  },
  '[PAY-5] a commit whose id is the hash of no order': {
    edits: { 'flying commit': change('pay.commit', () => ({ id: bytesFor('no order', 32) })) },
    expected: [['AUD-3.commit_without_hold', 'Harbour', 'flying commit']],
  },
  '[AUD-3] a commit over other minutes than ordered': {
    edits: { 'flying commit': change('pay.commit', () => ({ minutes: 26 })) },
    expected: [['AUD-3.minutes_differ', 'Harbour', 'flying commit']],
  },
  '[AUD-3] a commit for another attempt': {
    edits: { 'flying commit': change('pay.commit', () => ({ aid: bytesFor('another', 32) })) },
    expected: [['AUD-3.attempt_differs', 'Harbour', 'flying commit']],
  },
  '[R5] a commit after its deadline': {
    ahead: { flying: 15 },
    expected: [['AUD-3.late_commit', 'Harbour', 'flying commit']],
  },
  '[LINE-2] an outgoing number left out': {
    edits: { 'flying commit': part({ outSeq: 9 }) },
    expected: [['AUD-5.out_seq', 'Harbour', 'flying commit']],
  },
  '[LINE-2] a wrong running sum': {
    edits: { 'flying commit': part({ outSum: 999 }) },
    expected: [['AUD-5.out_sum', 'Harbour', 'flying commit']],
  },
  '[LINE-2] a wrong link to the commit before': {
    edits: { 'flying commit': part({ prevOut: bytesFor('wrong', 32) }) },
    expected: [['AUD-5.prev_out', 'Harbour', 'flying commit']],
  },
  '[AUD-3] a return without a commit': {
    edits: {
      'aborted abort': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'pay.abort')
        const waive = w.millbrook.ref('returned waive')
        push({ kind: 'pay.return', time: entry.time, body: { id, aid: aid as Bytes, line: w.line, waive } })
      },
    },
    expected: [['AUD-3.return_without_commit', 'Harbour', 'aborted abort +1']],
  },
  '[LOG-12] a payment that comes back twice': {
    edits: { 'returned return': twice },
    expected: [['AUD-3.double_return', 'Harbour', 'returned return +1']],
  },
  '[AUD-3] a payment that arrives twice': {
    edits: { 'paid done': twice },
    expected: [['AUD-3.double_done', 'Harbour', 'paid done +1']],
  },
  // decisions of the payee's bank
  '[PAY-9] a payment credited twice': {
    edits: { 'reverse credit': creditAgain },
    expected: [['AUD-3.double_credit', 'Harbour', 'reverse credit +1']],
  },
  '[R3] a credit after the waiver': {
    edits: {
      'crossed bounce': (push, entry, w) => {
        const { id, aid, line, inSeq, commit } = ofKind(entry, 'rcv.bounce')
        const parts = [{ line, minutes: 12, inSeq, postRef: null }]
        push({
          kind: 'rcv.credit',
          time: entry.time,
          body: { id, aid, payee: w.bo, minutes: 12, category: 2, day: TODAY, commit, parts },
        })
      },
    },
    expected: [['AUD-3.credit_after_waive', 'Millbrook', 'crossed bounce']],
  },
  '[R3] a waiver after the credit': {
    edits: {
      'paid credit': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'rcv.credit')
        push({
          kind: 'rcv.waive',
          time: entry.time,
          body: { id, aid, cause: 3, parts: [{ line: w.line, inSeq: null }], commit: null },
        })
      },
    },
    expected: [['AUD-3.waive_after_credit', 'Millbrook', 'paid credit +1']],
  },
  '[AUD-3] a credit over other minutes than promised': {
    edits: {
      'paid credit': change('rcv.credit', ({ parts }) => ({
        minutes: 61,
        parts: parts.map((one) => ({ ...one, minutes: 61 })),
      })),
    },
    expected: [['AUD-3.minutes_differ', 'Millbrook', 'paid credit']],
  },
  '[AUD-3] a credit without a promise over other minutes than ordered': {
    edits: {
      'postal credit': change('rcv.credit', ({ parts }) => ({
        minutes: 16,
        parts: parts.map((one) => ({ ...one, minutes: 16 })),
      })),
    },
    expected: [['AUD-3.minutes_differ', 'Millbrook', 'postal credit']],
  },
  '[LOG-13] an incoming number left out': {
    edits: { 'crossed bounce': change('rcv.bounce', () => ({ inSeq: 9 })) },
    expected: [['AUD-5.in_seq', 'Millbrook', 'crossed bounce']],
  },
  '[PAY-14] a promise above the upper stop': {
    edits: {
      'Millbrook rules': change('rules', ({ classes }) => ({
        classes: classes.map((row) => (row.class === 1 ? { ...row, stopHigh: 89 } : row)),
      })),
    },
    expected: [
      ['AUD-6.payee_stop', 'Millbrook', 'returned promise'],
      ['AUD-6.payee_stop', 'Millbrook', 'flying promise'],
    ],
  },
  '[AUD-3] a promise given twice': {
    edits: { 'flying promise': twice },
    expected: [['AUD-3.double_promise', 'Millbrook', 'flying promise +1']],
  },
  '[AUD-3] a promise freed that does not stand': {
    edits: { 'aborted release': twice },
    expected: [['AUD-3.release_without_promise', 'Millbrook', 'aborted release +1']],
  },
  '[LOG-12] a payment given back twice': {
    edits: { 'crossed waive': twice },
    expected: [['AUD-3.double_waive', 'Millbrook', 'crossed waive +1']],
  },
  '[AUD-3] a payment turned away that was not given back': {
    edits: { 'crossed waive': drop, 'crossed return': drop },
    expected: [['AUD-3.bounce_without_waive', 'Millbrook', 'crossed bounce']],
  },
  // both logs
  "[BYZ-1] a waiver after the credit, which the payer's bank took: only the bank that waived is at fault": {
    edits: {
      'paid credit': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'rcv.credit')
        const parts = [{ line: w.line, inSeq: null }]
        push({ kind: 'rcv.waive', time: entry.time, body: { id, aid, cause: 3, parts, commit: null } })
      },
      'paid done': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'pay.done')
        push({
          kind: 'pay.return',
          time: entry.time,
          body: { id, aid, line: w.line, waive: after(w, 'paid credit') },
        })
      },
    },
    expected: [['AUD-3.waive_after_credit', 'Millbrook', 'paid credit +1']],
  },
  "[BYZ-1] a second promise of one attempt, on which the payer's bank sent": {
    edits: {
      'flying promise': (push, entry) => {
        push(entry)
        push({ ...entry, time: entry.time + 1 })
      },
      'flying commit': (push, entry, w) => {
        const bundle = bundleOf(encode([after(w, 'flying promise').leaf]))
        push({ ...entry, body: { ...ofKind(entry, 'pay.commit'), bundle } } as Entry)
      },
    },
    expected: [['AUD-3.double_promise', 'Millbrook', 'flying promise +1']],
  },
  '[AUD-4] a credit without a commit': {
    edits: { 'reverse commit': drop, 'reverse done': drop },
    expected: [['AUD-4.credit_without_commit', 'Harbour', 'reverse credit']],
  },
  '[AUD-4] an answer without a commit': {
    edits: {
      'flying promise': follow('rcv.waive', (w) => ({
        id: bytesFor('unknown', 32),
        aid: bytesFor('attempt', 32),
        cause: 7,
        parts: [{ line: w.line, inSeq: 5 }],
        commit: w.harbour.ref('no such commit'),
      })),
    },
    expected: [['AUD-4.answer_without_commit', 'Millbrook', 'flying promise +1']],
  },
  '[AUD-4] a return without a waiver': {
    edits: {
      'flying commit': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'pay.commit')
        push({
          kind: 'pay.return',
          time: entry.time,
          body: { id, aid, line: w.line, waive: w.millbrook.ref('no waiver') },
        })
      },
    },
    expected: [['AUD-4.return_without_waive', 'Harbour', 'flying commit +1']],
  },
  '[AUD-4] arrived without a credit': {
    edits: { 'reverse credit': drop },
    expected: [['AUD-4.done_without_credit', 'Millbrook', 'reverse done']],
  },
  '[AUD-4] a promise freed without an abort': {
    edits: { 'aborted abort': drop },
    expected: [['AUD-4.release_without_abort', 'Millbrook', 'aborted release']],
  },
  '[AUD-4] a commit on a promise that was not given': {
    edits: { 'flying commit': change('pay.commit', () => ({ bundle: bytesFor('wrong', 32) })) },
    expected: [['AUD-4.bundle_differs', 'Harbour', 'flying commit']],
  },
  '[FORK-7] a reference to other bytes than are there': {
    edits: {
      'paid done': change('pay.done', ({ credit }) => ({
        credit: { ...credit, leaf: bytesFor('other', 32) },
      })),
    },
    expected: [['AUD-1.log_rewritten', 'Harbour', 'paid done']],
  },
  '[FORK-7] a reference beyond the end of the other log': {
    edits: { 'paid done': change('pay.done', ({ credit }) => ({ credit: { ...credit, index: 500 } })) },
    expected: [['AUD-1.log_cut', 'Millbrook', 'Millbrook sees at last']],
  },
  '[AUD-4] a reference to a third bank': {
    edits: {
      'paid done': change('pay.done', ({ credit }) => ({
        credit: { ...credit, bank: bytesFor('third', 20) },
      })),
    },
    expected: [['AUD-4.wrong_bank_cited', 'Harbour', 'paid done']],
  },
  '[AUD-3] a promise in another category than ordered': {
    edits: { 'flying promise': change('rcv.promise', () => ({ category: 9 })) },
    expected: [['AUD-3.terms_differ', 'Millbrook', 'flying promise']],
  },
  // requests
  '[INV-1] a handle that stands for two requests': {
    until: 'invoices',
    edits: { wall: change('rcv.invoice', () => ({ handle: id16('handle of request') })) },
    expected: [
      ['AUD-3.invoice_twice', 'Millbrook', 'wall'],
      ['AUD-3.invoice_terms', 'Harbour', 'wall 0 hold'],
      ['AUD-3.invoice_terms', 'Harbour', 'wall 1 hold'],
    ],
  },
  '[INV-1] a request that is good for ever': {
    until: 'invoices',
    edits: { request: change('rcv.invoice', ({ expires }) => ({ expires: expires + 40 * 86_400 })) },
    expected: [['AUD-3.deadline', 'Millbrook', 'request']],
  },
  '[INV-2] a payment of more than was asked for': {
    until: 'invoices',
    edits: { request: change('rcv.invoice', () => ({ minutes: 59 })) },
    expected: [
      ['AUD-3.invoice_terms', 'Harbour', 'asked hold'],
      ['AUD-3.invoice_terms', 'Harbour', 'late hold'],
    ],
  },
  '[INV-2] a payment that may be decided after the request has run out': {
    until: 'invoices',
    edits: { wall: change('rcv.invoice', ({ expires }) => ({ expires: expires - 86_000 })) },
    expected: [
      ['AUD-3.invoice_terms', 'Harbour', 'wall 0 hold'],
      ['AUD-3.invoice_terms', 'Harbour', 'wall 1 hold'],
    ],
  },
  '[INV-2] a payment on a request that nobody made': {
    until: 'invoices',
    edits: { wall: drop },
    expected: [
      ['AUD-4.invoice_missing', 'Harbour', 'wall 0 hold'],
      ['AUD-4.invoice_missing', 'Harbour', 'wall 1 hold'],
    ],
  },
  '[INV-2] a hold in another way than by the request it cites': {
    until: 'invoices',
    edits: { 'wall 0 hold': change('pay.hold', () => ({ mode: 2 })) },
    expected: [['AUD-3.order_mode', 'Harbour', 'wall 0 hold']],
  },
  '[INV-2] a commit by request that rests on a promise as well': {
    until: 'invoices',
    edits: { 'wall 1 commit': change('pay.commit', () => ({ bundle: bytesFor('promise', 32) })) },
    expected: [
      ['AUD-3.order_mode', 'Harbour', 'wall 1 commit'],
      ['AUD-4.bundle_differs', 'Harbour', 'wall 1 commit'],
    ],
  },
  '[INV-4] a request for one on which two were credited': {
    until: 'invoices',
    edits: { wall: change('rcv.invoice', () => ({ uses: 1 })) },
    expected: [['AUD-3.invoice_overused', 'Millbrook', 'wall 1 credit']],
  },
  // lines
  '[AUD-6] a hold over the limit': {
    limit: 80,
    expected: [
      ['AUD-6.over_limit', 'Harbour', 'returned hold'],
      ['AUD-6.over_limit_in', 'Millbrook', 'returned promise'],
    ],
  },
  '[AUD-6] a limit version that is not in force': {
    edits: { 'flying hold': part({ lineVersion: 1 }) },
    expected: [['AUD-6.limit_version', 'Harbour', 'flying hold']],
  },
  '[AUD-6] a promise under a limit version that never was': {
    edits: { 'flying promise': part({ lineVersion: 7 }) },
    expected: [['AUD-6.limit_version', 'Millbrook', 'flying promise']],
  },
  '[LINE-1] an acknowledgement from another number on': {
    edits: { acknowledge: change('line.limit', () => ({ fromOutSeq: 1 })) },
    expected: [['AUD-6.limit_version', 'Harbour', 'acknowledge']],
  },
  '[LINE-1] an acknowledgement of another limit': {
    edits: { acknowledge: change('line.limit', ({ limit }) => ({ limit: { ...limit, minutes: 9_000 } })) },
    expected: [
      ['AUD-6.limit_differs', 'Harbour', 'acknowledge'],
      ['AUD-6.limit_differs', 'Millbrook', 'raised'],
    ],
  },
  '[LINE-10] a hold on a line this bank has paused': {
    edits: {
      'aborted hold': (push, entry, w) => {
        push({ kind: 'line.freeze', time: entry.time, body: { line: w.line, cause: 1, evidence: null } })
        push(entry)
        push({
          kind: 'line.thaw',
          time: entry.time,
          body: { line: w.line, cause: 1, board: null, accepted: null },
        })
      },
    },
    expected: [['AUD-6.line_paused', 'Harbour', 'aborted hold +1']],
  },
  '[LINE-1] an agreement that is in one log alone': {
    until: 'line',
    edits: { accept: drop },
    expected: [['AUD-6.line_not_agreed', 'Harbour', 'confirm']],
  },
  '[LINE-12] a second line to the same bank': {
    edits: { confirm: follow('line.open', (w) => ({ terms: secondTerms(w), peerEntry: null })) },
    expected: [['AUD-6.second_line', 'Harbour', 'confirm +1']],
  },
  '[LINE-10] an end wished for twice': {
    until: 'line',
    edits: {
      confirm: (push, entry, w) => {
        push(entry)
        const body = { line: w.line, cause: 1, lastStatement: 0, peerEntry: null }
        for (let i = 0; i < 2; i++) push({ kind: 'line.close', time: entry.time, body })
      },
    },
    expected: [['AUD-6.line_state', 'Harbour', 'confirm +2']],
  },
  '[LINE-10] a line ended while hours are on their way': {
    edits: {
      'Harbour sees at last': follow('line.close', (w) => ({
        line: w.line,
        cause: 1,
        lastStatement: 0,
        peerEntry: null,
      })),
    },
    expected: [['AUD-6.line_not_settled', 'Harbour', 'Harbour sees at last +1']],
  },
  '[LINE-10] an end for another reason than the other bank wrote': {
    until: 'closed',
    edits: { closed: change('line.close', () => ({ cause: 2 })), 'closed too': drop },
    expected: [['AUD-6.line_not_agreed', 'Millbrook', 'closed']],
  },
  '[LINE-10] an end that names what the other bank never wrote': {
    until: 'closed',
    edits: { wish: drop, 'closed too': drop },
    expected: [['AUD-6.line_not_agreed', 'Millbrook', 'closed']],
  },
  '[LINE-10] an end taken back that nobody had wished for': {
    until: 'line',
    edits: {
      confirm: follow('line.thaw', (w) => ({ line: w.line, cause: 2, board: null, accepted: null })),
    },
    expected: [['AUD-6.line_state', 'Harbour', 'confirm +1']],
  },
  '[LINE-10] a bank given up that spoke a moment ago': {
    until: 'silence',
    edits: { 'give up': precede('seen', (w) => w.millbrook.seen()) },
    expected: [['AUD-6.line_not_silent', 'Harbour', 'give up +1']],
  },
  '[LINE-10] a bank given up by one person under two names': {
    until: 'silence',
    edits: {
      'give up': change('line.dead', ({ board }) => ({ board: [board[0] as Bytes, board[0] as Bytes] })),
    },
    expected: [['AUD-3.board_number', 'Harbour', 'give up']],
  },
  '[LINE-10] a dead line taken up again, and nobody decided it': {
    until: 'silence',
    edits: { 'take up': change('line.thaw', () => ({ board: null })) },
    expected: [['AUD-3.board_number', 'Harbour', 'take up']],
  },
  '[LINE-10] a coordinator who decides as if on the board': {
    until: 'silence',
    edits: {
      'write off': change('line.writeoff', ({ board }) => ({ board: [...board, id16('mill desk')] })),
    },
    expected: [['AUD-3.board_not_granted', 'Millbrook', 'write off']],
  },
  '[LINE-10] somebody decides who has left the board': {
    until: 'silence',
    edits: {
      'pot bears': (push, entry, w) => {
        push({
          ...entry,
          body: { ...ofKind(entry, 'susp.settle'), board: w.boardOf(w.millbrook, 1, 3) },
        } as Entry)
      },
    },
    expected: [['AUD-3.board_run_out', 'Millbrook', 'pot bears']],
  },
  '[LINE-10] an office that ends twice': {
    until: 'silence',
    edits: { 'Harbour leaves': twice },
    expected: [['AUD-2.role_gone', 'Harbour', 'Harbour leaves +1']],
  },
  '[LOG-7] a coordinator who was taken out of office': {
    edits: { 'grant desk': follow('role.revoke', (w) => ({ actor: w.desk, cause: 1, nonce })) },
    expected: [
      ['AUD-3.coordinator_run_out', 'Harbour', 'opening'],
      ['AUD-3.coordinator_run_out', 'Harbour', 'help 2'],
    ],
  },
  '[PAY-18] a payment paid back by the pot that arrived long ago': {
    until: 'silence',
    edits: {
      cover: (push, entry, w) => {
        push(entry)
        const { id } = ofKind(held.get(w) as Entry, 'pay.done')
        push({ ...entry, body: { ...ofKind(entry, 'pay.cover'), id } } as Entry)
      },
      'paid done': (push, entry, w) => {
        push(entry)
        held.set(w, entry)
      },
    },
    expected: [['AUD-3.cover_not_due', 'Harbour', 'cover +1']],
  },
  '[PAY-18] a payment paid back by the pot twice': {
    until: 'silence',
    edits: { cover: twice },
    expected: [['AUD-3.double_cover', 'Harbour', 'cover +1']],
  },
  '[PAY-18] a payment paid back while its line is open': {
    until: 'silence',
    edits: { 'give up': drop, 'take up': drop },
    expected: [['AUD-6.line_not_dead', 'Harbour', 'cover']],
  },
  '[PAY-18] a cover on another line than that of the payment': {
    until: 'silence',
    edits: { cover: change('pay.cover', () => ({ line: id16('no line') })) },
    expected: [['AUD-3.terms_differ', 'Harbour', 'cover']],
  },
  '[PAY-18] a cover by a bank without a pot': {
    until: 'silence',
    edits: { 'open Harbour fund': drop },
    expected: [['AUD-2.fund_missing', 'Harbour', 'cover']],
  },
  '[LINE-10] more written off than was owed': {
    until: 'silence',
    edits: {
      'write off': change('line.writeoff', () => ({ minutes: 66 })),
      'claim again': change('line.writeoff', () => ({ minutes: -66 })),
    },
    expected: [['AUD-6.over_claim', 'Millbrook', 'write off']],
  },
  '[LINE-10] more claimed again than was written off': {
    until: 'silence',
    edits: {
      'claim again': change('line.writeoff', () => ({ minutes: -66 })),
      'pot gets back': change('susp.settle', () => ({ minutes: -41 })),
    },
    expected: [
      ['AUD-6.over_written_off', 'Millbrook', 'claim again'],
      ['AUD-6.written_off_stands', 'Millbrook', 'taken up'],
    ],
  },
  '[LINE-10] a line taken up again while a part of its debt stays forgotten': {
    until: 'silence',
    edits: {
      'claim again': change('line.writeoff', () => ({ minutes: -60 })),
      'pot gets back': change('susp.settle', () => ({ minutes: -35 })),
    },
    expected: [['AUD-6.written_off_stands', 'Millbrook', 'taken up']],
  },
  '[LINE-10] the claim of an open line written off': {
    until: 'silence',
    edits: { 'given up': drop, 'taken up': drop },
    expected: [
      ['AUD-6.line_not_dead', 'Millbrook', 'write off'],
      ['AUD-6.line_not_dead', 'Millbrook', 'claim again'],
    ],
  },
  '[LINE-10] the pot bears more than was written off': {
    until: 'silence',
    edits: {
      'pot bears': change('susp.settle', () => ({ minutes: 70 })),
      'pot gets back': change('susp.settle', () => ({ minutes: -70 })),
    },
    expected: [['AUD-6.settled_away', 'Millbrook', 'pot bears']],
  },
  '[FORK-7] a head of the neighbour with a bad signature': {
    edits: { 'Millbrook sees': change('seen', ({ signature }) => ({ signature: bad(signature) })) },
    expected: [['AUD-1.seen_signature', 'Millbrook', 'Millbrook sees']],
  },

  // more of the same, where several findings are due
  '[AUD-2] a closed account that is used': {
    edits: { 'help 2': follow('acct.close', () => ({ acct: id16('Ivy'), cause: 1, nonce })) },
    expected: [
      ['AUD-2.account_closed', 'Harbour', 'suspend Ivy'],
      ['AUD-2.account_closed', 'Harbour', 'resume Ivy'],
    ],
  },
  '[AUD-2] a device registered twice': {
    edits: { tablet: twice },
    expected: [['AUD-2.device_twice', 'Millbrook', 'tablet +1']],
  },
  '[AUD-2] a device removed that is not there': {
    edits: { 'help 2': follow('dev.remove', () => ({ device: id16('none'), cause: 1, nonce })) },
    expected: [['AUD-2.device_gone', 'Harbour', 'help 2 +1']],
  },
  '[AUD-2] one account twice in an exchange': {
    edits: {
      'help 2': legs((w) => [
        { acct: w.cleo, minutes: -30 },
        { acct: w.cleo, minutes: 10 },
        { acct: w.ada, minutes: 20 },
      ]),
    },
    expected: [['AUD-2.exchange_legs', 'Harbour', 'help 2']],
  },
  '[AUD-2] a reference that belongs to payments in an exchange': {
    edits: { 'help 2': change('exchange', () => ({ refs: [{ type: 6, value: bytesFor('payment', 32) }] })) },
    expected: [['AUD-2.ref_type', 'Harbour', 'help 2']],
  },
  '[PRIV-7] an erasure of an entry that is not there yet': {
    edits: {
      'help 2': follow('redact', ({ harbour }) => {
        return { scope: 1, reason: 1, targets: [harbour.at('help 1'), harbour.entries.length], nonce }
      }),
    },
    expected: [['AUD-2.redact_targets', 'Harbour', 'help 2 +1']],
  },
  '[PRIV-7] an erasure of nobody': {
    edits: {
      'help 2': follow('redact', () => ({ scope: 2, reason: 1, targets: [id16('nobody')], nonce })),
    },
    expected: [['AUD-2.redact_targets', 'Harbour', 'help 2 +1']],
  },
  '[PRIV-7] an erasure that names one entry twice': {
    edits: { 'help 2': follow('redact', () => ({ scope: 1, reason: 1, targets: [5, 5], nonce })) },
    expected: [['AUD-2.redact_targets', 'Harbour', 'help 2 +1']],
  },
  '[PRIV-7] an erasure of accounts by indices': {
    edits: { 'help 2': follow('redact', () => ({ scope: 2, reason: 1, targets: [5], nonce })) },
    expected: [['AUD-2.redact_targets', 'Harbour', 'help 2 +1']],
  },
  '[EX-8] a record is taken back twice': {
    edits: { 'take back': twice },
    expected: [['AUD-2.reversed_twice', 'Harbour', 'take back +1']],
  },
  '[EX-8] what is taken back stands elsewhere': {
    edits: { 'take back': change('reverse', ({ index }) => ({ index: index - 1 })) },
    expected: [['AUD-2.reverse_unknown', 'Harbour', 'take back']],
  },
  '[EX-8] what is taken back was never recorded': {
    edits: { 'take back': change('reverse', () => ({ id: bytesFor('nothing', 32) })) },
    expected: [['AUD-2.reverse_unknown', 'Harbour', 'take back']],
  },
  '[EX-8] [LOG-7] taken back by nobody who may': {
    edits: {
      'take back': change('reverse', ({ auths }) => ({
        auths: auths.map((one) => ({ ...one, onBehalfOf: id16('Cleo') })),
      })),
    },
    expected: [['AUD-3.not_covered', 'Harbour', 'take back']],
  },
  '[EX-8] [LOG-7] taken back by somebody who is no coordinator': {
    edits: {
      'take back': change('reverse', ({ auths }) => ({
        auths: auths.map((one) => ({ ...one, actor: id16('nobody') })),
      })),
    },
    expected: [['AUD-3.coordinator_not_granted', 'Harbour', 'take back']],
  },
  '[EX-8] a record that stands is said to be replaced': {
    edits: {
      'help 2': (push, entry, { harbour }) => {
        const body = ofKind(entry, 'exchange')
        const before = harbour.entries[harbour.at('help 1')] as Bytes
        const help = decodeEntry(before)
        if (!help.ok) throw new Error(help.problem)
        const value = exchangeIdOf(ofKind(help.entry, 'exchange').intent)
        push({ ...entry, body: { ...body, refs: [{ type: 1, value }] } } as Entry)
      },
    },
    expected: [['AUD-2.ref_type', 'Harbour', 'help 2']],
  },
  '[LOG-7] a device introduced by one that is not there': {
    edits: {
      phone: change('dev.add', ({ possession }) => ({
        introducedBy: { device: id16('none'), signature: possession },
      })),
    },
    expected: [['AUD-3.introducer', 'Harbour', 'phone']],
  },
  '[LOG-7] a device whose introduction is not signed': {
    edits: {
      'help 1': (push, entry, w) => {
        push(entry)
        w.device(w.harbour, 'second phone', w.ada, w.tablet)
      },
      'second phone': change('dev.add', ({ possession }) => ({
        introducedBy: { device: id16('phone'), signature: possession },
      })),
    },
    expected: [['AUD-3.introducer_signature', 'Harbour', 'second phone']],
  },
  '[AUD-3] an order to another bank than that of the line': {
    ahead: { aborted: 86_400 },
    edits: {
      'aborted hold': (push, entry, w) => {
        const body = ofKind(entry, 'pay.hold')
        const order = encodeOrder({ ...(decodeOrder(body.order) as Order), payeeBank: bytesFor('third', 20) })
        const auths = [w.deviceAuth('phone', w.phone, orderPreimage(order))]
        push({ ...entry, body: { ...body, order, auths } } as Entry)
      },
    },
    expected: [['AUD-3.order_bank', 'Harbour', 'aborted hold']],
  },
  '[AUD-3] a payment noted as arrived that was never sent': {
    edits: {
      'aborted abort': (push, entry, w) => {
        push(entry)
        const { id, aid } = ofKind(entry, 'pay.abort')
        const credit = w.millbrook.ref('paid credit')
        push({ kind: 'pay.done', time: entry.time, body: { id, aid: aid as Bytes, credit } })
      },
    },
    expected: [['AUD-3.done_without_commit', 'Harbour', 'aborted abort +1']],
  },
  '[LOG-12] a payment turned away twice': {
    edits: {
      'crossed bounce': (push, entry) => {
        push(entry)
        const body = ofKind(entry, 'rcv.bounce')
        push({ ...entry, body: { ...body, inSeq: body.inSeq + 1 } } as Entry)
      },
    },
    expected: [['AUD-3.double_bounce', 'Millbrook', 'crossed bounce +1']],
  },
  "[LOG-13] two payments answered in each other's place": {
    edits: {
      'postal credit': (_, entry, w) => held.set(w, entry),
      'postal done': drop,
      'crossed bounce': (push, entry, w) => {
        const late = ofKind(held.get(w) as Entry, 'rcv.credit')
        push({ ...entry, body: { ...ofKind(entry, 'rcv.bounce'), inSeq: 3 } } as Entry)
        const parts = late.parts.map((one) => ({ ...one, inSeq: 4 }))
        push({ kind: 'rcv.credit', time: entry.time, body: { ...late, parts } })
      },
    },
    expected: [
      ['AUD-5.seq_differs', 'Millbrook', 'crossed bounce'],
      ['AUD-5.seq_differs', 'Millbrook', 'crossed bounce +1'],
    ],
  },
  '[AUD-6] a line that nobody opened': {
    edits: { 'help 2': follow('line.freeze', () => ({ line: id16('no line'), cause: 1, evidence: null })) },
    expected: [['AUD-6.line_unknown', 'Harbour', 'help 2 +1']],
  },
  '[AUD-6] terms that are none': {
    edits: { confirm: follow('line.open', () => ({ terms: Uint8Array.of(0x80), peerEntry: null })) },
    expected: [['AUD-6.line_terms', 'Harbour', 'confirm +1']],
  },
  '[AUD-6] payments over a line that is only proposed': {
    edits: { confirm: drop },
    expected: [
      ...[
        'paid hold',
        'returned hold',
        'aborted hold',
        'postal hold',
        'reverse promise',
        'reverse credit',
      ].map(notOpen),
      ...['crossed hold', 'acknowledge', 'flying hold'].map(notOpen),
    ],
  },
  '[AUD-6] what is left above a lowered limit is listed, not failed': {
    edits: {
      raise: limitOf(50),
      acknowledge: limitOf(50),
      raised: limitOf(50),
      'flying hold': drop,
      'flying promise': drop,
      'flying commit': drop,
    },
    expected: [['AUD-6.excess_after_lowering', 'Harbour', '']],
  },
  '[AUD-9] a payment held long after its deadline, and its promise': {
    now: START + 9 * 86_400,
    edits: {
      'aborted abort': drop,
      'aborted release': drop,
      'flying hold': drop,
      'flying promise': drop,
      'flying commit': drop,
    },
    expected: [
      ['AUD-9.undecided_late', 'Harbour', 'aborted hold'],
      ['AUD-9.promise_open', 'Millbrook', 'aborted promise'],
    ],
  },
  '[AUD-9] a payment long on its way that the other bank may not know of': {
    now: START + 9 * 86_400,
    edits: { 'Millbrook sees at last': drop },
    expected: [['AUD-9.in_transit_long', 'Harbour', 'flying commit']],
  },
  '[PAY-14] hours that come back for a closed account, and no pot to take them': {
    edits: { 'open Harbour fund': drop, ...closedBeforeItComesBack() },
    expected: [
      ['AUD-2.account_not_empty', 'Harbour', 'Harbour sees at last +1'],
      ['AUD-2.fund_missing', 'Harbour', 'Harbour sees at last +2'],
    ],
  },
}

function notOpen(label: string): Expected {
  return ['AUD-6.line_not_open', 'Harbour', label]
}

function limitOf(minutes: number): Edit {
  return change('line.limit', ({ limit }) => ({ limit: { ...limit, minutes } }))
}

/** Millbrook gives the last payment back, and Ada has left before it comes. */
function closedBeforeItComesBack(): Record<string, Edit> {
  const last = new WeakMap<World, Body<'pay.commit'>>()
  const of = (world: World) => last.get(world) as Body<'pay.commit'>
  return {
    'flying commit': (push, entry, w) => {
      push(entry)
      last.set(w, ofKind(entry, 'pay.commit'))
    },
    'Millbrook sees at last': precede('rcv.waive', (w) => ({
      id: of(w).id,
      aid: of(w).aid,
      cause: 1,
      parts: [{ line: w.line, inSeq: 5 }],
      commit: w.harbour.ref('flying commit'),
    })),
    'Harbour sees at last': (push, entry, w) => {
      const intent = w.intent('farewell', [
        { acct: w.ada, minutes: -150 },
        { acct: w.cleo, minutes: 150 },
      ])
      const auths = [{ form: 2 as const, actor: w.desk, onBehalfOf: w.ada, reason: 2, second: null }]
      push({ kind: 'exchange', time: entry.time, body: { intent, channel: 2, auths, refs: [] } })
      push({ kind: 'acct.close', time: entry.time, body: { acct: w.ada, cause: 1, nonce } })
      const waive = w.millbrook.ref('Millbrook sees at last')
      push({
        kind: 'pay.return',
        time: entry.time,
        body: { id: of(w).id, aid: of(w).aid, line: w.line, waive },
      })
    },
  }
}

/** What one edit of a world keeps for a later one. */
const held = new WeakMap<World, Entry>()

describe('one defect, one rule', () => {
  for (const [title, { expected, now, ...options }] of Object.entries(DEFECTS)) {
    test(title, async () => {
      const world = new World(options)
      const folder = join(root, String(folders++))
      writeFiles(folder, world.harbour.files())
      writeFiles(folder, world.millbrook.files())
      const report = await auditPaths([folder], { independent: 'no', ...(now === undefined ? {} : { now }) })
      const found = report.findings.map(({ rule, bank, index }) => [rule, bank, index])
      const wanted = expected.map(([rule, name, at]) => {
        const log = name === 'Harbour' ? world.harbour : world.millbrook
        const [label = '', more = '0'] = at.split(' +')
        return [rule, log.id, label === '' ? null : log.at(label) + Number(more)]
      })
      expect(new Set(found.map(String))).toEqual(new Set(wanted.map(String)))
      expect(found.length).toBe(wanted.length)
      const worst = expected.map(([rule]) => RULES[rule].severity)
      expect(report.verdict).toBe(worst.includes('fail') ? 'fail' : worst.includes('warn') ? 'warn' : 'pass')
    })
  }
})

test('[PAY-14] hours that come back for an account that was closed too early go to the pot', async () => {
  const world = new World({ edits: closedBeforeItComesBack() })
  const folder = join(root, String(folders++))
  writeFiles(folder, world.harbour.files())
  writeFiles(folder, world.millbrook.files())
  const report = await auditPaths([folder], { independent: 'no' })
  expect(report.findings.map(({ rule }) => rule)).toEqual(['AUD-2.account_not_empty'])
  expect(report.banks.find(({ name }) => name === 'Harbour')?.fund).toBe(-180 + 25)
  expect(lawOf(report)).toBe(
    'members + fund + hold = 0 with nothing in transit; mirrors equal on every line.',
  )
})

describe('lines that end are in order when they end by the rules', () => {
  const reportOf = async (world: World) => {
    const folder = join(root, String(folders++))
    writeFiles(folder, world.harbour.files())
    writeFiles(folder, world.millbrook.files())
    return auditPaths([folder], { independent: 'yes' })
  }

  test('[LINE-10] closed by both', async () => {
    const report = await reportOf(new World({ until: 'closed' }))
    expect([report.verdict, report.findings]).toEqual(['pass', []])
  })

  test('[INV-4] requests that were paid, one of them once too often: that one came back', async () => {
    const report = await reportOf(new World({ until: 'invoices' }))
    expect([report.verdict, report.findings]).toEqual(['pass', []])
    expect(report.payments).toMatchObject({ paid: 7, returned: 3, in_transit: 0 })
  })

  test('[LINE-10] [PAY-18] given up by both boards, and everything set right again', async () => {
    const report = await reportOf(new World({ until: 'silence' }))
    expect([report.verdict, report.findings]).toEqual(['pass', []])
    // Harbour's pot paid for what arrived in the end; the law holds all the same.
    expect(report.banks.map(({ name, susp }) => [name, susp]).sort()).toEqual([
      ['Harbour', 0],
      ['Millbrook', 0],
    ])
    expect(report.banks.find(({ name }) => name === 'Harbour')?.fund).toBe(-180 - 25)
    expect(lawOf(report)).toBe(
      'members + fund + hold = 0 with nothing in transit; mirrors equal on every line.',
    )
  })

  test('[LOG-14] what was written off is listed apart, and the rest of the mirrors is equal', async () => {
    const before = { 'claim again': drop, 'taken up': drop, 'pot gets back': drop, 'take up': drop }
    const report = await reportOf(new World({ until: 'silence', edits: before }))
    expect(report.findings).toEqual([])
    expect(report.lines.map((line) => [line.written_off, line.equal])).toEqual([[65, true]])
    expect([report.totals.susp, report.totals.written_off, report.sum]).toEqual([-25, 65, -65])
    expect(lawOf(report)).toBe(
      'members + fund + hold + susp = -65 with nothing in transit and 65 minutes written off; ' +
        'mirrors equal on every line but for the minutes written off.',
    )
  })
})

test('[LOG-7] a device introduced by an older one of the same account is in order', async () => {
  const add: Edit = (push, entry, w) => {
    push(entry)
    w.device(w.harbour, 'second phone', w.ada, w.tablet)
  }
  const introduced: Edit = (push, entry, w) => {
    const body = ofKind(entry, 'dev.add')
    const { acct, device, key } = body
    const signature = w.phone.sign(devicePreimage({ bank: w.harbour.bank, acct, device, key }))
    push({ ...entry, body: { ...body, introducedBy: { device: id16('phone'), signature } } } as Entry)
  }
  const world = new World({ edits: { 'help 1': add, 'second phone': introduced } })
  const folder = join(root, String(folders++))
  writeFiles(folder, world.harbour.files())
  expect((await auditPaths([folder], { independent: 'no' })).findings).toEqual([])
})

test('[AUD-12] every rule has a severity and two sentences, and no rule stands twice', () => {
  expect(new Set(RULE_IDS).size).toBe(RULE_IDS.length)
  expect(Object.keys(RULES).sort()).toEqual([...RULE_IDS].sort())
  for (const { what, why } of Object.values(RULES)) {
    expect(what.length).toBeGreaterThan(10)
    expect(why.length).toBeGreaterThan(10)
  }
})
