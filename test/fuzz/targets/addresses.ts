/** Which decoders read where other banks are: names, addresses, invitations and hearsay of the DHT? */

import { multiaddr } from '@multiformats/multiaddr'
import { must } from '../../../src/core/fault.ts'
import { type Bytes, sameBytes, toBase32 } from '../../../src/core/ids.ts'
import { LIMITS } from '../../../src/core/limits.ts'
import { openAddressBook } from '../../../src/peer/address-book.ts'
import { makeInvite, parseInvite } from '../../../src/peer/invite.ts'
import { libp2pDirectory } from '../../../src/peer/libp2p-directory.ts'
import type { Host } from '../../../src/peer/libp2p-host.ts'
import { parsePeerAddress, printPeerAddresses } from '../../../src/peer/peer-address.ts'
import { memoryRows } from '../../../src/peer/peer-folder.ts'
import { peerIdBytesOf, peerIdOf, peerKeyOf, peerKeyOfText } from '../../../src/peer/peer-id.ts'
import { isPrivateAddress, isPrivateIp } from '../../../src/peer/private-address.ts'
import { bank, NOW, once } from '../material.ts'
import { itemInputs } from '../shaped.ts'
import { textInputs } from '../shaped-text.ts'
import { bytesOf, NO, orNull, type Target, textOf } from '../target.ts'

const USUAL = { refusals: [NO], mostBytes: 20_000, mostMs: 250, inTest: 500 } as const

const peerId = () => peerIdOf(bank().peerKey.publicKey)

const peerIdText: Target = {
  ...USUAL,
  name: 'peer-id',
  covers: ['peer/peer-id.ts peerKeyOfText', 'peer/peer-id.ts peerKeyOf'],
  corpus: () => [
    bytesOf(`t${peerId()}`),
    new Uint8Array(Buffer.concat([Buffer.from('b'), peerIdBytesOf(bank().peerKey.publicKey)])),
  ],
  inputs: () => textInputs(peerIdText.corpus)(),
  tell(input) {
    const rest = input.subarray(1)
    if (input[0] === 0x74) return orNull(peerKeyOfText(textOf(rest)), (key) => bytesOf(`t${peerIdOf(key)}`))
    const bytes = peerKeyOf(rest)
    must(bytes === null || sameBytes(peerIdBytesOf(bytes), rest), 'the same peer id again')
    return orNull(bytes)
  },
}

const peerAddress: Target = {
  ...USUAL,
  name: 'peer-address',
  covers: ['peer/peer-address.ts parsePeerAddress'],
  corpus: () =>
    ['/ip4/192.0.2.7/tcp/7601', '/dns4/bank.example/tcp/1/p2p/12D3Koo'].map((one) =>
      bytesOf(`${one}/p2p/${peerId()}`),
    ),
  inputs: () => textInputs(peerAddress.corpus)(),
  tell(input) {
    const where = parsePeerAddress(textOf(input))
    const printed = where === null ? '' : (printPeerAddresses(where)[0] as string)
    must(where === null || printed === textOf(input).trim(), 'it is printed as it came')
    return orNull(where)
  },
}

const invite: Target = {
  ...USUAL,
  name: 'invite',
  covers: ['peer/invite.ts parseInvite'],
  corpus: () => {
    const parts = { bank: bank().id, peerId: peerId(), token: new Uint8Array(16).fill(9) }
    const made = makeInvite({ ...parts, addresses: ['/ip4/192.0.2.7/tcp/7601', '/dns4/bank.example/tcp/1'] })
    return [
      made,
      `https://bank.example/join?${made.split('?')[1]}`,
      makeInvite({ ...parts, addresses: [] }),
    ].map(bytesOf)
  },
  inputs: () => textInputs(invite.corpus, [toBase32(bank().id), '&a=', '%2e%2E'])(),
  tell(input) {
    const read = parseInvite(textOf(input))
    if (read === null) return { refused: NO }
    const again = parseInvite(makeInvite(read))
    must(JSON.stringify(again) === JSON.stringify(read), 'an invitation written again says the same')
    return { accepted: read }
  },
}

const V4 = [
  '127.0.0.1',
  '10.1.2.3',
  '192.168.0.9',
  '169.254.9.9',
  '9.9.9.9',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
]
const V6 = [
  '::1',
  'fe80::1%eth0',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2606:4700::1111',
  '::ffff:10.0.0.1',
  'fd00::9',
  '::',
]

/** Whether an address leads into somebody's own network; in doubt it does ([NAT-4]). */
const privateAddress: Target = {
  ...USUAL,
  name: 'private-address',
  covers: ['peer/private-address.ts isPrivateIp', 'peer/private-address.ts isPrivateAddress'],
  corpus: () =>
    [
      ...V4.map((ip) => `/ip4/${ip}/tcp/1`),
      ...V6.map((ip) => `/ip6/${ip}/tcp/1`),
      '/dns4/bank.example/tcp/1',
      '/dns/localhost',
      ...V4,
      ...V6,
    ]
      .concat([
        `/ip4/9.9.9.9/tcp/1/p2p/${peerId()}/p2p-circuit/ip4/10.0.0.1/tcp/2`,
        '/ip6zone/x/ip6/fe80::1/tcp/1',
      ])
      .map(bytesOf),
  inputs: () => textInputs(privateAddress.corpus, [...V4, ...V6, '::ffff:', '%25', '/ip6zone/'])(),
  tell(input) {
    const text = textOf(input)
    const ip = isPrivateIp(text)
    const address = isPrivateAddress(text)
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
      for (const wrapped of [`::ffff:${text}`, `64:ff9b::${text}`]) {
        must(!ip || isPrivateIp(wrapped), `${wrapped} hides a private address`)
      }
    }
    return ip && address ? { refused: 'private' } : { accepted: [ip, address] }
  },
  refusals: ['private'],
  mostBytes: 2_000,
}

const bookRows = once(async () => {
  const rows = memoryRows()
  const book = await openAddressBook(rows, () => {})
  await book.hear(bank().id, { peerId: peerId(), record: new Uint8Array(9), at: NOW })
  await book.worked(bank().id, { peerId: peerId(), address: '/ip4/9.9.9.9/tcp/1', at: NOW })
  const found: [string, Bytes][] = []
  for await (const row of rows.under('/commonhour/bank/')) found.push([row[0], row[1]])
  return found
})
let rowBytes: Bytes = new Uint8Array(0)
let rowKey = ''

/** A row of the address book, which other programs of the machine could have written. */
const addressBook: Target = {
  ...USUAL,
  name: 'address-book',
  covers: ['peer/address-book.ts openAddressBook'],
  corpus: () => [rowBytes],
  inputs: () => itemInputs(addressBook.corpus)(),
  async begin() {
    const [row] = await bookRows()
    must(row !== undefined, 'a bank that was heard has a row')
    ;[rowKey, rowBytes] = row
  },
  async tell(input) {
    const rows = memoryRows()
    await rows.write(new Map([[rowKey, input]]))
    const said: string[] = []
    const book = await openAddressBook(rows, (problem) => said.push(problem))
    const known = await book.look(bank().id)
    must((known === null) === (said.length === 1), 'what is not known was reported once')
    return orNull(known)
  },
  inTest: 250,
}

/** What a walk of the DHT says, one provider a line: its name and its addresses. Hearsay, all of it ([DISC-2]). */
const whereabouts: Target = {
  ...USUAL,
  name: 'whereabouts',
  covers: ['peer/libp2p-directory.ts libp2pDirectory'],
  corpus: () => [
    bytesOf(`${peerId()} /ip4/9.9.9.9/tcp/1 /ip4/10.0.0.1/tcp/1\n12D3KooX /dns4/bank.example/tcp/7601\n`),
  ],
  inputs: () => textInputs(whereabouts.corpus, [...V4, ...V6, peerId(), '/p2p-circuit'])(),
  async tell(input) {
    const providers = textOf(input)
      .split('\n')
      .map((line) => {
        const [name = '', ...addresses] = line.split(' ')
        return { id: { toString: () => name }, multiaddrs: addresses.flatMap(parsed) }
      })
    const directory = libp2pDirectory(hostHearing(providers))
    const found: unknown[] = []
    for await (const { peerId: name, addresses } of directory.find(
      new Uint8Array(3),
      new AbortController().signal,
    )) {
      must(peerKeyOfText(name) !== null, 'only names of banks are handed on')
      must(
        addresses.length <= LIMITS.recordAddresses && !addresses.some(isPrivateAddress),
        'only open addresses are',
      )
      found.push([name, addresses])
    }
    must(found.length <= LIMITS.findCandidates, 'no more than can be looked at')
    return found.length === 0 ? { refused: 'nobody' } : { accepted: found }
  },
  refusals: ['nobody'],
  mostBytes: 4_000,
  mostMs: 250,
  inTest: 60,
}

/** libp2p itself reads addresses from the wire, so only what it takes for one gets here. */
function parsed(text: string): { toString(): string }[] {
  try {
    return [multiaddr(text)]
  } catch {
    // No multiaddr: libp2p would have dropped it.
    return []
  }
}

function hostHearing(providers: readonly object[]): Host {
  const dht = {
    routingTable: { size: 1 },
    async *findProviders() {
      yield { name: 'PROVIDER', providers }
    },
  }
  const node = { addEventListener: () => {}, services: { dht } }
  return { peerId: peerIdOf(new Uint8Array(32)), network: 'internet', node } as unknown as Host
}

export const ADDRESSES: readonly Target[] = [
  peerIdText,
  peerAddress,
  invite,
  privateAddress,
  addressBook,
  whereabouts,
]
