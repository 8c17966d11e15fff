/**
 * From where was a request sent? The address of the connection; what a proxy says of it counts where a setting names
 * that proxy. One that nobody named hides everybody behind it, and then no address counts ([SIGN-12]).
 */

import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { isPrivateAddress, isPrivateIp } from '../peer/private-address.ts'
import type { AskedFrom } from '../register/whence.ts'

/** Groups of an IPv6 address that a house or a telephone keeps; it chooses the others anew whenever it likes. */
const HOUSE_GROUPS = 4

export function askedFrom(
  incoming: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: readonly string[],
  names: readonly string[],
): AskedFrom {
  const known = new Set(proxies.map(plainIp))
  return {
    address: addressOf(incoming, known),
    host: hostOf(incoming, names),
    isOwnMachine: isOwnMachine(incoming, known),
  }
}

/** What proxies add, each in its own fashion; one that adds nothing is known by its name in the settings alone. */
const OF_PROXIES = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
]

/** Asked for by another name, a page of another site may be asking through a browser of this machine. */
function isOwnMachine(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: ReadonlySet<string>,
): boolean {
  const near = plainIp(socket.remoteAddress ?? '')
  const isLoopback = near === '::1' || /^127(\.\d{1,3}){3}$/.test(near)
  const named = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(headers.host ?? '')
  return isLoopback && named && !proxies.has(near) && !OF_PROXIES.some((name) => headers[name] !== undefined)
}

/** As links may name it: of this machine or house, or with a name that a setting says; else a link could lead anywhere. */
function hostOf({ headers }: Pick<IncomingMessage, 'headers'>, names: readonly string[]): string | null {
  const host = headers.host?.toLowerCase() ?? ''
  const [, name = ''] = /^([a-z\d.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/.exec(host) ?? []
  if (name === '') return null
  const bare = name.replace(/^\[(.*)\]$/, '$1')
  const isNear = isIP(bare) === 0 ? isPrivateAddress(`/dns/${bare}`) : isPrivateIp(bare)
  return isNear || names.includes(name) || names.includes(host) ? host : null
}

function addressOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: ReadonlySet<string>,
): string | null {
  const near = plainIp(socket.remoteAddress ?? '')
  // An address of one house may be a proxy that nobody named, with all visitors behind it.
  if (!proxies.has(near)) return isPrivateIp(near) ? null : houseOf(near)
  const said = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  // Each proxy adds who asked it at the end; what stands further left may be the visitor's own invention.
  const far = said.map((one) => plainIp(one.trim())).findLast((one) => !proxies.has(one))
  return far === undefined || isIP(far) === 0 ? null : houseOf(far)
}

/** Without brackets, port, zone, and the way in which IPv6 writes an IPv4 address. */
function plainIp(text: string): string {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
  return bare
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .toLowerCase()
}

/** An IPv4 address as it is, the first half of an IPv6 address. */
function houseOf(ip: string): string {
  if (isIP(ip) !== 6) return ip
  const [head = '', tail] = new URL(`http://[${ip}]/`).hostname.slice(1, -1).split('::')
  const groups = head.split(':').filter((group) => group !== '')
  const after = tail === undefined ? 0 : tail.split(':').filter((group) => group !== '').length
  const zeros = tail === undefined ? 0 : HOUSE_GROUPS * 2 - groups.length - after
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...(tail ?? '').split(':')]
  return whole.slice(0, HOUSE_GROUPS).join(':')
}
