/**
 * How does a request find its way? Health, the public log, and the API behind its door, in this order; and whatever
 * goes wrong leaves as a problem.
 */

import { Hono } from 'hono'
import { reasonOf } from '../core/fault.ts'
import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import { actingCoordinator } from '../register/office.ts'
import type { AskedFrom } from '../register/whence.ts'
import { type Door, openDoor } from './auth.ts'
import { alive, ready } from './health.ts'
import { type DeskCounts, Metrics, type MetricsParts } from './metrics.ts'
import { openApiDocument } from './openapi.ts'
import { problemResponse, refusalResponse, thrownProblem } from './problem.ts'
import { PublicHead, type PublicHeadPace } from './public-head.ts'
import { nothingHere, openPublicLog, type PublicLog } from './public-log.ts'
import type { Desk, Route } from './route.ts'
import { API, ROUTES } from './routes.ts'

export interface AppParts extends Desk {
  readonly token: string
  readonly publicHead: PublicHeadPace
  readonly metrics: MetricsParts
  /** Answers what is neither API nor public log, and knows what waits at the desk. */
  readonly pages: App & { readonly deskCounts: DeskCounts }
  /** Hears of a request that ended in a fault or a mistake of ours; never what was in it. */
  readonly report: (problem: string, facts: { readonly method: string; readonly route: string }) => void
}

/** What answers a request; the server hands every one to it. */
export interface App {
  fetch(request: Request, from?: AskedFrom): Response | Promise<Response>
}

type Served = { Bindings: { readonly from?: AskedFrom } }

export function makeApp(parts: AppParts): App {
  const { node, token } = parts
  const door = openDoor(token)
  const app = new Hono<Served>()
  app.get('/livez', () => alive())
  app.get('/readyz', () => ready(node))
  mountMetrics(app, parts, door)
  mountPublicLog(app, openPublicLog(node, door, new PublicHead(node, parts.publicHead)))
  const document = JSON.stringify(openApiDocument(ROUTES, parts.version))
  app.get(
    `${API}/openapi.json`,
    () => new Response(document, { headers: { 'content-type': 'application/json' } }),
  )
  app.use(`${API}/*`, async (c, next) => {
    const entered = door.enter(c.req.header('authorization'))
    if (!entered.ok) return refusalResponse(entered.refusal)
    await next()
    c.res.headers.set('cache-control', 'no-store')
  })
  for (const route of ROUTES) mount(app, route, parts)
  app.all(`${API}/*`, () => nothingHere())
  app.all('*', (c) => parts.pages.fetch(c.req.raw, c.env.from))
  app.onError((thrown, c) => {
    parts.report(reasonOf(thrown), { method: c.req.method, route: c.req.routePath })
    return problemResponse(thrownProblem(thrown))
  })
  return { fetch: (request, from) => app.fetch(request, from === undefined ? {} : { from }) }
}

/** Whoever may not read them learns no more than that something is not here; a token that is wrong is told so ([OPS-5]). */
function mountMetrics(app: Hono<Served>, { node, metrics: parts, pages }: AppParts, door: Door): void {
  const metrics = new Metrics(node, parts, () => pages.deskCounts())
  app.get('/metrics', (c) => {
    if (parts.for === 'off') return nothingHere()
    if (parts.for === 'loopback') return c.env.from?.isOwnMachine === true ? metrics.answer() : nothingHere()
    const entered = door.enter(c.req.header('authorization'))
    return entered.ok ? metrics.answer() : refusalResponse(entered.refusal)
  })
}

/** Paths are taken as they were sent: whatever is spelled otherwise is another path ([HTTP-1]). */
function mountPublicLog(app: Hono<Served>, log: PublicLog): void {
  const sent = (url: string): string => new URL(url).pathname
  app.get('/tlog/*', (c) => {
    const below = log.below(sent(c.req.url))
    if (below === null) return nothingHere()
    return log.answer(below.path, c.req.header('authorization'), below.epoch)
  })
  for (const path of ['/checkpoint', '/tile/*']) {
    app.get(path, (c) => log.answer(sent(c.req.url), c.req.header('authorization'), log.present()))
  }
}

function mount(app: Hono<Served>, route: Route, desk: Desk): void {
  app.on(route.method.toUpperCase(), API + route.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const body = await readBytes(c.req.raw)
    if (!body.ok) return refusalResponse(body.refusal)
    if (route.method !== 'get' && route.effect !== 'none') {
      const open = await gateOpened(desk.node)
      if (!open.ok) return refusalResponse(open.refusal)
    }
    // Whoever is in office now acts; reading is not acting.
    const acting = route.method === 'get' ? null : await actingCoordinator(desk.node, desk.people)
    const outcome = await route.handle(acting === null ? desk : { ...desk, coordinator: acting }, {
      params: c.req.param(),
      query: c.req.query(),
      body: body.value,
      contentType: c.req.header('content-type') ?? '',
      signal: AbortSignal.any([c.req.raw.signal, desk.stopping]),
    })
    if (!outcome.ok) return refusalResponse(outcome.refusal)
    if (outcome.value instanceof ReadableStream) {
      return new Response(outcome.value, {
        status: route.status,
        headers: { 'content-type': 'application/zip' },
      })
    }
    return Response.json(outcome.value, { status: route.status })
  })
}

/** The body, or `body_too_large` as soon as that is known. */
async function readBytes(request: Request): Promise<Outcome<Uint8Array>> {
  const mostBytes = LIMITS.httpBodyBytes
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes)
    return refuse('body_too_large', { mostBytes })
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > mostBytes) return refuse('body_too_large', { mostBytes })
    chunks.push(chunk)
  }
  return accept(new Uint8Array(Buffer.concat(chunks)))
}

const LOOK_MS = 50

/**
 * Right after a start the bank asks its neighbours before it signs. That takes a moment, so a request that writes
 * waits as long, and is refused when nobody answers.
 */
async function gateOpened(node: Node): Promise<Outcome<null>> {
  const { clock, gate } = node
  const over = clock.uptime() + LIMITS.startWaitSeconds + 1
  while (gate.state() === 'wait') {
    if (clock.uptime() > over) return refuse('start_waits', { neighbours: gate.waitingFor })
    await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve))
  }
  return accept(null)
}
