import { expect, test } from 'vitest'
import { LIMITS } from '../../src/core/limits.ts'
import { checkSecret, hashSecret } from '../../src/register/secrets.ts'
import { ok, random } from '../node/town.ts'

test('[SIGN-5] few secrets are hashed at a time and few wait; the rest is told so, and later ones are heard again', async () => {
  const kept = ok(await hashSecret('three words in a row', random))
  const most = LIMITS.secretsUnderWay + LIMITS.secretsWaiting
  const asked = Array.from({ length: most + 7 }, (_, i) =>
    checkSecret(kept, i === 5 ? 'three words in a row' : `${i}`),
  )
  const heard = (await Promise.all(asked)).map((one) => (one.ok ? one.value : one.refusal.code))
  expect(heard.filter((one) => one === 'too_busy')).toHaveLength(7)
  expect(heard.slice(0, most)).toEqual(Array.from({ length: most }, (_, i) => i === 5))
  expect(await checkSecret(kept, 'three words in a row')).toEqual({ ok: true, value: true })
})

test('[SIGN-5] a flood of secrets leaves threads to the disk', async () => {
  const most = LIMITS.secretsUnderWay + LIMITS.secretsWaiting
  const order: string[] = []
  const flood = Array.from({ length: most }, () => checkSecret(null, 'x').then(() => order.push('secret')))
  // Any work of the threads stands for a write; it would come last if the flood held all of them.
  const { stat } = await import('node:fs/promises')
  const write = stat('.').then(() => order.push('disk'))
  await Promise.all([...flood, write])
  expect(order.indexOf('disk')).toBeLessThan(most / 2)
})
