/**
 * Does the public address of the pages lead here, and for how long is its certificate good? Nothing outside is asked
 * unless the bank has a public address, and every question has an end.
 */

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect, type PeerCertificate } from 'node:tls'
import { reasonOf } from '../../core/fault.ts'
import { isPrivateIp } from '../../peer/private-address.ts'
import { ANSWER_MS, type Place } from './place.ts'
import { fine, look, type Told, wrong } from './told.ts'

const DAY_MS = 86_400_000
/** Certificates that renew themselves do so a month before; half of that says that it no longer works. */
const SOON_DAYS = 14
const HTTPS_PORT = 443

export async function checkPublicAddress({ health }: Place): Promise<readonly Told[]> {
  if (health === null || health.public_url === null) return []
  const url = new URL(health.public_url)
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const named = await nameTold(host)
  if (url.protocol !== 'https:' || named.verdict === 'wrong') return [named]
  return [named, await certificateTold(host, url.port === '' ? HTTPS_PORT : Number(url.port))]
}

async function nameTold(host: string): Promise<Told> {
  if (isIP(host) !== 0) return fine('dns', `The public address ${host} needs no name.`)
  const found = await inTime(lookup(host, { all: true })).catch((thrown: unknown) => reasonOf(thrown))
  if (typeof found === 'string') {
    const says = `The name ${host} of the public address is not known.`
    const todo = 'Register the name, or put it right where your domain is kept.'
    return wrong({ id: 'dns', code: 'dns.unknown', says, todo, detail: found })
  }
  const addresses = found.map(({ address }) => address)
  if (addresses.some((address) => !isPrivateIp(address)))
    return fine('dns', `The name ${host} leads to ${addresses.join(', ')}.`)
  const says = `The name ${host} leads to ${addresses.join(', ')}, which nobody outside reaches.`
  return look({
    id: 'dns',
    code: 'dns.private',
    says,
    todo: 'Let it lead to the outer address of this house.',
  })
}

async function certificateTold(host: string, port: number): Promise<Told> {
  const found = await certificateOf(host, port).catch((thrown: unknown) => reasonOf(thrown))
  if (typeof found === 'string') {
    const says = `Nobody answers at https://${host}:${port}.`
    const todo =
      'See whether the program before the pages runs, and whether the router lets visitors through.'
    return wrong({ id: 'tls', code: 'tls.silent', says, todo, detail: found })
  }
  return judged(host, found, Date.now())
}

export interface ShownCertificate {
  /** As the certificate spells it. */
  readonly validTo: string
  /** Why it is not trusted; null when it is. */
  readonly problem: string | null
}

/** `now` in milliseconds. */
export function judged(host: string, { validTo, problem }: ShownCertificate, now: number): Told {
  const days = Math.floor((Date.parse(validTo) - now) / DAY_MS)
  const todo = 'See why the program before the pages does not renew it.'
  if (days < 0)
    return wrong({
      id: 'tls',
      code: 'tls.over',
      says: `The certificate of ${host} ran out on ${validTo}.`,
      todo,
    })
  if (problem !== null) {
    const says = `Browsers will not trust the certificate of ${host}.`
    return wrong({
      id: 'tls',
      code: 'tls.distrusted',
      says,
      todo: 'Let the program before the pages get one.',
      detail: problem,
    })
  }
  const says = `The certificate of ${host} is good for ${days} more days.`
  return days < SOON_DAYS ? look({ id: 'tls', code: 'tls.soon', says, todo }) : fine('tls', says)
}

/** Shaken hands with and left: one that is not trusted is still shown. */
function certificateOf(host: string, port: number): Promise<ShownCertificate> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    const socket = connect({ host, port, ...name, rejectUnauthorized: false }, () => {
      const shown: PeerCertificate = socket.getPeerCertificate()
      const problem = socket.authorized ? null : reasonOf(socket.authorizationError)
      socket.destroy()
      resolve({ validTo: shown.valid_to, problem })
    })
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer in time')))
    socket.once('error', reject)
  })
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), ANSWER_MS)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
