import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { flagsForTypeScript } from '../../bin/node-version.js'
import { Fault } from '../../src/core/fault.ts'
import { campaign } from './campaign.ts'
import { plainInputs } from './shaped-text.ts'
import type { Target, Told } from './target.ts'

/** A target that is sound, but for what `tell` does with inputs that hold a byte above 250. */
function planted(tell: (input: Uint8Array) => Told, more: Partial<Target> = {}): Target {
  const isBad = (input: Uint8Array): boolean => input.length > 2 && input.some((byte) => byte > 250)
  return {
    name: 'planted',
    covers: [],
    corpus: () => [Uint8Array.of(1, 2, 3, 4)],
    inputs: plainInputs(30),
    tell: (input) => (isBad(input) ? tell(input) : { accepted: input.length, again: input }),
    refusals: ['no'],
    mostBytes: 1_000,
    mostMs: 20,
    inTest: 100,
    ...more,
  }
}

let calls = 0
const late = (ms: number): Told => {
  const before = process.cpuUsage()
  for (let spent = 0; spent < ms; ) {
    const { user, system } = process.cpuUsage(before)
    spent = (user + system) / 1_000
  }
  return { refused: 'no' }
}

describe('the fuzzers find what is planted', () => {
  test.each<[string, RegExp, Target]>([
    ['a crash', /^throws TypeError/, planted(() => ({ accepted: (null as unknown as Uint8Array).length }))],
    [
      'a fault that was not named',
      /^throws Fault/,
      planted(() => {
        throw new Fault('log_invalid', 'x')
      }),
    ],
    ['a refusal that was not named', /^unnamed refusal: never/, planted(() => ({ refused: 'never' }))],
    [
      'another way of writing',
      /^not canonical/,
      planted((input) => ({ accepted: 1, again: input.slice(1) })),
    ],
    ['another answer the second time', /^differs from one time/, planted(() => ({ accepted: calls++ }))],
    ['a change of the input', /^changes its input/, planted((input) => ({ accepted: input.fill(0) }))],
    ['an input that takes long', /^slow: \d+ ms/, planted(() => late(30))],
    [
      'an unsound state',
      /^the sum is wrong/,
      planted(() => ({ refused: 'no' }), { sound: async () => 'the sum is wrong' }),
    ],
    [
      'a corpus that is not taken',
      /^nothing of the corpus/,
      planted(() => ({ refused: 'no' }), { corpus: () => [new Uint8Array(9).fill(255)] }),
    ],
  ])('%s', async (_, what, target) => {
    const { failure } = await campaign(target, { seed: 1, inputs: 300 })
    expect(failure?.what).toMatch(what)
  })

  test('a named fault is a refusal', async () => {
    const target = planted(
      () => {
        throw new Fault('log_invalid', 'x')
      },
      { faults: ['log_invalid'] },
    )
    const { failure, refused } = await campaign(target, { seed: 1, inputs: 300 })
    expect(failure).toBeNull()
    expect([...refused.keys()]).toEqual(['fault log_invalid'])
  })

  test('what is found is as small as it goes, and its seed finds it again', async () => {
    const target = planted(() => ({ refused: 'never' }))
    const { failure } = await campaign(target, { seed: 5, inputs: 300 })
    expect(failure?.input.length).toBe(3)
    const again = await campaign(target, { seed: failure?.round ?? 0, inputs: 300 })
    expect(again.failure?.input.length).toBe(3)
  })

  test('an input that never ends is written down by the watch, and its process ended', () => {
    const watch = fileURLToPath(new URL('watch.ts', import.meta.url))
    const found = fileURLToPath(new URL('found/planted-hangs.hex', import.meta.url))
    const program = `import { startWatch } from ${JSON.stringify(watch)}
      startWatch(['planted'], 1).begin(0, Uint8Array.of(7, 8))
      setTimeout(() => { for (;;); }, 300)`
    const run = spawnSync(
      process.execPath,
      [...flagsForTypeScript(process.version), '--input-type=module', '--eval', program],
      { encoding: 'utf8', timeout: 30_000 },
    )
    expect(run.signal).toBe('SIGKILL')
    expect(run.stderr).toContain('planted-hangs.hex')
    rmSync(found)
  })

  test('memory that is never given back is noticed', () => {
    const growth = fileURLToPath(new URL('growth.ts', import.meta.url))
    const program = `import { growthOf } from ${JSON.stringify(growth)}
      import fc from 'fast-check'
      const kept = []
      const of = (keeps) => ({ name: 'planted', covers: [], corpus: () => [new Uint8Array(9)], inputs: () => fc.uint8Array(),
        tell: (input) => { if (keeps) kept.push(new Uint8Array(9000)); return { accepted: input.length } },
        refusals: [], mostBytes: 100, mostMs: 1000, inTest: 1 })
      console.log((await growthOf(of(true), 150)).grows, (await growthOf(of(false), 150)).grows)`
    const flags = [...flagsForTypeScript(process.version), '--expose-gc', '--input-type=module']
    const run = spawnSync(process.execPath, [...flags, '--eval', program], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    })
    expect(run.stderr).toBe('')
    expect(run.stdout).toBe('true false\n')
  })
})
