/**
 * How is the state of two banks kept in little room? Most steps change one log or none, so logs are numbered once and a
 * state is a line of numbers and words.
 */

import type { Side } from './bank.ts'
import type { Keys } from './explore.ts'
import type { Bank, World } from './pair.ts'

export function worldKeys(): Keys<World> {
  const numbers = new Map<string, number>()
  const sides: Side[] = []
  const seen = new WeakMap<Side, number>()

  const numberOf = (side: Side | null): number => {
    if (side === null) return -1
    const known = seen.get(side)
    if (known !== undefined) return known
    const text = JSON.stringify(side)
    let number = numbers.get(text)
    if (number === undefined) {
      number = sides.length
      numbers.set(text, number)
      sides.push(side)
    }
    seen.set(side, number)
    return number
  }

  const bankKey = ({ disk, mem, unsynced, clock, submitted }: Bank): string =>
    `${numberOf(disk)}/${numberOf(mem)}/${unsynced.join(',')}/${clock}/${Object.entries(submitted).join(';')}`

  const bankOf = (key: string): Bank => {
    const [disk, mem, unsynced, clock, submitted] = key.split('/') as [string, string, string, string, string]
    return {
      disk: sides[Number(disk)] as Side,
      mem: sides[Number(mem)] ?? null,
      unsynced: unsynced === '' ? [] : unsynced.split(','),
      clock: Number(clock),
      submitted: Object.fromEntries(
        submitted === ''
          ? []
          : submitted.split(';').map((one) => [one.split(',')[0], Number(one.split(',')[1])]),
      ),
    }
  }

  return {
    key: ({ A, B, said, accused }) => `${bankKey(A)}|${bankKey(B)}|${said.join(';')}|${accused.join(',')}`,
    state: (key) => {
      const [a, b, said, accused] = key.split('|') as [string, string, string, string]
      return {
        A: bankOf(a),
        B: bankOf(b),
        said: said === '' ? [] : said.split(';'),
        accused: accused === '' ? [] : accused.split(','),
      }
    },
  }
}
