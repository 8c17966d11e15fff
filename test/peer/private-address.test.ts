/** Which addresses lead into somebody's own network? */

import { expect, test } from 'vitest'
import { isPrivateAddress, isPrivateIp, publicLookup } from '../../src/peer/private-address.ts'

const PEER = '/p2p/12D3KooWGjMbXfNWYZbcQRdxi2PJYbHh5v5mAWDGcLuVJmZhQpTo'

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  '169.254.9.9',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00::1',
  'ff02::1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '::ffff:a00:1',
  '::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b:0:0::a00:1',
  '2002:a00:1::',
  'here',
  '',
])('[NAT-4] %s is private, or no address at all', (ip) => {
  expect(isPrivateIp(ip)).toBe(true)
})

test.each([
  '9.9.9.9',
  '172.32.0.1',
  '100.128.0.1',
  '2a00:1450:4001::1',
  '::ffff:9.9.9.9',
  '64:ff9b::9.9.9.9',
  '64:ff9b::909:909',
])('[NAT-4] %s is public', (ip) => {
  expect(isPrivateIp(ip)).toBe(false)
})

test.each([
  ['/ip4/9.9.9.9/tcp/7601', false],
  [`/ip4/9.9.9.9/tcp/7601${PEER}`, false],
  ['/dns4/hours.example.org/tcp/7601', false],
  [`/ip4/9.9.9.9/tcp/7601${PEER}/p2p-circuit`, false],
  ['/ip4/10.0.0.1/tcp/7601', true],
  ['/ip6/fe80::1/tcp/7601', true],
  ['/dns4/localhost/tcp/7601', true],
  ['/dns/printer.local/tcp/80', true],
  ['/dns4/127.0.0.1/tcp/80', true],
  [`/ip4/10.0.0.1/tcp/7601${PEER}/p2p-circuit`, true],
  ['/unix/tmp/socket', true],
  [PEER, true],
  ['not an address', true],
])('[NAT-4] %s, private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected)
})

test('[NAT-4] a name that leads home is found to have no public address when it is dialled', async () => {
  const look = (options: object): Promise<unknown> =>
    new Promise((resolve) =>
      publicLookup('localhost', options, (error, address) => resolve(error?.message ?? address)),
    )
  expect(await look({ all: true })).toBe('localhost has no public address')
  expect(await look({})).toBe('localhost has no public address')
})
