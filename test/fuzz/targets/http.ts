/**
 * What does the whole API do with whatever it is asked? Every route of the OpenAPI document with bodies, queries,
 * paths and headers of every kind. No answer is 500, and every answer is one that the document names.
 */

import { must } from '../../../src/core/fault.ts'
import { REFUSALS, type RefusalCode } from '../../../src/core/refusal.ts'
import { FAULT_STATUS, problemShape } from '../../../src/http/problem.ts'
import type { Route } from '../../../src/http/route.ts'
import { API, ROUTES } from '../../../src/http/routes.ts'
import { SMALL } from '../../register/import/files.ts'
import { anyRequest } from '../any-request.ts'
import { AskedBank } from '../asked-bank.ts'
import { StepClock, turn } from '../bank.ts'
import { form, withToken, writeRequest } from '../request.ts'
import { type Target, type Told, textOf } from '../target.ts'

/** Any request may meet these, and any that writes these as well, as the document says of every route. */
const ALWAYS: readonly RefusalCode[] = [
  'token_missing',
  'token_wrong',
  'body_too_large',
  'request_malformed',
  'nothing_here',
]
const WHEN_WRITING = REFUSALS.slice(REFUSALS.indexOf('log_behind_guard'), REFUSALS.indexOf('too_busy') + 1)

/** `alone`: a bank without a line, into which files may be imported. */
function api(name: string, company: 'neighbour' | 'alone', inTest: number): Target {
  let asked: AskedBank | null = null
  let undo = (): void => {}
  const there = (): AskedBank => {
    must(asked !== null, 'the bank is open')
    return asked
  }
  return {
    name,
    covers: [
      'http/app.ts makeApp',
      'http/route.ts route',
      'http/auth.ts openDoor',
      'http/public-log.ts openPublicLog',
      'register/person.ts readPerson',
      'register/exchanges.ts readTerms',
      'register/exchanges.ts readGivenMemo',
      'register/memos.ts readMemo',
    ],
    corpus: () => [...(company === 'alone' ? files() : []), ...there().requests, ...reads(), ...files()],
    inputs: () => anyRequest(there().names, company === 'alone' ? forPeople : undefined),
    async tell(input) {
      const { thrown } = there()
      thrown.length = 0
      const answer = await there().answer(input)
      return answer === null ? { refused: 'cannot be sent' } : judged(answer, thrown)
    },
    refusals: ['cannot be sent', ...REFUSALS, ...Object.keys(FAULT_STATUS), 'not ready'],
    mostBytes: 200_000,
    mostMs: 3_000,
    inTest,
    remembers: 'a bank that was asked to record something has recorded it',
    async begin(seed) {
      const clock = new StepClock()
      undo = turn(seed, clock).back
      asked = await AskedBank.open(clock, company)
    },
    sound: async () => (await asked?.sound()) ?? null,
    async end() {
      await asked?.close()
      asked = null
      undo()
    },
  }
}

function files(): Uint8Array[] {
  const check = form('/import/check', { ...SMALL, notes: 'keep' })
  return [check, form('/import/apply', { ...SMALL, name: 'Harbour' })].map(writeRequest)
}

function reads(): Uint8Array[] {
  const paths = ['/status', '/members', '/payments', '/neighbours', '/export?people=no', '/export']
  return paths.map((path) => writeRequest(withToken('GET', path)))
}

function forPeople({ path }: Route): boolean {
  return /import|export|members|exchanges/.test(path)
}

/** A route of the table that this path leads to. */
function routeOf(method: string, path: string): Route | undefined {
  return ROUTES.find(({ method: own, path: pattern }) => {
    const shape = `${API}${pattern}`.replaceAll(/\{\w+\}/g, '[^/]+')
    return own.toUpperCase() === method && new RegExp(`^${shape}$`).test(path)
  })
}

interface Answer {
  readonly method: string
  readonly path: string
  readonly response: Response
  readonly body: Uint8Array
}

function judged({ method, path, response, body }: Answer, thrown: readonly string[]): Told {
  const { status, headers } = response
  must(status !== 500, `no answer is 500: ${method} ${path}: ${thrown.join('; ')}`)
  const route = routeOf(method, path)
  if (status < 300) {
    if (route !== undefined) mustFit(route, status, headers, body)
    return { accepted: status }
  }
  if (method === 'HEAD') return { refused: 'nothing_here' }
  if (path === '/readyz' && status === 503) return { refused: 'not ready' }
  const { code, status: said } = problemShape.parse(JSON.parse(textOf(body)))
  must(
    said === status && headers.get('content-type') === 'application/problem+json',
    'a problem is a problem',
  )
  const named: readonly string[] = [
    ...ALWAYS,
    ...(route === undefined || route.method === 'get' || route.effect === 'none' ? [] : WHEN_WRITING),
    ...(route?.refusals ?? []),
    ...Object.keys(FAULT_STATUS),
  ]
  must(named.includes(code), `${route?.id ?? path} does not name ${code} in its document`)
  return { refused: code }
}

function mustFit(route: Route, status: number, headers: Headers, body: Uint8Array): void {
  must(status === route.status, `${route.id} is answered with ${route.status}`)
  if (route.answer === 'zip') {
    must(headers.get('content-type') === 'application/zip' && body.length > 100, 'an export is a zip file')
    return
  }
  const fits = route.answer.safeParse(JSON.parse(textOf(body)))
  must(fits.success, `the answer of ${route.id} is of its shape: ${String(fits.error)}`)
}

export const HTTP: readonly Target[] = [api('http', 'neighbour', 500), api('http-alone', 'alone', 250)]
