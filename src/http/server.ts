/**
 * How does the API get onto a port? One HTTP server with bounds, which answers health from the first moment and
 * everything else once the bank is open.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Fault, reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import type { Clock } from '../node/ports.ts'
import type { App } from './app.ts'
import { askedFrom } from './asked-from.ts'
import { alive, starting } from './health.ts'

/** How often a server that stops looks for connections that have become idle. */
const CLOSING_LOOK_MS = 50

export interface HttpServer {
  /** As `http://127.0.0.1:7600`. */
  readonly url: string
  /** From now on requests go to the app. */
  open(app: App): void
  /** Takes no more requests, lets those under way end for some seconds, then cuts them. */
  close(): Promise<void>
}

/** Listens; port 0 takes a free one. Throws Fault `port_in_use`, or `config_invalid` for an address that is not ours. */
export async function listenHttp({
  host,
  port,
  proxies = [],
  names = [],
  clock,
}: {
  host: string
  port: number
  /** IP addresses of proxies whose word for a visitor's address is believed. */
  proxies?: readonly string[]
  /** Names of this bank in links, beside those of this machine and house. */
  names?: readonly string[]
  clock: Clock
}): Promise<HttpServer> {
  let app: App | null = null
  const answer = (
    request: Request,
    { incoming }: { incoming: Pick<IncomingMessage, 'headers' | 'socket'> },
  ): Response | Promise<Response> =>
    app === null ? early(request) : app.fetch(request, askedFrom(incoming, proxies, names))
  const server = createServer(getRequestListener(answer))
  server.maxConnections = LIMITS.httpConnections
  await listening(server, host, port)
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    open: (opened) => {
      app = opened
    },
    close: () => closed(server, clock),
  }
}

function early(request: Request): Response {
  return new URL(request.url).pathname === '/livez' ? alive() : starting()
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenFault(error, host, port)))
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function listenFault(error: Error, host: string, port: number): Fault {
  if ('code' in error && error.code === 'EADDRINUSE') {
    const next = 'End that program, or choose another port with --http-port.'
    return new Fault('port_in_use', `Another program already listens on ${host}:${port}. ${next}`, {
      cause: error,
    })
  }
  return new Fault(
    'config_invalid',
    `The bank cannot listen on ${host}:${port} (${reasonOf(error)}). Check http-host and http-port.`,
    { cause: error },
  )
}

async function closed(server: Server, clock: Clock): Promise<void> {
  if (!server.listening) return
  const over = clock.uptime() + LIMITS.closingSeconds
  let leave = (): void => {}
  // A connection that was busy at first is idle once it has its answer, and would be kept alive for seconds.
  const cut = (): void => {
    if (clock.uptime() < over) server.closeIdleConnections()
    else server.closeAllConnections()
    leave = clock.after(CLOSING_LOOK_MS, cut)
  }
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  cut()
  await ended
  leave()
}
