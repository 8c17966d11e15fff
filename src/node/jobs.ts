/**
 * What does this bank do by itself, and when did it last? A closed list of jobs with their last run, for whoever wants to
 * know that nothing has stopped without a word ([OPS-4]). It begins anew with every start.
 */

import type { Clock } from './ports.ts'

export const JOBS = [
  'neighbours',
  'network',
  'old_acts',
  'erasures',
  'old_guesses',
  'old_joiners',
  'old_sign_ins',
] as const
export type Job = (typeof JOBS)[number]

export interface JobRun {
  readonly job: Job
  /** When it last began and came to its end, in seconds since 1970 UTC; null when it has not since the start. */
  readonly at: number | null
  readonly outcome: 'fine' | 'failed' | 'not_yet'
}

export class Jobs {
  readonly #clock: Clock
  readonly #runs = new Map<Job, { readonly at: number; readonly outcome: 'fine' | 'failed' }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes how this run of a job ends; its failure is still the caller's to tell. */
  async watch<T>(job: Job, work: Promise<T>): Promise<T> {
    try {
      const done = await work
      this.ran(job)
      return done
    } catch (thrown) {
      this.#note(job, 'failed')
      throw thrown
    }
  }

  ran(job: Job): void {
    this.#note(job, 'fine')
  }

  /** Every job, in the order of the list. */
  all(): readonly JobRun[] {
    return JOBS.map((job) => ({ job, ...(this.#runs.get(job) ?? { at: null, outcome: 'not_yet' as const }) }))
  }

  #note(job: Job, outcome: 'fine' | 'failed'): void {
    this.#runs.set(job, { at: this.#clock.now(), outcome })
  }
}
