import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { probe } from './probe.ts'
import { TARGETS } from './targets.ts'

/** Inputs that once did what no input may do, as `target.seed.what-it-was.hex`, one a line, tried one after another. */
const FOLDER = new URL('../vectors/found-by-fuzz/', import.meta.url)
const kept = readdirSync(FOLDER)
  .sort()
  .map((name) => ({ name, parts: name.split('.') }))

test.each(kept)('[ADMIT-7] found before and mended: $name', async ({ name, parts: [to, seed] }) => {
  const target = TARGETS.find((one) => one.name === to)
  expect(target, 'a target of that name').toBeDefined()
  if (target === undefined) return
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').trim().split('\n')
  await target.begin?.(Number(seed))
  try {
    for (const line of lines) {
      const input = new Uint8Array(Buffer.from(line, 'hex'))
      expect(input.length).toBeGreaterThan(0)
      expect(await probe(target, input)).not.toMatchObject({ kind: 'failed' })
    }
  } finally {
    await target.end?.()
  }
})
