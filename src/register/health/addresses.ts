/** Can the addresses that this bank tells others lead anybody to it? */

import { type Finding, finding } from './finding.ts'
import type { Look } from './look.ts'

export function checkAddresses({
  addresses,
  surroundings: { network, isPrivate },
}: Look): readonly Finding[] {
  const told = addresses.join(' ')
  if (addresses.length === 0) return [finding('look', 'addresses.none')]
  if (network === 'lan') return [finding('fine', 'addresses.house', {}, told)]
  const open = addresses.filter((address) => !isPrivate(address))
  return [
    open.length === 0
      ? finding('look', 'addresses.private', {}, told)
      : finding('fine', 'addresses.fine', {}, open.join(' ')),
  ]
}
