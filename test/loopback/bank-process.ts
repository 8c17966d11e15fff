/**
 * One real bank in a process of its own, for tests that kill it: LevelDB, guard file, libp2p on a fixed port. Answers
 * its parent's requests over IPC, and dies without a word when it is killed.
 */

import { type Bytes, fromHex, toHex } from '../../src/core/ids.ts'
import { clearing } from '../../src/core/line.ts'
import { writeExport } from './export-folder.ts'
import { addHandle, addMember, ok } from './orders.ts'
import { openRealBank, random } from './real-bank.ts'

const [folder = '', name = '', port = '0'] = process.argv.slice(2)
const bank = await openRealBank(
  folder,
  name,
  { startWaitSeconds: 1 },
  {
    port: Number(port),
    bootstrap: JSON.parse(process.argv[5] ?? '[]'),
  },
)
const { node } = bank
const hex = (text: unknown, length: number): Bytes => fromHex(String(text), length) as Bytes

type Request = Readonly<Record<string, unknown>> & { readonly do: string; readonly n: number }

const acts: Record<string, (request: Request) => Promise<unknown>> = {
  async where() {
    const accounts: string[] = []
    const handles: string[] = []
    for (let i = 0; i < 5; i++) {
      const { account } = await addMember(bank)
      accounts.push(toHex(account))
      handles.push(toHex(await addHandle(bank, account)))
    }
    const { peerId } = node.transport
    return { bank: toHex(node.bank), peerId, addresses: node.transport.addresses(), accounts, handles }
  },
  async propose(request) {
    const hint = { peerId: String(request.peerId), addresses: request.addresses as readonly string[] }
    const found = ok(await node.contacts.find(hex(request.bank, 20), [hint], AbortSignal.timeout(20_000)))
    return toHex(ok(await node.addNeighbour(found, { weMayOwe: 6_000, theyMayOwe: 6_000 }, null)).line)
  },
  async accept(request) {
    while (node.proposals().length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    return toHex(ok(await node.acceptNeighbour(hex(request.bank, 20))).line)
  },
  async find(request) {
    const found = await node.contacts.find(hex(request.bank, 20), [], AbortSignal.timeout(30_000))
    return found.ok ? found.value.name : found.refusal.code
  },
  async known() {
    return node.directory?.known() ?? 0
  },
  async connected(request) {
    return node.contacts.link(hex(request.bank, 20))?.connected ?? false
  },
  async isOpen() {
    return node.read(({ book }) => book.lines[0]?.state === 'open')
  },
  async submit(request) {
    const order = new Uint8Array(Buffer.from(String(request.order), 'hex'))
    const auths = [
      {
        form: 2,
        actor: bank.coordinator,
        onBehalfOf: hex(request.account, 16),
        reason: 2,
        second: null,
      } as const,
    ]
    const outcome = await node.pay({ order, auths, channel: 2, attemptNonce: random.bytes(32), rows: [] })
    return outcome.ok ? toHex(outcome.value.value.id) : { refused: outcome.refusal.code }
  },
  async state(request) {
    const view = await node.payment(hex(request.id, 32))
    return view.ok ? view.value.state : 'unknown'
  },
  async open() {
    return node.read(({ book }) => [...book.asPayer.open(), ...book.asPayee.open()].length)
  },
  async position() {
    return node.read(({ book }) => clearing(book.lines[0] as never))
  },
  async export(request) {
    await writeExport(node, String(request.out))
    return node.head.size
  },
  async logTime() {
    return node.logTime()
  },
  async end() {
    await bank.close()
    return true
  },
}

process.on('message', async (request: Request) => {
  const answer = await (acts[request.do] as (typeof acts)[string])(request).then(
    (done) => ({ n: request.n, done }),
    (error) => ({ n: request.n, failed: String(error?.stack ?? error) }),
  )
  process.send?.(answer, () => {
    if (request.do === 'end') process.exit(0)
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ n: 0, done: 'ready' })
