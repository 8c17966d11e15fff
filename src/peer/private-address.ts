/**
 * Does an address lead into somebody's own network? Such addresses of strangers are never dialled outside a local
 * network, whoever named them, and never told to others ([NAT-4]): they would let a stranger knock at doors inside
 * the house. In doubt the answer is yes.
 */

import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'

/** Ranges that are not globally reachable (IANA special-purpose registries), multicast, and tunnels into IPv4. */
const PRIVATE_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const PRIVATE_6 = [
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

const blocked = new BlockList()
for (const range of PRIVATE_4) block(range, 'ipv4')
for (const range of PRIVATE_6) block(range, 'ipv6')

/** An IPv4 address inside IPv6, as translators write it (RFC 6052). */
const TRANSLATED = /^64:ff9b::(?:(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4}))?$/i
const HOME_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)\.?$/i

/** Whether an IP address in text is private, or no IP address at all. */
export function isPrivateIp(text: string): boolean {
  const [ip = ''] = text.split('%')
  const family = isIP(ip)
  if (family === 0) return true
  if (family === 4) return blocked.check(ip, 'ipv4')
  const translated = TRANSLATED.exec(shortest(ip))
  if (translated !== null) return isPrivateIp(fourOf(translated[1] ?? '0', translated[2] ?? '0'))
  return blocked.check(ip, 'ipv6')
}

/**
 * Whether a multiaddr text names a private host, or no host at all, or is none. Every host of a relayed address
 * counts. A DNS name counts as public here; `publicLookup` judges it when it is dialled.
 */
export function isPrivateAddress(text: string): boolean {
  try {
    const hosts = multiaddr(text)
      .getComponents()
      .filter(({ name }) => name.startsWith('ip') || name.startsWith('dns'))
    const judged = hosts.filter(({ name }) => name !== 'ip6zone' && name !== 'ipcidr')
    return (
      judged.length === 0 ||
      judged.some(({ name, value = '' }) => {
        return name.startsWith('ip') ? isPrivateIp(value) : HOME_NAMES.test(value) || isIP(value) !== 0
      })
    )
  } catch {
    return true
  }
}

/**
 * Name resolution for sockets that leaves private addresses out, in the form `net.connect` takes. It runs where the
 * connection is made, so a name cannot show one address when it is checked and another when it is dialled.
 */
export function publicLookup(
  name: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
): void {
  lookup(name, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '')
    const open = found.filter(({ address }) => !isPrivateIp(address))
    const [first] = open
    if (first === undefined) return done(new Error(`${name} has no public address`), '')
    if (options.all === true) return done(null, open)
    done(null, first.address, first.family)
  })
}

/** The one shortest spelling of an IPv6 address (RFC 5952), without brackets. */
function shortest(ip: string): string {
  return new URL(`http://[${ip}]/`).hostname.slice(1, -1)
}

function block(range: string, family: 'ipv4' | 'ipv6'): void {
  const [net = '', bits = ''] = range.split('/')
  blocked.addSubnet(net, Number(bits), family)
}

function fourOf(high: string, low: string): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`
}
