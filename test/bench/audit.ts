/**
 * How fast is an audit beside the raw limit of this machine? A log with one device signature an exchange is audited;
 * the limit is the same number of verifications on all cores plus the hashes of its leaves.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { auditPaths } from '../../src/audit/audit.ts'
import { writeExport } from '../loopback/export-folder.ts'
import { addMember, exchange, ok, timed } from '../loopback/orders.ts'
import { openRealBank } from '../loopback/real-bank.ts'
import type { Figures } from './main.ts'

const ENTRIES = 40_000

export async function audit(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'commonhour-bench-'))
  try {
    const bank = await openRealBank(join(folder, 'bank'), 'Harbour')
    const members: Awaited<ReturnType<typeof addMember>>[] = []
    for (let i = 0; i < 20; i++) members.push(await addMember(bank))
    const pick = (n: number) => members[n % members.length] as (typeof members)[number]
    await timed(ENTRIES, 256, async (n) =>
      ok(await bank.node.recordExchange(exchange(bank, pick(n), pick(n * 7 + 1), 15))),
    )
    const out = join(folder, 'export')
    await writeExport(bank.node, out)
    await bank.close()
    const runs = { limit: [] as number[], audit: [] as number[] }
    for (let round = 0; round < 3; round++) {
      runs.limit.push(await rawLimit())
      const start = performance.now()
      const report = await auditPaths([out], { independent: 'no' })
      runs.audit.push(ENTRIES / ((performance.now() - start) / 1000))
      if (report.findings.length > 0) throw new Error(`the audit found ${JSON.stringify(report.findings[0])}`)
    }
    const [limit, audited] = [median(runs.limit), median(runs.audit)]
    return {
      'entries/s audited, one signature each': Math.round(audited),
      'raw limit/s: verify on all cores and hash': Math.round(limit),
      'ratio to the limit': Math.round((audited / limit) * 100) / 100,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** Entries a second that all cores together can verify and hash, and nothing else. */
async function rawLimit(): Promise<number> {
  const count = 20_000
  const start = performance.now()
  const workers = cpus().length
  await Promise.all(Array.from({ length: workers }, () => verifying(Math.ceil(count / workers))))
  return count / ((performance.now() - start) / 1000)
}

const WORK = `
const { workerData, parentPort } = require('node:worker_threads')
const { generateKeyPairSync, sign, verify, hash, randomBytes } = require('node:crypto')
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const message = randomBytes(180)
const signature = sign(null, message, privateKey)
const entry = randomBytes(330)
for (let i = 0; i < workerData; i++) {
  if (!verify(null, message, publicKey, signature)) throw new Error('no')
  hash('sha256', entry, 'buffer')
}
parentPort.postMessage('done')
`

function verifying(count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORK, { eval: true, workerData: count })
    worker.on('message', () => resolve())
    worker.on('error', reject)
  })
}
