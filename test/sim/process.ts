/**
 * What is a process in a simulated world? Something that lives, sleeps or is dead. Whatever it waits for reaches it
 * through here: a sleeper gets it late, a dead one never. So its promises may hang in the air after a kill, and
 * nothing that it has begun goes on.
 */

import type { Agenda } from './agenda.ts'

export class Process {
  readonly #agenda: Agenda
  readonly #missed: (() => void)[] = []
  readonly #atDeath = new Set<() => void>()
  #state: 'lives' | 'sleeps' | 'dead' = 'lives'

  constructor(agenda: Agenda) {
    this.#agenda = agenda
  }

  get alive(): boolean {
    return this.#state !== 'dead'
  }

  get asleep(): boolean {
    return this.#state === 'sleeps'
  }

  /** Runs `run` in this process after so many milliseconds; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void {
    let wanted = true
    const cancel = this.#agenda.after(milliseconds, () =>
      this.reach(() => {
        if (wanted) run()
      }),
    )
    return () => {
      wanted = false
      cancel()
    }
  }

  /** Something reaches the process: now, when it wakes, or never. */
  reach(run: () => void): void {
    if (this.#state === 'lives') run()
    else if (this.#state === 'sleeps') this.#missed.push(run)
  }

  /** As `kill -9`: nothing is finished, nothing is said. */
  kill(): void {
    this.#state = 'dead'
    this.#missed.length = 0
    for (const tidy of this.#atDeath) tidy()
    this.#atDeath.clear()
  }

  /** Lets go of something outside when the process dies; the answer takes it back. */
  atDeath(tidy: () => void): () => void {
    this.#atDeath.add(tidy)
    return () => this.#atDeath.delete(tidy)
  }

  /** As SIGSTOP. */
  stop(): void {
    if (this.#state === 'lives') this.#state = 'sleeps'
  }

  /** As SIGCONT: all that came meanwhile is there at once, in order. */
  carryOn(): void {
    if (this.#state !== 'sleeps') return
    this.#state = 'lives'
    for (const run of this.#missed.splice(0)) this.#agenda.after(0, () => this.reach(run))
  }
}
