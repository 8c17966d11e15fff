/**
 * Where does the demo get its dice? From a seed, so that the same seed builds the same town on every machine. The
 * generator is xoshiro128** by Blackman and Vigna ("Scrambled linear pseudorandom number generators", 2018), its
 * state filled from the seed by splitmix32. Never used for anything secret.
 */

export class Chance {
  readonly #state = new Uint32Array(4)

  constructor(seed: number) {
    let mixed = seed >>> 0
    for (let i = 0; i < 4; i++) {
      mixed = (mixed + 0x9e3779b9) >>> 0
      let word = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      this.#state[i] = word ^ (word >>> 15)
    }
  }

  /** 32 even bits. */
  word(): number {
    const s = this.#state
    const [a, b, c, d] = [s[0] as number, s[1] as number, s[2] as number, s[3] as number]
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
    s[2] = c ^ a
    s[3] = d ^ b
    s[1] = b ^ (s[2] as number)
    s[0] = a ^ (s[3] as number)
    s[2] = (s[2] as number) ^ (b << 9)
    s[3] = rotated(s[3] as number, 11)
    return result
  }

  /** A number from 0, included, to 1, excluded. */
  part(): number {
    return this.word() / 2 ** 32
  }

  /** A whole number from 0 to `below`, excluded. */
  below(below: number): number {
    return Math.floor(this.part() * below)
  }

  of<T>(things: readonly T[]): T {
    return things[this.below(things.length)] as T
  }

  /** Roughly normal with mean 0 and deviation 1: twelve parts less six, which every machine adds up alike. */
  bell(): number {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.part()
    return sum
  }

  /** An index, each as likely as its weight. */
  weighted(weights: readonly number[]): number {
    let left = this.part() * weights.reduce((sum, one) => sum + one, 0)
    for (const [i, weight] of weights.entries()) {
      left -= weight
      if (left < 0) return i
    }
    return weights.length - 1
  }
}

function rotated(word: number, by: number): number {
  return ((word << by) | (word >>> (32 - by))) >>> 0
}
