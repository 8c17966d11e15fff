import { expect, test } from 'vitest'
import { mayOpen, maySee, sight, THINGS, VIEWERS } from '../../src/register/access.ts'

test('[PRIV-32] whoever’s account rests sees nothing of others but in what is shared, and never more than members', () => {
  const seen = THINGS.filter((thing) => maySee('resting', thing, { shares: true }))
  expect(seen).toEqual(['name', 'record_words', 'totals'])
  const order = ['no', 'chosen', 'shared', 'yes']
  for (const thing of THINGS)
    expect(order.indexOf(sight('resting', thing))).toBeLessThanOrEqual(order.indexOf(sight('member', thing)))
})

test('[PRIV-32] a page that does not say what it shows is shut to them, and to nobody else', () => {
  expect(VIEWERS.filter((viewer) => !mayOpen(viewer, undefined))).toEqual(['resting'])
  expect(mayOpen('resting', ['name', 'record_words'])).toBe(true)
  expect(mayOpen('resting', ['name', 'notices'])).toBe(false)
  expect(mayOpen('resting', ['short_name'])).toBe(false)
})
