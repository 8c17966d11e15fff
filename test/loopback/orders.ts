/**
 * Who pays whom in a measurement? Accounts with real device keys, and signed orders and intents of theirs.
 */

import { type SigningKey, signingKey } from '../../src/core/ed25519.ts'
import type { Auth } from '../../src/core/entry.ts'
import { must } from '../../src/core/fault.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import type { Outcome } from '../../src/core/refusal.ts'
import { devicePreimage, exchangePreimage, orderPreimage } from '../../src/core/sign.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { decideAccount, decideDevice, type ExchangeRequest } from '../../src/node/accounts.ts'
import type { PayRequest } from '../../src/node/pay.ts'
import { type RealBank, random } from './real-bank.ts'

export interface Member {
  readonly account: Bytes
  readonly device: Bytes
  readonly key: SigningKey
}

export function ok<T>(outcome: Outcome<T>): T {
  must(outcome.ok, `no refusal: ${outcome.ok ? '' : JSON.stringify(outcome.refusal)}`)
  return outcome.value
}

/** A member with one registered device. */
export async function addMember({ node, bank }: RealBank): Promise<Member> {
  const account = random.bytes(16)
  const device = random.bytes(16)
  const key = signingKey(random.bytes(32))
  ok(await node.commit(decideAccount({ id: account, class: 'member', nonce: random.bytes(16) }, [])))
  const possession = key.sign(devicePreimage({ bank, acct: account, device, key: key.publicKey }))
  ok(
    await node.commit(
      decideDevice({ account, device, key: key.publicKey, possession, nonce: random.bytes(16) }),
    ),
  )
  return { account, device, key }
}

export async function addHandle({ node }: RealBank, account: Bytes): Promise<Bytes> {
  const issued = ok(node.handles.issue(account, { uses: 100_000, now: node.clock.now(), seconds: 86_400 }))
  ok(await node.commit(() => ({ ok: true, value: { entries: [], rows: [issued.row], value: null } })))
  return issued.handle
}

function signed(member: Member, preimage: Bytes): Auth {
  return { form: 1, device: member.device, signature: member.key.sign(preimage) }
}

/** Help inside the bank, agreed by the one who was helped. */
export function exchange(
  { bank, node }: RealBank,
  helped: Member,
  helper: Member,
  minutes: number,
): ExchangeRequest {
  const intent = encodeIntent({
    version: 1,
    bank,
    day: Math.floor(node.logTime() / 86_400),
    category: 1,
    legs: [
      { acct: helped.account, minutes: -minutes },
      { acct: helper.account, minutes },
    ],
    commitment: random.bytes(32),
    nonce: random.bytes(16),
  })
  return { intent, auths: [signed(helped, exchangePreimage(intent))], channel: 1, refs: [], rows: [] }
}

/** An order to a handle of another bank. */
export function order(
  { bank, node }: RealBank,
  payer: Member,
  to: { bank: Bytes; handle: Bytes },
  minutes: number,
): PayRequest {
  const now = node.logTime()
  const bytes = encodeOrder({
    version: 1,
    payerBank: bank,
    payer: payer.account,
    payeeBank: to.bank,
    handle: to.handle,
    minutes,
    category: 1,
    day: Math.floor(now / 86_400),
    commitment: random.bytes(32),
    decideBy: now + 3600,
    postal: false,
    invoice: null,
    refs: [],
    nonce: random.bytes(16),
  })
  return {
    order: bytes,
    auths: [signed(payer, orderPreimage(bytes))],
    channel: 1,
    attemptNonce: random.bytes(32),
    rows: [],
  }
}

/** Runs `count` pieces of work with at most `inFlight` at a time; gives seconds. */
export async function timed(
  count: number,
  inFlight: number,
  work: (n: number) => Promise<unknown>,
): Promise<number> {
  let next = 0
  const start = performance.now()
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (next < count) await work(next++)
    }),
  )
  return (performance.now() - start) / 1000
}
