/**
 * How is tb-cbor written wrongly on purpose? A tree that can say everything CBOR can (RFC 8949) and more: long heads,
 * false counts, unsorted and repeated keys, floats, tags, unended items, text that is no UTF-8.
 */

export type Lax =
  | { readonly is: 'number'; readonly value: bigint; readonly head?: number }
  | {
      readonly is: 'bytes' | 'text'
      readonly value: Uint8Array
      readonly head?: number
      readonly claims?: number
    }
  | { readonly is: 'array'; readonly items: readonly Lax[]; readonly head?: number; readonly claims?: number }
  /** Keys and values in turn. */
  | { readonly is: 'map'; readonly items: readonly Lax[]; readonly head?: number; readonly claims?: number }
  /** Written as it stands. */
  | { readonly is: 'raw'; readonly value: Uint8Array }

/** Head widths: bytes of the argument, or 31 for an indefinite length with its break. */
export const HEADS = [0, 1, 2, 4, 8, 31] as const

/** The bytes of a tree, whatever it says. */
export function writeLax(tree: Lax): Uint8Array {
  const parts: Uint8Array[] = []
  write(tree, parts)
  return new Uint8Array(Buffer.concat(parts))
}

function write(tree: Lax, parts: Uint8Array[]): void {
  switch (tree.is) {
    case 'number': {
      const negative = tree.value < 0n
      parts.push(head(negative ? 1 : 0, negative ? -1n - tree.value : tree.value, tree.head))
      return
    }
    case 'bytes':
    case 'text': {
      const length = tree.value.length + (tree.claims ?? 0)
      parts.push(head(tree.is === 'bytes' ? 2 : 3, BigInt(Math.max(0, length)), tree.head), tree.value)
      break
    }
    case 'array':
    case 'map': {
      const count = Math.floor(tree.items.length / (tree.is === 'map' ? 2 : 1)) + (tree.claims ?? 0)
      parts.push(head(tree.is === 'array' ? 4 : 5, BigInt(Math.max(0, count)), tree.head))
      for (const item of tree.items) write(item, parts)
      break
    }
    case 'raw':
      parts.push(tree.value)
      return
  }
  if (tree.head === 31) parts.push(Uint8Array.of(0xff))
}

/** Shortest form, or as wide as asked for; an argument that does not fit loses its high bytes. */
function head(major: number, argument: bigint, width?: number): Uint8Array {
  if (width === 31) return Uint8Array.of((major << 5) | 31)
  const value = BigInt.asUintN(64, argument)
  const least = value < 24n ? 0 : value < 0x100n ? 1 : value < 0x1_0000n ? 2 : value < 0x1_0000_0000n ? 4 : 8
  const more = width ?? least
  if (more === 0) return Uint8Array.of((major << 5) | Number(value % 24n))
  const bytes = new Uint8Array(1 + more)
  bytes[0] = (major << 5) | (24 + Math.log2(more))
  for (let i = 0; i < more; i++) bytes[1 + i] = Number((value >> BigInt(8 * (more - 1 - i))) & 0xffn)
  return bytes
}

/** The tree of well-formed bytes; null for others. */
export function readLax(bytes: Uint8Array): Lax | null {
  const reader = new Reader(bytes)
  try {
    const tree = reader.item(0)
    return reader.at === bytes.length ? tree : null
  } catch {
    // Bytes that are no item: they are edited as bytes.
    return null
  }
}

class Reader {
  at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  item(depth: number): Lax {
    if (depth > 40) throw new Error('too deep')
    const first = this.#take(1)[0] as number
    const information = first & 31
    const major = first >> 5
    if (major >= 6) {
      if (major === 6 || information > 23) throw new Error('not of the profile')
      return { is: 'raw', value: Uint8Array.of(first) }
    }
    if (information > 27) throw new Error('not of the profile')
    let argument = BigInt(information)
    if (information > 23) {
      argument = 0n
      for (const byte of this.#take(2 ** (information - 24))) argument = argument * 256n + BigInt(byte)
    }
    const count = Number(argument)
    if (major === 0) return { is: 'number', value: argument }
    if (major === 1) return { is: 'number', value: -1n - argument }
    if (major === 2) return { is: 'bytes', value: this.#take(count) }
    if (major === 3) return { is: 'text', value: this.#take(count) }
    const items: Lax[] = []
    const wanted = major === 4 ? count : count * 2
    while (items.length < wanted) items.push(this.item(depth + 1))
    return { is: major === 4 ? 'array' : 'map', items }
  }

  #take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw new Error('cut short')
    this.at += length
    return this.#bytes.slice(this.at - length, this.at)
  }
}
