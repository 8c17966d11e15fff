/**
 * Where is a link opened that names all addresses of this machine at once? On another device of the house at the first
 * address that the machine has there, and on the machine itself at its own.
 */

import type { NetworkInterfaceInfo } from 'node:os'

type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, 'address' | 'family' | 'internal'>[] | undefined>
>

const EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '[::]'])

/** `here`: for this machine; `house`: for any device in the same house. The same for a link that names one address. */
export function addressesOf(link: string, interfaces: Interfaces): { here: string; house: string } {
  const url = new URL(link)
  if (!EVERYWHERE.has(url.hostname)) return { here: link, house: link }
  const at = (host: string): string => {
    const moved = new URL(link)
    moved.hostname = host
    return moved.href
  }
  const here = at('127.0.0.1')
  const found = Object.values(interfaces)
    .flatMap((one) => one ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)
  return { here, house: found === undefined ? here : at(found.address) }
}
