/**
 * A browser without script for the tests of the pages: a bank as `commonhour serve` runs it, a coordinator who came in by
 * the printed link, and forms that are filled in and sent as a person would.
 */

import { must } from '../../src/core/fault.ts'
import { addMember } from '../../src/register/people.ts'
import type { NewPerson, Person } from '../../src/register/person.ts'
import type { ServeOptions } from '../../src/serve.ts'
import { type TestBank, testBank } from '../http/served.ts'
import { ok } from '../node/town.ts'

export const PASSWORD = 'three words in a row'

export interface Seen {
  readonly status: number
  /** Where a redirect leads, as a path; null when there is none. */
  readonly to: string | null
  readonly html: string
  /** What a person reads: without markup, blanks joined. */
  readonly text: string
}

export type Fields = Readonly<Record<string, string | readonly string[]>>

export class Browser {
  readonly #url: string
  readonly #cookies = new Map<string, string>()
  readonly #headers: Readonly<Record<string, string>>

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url
    this.#headers = headers
  }

  /** Keeps a cookie, as if an answer had set it. */
  hold(name: string, value: string): void {
    this.#cookies.set(name, value)
  }

  get(path: string): Promise<Seen> {
    return this.#ask(path, {})
  }

  /** Sends a form of this bank's own pages, or of another site's. */
  post(path: string, fields: Fields, origin = this.#url): Promise<Seen> {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(fields))
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
    return this.#ask(path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    })
  }

  /** Opens the page, fills its fields in over what it shows, and presses the button; follows to what comes next. */
  async fill(path: string, fields: Fields, press: Fields = {}): Promise<Seen> {
    const shown = await this.get(path)
    return this.follow(await this.post(path, { ...formWith(shown.html, fields), ...fields, ...press }))
  }

  /** Presses a button of a page that was answered. */
  async press(seen: Seen, path: string, fields: Fields = {}): Promise<Seen> {
    return this.follow(await this.post(path, { ...formWith(seen.html, fields), ...fields }))
  }

  async follow(seen: Seen): Promise<Seen> {
    return seen.to === null ? seen : this.get(seen.to)
  }

  async #ask(path: string, request: RequestInit): Promise<Seen> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.#url + path, {
      ...request,
      redirect: 'manual',
      headers: { ...this.#headers, ...request.headers, cookie },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const html = await response.text()
    return { status: response.status, to: response.headers.get('location'), html, text: textIn(html) }
  }
}

export interface DeskBank extends TestBank {
  readonly desk: Browser
  /** Adds somebody to the register. */
  add(person: NewPerson): Promise<Person>
  /** Hours by number, in minutes. */
  balance(number: string): Promise<number>
}

/** A bank whose coordinator Priya sits at the desk. */
export async function deskBank(name = 'Harbour', options: Partial<ServeOptions> = {}): Promise<DeskBank> {
  const bank = await testBank(name, options)
  must(bank.setupUrl !== null, 'a new bank prints a link')
  const desk = new Browser(bank.url)
  const setup = bank.setupUrl.slice(bank.url.length)
  const codes = await desk.post(setup, {
    password: PASSWORD,
    again: PASSWORD,
    phone: '020 7946 0900',
    hours: 'Tuesday, 10 to 4',
    address: 'The Old School, Harbour Road',
  })
  must(codes.status === 200, `Priya came in: ${codes.text}`)
  const { node, people } = bank
  return {
    ...bank,
    desk,
    add: async (person) => ok(await addMember(node, people, person)),
    balance: async (number) => {
      const account = people.byNumber(number)?.account
      return node.read(
        ({ book }) =>
          book.accounts.find(({ id }) => account !== undefined && sameId(id, account))?.balance ?? Number.NaN,
      )
    },
  }
}

function sameId(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

/** Fields of the first form in the main part, with what stands in them. */
export function fieldsIn(html: string): Record<string, string> {
  return formsIn(html)[0] ?? {}
}

/** Fields of every form in the main part, the search apart. */
export function formsIn(html: string): Record<string, string>[] {
  return formTexts(html).map(fieldsOf)
}

/** Fields of the form that asks for most of these; the first of several. */
function formWith(html: string, fields: Fields): Record<string, string> {
  const asks = (form: string): number =>
    Object.keys(fields).filter((name) => form.includes(` name="${name}"`)).length
  const [best] = formTexts(html).sort((a, b) => asks(b) - asks(a))
  return best === undefined ? {} : fieldsOf(best)
}

function formTexts(html: string): string[] {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return [...main.matchAll(/<form[^>]*method="post"[\s\S]*?<\/form>/g)].map(([form]) => form)
}

function fieldsOf(form: string): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const { name, value = '', type = 'text' } = attributes(tag)
    if (name === undefined) continue
    if ((type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag)) continue
    fields[name] = value
  }
  for (const [, tag = '', text = ''] of form.matchAll(/(<textarea[^>]*>)([\s\S]*?)<\/textarea>/g))
    fields[attributes(tag).name ?? ''] = plain(text)
  for (const [, tag = '', inner = ''] of form.matchAll(/(<select[^>]*>)([\s\S]*?)<\/select>/g)) {
    const options = [...inner.matchAll(/<option[^>]*>/g)].map(([option]) => option)
    const chosen = options.find((option) => /\sselected/.test(option)) ?? options[0] ?? ''
    fields[attributes(tag).name ?? ''] = attributes(chosen).value ?? ''
  }
  return fields
}

function attributes(tag: string): Record<string, string> {
  const found = [...tag.matchAll(/([\w-]+)="([^"]*)"/g)]
  return Object.fromEntries(found.map(([, name = '', value = '']) => [name, plain(value)]))
}

const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }

function plain(text: string): string {
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (whole, name: string) => SIGNS[name] ?? whole)
}

function textIn(html: string): string {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
  return plain((main === '' ? html : main).replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}
