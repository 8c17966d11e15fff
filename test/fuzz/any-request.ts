/**
 * Which requests may a stranger or a careless program send? For each route of the OpenAPI document bodies, queries and
 * paths of its shapes with hostile values among them, forms with tables, and requests beside the API.
 */

import fc, { type Arbitrary } from 'fast-check'
import { must } from '../../src/core/fault.ts'
import { openApiDocument } from '../../src/http/openapi.ts'
import type { Route } from '../../src/http/route.ts'
import { API, ROUTES } from '../../src/http/routes.ts'
import { SMALL } from '../register/import/files.ts'
import type { Names } from './asked-bank.ts'
import { form, TOKEN, type Wire, withToken, writeRequest } from './request.ts'
import { textInputs } from './shaped-text.ts'
import { bytesOf, textOf } from './target.ts'

/** Requests to a bank that knows these names; `about` picks the routes, all unless it is given. */
export function anyRequest(
  names: Names,
  about: (route: Route) => boolean = () => true,
): Arbitrary<Uint8Array> {
  const own = names.bank?.[2] ?? ''
  const routes = ROUTES.filter(about).map((route) => requestsFor(route, names))
  const wire = fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...routes) },
    { weight: 1, arbitrary: otherRequests(own) },
  )
  return wire.map(writeRequest)
}

/** A schema of the document, as far as values are made of it. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}
interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

const document = openApiDocument(ROUTES, '0') as unknown as Document

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\nb',
  '\ud800',
  '\udfffx',
  'e\u0301',
  '\u202eab',
  'x'.repeat(81),
  'ß'.repeat(1_100),
].concat([
  'x'.repeat(70_000),
  '__proto__',
  'constructor',
  '=1+1',
  '../../x',
  '%2e%2e',
  '9'.repeat(400),
  'BANK:x',
  '٣',
])
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1e308,
  -1e-320,
  2 ** 53,
  -(2 ** 53),
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
]
const NUMBERS = [
  0,
  1,
  15,
  60,
  6_000,
  6_001,
  525_600,
  525_601,
  900,
  691_200,
  691_201,
  -5,
  1.5,
  2 ** 31,
  2 ** 53 - 1,
  1e21,
]

const hostile = fc.oneof(fc.constantFrom<unknown>(...HOSTILE), fc.constantFrom<unknown>(...HOSTILE_TEXTS))

/** Values of a schema, of which some are of no schema; `name` is the field they stand in. */
function valueFor(schema: Schema, name: string, names: Names): Arbitrary<unknown> {
  const fitting = fittingValue(schema, name, names)
  return fc.oneof({ weight: 14, arbitrary: fitting }, { weight: 1, arbitrary: hostile })
}

function fittingValue(schema: Schema, name: string, names: Names): Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]
    must(named !== undefined, 'the document holds what it names')
    return fittingValue(named, name, names)
  }
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fc.oneof(...choices.map((one) => fittingValue(one, name, names)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['object'])
  return fc.oneof(...types.map((type) => typedValue(type, schema, name, names)))
}

function typedValue(type: string, schema: Schema, name: string, names: Names): Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number')
    return fc.oneof(fc.constantFrom(...NUMBERS), fc.integer(), fc.double())
  if (type === 'string') return textFor(name, names)
  if (type === 'array') {
    if (schema.prefixItems !== undefined)
      return fc.tuple(...schema.prefixItems.map((one) => valueFor(one, name, names)))
    return fc.array(valueFor(schema.items ?? {}, name, names), { maxLength: 10 })
  }
  const fields = Object.entries(schema.properties ?? {}).map(([field, inner]) => [
    field,
    valueFor(inner, field, names),
  ])
  const known = fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<unknown>>, {
    requiredKeys: required(schema),
  })
  const extra = fc.dictionary(fc.constantFrom('x', '__proto__', 'constructor', ''), hostile, { maxKeys: 1 })
  return fc
    .tuple(known, fc.option(extra, { freq: 20, nil: {} }))
    .map(([one, other]) => ({ ...one, ...other }))
}

/** Half of what may be missing is there. */
function required(schema: Schema): string[] {
  const listed: unknown = Reflect.get(schema, 'required')
  return Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : []
}

function textFor(name: string, names: Names): Arbitrary<string> {
  const known = names[name] ?? []
  const any = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ maxLength: 20, unit: 'binary' }))
  return known.length === 0
    ? any
    : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any })
}

/** Requests for one route. */
function requestsFor(route: Route, names: Names): Arbitrary<Wire> {
  const path = fc
    .tuple(...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => textFor(name, names)))
    .map((values) => {
      const rest = [...values]
      return route.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(String(rest.shift()).toWellFormed()))
    })
  const query = fc
    .dictionary(
      fc.constantFrom(...Object.keys(route.query?.shape ?? {}), 'x', 'wait'),
      textFor('wait', names),
      { maxKeys: 2 },
    )
    .map((pairs) => new URLSearchParams(pairs).toString())
  const asked = fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: query.map((one) => `?${one}`) },
  )
  const content = document.paths[`${API}${route.path}`]?.[route.method]?.requestBody?.content ?? {}
  const [schema] = Object.values(content).map((one) => one.schema)
  const method = route.method.toUpperCase()
  if (route.bodyType === 'form') return formsFor(route, names)
  const body =
    schema === undefined ? fc.constantFrom<unknown>(undefined, {}, { x: 1 }) : valueFor(schema, '', names)
  return fc.tuple(path, asked, body).map(([to, how, what]) => withToken(method, to + how, what))
}

function formsFor(route: Route, names: Names): Arbitrary<Wire> {
  const tables = fc.oneof(
    fc.constantFrom(SMALL.members, SMALL.exchanges),
    textInputs(() => [bytesOf(SMALL.members)])().map(textOf),
  )
  const history = fc.oneof(
    fc.constant(SMALL.exchanges),
    textInputs(() => [bytesOf(SMALL.exchanges)])().map(textOf),
  )
  return fc
    .record(
      {
        members: tables,
        exchanges: history,
        notes: fc.constantFrom('keep', 'leave', ''),
        name: fc.oneof(fc.constant('Harbour'), textFor('name', names)),
        digest: fc.constantFrom('0'.repeat(64), ''),
        __proto__x: fc.constant('1'),
      },
      { requiredKeys: route.id === 'applyImport' ? ['members', 'name'] : ['members'] },
    )
    .map(({ __proto__x, ...parts }) =>
      form(
        route.path,
        Object.fromEntries(
          Object.entries(__proto__x === undefined ? parts : { ...parts, x: __proto__x }),
        ) as Record<string, string>,
      ),
    )
}

/** Paths beside the API: health, the public log, and whatever else somebody may try. */
function otherRequests(own: string): Arbitrary<Wire> {
  const log = `/tlog/${own}/0`
  const paths = [
    '/livez',
    '/readyz',
    '/checkpoint',
    `${log}/checkpoint`,
    `${log}/vkey`,
    `${log}/proof/3`,
    '/tile/0/000.p/5',
  ].concat([
    `${log}/tile/entries/000.p/9`,
    '/tile/entries/000',
    '/api/v1/openapi.json',
    '/api/v1/',
    '/',
    '//',
    '/tlog/x/0/a',
  ])
  const path = fc.oneof(fc.constantFrom(...paths), textInputs(() => paths.map(bytesOf))().map(textOf))
  const headers = fc.record(
    {
      authorization: fc.constantFrom(
        `Bearer ${TOKEN}`,
        'Bearer',
        'Bearer x',
        `bearer   ${TOKEN}  `,
        'Basic eA==',
      ),
      'content-length': fc.constantFrom('0', '-1', '99999999999', 'x'),
      'content-type': fc.constantFrom('text/plain', 'multipart/form-data', 'multipart/form-data; boundary='),
      expect: fc.constant('100-continue'),
    },
    { requiredKeys: [] },
  )
  const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'PUT', 'OPTIONS', 'BREW')
  return fc.record({ method, path: path.map((one) => (one.startsWith('/') ? one : `/${one}`)), headers })
}
