/**
 * Five banks in one process over libp2p: opens accounts as parties appear and carries out trades in order.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditPaths } from '../../src/audit/audit.ts'
import type { Auth } from '../../src/core/entry.ts'
import type { Bytes } from '../../src/core/ids.ts'
import { encodeIntent } from '../../src/core/intent.ts'
import { encodeOrder } from '../../src/core/transfer/order.ts'
import { decideAccount } from '../../src/node/accounts.ts'
import { writeExport } from '../loopback/export-folder.ts'
import { addHandle, ok, timed } from '../loopback/orders.ts'
import { openRealBank, type RealBank, random } from '../loopback/real-bank.ts'
import type { Figures } from './main.ts'

export interface Trade {
  readonly from: string
  readonly to: string
  readonly minutes: number
}

interface Party {
  readonly bank: number
  readonly account: Bytes
  readonly handle: Bytes
}

const NAMES = ['Harbour', 'Millbrook', 'Northgate', 'Eastfield', 'Southdown']
const IN_FLIGHT = 128
const LINE_MINUTES = 600_000

export async function runGraph(trades: readonly Trade[]): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-bench-'))
  const banks: RealBank[] = []
  try {
    for (const name of NAMES)
      banks.push(await openRealBank(join(folder, name), name, { startWaitSeconds: 0 }))
    for (let a = 0; a < banks.length; a++) {
      for (let b = a + 1; b < banks.length; b++) await openLine(banks[a] as RealBank, banks[b] as RealBank)
    }
    const parties = await settle(trades, banks)
    const counts = { inside: 0, across: 0, refused: 0 }
    const reasons: Record<string, number> = {}
    const seconds = await timed(trades.length, IN_FLIGHT, async (n) => {
      const trade = trades[n] as Trade
      const outcome = await carryOut(
        banks,
        parties.get(trade.from) as Party,
        parties.get(trade.to) as Party,
        trade.minutes,
      )
      if (outcome === 'inside' || outcome === 'across') counts[outcome] += 1
      else {
        counts.refused += 1
        reasons[outcome] = (reasons[outcome] ?? 0) + 1
      }
    })
    const folders: string[] = []
    for (const bank of banks) {
      const out = join(folder, `export-${folders.length}`)
      await writeExport(bank.node, out)
      folders.push(out)
    }
    const report = await auditPaths(folders, { independent: 'no' })
    return {
      trades: trades.length,
      parties: parties.size,
      'inside a bank': counts.inside,
      'across two banks': counts.across,
      refused: counts.refused,
      'refused because': JSON.stringify(reasons),
      'trades/s': Math.round(trades.length / seconds),
      'audit findings': report.findings.length,
      'in transit': report.payments.in_transit,
      sum: report.sum,
    }
  } finally {
    for (const bank of banks) await bank.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A party lives where the first one it traded with lives, four times out of five: most trades stay at home. */
async function settle(trades: readonly Trade[], banks: readonly RealBank[]): Promise<Map<string, Party>> {
  const home = new Map<string, number>()
  let next = 0
  for (const { from, to } of trades) {
    for (const [party, other] of [
      [from, to],
      [to, from],
    ] as const) {
      if (home.has(party)) continue
      next += 1
      home.set(party, next % 5 === 0 ? next % banks.length : (home.get(other) ?? (next * 3) % banks.length))
    }
  }
  const parties = new Map<string, Party>()
  const all = [...home]
  await timed(all.length, IN_FLIGHT, async (n) => {
    const [party, at] = all[n] as [string, number]
    const bank = banks[at] as RealBank
    const account = random.bytes(16)
    ok(await bank.node.commit(decideAccount({ id: account, class: 'member', nonce: random.bytes(16) }, [])))
    parties.set(party, { bank: at, account, handle: await addHandle(bank, account) })
  })
  return parties
}

async function carryOut(
  banks: readonly RealBank[],
  from: Party,
  to: Party,
  minutes: number,
): Promise<string> {
  const bank = banks[from.bank] as RealBank
  const auth: Auth = { form: 2, actor: bank.coordinator, onBehalfOf: from.account, reason: 2, second: null }
  const day = Math.floor(bank.node.logTime() / 86_400)
  const common = { day, category: 0, commitment: random.bytes(32), nonce: random.bytes(16) }
  if (from.bank === to.bank) {
    const legs = [
      { acct: from.account, minutes: -minutes },
      { acct: to.account, minutes },
    ]
    const intent = encodeIntent({ version: 1, bank: bank.bank, legs, ...common })
    const done = await bank.node.recordExchange({ intent, auths: [auth], channel: 2, refs: [], rows: [] })
    return done.ok ? 'inside' : done.refusal.code
  }
  const there = banks[to.bank] as RealBank
  const order = encodeOrder({
    version: 1,
    payerBank: bank.bank,
    payer: from.account,
    payeeBank: there.bank,
    handle: to.handle,
    minutes,
    decideBy: bank.node.logTime() + 3_600,
    postal: false,
    invoice: null,
    refs: [],
    ...common,
  })
  const held = await bank.node.pay({
    order,
    auths: [auth],
    channel: 2,
    attemptNonce: random.bytes(32),
    rows: [],
  })
  if (!held.ok) return held.refusal.code
  const end = ok(await bank.node.settled(held.value.value.id, 120))
  return end.state === 'paid' ? 'across' : String(end.reason)
}

async function openLine(a: RealBank, b: RealBank): Promise<void> {
  const hint = { peerId: b.node.transport.peerId, addresses: b.node.transport.addresses() }
  const found = ok(await a.node.contacts.find(b.bank, [hint], AbortSignal.timeout(20_000)))
  ok(await a.node.addNeighbour(found, { weMayOwe: LINE_MINUTES, theyMayOwe: LINE_MINUTES }, null))
  while (b.node.proposals().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  ok(await b.node.acceptNeighbour(a.bank))
  const isOpen = () =>
    a.node.read(({ book }) => book.lineByPeer.get(Buffer.from(b.bank).toString('hex'))?.state === 'open')
  while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 10))
}
