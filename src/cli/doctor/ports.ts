/** Are the ports free for the bank, or taken by it? And if another program has one, which? */

import { createServer } from 'node:net'
import type { Place } from './place.ts'
import { portHolder } from './port-holder.ts'
import { fine, type Told, unknown, wrong } from './told.ts'

export async function checkPorts({ settings, running, isStarting }: Place): Promise<readonly Told[]> {
  if (settings === null) return []
  // One that runs has taken its own; whether it got them it said when it started.
  if (running !== null || isStarting) return [fine('ports', 'The bank has taken its ports.')]
  return Promise.all([
    portTold(settings['http-host'], settings['http-port'], 'http'),
    portTold(settings['p2p-host'], settings['p2p-port'], 'p2p'),
  ])
}

async function portTold(host: string, port: number, what: 'http' | 'p2p'): Promise<Told> {
  const forWhat = what === 'http' ? 'for pages and API' : 'for other banks'
  if (port === 0) return fine('ports', `The port ${forWhat} is any free one.`)
  const problem = await listenProblem(host, port)
  if (problem === null) return fine('ports', `Port ${port} ${forWhat} is free.`)
  if (problem === 'EADDRINUSE') {
    const holder = await portHolder(port)
    const by = holder === null ? 'another program' : `${holder.name} (process ${holder.pid})`
    const says = `Port ${port} ${forWhat} is taken by ${by}.`
    const todo = `End that program, or choose another port with ${what}-port.`
    return wrong({ id: 'ports', code: 'ports.taken', says, todo })
  }
  if (problem === 'EADDRNOTAVAIL' || problem === 'ENOTFOUND') {
    const says = `${host} is no address of this machine.`
    return wrong({ id: 'ports', code: 'ports.elsewhere', says, todo: `Put ${what}-host right.` })
  }
  if (problem === 'EACCES') {
    const says = `Port ${port} ${forWhat} is not for ordinary users.`
    return wrong({
      id: 'ports',
      code: 'ports.forbidden',
      says,
      todo: `Choose one above 1023 with ${what}-port.`,
    })
  }
  return unknown('ports', `Whether port ${port} ${forWhat} is free cannot be seen.`, problem)
}

/** Takes the port for a moment; null when that went well, else the code of the system. */
function listenProblem(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}
