/**
 * Which records of help stand, and what did each move? A log has millions of them, so they lie in a few long lists and
 * not in an object each.
 */

/** One side of a record: whose minutes, and how many went up (+) or down (-). */
export interface Moved<Account> {
  readonly account: Account
  readonly minutes: number
}

export interface HelpRecord<Account> {
  /** Index of its entry. */
  readonly at: number
  readonly moved: readonly Moved<Account>[]
  /** Index of the entry that took it back; -1 while it stands. */
  readonly reversed: number
}

/** Ids are keys as the book has them. */
export class Records<Account> {
  readonly #rows = new Map<string, number>()
  /** By row: index of the entry, and where its first side lies in the two lists below. */
  readonly #at: number[] = []
  readonly #first: number[] = []
  readonly #accounts: Account[] = []
  readonly #minutes: number[] = []
  readonly #reversed = new Map<number, number>()

  has(id: string): boolean {
    return this.#rows.has(id)
  }

  add(id: string, at: number, moved: readonly Moved<Account>[]): void {
    this.#rows.set(id, this.#at.length)
    this.#at.push(at)
    this.#first.push(this.#accounts.length)
    for (const { account, minutes } of moved) {
      this.#accounts.push(account)
      this.#minutes.push(minutes)
    }
  }

  find(id: string): HelpRecord<Account> | null {
    const row = this.#rows.get(id)
    if (row === undefined) return null
    const from = this.#first[row] as number
    const to = this.#first[row + 1] ?? this.#accounts.length
    const minutes = this.#minutes.slice(from, to)
    const moved = this.#accounts
      .slice(from, to)
      .map((account, i) => ({ account, minutes: minutes[i] as number }))
    return { at: this.#at[row] as number, moved, reversed: this.#reversed.get(row) ?? -1 }
  }

  /** Notes that the entry at `index` took this record back. */
  reverse(id: string, index: number): void {
    const row = this.#rows.get(id)
    if (row !== undefined) this.#reversed.set(row, index)
  }
}
