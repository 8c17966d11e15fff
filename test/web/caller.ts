/**
 * A visitor of the pages without a browser: looks and posts as a browser would, keeps its cookies, and follows nothing
 * by itself.
 */

import { randomBytes } from 'node:crypto'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where it leads, as a path. */
  readonly to: string | null
}

export class Caller {
  readonly url: string
  readonly cookies = new Map<string, string>()

  constructor(url: string, cookies: Readonly<Record<string, string>> = {}) {
    this.url = url
    for (const [name, value] of Object.entries(cookies)) this.cookies.set(name, value)
  }

  look(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#ask(path, { headers })
  }

  /** Posts fields as a page of the bank itself would, unless the headers say otherwise. */
  post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = { origin: this.url },
  ): Promise<Answer> {
    return this.#ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  /** Posts anything. */
  send(path: string, request: RequestInit): Promise<Answer> {
    return this.#ask(path, { method: 'POST', ...request })
  }

  async #ask(path: string, request: RequestInit): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.url + path, {
      ...request,
      redirect: 'manual',
      headers: { ...request.headers, ...(cookie === '' ? {} : { cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      to: response.headers.get('location'),
    }
  }
}

/** What a form carries from the moment it is shown. */
export function newNonce(): string {
  return randomBytes(16).toString('hex')
}
