/**
 * One bank of the crossing measurement, in a process of its own: answers its parent's requests over IPC.
 */

import { type Bytes, fromHex, toHex } from '../../src/core/ids.ts'
import { clearing } from '../../src/core/line.ts'
import { addHandle, addMember, type Member, ok, order, timed } from '../loopback/orders.ts'
import { openRealBank } from '../loopback/real-bank.ts'

const [folder = '', name = '', batched = ''] = process.argv.slice(2)
const settings = batched === 'batched' ? {} : { frameMessages: 1 }
const bank = await openRealBank(folder, name, { startWaitSeconds: 0, ...settings })
const members: Member[] = []

type Request = { readonly do: string; readonly [fact: string]: string | number | readonly string[] }

const acts: Record<string, (request: Request) => Promise<unknown>> = {
  async where() {
    for (let i = 0; i < 20; i++) members.push(await addMember(bank))
    const handles = []
    for (const member of members) handles.push(toHex(await addHandle(bank, member.account)))
    return {
      bank: toHex(bank.bank),
      peerId: bank.node.transport.peerId,
      addresses: bank.node.transport.addresses(),
      handles,
    }
  },
  async propose(request) {
    const peer = fromHex(String(request.bank), 20) as Bytes
    const hint = { peerId: String(request.peerId), addresses: request.addresses as readonly string[] }
    const found = ok(await bank.node.contacts.find(peer, [hint], AbortSignal.timeout(20_000)))
    return ok(await bank.node.addNeighbour(found, { weMayOwe: 600_000, theyMayOwe: 600_000 }, null)).line
      .length
  },
  async accept(request) {
    const peer = fromHex(String(request.bank), 20) as Bytes
    while (bank.node.proposals().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    return ok(await bank.node.acceptNeighbour(peer)).line.length
  },
  async open() {
    const isOpen = () => bank.node.read(({ book }) => book.lines[0]?.state === 'open')
    while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 20))
    return true
  },
  async pay(request) {
    const count = Number(request.count)
    const handles = request.handles as readonly string[]
    const to = fromHex(String(request.bank), 20) as Bytes
    const requests = Array.from({ length: count }, (_, n) => {
      const handle = fromHex(handles[n % handles.length] as string, 16) as Bytes
      return order(bank, members[n % members.length] as Member, { bank: to, handle }, 1)
    })
    const seconds = await timed(count, Number(request.inFlight), async (n) => {
      const paid = ok(await bank.node.pay(requests[n] as never))
      const end = ok(await bank.node.settled(paid.value.id, 60))
      if (end.state !== 'paid') throw new Error(`a payment ended as ${end.state} (${end.reason})`)
    })
    return { seconds }
  },
  async state() {
    return bank.node.read(({ book }) => ({
      owe: clearing(book.lines[0] as never),
      open: book.lines[0]?.open,
      size: book.size,
    }))
  },
  async end() {
    await bank.close()
    return true
  },
}

process.on('message', async (request: Request) => {
  try {
    process.send?.({ done: await (acts[request.do] as (typeof acts)[string])(request) })
  } catch (error) {
    process.send?.({ failed: String((error as Error).stack) })
  }
  if (request.do === 'end') process.exit(0)
})
process.send?.({ done: 'ready' })
