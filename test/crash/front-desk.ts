/** What does a bank of a scenario say to others about its people? What the script puts here, whatever crashes meanwhile. */

import { type Bytes, toHex } from '../../src/core/ids.ts'
import type { Words } from '../../src/core/memo.ts'
import type { Asked, Reception } from '../../src/node/reception.ts'
import { memoRow } from '../../src/register/memos.ts'

export class FrontDesk implements Reception {
  readonly requests = new Map<string, Asked>()
  readonly #words = new Map<string, Words>()

  /** These are the words of a payment that this bank makes. */
  says(id: Bytes, words: Words): void {
    this.#words.set(toHex(id), words)
  }

  member(): null {
    return null
  }

  request(code: string): Asked | null {
    return this.requests.get(code) ?? null
  }

  words(id: Bytes): Words | null {
    return this.#words.get(toHex(id)) ?? null
  }

  wordsRow = memoRow

  notices(): readonly never[] {
    return []
  }

  interest(): null {
    return null
  }

  phone(): null {
    return null
  }
}
