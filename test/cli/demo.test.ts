import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'
import { Caller } from '../web/caller.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))
const BANKS = ['harbour', 'millbrook', 'northgate']
const HANG_GUARD_MS = 600_000

test('[CLI-8] the demo: three processes, a kill in mid-payment, and everything adds up; the planted fraud is found', {
  timeout: HANG_GUARD_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-demo-'))
  let demo: ChildProcess | null = null
  try {
    const args = [PROGRAM, 'demo', '--json', '--seed', '7', '--data', folder]
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    demo = running
    let stdout = ''
    for await (const data of running.stdout.iterator({ destroyOnReturn: false })) {
      stdout += data
      if (stdout.endsWith('}\n')) break
    }
    const result = JSON.parse(stdout)
    await sayYesByHand(result)
    const ended = once(running, 'exit')
    running.kill('SIGINT')
    expect((await ended)[0]).toBe(0)
    expect(result).toMatchObject({ in_transit: 0, sum: 0, findings: 0 })
    expect(result.in_flight_at_kill).toBeGreaterThanOrEqual(1)
    expect(result.paid + result.returned + result.never).toBeGreaterThanOrEqual(200)
    expect(result.banks.map(({ name }: { name: string }) => name).sort()).toEqual([
      'Harbour',
      'Millbrook',
      'Northgate',
    ])
    const fraud = (bank: string): string => join(folder, 'fraud', bank)
    const alone = await auditPaths([fraud('millbrook')], { independent: 'no' })
    const together = await auditPaths(BANKS.map(fraud), { independent: 'no' })
    expect(alone.verdict).toBe('pass')
    expect(together.verdict).toBe('fail')
    expect(together.findings.map(({ rule }) => rule)).toContain('AUD-3.minutes_differ')
    expect(together.sum).toBe(60)
  } finally {
    // It ends its banks before itself.
    if (demo?.exitCode === null) {
      demo.kill('SIGINT')
      await once(demo, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
})

interface Result {
  readonly doors: readonly { readonly bank: string; readonly url: string; readonly number: string }[]
  readonly link: string
}

/** What the last lines of the demo tell a newcomer to do: open the code, choose Harbour, sign in, say yes. */
async function sayYesByHand({ doors, link }: Result): Promise<void> {
  const [harbour, millbrook] = doors
  if (harbour === undefined || millbrook === undefined) throw new Error('three banks have doors')
  const code = new Caller(new URL(link).origin)
  const opened = await code.look(new URL(link).pathname)
  const to = new RegExp(`href="(${harbour.url}/collect/[^"]+)"`).exec(opened.text)?.[1] ?? ''
  const ada = new Caller(harbour.url)
  const path = new URL(to).pathname
  const door = (await ada.look(path)).to ?? ''
  expect((await ada.post(door, { number: harbour.number, pin: '2583' })).to).toBe(path)
  const check = await ada.look(path)
  const nonce = /name="nonce" value="([0-9a-f]{32})"/.exec(check.text)?.[1] ?? ''
  const shown = /name="shown" value="([0-9a-f]{64})"/.exec(check.text)?.[1] ?? ''
  const done = await ada.post(path, { nonce, shown, yes: 'yes' })
  expect(done.to).toMatch(/^\/crossings\/[0-9a-f]{64}$/)
  await expect
    .poll(async () => (await ada.look(done.to ?? '')).text, { timeout: 30_000 })
    .toContain('It arrived at Millbrook.')
}
