/**
 * What does a bank hand to another so that the two can meet? One line of text for a link or a QR code:
 * `commonhour:invite?b=<bank id>&p=<peer id>&a=<address>&t=<token>`, with none to three `a` ([REC-6]). It holds the
 * bank id, so nobody can put another bank in its place.
 */

import { must } from '../core/fault.ts'
import { BANK_ID_BYTES, type Bytes, fromBase32, toBase32 } from '../core/ids.ts'
import { LIMITS } from '../core/limits.ts'
import { peerKeyOfText } from './peer-id.ts'

export const INVITE_TOKEN_BYTES = 16
const START = 'commonhour:invite?'
/** Longer text is no invite; three addresses of which every byte is escaped, and the rest. */
const LONGEST = 200 + LIMITS.inviteAddresses * (LIMITS.addressBytes * 3 + 3)

export interface Invite {
  readonly bank: Bytes
  /** Peer id as text. */
  readonly peerId: string
  /** Multiaddr texts, best first. */
  readonly addresses: readonly string[]
  /** 16 random bytes, good for one use. */
  readonly token: Bytes
}

/** The invite as text. Of the addresses the first three are taken. */
export function makeInvite({ bank, peerId, addresses, token }: Invite): string {
  must(
    bank.length === BANK_ID_BYTES && token.length === INVITE_TOKEN_BYTES,
    'an invite has a bank id and a token',
  )
  must(peerKeyOfText(peerId) !== null, 'an invite names a peer id of a bank')
  const parts = addresses.slice(0, LIMITS.inviteAddresses).map((address) => `a=${escapeAddress(address)}`)
  return START + [`b=${toBase32(bank)}`, `p=${peerId}`, ...parts, `t=${toBase32(token)}`].join('&')
}

/**
 * The invite in a text, or null. Also reads the same query behind the address of a page, as an inviting bank's web
 * page shows it. Blanks around it, as they come with pasting, are passed over; unknown or repeated parts are not.
 */
export function parseInvite(pasted: string): Invite | null {
  const text = pasted.trim()
  const query = text.length > LONGEST ? null : queryOf(text)
  if (query === null) return null
  const found = new Map<string, string[]>()
  for (const part of query.split('&')) {
    const [name = '', value] = splitOnce(part)
    const plain = value === null ? null : unescaped(value)
    if (!/^[bpat]$/.test(name) || plain === null) return null
    found.set(name, [...(found.get(name) ?? []), plain])
  }
  const addresses = found.get('a') ?? []
  const bank = fromBase32(only(found.get('b')), BANK_ID_BYTES)
  const token = fromBase32(only(found.get('t')), INVITE_TOKEN_BYTES)
  const peerId = only(found.get('p'))
  if (bank === null || token === null || peerKeyOfText(peerId) === null) return null
  if (addresses.length > LIMITS.inviteAddresses || !addresses.every(isAddress)) return null
  return { bank, peerId, addresses, token }
}

function queryOf(text: string): string | null {
  if (text.startsWith(START)) return text.slice(START.length)
  const page = /^https?:\/\/[^\s?#]+\?([^\s?#]+)$/.exec(text)
  return page?.[1] ?? null
}

function splitOnce(part: string): [string, string | null] {
  const at = part.indexOf('=')
  return at < 0 ? [part, null] : [part.slice(0, at), part.slice(at + 1)]
}

/** The one value of a part; a text that fits nothing when it is missing or repeated. */
function only(values: readonly string[] | undefined): string {
  return values?.length === 1 ? (values[0] as string) : ''
}

/** Slashes and colons stay readable; a phone reads them as well as anything else. */
function escapeAddress(address: string): string {
  must(isAddress(address), 'an address in an invite is a multiaddr')
  return encodeURIComponent(address).replaceAll('%2F', '/').replaceAll('%3A', ':')
}

function unescaped(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Printable ASCII that begins like a multiaddr. Whether it leads anywhere is found out by dialling. */
function isAddress(text: string): boolean {
  return text.length <= LIMITS.addressBytes && /^\/[\x21-\x7e]+$/.test(text)
}
