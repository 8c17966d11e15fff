/**
 * A large bank being filled in a process of its own, that is killed when it has grown enough: it tells its parent over
 * IPC how many entries are durable, and goes on writing. Arguments: folder, people, neighbours.
 */

import { fillLargeBank } from './large-bank.ts'

const [folder = '', people, neighbours] = process.argv.slice(2)
process.on('disconnect', () => process.exit(0))
const size = { entries: Number.MAX_SAFE_INTEGER, people: Number(people), neighbours: Number(neighbours) }
await fillLargeBank(folder, size, (entries) => process.send?.(entries))
