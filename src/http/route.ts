/**
 * What is one row of the API's table? Method, path, shapes, the refusals it may give, and the function it calls. A
 * request is read once, here, with the shapes that the OpenAPI document shows.
 */

import { z } from '@hono/zod-openapi'
import { accept, type Outcome, type Refusal, type RefusalCode, refuse } from '../core/refusal.ts'
import type { Node } from '../node/node.ts'
import type { Coordinator } from '../register/coordinators.ts'
import type { Surroundings } from '../register/health/look.ts'
import type { LetIn } from '../register/letting-in.ts'
import type { People } from '../register/people.ts'
import type { SheetOnHold } from '../register/sheet-on-hold.ts'

/** What the functions of the API work with. */
export interface Desk {
  readonly node: Node
  readonly people: People
  /** Whoever holds the token acts as this coordinator: the one in office longest. */
  readonly coordinator: Coordinator
  readonly surroundings: Surroundings
  /** Of this program. */
  readonly version: string
  /** Aborted when the bank stops; whoever waits then gives up. */
  readonly stopping: AbortSignal
  /** As `letIn` of the register: links live where the pages are. */
  readonly letIn: (name: string, by: Coordinator) => Promise<Outcome<LetIn>>
  /** The recovery sheet that nobody has printed yet, if there is one. */
  readonly sheet: Pick<SheetOnHold, 'waits'>
  /** Makes a new log key and goes on under it; the machine keeps its keys where the API has no sight of them. */
  readonly changeKey: () => Promise<Outcome<{ readonly epoch: number; readonly aborted: number }>>
}

/** A request that was read. `signal` is aborted when whoever asked has gone, or the bank stops. */
export interface Asked<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly signal: AbortSignal
}

/** A request as it came. A body is JSON, or the parts of a form. */
export interface RawRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly contentType: string
  readonly signal: AbortSignal
}

export type Method = 'get' | 'post' | 'patch' | 'delete'

interface Shapes<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType> {
  readonly id: string
  readonly method: Method
  /** Below /api/v1, with `{name}` for a part that is read by `params`. */
  readonly path: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  /** Without it the route takes no body. */
  readonly body?: B
  readonly bodyType?: 'json' | 'form'
  /** Nothing is recorded, although the method is not GET; so it need not wait until the bank may sign. */
  readonly effect?: 'none'
  /** Shape of the answer, or `zip` for a stream of bytes. */
  readonly answer: A | 'zip'
  readonly status: 200 | 201 | 202
  readonly refusals: readonly RefusalCode[]
}

export interface Route extends Shapes<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType> {
  /** Reads the request and calls the function; a stream is answered as it is. */
  readonly handle: (desk: Desk, raw: RawRequest) => Promise<Outcome<unknown>>
}

const nothing = z.object({})

/** One row of the table, its types checked against its function. */
export function route<
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodType,
>(
  shapes: Shapes<P, Q, B, A>,
  run: (
    desk: Desk,
    asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<Outcome<z.input<A> | ReadableStream>>,
): Route {
  return {
    ...shapes,
    async handle(desk, raw) {
      const params = read(shapes.params ?? nothing, raw.params)
      if (!params.ok) return params
      const query = read(z.strictObject((shapes.query ?? nothing).shape), raw.query)
      if (!query.ok) return query
      const given =
        shapes.body === undefined ? accept(undefined) : await readBody(raw, shapes.bodyType ?? 'json')
      if (!given.ok) return given
      const body = read(shapes.body ?? z.undefined(), given.value)
      if (!body.ok) return body
      return run(desk, {
        params: params.value as z.output<P>,
        query: query.value as z.output<Q>,
        body: body.value as z.output<B>,
        signal: raw.signal,
      })
    },
  }
}

async function readBody(raw: RawRequest, type: 'json' | 'form'): Promise<Outcome<unknown>> {
  try {
    if (type === 'json') {
      // An empty body is an empty object, so that an act without particulars needs none.
      const text = new TextDecoder('utf-8', { fatal: true }).decode(raw.body)
      return accept(text === '' ? {} : JSON.parse(text))
    }
    const headers = { 'content-type': raw.contentType }
    const form = await new Response(new Uint8Array(raw.body), { headers }).formData()
    const parts: Record<string, unknown> = {}
    for (const [name, part] of form) parts[name] = typeof part === 'string' ? part : await part.bytes()
    return accept(parts)
  } catch {
    return refuse('request_malformed', {
      problem: type === 'json' ? 'the body is not JSON' : 'the body is not multipart/form-data',
    })
  }
}

/** The value in its shape, or `request_malformed` with the first field that does not fit. */
function read<S extends z.ZodType>(shape: S, given: unknown): Outcome<z.output<S>> {
  const parsed = shape.safeParse(given)
  return parsed.success ? accept(parsed.data) : { ok: false, refusal: malformed(parsed.error) }
}

function malformed(error: z.ZodError): Refusal {
  const [issue] = error.issues
  if (issue === undefined) return refuse('request_malformed').refusal
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = unknown === undefined ? issue.path : [...issue.path, unknown]
  const problem = unknown === undefined ? lowered(issue.message) : 'there is no such field'
  const field = path.join('.')
  return refuse('request_malformed', field === '' ? { problem } : { field, problem }).refusal
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
