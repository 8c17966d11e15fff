/**
 * What did somebody type? A posted form as texts by name, read once and bounded; nothing in it is believed, and
 * nothing typed is lost when it has to be shown again.
 */

import { LIMITS } from '../core/limits.ts'
import { accept, type Outcome, refuse } from '../core/refusal.ts'

/** Something wrong with one field, or with the whole of what was asked for, as the person reads it. */
export interface FieldError {
  /** Name of the field, which is also the id of its element; null when no field can mend it. */
  readonly field: string | null
  readonly text: string
}

export class Form {
  readonly #values: ReadonlyMap<string, readonly string[]>
  readonly #files: ReadonlyMap<string, Uint8Array>

  constructor(
    values: ReadonlyMap<string, readonly string[]> = new Map(),
    files: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    this.#values = values
    this.#files = files
  }

  /** Bytes of a file that was chosen; null for none, and for an empty one. */
  file(name: string): Uint8Array | null {
    return this.#files.get(name) ?? null
  }

  /** The text as typed, without outer blanks; empty when the field is missing. */
  text(name: string): string {
    return (this.#values.get(name)?.[0] ?? '').trim()
  }

  /** The text without any change, for passwords. */
  exact(name: string): string {
    return this.#values.get(name)?.[0] ?? ''
  }

  /** All values of a field that may be given several times. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The whole number in this field; null for anything else, an empty field counting as `empty`. */
  number(name: string, empty: number | null = null): number | null {
    const text = this.text(name)
    if (text === '') return empty
    return /^\d{1,6}$/.test(text) ? Number(text) : null
  }

  entries(): readonly (readonly [string, string])[] {
    return [...this.#values].flatMap(([name, values]) => values.map((value) => [name, value] as const))
  }
}

/** Whether the form carries the number that it has had since it was shown. */
export function isNonce(form: Form): boolean {
  return /^[0-9a-f]{32}$/.test(form.text('nonce'))
}

/** The form of these values, for tests and for fields filled in beforehand. */
export function formOf(values: Readonly<Record<string, string>>): Form {
  return new Form(new Map(Object.entries(values).map(([name, value]) => [name, [value]])))
}

/**
 * Reads a posted body of application/x-www-form-urlencoded, and of multipart/form-data where files may come with it.
 * Refuses `body_too_large` and `request_malformed`.
 */
export async function readForm(
  request: Request,
  { files = 'none' }: { readonly files?: 'none' | 'taken' } = {},
): Promise<Outcome<Form>> {
  const kind = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const withFiles = files === 'taken' && kind === 'multipart/form-data'
  if (kind !== 'application/x-www-form-urlencoded' && !withFiles)
    return refuse('request_malformed', { what: 'form' })
  const body = await bodyOf(request, withFiles ? LIMITS.listFormBytes : LIMITS.formBytes)
  if (!body.ok) return body
  if (!withFiles) return formFrom(new URLSearchParams(body.value.toString('utf8')))
  try {
    const headers = { 'content-type': request.headers.get('content-type') ?? '' }
    const parts = await new Response(new Uint8Array(body.value), { headers }).formData()
    const taken = new Map<string, Uint8Array>()
    const texts: [string, string][] = []
    for (const [name, part] of parts) {
      if (typeof part === 'string') texts.push([name, part])
      else if (part.size > 0 && !taken.has(name)) taken.set(name, await part.bytes())
      if (texts.length + taken.size > LIMITS.formFields) return refuse('request_malformed', { what: 'form' })
    }
    return formFrom(texts, taken)
  } catch {
    return refuse('request_malformed', { what: 'form' })
  }
}

async function bodyOf(request: Request, mostBytes: number): Promise<Outcome<Buffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes)
    return refuse('body_too_large', { mostBytes })
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > mostBytes) return refuse('body_too_large', { mostBytes })
    chunks.push(chunk)
  }
  return accept(Buffer.concat(chunks))
}

function formFrom(
  fields: Iterable<readonly [string, string]>,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Outcome<Form> {
  const values = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of fields) {
    count += 1
    if (count > LIMITS.formFields) return refuse('request_malformed', { what: 'form' })
    const known = values.get(name)
    // Lines end in one way, whatever the browser sends.
    const text = value.toWellFormed().replaceAll('\r\n', '\n')
    if (known === undefined) values.set(name, [text])
    else known.push(text)
  }
  return accept(new Form(values, files))
}
