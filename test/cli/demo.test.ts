import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { auditPaths } from '../../src/audit/audit.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/commonhour.js', import.meta.url))
const BANKS = ['harbour', 'millbrook', 'northgate']
const HANG_GUARD_MS = 600_000
const run = promisify(execFile)

test('[CLI-8] the demo: three processes, a kill in mid-payment, and everything adds up; the planted fraud is found', {
  timeout: HANG_GUARD_MS,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-demo-'))
  try {
    const args = [PROGRAM, 'demo', '--exit', '--json', '--seed', '7', '--data', folder]
    const { stdout } = await run(process.execPath, args)
    const result = JSON.parse(stdout)
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
    await rm(folder, { recursive: true, force: true })
  }
})
