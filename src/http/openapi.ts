/**
 * How does a stranger learn the API? From an OpenAPI 3.1 document made of the same table and shapes that read the
 * requests ([OPS-14]).
 */

import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { RefusalCode } from '../core/refusal.ts'
import { PROBLEM_TYPE, problemShape, REFUSAL_STATUS } from './problem.ts'
import type { Route } from './route.ts'
import { API } from './routes.ts'

/** Any request may meet these. */
const ALWAYS: readonly RefusalCode[] = ['token_missing', 'token_wrong', 'body_too_large', 'request_malformed']
/** Any request that writes may meet these as well. */
const WHEN_WRITING: readonly RefusalCode[] = [
  'log_behind_guard',
  'log_behind_neighbour',
  'start_waits',
  'clock_unsure',
  'disk_low',
  'too_busy',
]
const SECURITY = 'token'

/** The document, as JSON. */
export function openApiDocument(routes: readonly Route[], version: string): Record<string, unknown> {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent('securitySchemes', SECURITY, { type: 'http', scheme: 'bearer' })
  for (const route of routes) app.openAPIRegistry.registerPath(pathOf(route))
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Commonhour',
      version,
      description: 'One time bank. Lengths are whole minutes, times seconds since 1970 UTC, days YYYY-MM-DD.',
      license: { name: 'AGPL-3.0-or-later', url: 'https://www.gnu.org/licenses/agpl-3.0.html' },
    },
    security: [{ [SECURITY]: [] }],
  })
  return { ...document }
}

function pathOf(route: Route): Parameters<OpenAPIHono['openAPIRegistry']['registerPath']>[0] {
  const { id, method, path, summary, params, query, body, bodyType, answer, status } = route
  const type = bodyType === 'form' ? 'multipart/form-data' : 'application/json'
  return {
    operationId: id,
    method,
    path: `${API}${path}`,
    summary,
    security: [{ [SECURITY]: [] }],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body: { required: true, content: { [type]: { schema: body } } } }),
    },
    responses: {
      [status]: {
        description: summary,
        content:
          answer === 'zip'
            ? { 'application/zip': { schema: z.string().openapi({ format: 'binary' }) } }
            : { 'application/json': { schema: answer } },
      },
      ...problemsOf(route),
    },
  }
}

/** One answer for each status, naming the codes that come with it. */
function problemsOf(route: Route) {
  const writing = route.method === 'get' || route.effect === 'none' ? [] : WHEN_WRITING
  const byStatus = new Map<number, RefusalCode[]>()
  for (const code of new Set([...ALWAYS, ...writing, ...route.refusals])) {
    const status = REFUSAL_STATUS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: `Problem: ${codes.join(', ')}`, content: { [PROBLEM_TYPE]: { schema: problemShape } } },
    ]),
  )
}
