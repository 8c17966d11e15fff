/**
 * Which port does a bank keep while it is killed and started again? One that nobody else is given meanwhile: it lies
 * below the range from which the system takes the ports of outgoing connections.
 */

import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const LOWEST = 15_000
const ABOVE = 32_000
const given = new Set<number>()

export async function quietPort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, ABOVE)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
