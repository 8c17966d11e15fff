/**
 * Opens a bank once and says how long it took; run as a process of its own by the replay bench.
 */

import { openRealBank } from '../loopback/real-bank.ts'

const folder = process.argv[2] as string
const start = performance.now()
const bank = await openRealBank(folder, 'Harbour', { startWaitSeconds: 0 })
const seconds = Math.round(performance.now() - start) / 1000
const size = bank.node.head.size
global.gc?.()
await new Promise((resolve) => setTimeout(resolve, 2_000))
const rssMB = Math.round(process.memoryUsage().rss / 1e6)
await bank.close()
console.log(JSON.stringify({ seconds, rssMB, size }))
process.exit(0)
