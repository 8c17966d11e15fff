/** What if the people of a bank change while hours are on their way? Accounts, devices, handles, help in the house. */

import { type SigningKey, signingKey } from '../../../src/core/ed25519.ts'
import type { Bytes } from '../../../src/core/ids.ts'
import { encodeIntent } from '../../../src/core/intent.ts'
import { accept, type Outcome } from '../../../src/core/refusal.ts'
import { devicePreimage, orderPreimage } from '../../../src/core/sign.ts'
import {
  decideAccount,
  decideClose,
  decideDevice,
  decideDeviceRemoval,
  decideSuspend,
} from '../../../src/node/accounts.ts'
import type { Node } from '../../../src/node/node.ts'
import { FIRST_SECOND } from '../../sim/sim-bank.ts'
import type { Town } from '../../sim/world.ts'
import type { Ask } from '../asks.ts'
import { DAY, type Scenario, two } from '../scenario.ts'
import type { Stage } from '../stage.ts'

export const HOUSE: readonly Scenario[] = [
  {
    name: 'help inside the bank',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      for (const [i, town] of [harbour, harbour, millbrook].entries())
        await stage.answered(helps(stage, town, 15 + i))
      stage.pay(harbour, millbrook, 30, { ends: ['paid'] })
      helps(stage, harbour, 45)
      await stage.settled()
      stage.demandEntries('exchange', 4)
    },
  },
  {
    name: 'the payee is suspended between promise and commit',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const payment = stage.pay(harbour, millbrook, 60, { ends: ['paid'] })
      await stage.until(() => (stage.seen(payment)?.promised.size ?? 0) > 0)
      await stage.answered(payment.ask)
      await stage.answered(suspends(stage, millbrook, 'suspend'))
      stage.calm()
      await stage.settled()
      // What was promised is honoured; nothing new is promised.
      stage.pay(harbour, millbrook, 20, { ends: ['never'] })
      await stage.settled()
      await stage.answered(suspends(stage, millbrook, 'resume'))
      stage.pay(harbour, millbrook, 25, { ends: ['paid'] })
      await stage.settled()
      stage.demandEntries('acct.suspend', 2)
    },
  },
  {
    name: 'an account closes while a payment to it is open',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const open = stage.pay(harbour, millbrook, 60, { ends: ['never'] })
      await stage.until(() => (stage.seen(open)?.promised.size ?? 0) > 0)
      await stage.answered(open.ask)
      const early = closes(stage, millbrook)
      stage.allow(early, 'payments_open')
      await stage.answered(early, stage.cancel(open))
      stage.calm()
      await stage.settled()
      const late = closes(stage, millbrook)
      stage.allow(late, 'account_closed')
      await stage.answered(late)
      stage.pay(harbour, millbrook, 20, { ends: ['never'] })
      stage.pay(harbour, millbrook, 25, { postal: true, ends: ['returned'] })
      await stage.settled()
      stage.demandEntries('acct.close', 1)
    },
  },
  {
    name: 'a device is added, pays, and is removed',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const key = signingKey(stage.bytes(32))
      const device = stage.bytes(16)
      await stage.answered(adds(stage, harbour, device, key))
      const sign = (order: Bytes) => [{ form: 1 as const, device, signature: key.sign(orderPreimage(order)) }]
      const signed = stage.pay(harbour, millbrook, 30, { sign, ends: ['paid'] })
      await stage.answered(signed.ask)
      const nonce = stage.bytes(16)
      const removal = stage.ask(harbour, 'remove device', (node) =>
        node.commit(decideDeviceRemoval(device, nonce)),
      )
      stage.allow(removal, 'device_removed')
      await stage.answered(removal)
      const unsigned = stage.pay(harbour, millbrook, 35, { sign, ends: ['never'] })
      stage.allow(unsigned.ask, 'device_removed')
      await stage.settled()
      stage.demandEntries('dev.add', 1)
      stage.demandEntries('dev.remove', 1)
    },
  },
  {
    name: 'a handle is used up',
    shape: two(),
    rows: ['OFFER refused'],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const handle = await issues(stage, millbrook)
      stage.pay(harbour, millbrook, 30, { handle, ends: ['paid'] })
      await stage.settled()
      stage.pay(harbour, millbrook, 35, { handle, ends: ['never'] })
      stage.pay(harbour, millbrook, 40, { handle, postal: true, ends: ['returned'] })
      await stage.settled()
    },
  },
  {
    name: 'the use of a handle is given back',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const handle = await issues(stage, millbrook)
      stage.harm({ from: millbrook, messages: ['promise', 'ask'], fate: 'withheld' })
      const given = stage.pay(harbour, millbrook, 30, { handle, ends: ['never'] })
      await stage.until(() => (stage.seen(given)?.promised.size ?? 0) > 0)
      await stage.answered(given.ask)
      await stage.answered(stage.cancel(given))
      stage.calm()
      await stage.settled()
      stage.pay(harbour, millbrook, 35, { handle, ends: ['paid'] })
      await stage.settled()
    },
  },
  {
    name: 'a member joins and is paid',
    shape: two(),
    rows: [],
    play: async (stage) => {
      const { harbour, millbrook } = stage
      const account = { id: stage.bytes(16), class: 'member' as const, nonce: stage.bytes(16) }
      const joins = stage.ask(millbrook, 'join', (node) => node.commit(decideAccount(account, [])))
      // Asked again after it was done, the account is there already.
      stage.allow(joins, 'request_malformed')
      await stage.answered(joins)
      const handle = await issues(stage, millbrook, account.id)
      stage.pay(harbour, millbrook, 30, { handle, ends: ['paid'] })
      await stage.settled()
    },
  },
]

/** Help between two members; the same intent twice is one record. */
function helps(stage: Stage, town: Town, minutes: number): Ask {
  const [from, to] = town.members as [Bytes, Bytes]
  const intent = encodeIntent({
    version: 1,
    bank: town.bank.bank,
    day: Math.floor((FIRST_SECOND + stage.world.seconds) / DAY),
    category: 3,
    legs: [
      { acct: from, minutes: -minutes },
      { acct: to, minutes },
    ].sort((a, b) => Buffer.compare(a.acct, b.acct)),
    commitment: stage.bytes(32),
    nonce: stage.bytes(16),
  })
  const auths = [town.bank.byCoordinator(from)]
  const ask = stage.ask(town, 'help', (node) =>
    node.recordExchange({ intent, auths, channel: 2, refs: [], rows: [] }),
  )
  stage.allow(ask)
  return ask
}

function suspends(stage: Stage, town: Town, act: 'suspend' | 'resume'): Ask {
  const nonce = stage.bytes(16)
  const ask = stage.ask(town, act, (node) => node.commit(decideSuspend(payee(town), act, nonce)))
  stage.allow(ask)
  return ask
}

function closes(stage: Stage, town: Town): Ask {
  const nonce = stage.bytes(16)
  return stage.ask(town, 'close account', (node) => node.commit(decideClose(payee(town), nonce)))
}

function adds(stage: Stage, town: Town, device: Bytes, key: SigningKey): Ask {
  const [account] = town.members as [Bytes]
  const { bank } = town.bank
  const parts = { bank, acct: account, device, key: key.publicKey }
  const possession = key.sign(devicePreimage(parts))
  const fresh = { account, device, key: key.publicKey, possession, nonce: stage.bytes(16) }
  const ask = stage.ask(town, 'add device', (node) => node.commit(decideDevice(fresh)))
  stage.allow(ask, 'device_known')
  return ask
}

/** A handle for one payment; asked again, the bank gives another one, and only the last is shown to anybody. */
export async function issues(stage: Stage, town: Town, account: Bytes = payee(town)): Promise<Bytes> {
  const ask = stage.ask(town, 'handle', (node) => issue(node, account))
  await stage.answered(ask)
  return ask.answer?.ok === true ? ask.answer.value : stage.bytes(16)
}

async function issue(node: Node, account: Bytes): Promise<Outcome<Bytes>> {
  const issued = node.handles.issue(account, { uses: 1, now: node.clock.now(), seconds: 30 * DAY })
  if (!issued.ok) return issued
  const { row, handle } = issued.value
  const kept = await node.commit(() => accept({ entries: [], rows: [row], value: null }))
  return kept.ok ? accept(handle) : kept
}

/** Whom payments to a bank go to, unless they say otherwise. */
function payee(town: Town): Bytes {
  return (town.handles[0] as { account: Bytes }).account
}
