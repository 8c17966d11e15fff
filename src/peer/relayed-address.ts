/** Does an address lead through somebody else? Such a one names the relay first, and then who is meant. */

export const CIRCUIT = '/p2p-circuit'

/** `address`: a multiaddr, or its text. */
export function isRelayed(address: { toString(): string }): boolean {
  return address.toString().includes(CIRCUIT)
}
