import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign } from './campaign.ts'
import { TARGETS } from './targets.ts'
import { startWatch, type Watch } from './watch.ts'

/** The same inputs on every run; `npm run fuzz` draws others for as long as one likes. */
const SEED = 2_026

let watch: Watch
beforeAll(() => {
  watch = startWatch(TARGETS.map(({ name }) => name))
})
afterAll(() => watch.end())

test.each(TARGETS.map((target, place) => ({ name: target.name, target, place })))(
  '[ADMIT-7] [ENC-12] [ENC-14] $name: damaged and hostile inputs are taken or refused by name, in time, and always alike',
  async ({ target, place }) => {
    const tally = await campaign(target, {
      seed: SEED,
      inputs: target.inTest,
      watch: (input) => watch.begin(place, input),
    })
    watch.rest()
    const { failure } = tally
    const shown =
      failure === null ? null : { what: failure.what, input: Buffer.from(failure.input).toString('hex') }
    expect(shown).toBeNull()
    // A fuzzer that never gets in, or is never stopped, tries nothing that matters.
    expect(tally.accepted).toBeGreaterThan(0)
    expect(tally.accepted).toBeLessThan(tally.inputs)
  },
)
