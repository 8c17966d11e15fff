/**
 * How does a request look as bytes, so that it can be kept, damaged and sent again? As on the wire: method and path,
 * headers, an empty line, the body.
 */

import { bytesOf } from './target.ts'

export interface Wire {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

const LINE_END = '\r\n'
/** Stands for the bank's token, so that kept inputs hold none. */
export const TOKEN = 'TOKEN'
export const BOUNDARY = 'seam'

export function writeRequest({ method, path, headers = {}, body }: Wire): Uint8Array {
  const lines = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  return new Uint8Array(
    Buffer.concat([bytesOf(lines.join(LINE_END) + LINE_END + LINE_END), body ?? new Uint8Array(0)]),
  )
}

/** The request in these bytes; null when no HTTP library would hand it on. */
export function readRequest(
  input: Uint8Array,
  token: string,
): { request: Request; method: string; path: string } | null {
  const end = Buffer.from(input.buffer, input.byteOffset, input.length).indexOf(LINE_END + LINE_END)
  const head = Buffer.from(input.subarray(0, end < 0 ? input.length : end)).toString('latin1')
  const [first = '', ...lines] = head.split(LINE_END)
  const [method = '', path = ''] = first.split(' ')
  const body = end < 0 ? new Uint8Array(0) : input.slice(end + 2 * LINE_END.length)
  try {
    const headers = new Headers()
    for (const line of lines) {
      const [name = '', ...value] = line.split(': ')
      headers.append(name, value.join(': ').replace(TOKEN, token))
    }
    const bare = method === 'GET' || method === 'HEAD' || body.length === 0
    const request = new Request(`http://bank.test${path}`, { method, headers, ...(bare ? {} : { body }) })
    const { host, pathname } = new URL(request.url)
    return host === 'bank.test' ? { request, method: request.method, path: pathname } : null
  } catch {
    // A method, path or header that cannot be sent at all.
    return null
  }
}

export function withToken(method: string, path: string, body?: unknown): Wire {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  return {
    method,
    path: `/api/v1${path}`,
    headers,
    ...(body === undefined ? {} : { body: bytesOf(JSON.stringify(body)) }),
  }
}

/** A form with these parts. */
export function form(path: string, parts: Readonly<Record<string, string>>): Wire {
  const pieces = Object.entries(parts).map(([name, value]) => {
    const file = name === 'members' || name === 'exchanges' ? `; filename="${name}.csv"` : ''
    const about = `Content-Disposition: form-data; name="${name}"${file}`
    return `--${BOUNDARY}${LINE_END}${about}${LINE_END}${LINE_END}${value}${LINE_END}`
  })
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  }
  return {
    method: 'POST',
    path: `/api/v1${path}`,
    headers,
    body: bytesOf(`${pieces.join('')}--${BOUNDARY}--${LINE_END}`),
  }
}
