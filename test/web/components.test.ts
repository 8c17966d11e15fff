/** Is our markup that of GOV.UK Frontend? Each part of ours is drawn from the data of that library's own fixtures. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jsx } from 'hono/jsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FieldError } from '../../src/web/form.ts'
import * as formParts from '../../src/web/parts/form-parts.tsx'
import {
  Button,
  ButtonLink,
  Checkboxes,
  type Choice,
  ErrorSummary,
  Group,
  Radios,
  SelectField,
  SmallField,
  TextArea,
  TextField,
} from '../../src/web/parts/form-parts.tsx'
import { type Row, Rows } from '../../src/web/parts/rows.tsx'
import type { Speech } from '../../src/words/language.ts'
import { MARKUP_ON_PURPOSE } from './exceptions.ts'
import { differences, linesOf } from './markup.ts'
import { callerOf, closeBanks, openTown, type Town } from './town.ts'

const COMPONENTS = fileURLToPath(
  new URL('../../node_modules/govuk-frontend/dist/govuk/components', import.meta.url),
)

/** As much of a fixture's data as our parts have a place for. */
interface Data {
  readonly name?: string
  readonly id?: string
  readonly idPrefix?: string
  readonly text?: string
  readonly href?: string
  readonly classes?: string
  readonly value?: string
  readonly label?: Words
  readonly hint?: Words
  readonly suffix?: Words
  readonly errorMessage?: Words
  readonly errorList?: readonly { text: string; href?: string }[]
  readonly fieldset?: { legend: Words }
  readonly items?: readonly Item[]
  readonly values?: unknown
  readonly rows?: unknown
  readonly inputmode?: 'numeric'
  readonly autocomplete?: string
  readonly spellcheck?: boolean
  readonly day?: { error?: boolean }
}
interface Words {
  readonly text: string
}
interface Item extends Words {
  readonly value: string | number
  readonly hint?: Words
  readonly checked?: boolean
  readonly selected?: boolean
}
interface RowData {
  readonly key: Words
  readonly value: Words
  readonly actions?: { items: readonly (Words & { href: string })[] }
}

/** The words of the fixtures. */
const say: Speech['say'] = (id) =>
  id === 'form.error' ? 'Error:' : id === 'form.problem' ? 'There is a problem' : id

/** With us a field's name is its id. */
function nameOf({ name, id, idPrefix }: Data): string {
  return idPrefix ?? id ?? name ?? ''
}

function question(data: Data) {
  const { label, fieldset, hint, errorMessage } = data
  const errors: FieldError[] =
    errorMessage === undefined ? [] : [{ field: nameOf(data), text: errorMessage.text }]
  const words = label?.text ?? fieldset?.legend.text ?? ''
  return { say, name: nameOf(data), label: words, errors, ...(hint === undefined ? {} : { hint: hint.text }) }
}

function choicesOf({ items = [] }: Data): Choice[] {
  return items.map(({ value, text, hint }) => ({
    value: String(value),
    label: text,
    ...(hint === undefined ? {} : { hint: hint.text }),
  }))
}

function chosen({ value, items = [] }: Data): string {
  return String(value ?? items.find(({ checked, selected }) => checked || selected)?.value ?? '')
}

const WIDTHS = [2, 3, 4, 5, 10, 20, 30] as const

/** How each component is drawn by our parts, and the fixtures whose data those can say. */
const DRAWN: Readonly<Record<string, { draw(data: Data): unknown; readonly fixtures: readonly string[] }>> = {
  'error-summary': {
    draw({ errorList = [] }) {
      const errors = errorList.map(({ text, href }) => ({ text, field: href?.slice(1) ?? null }))
      return ErrorSummary({ say, errors })
    },
    fixtures: ['default', 'without links', 'mixed with and without links', 'error list with html as text'],
  },
  input: {
    draw(data) {
      const { value = '', suffix, inputmode, autocomplete, spellcheck, classes = '' } = data
      const width = WIDTHS.find((one) => classes.endsWith(`--width-${one}`))
      return TextField({
        ...question(data),
        value,
        ...(width === undefined ? {} : { width }),
        ...(suffix === undefined ? {} : { suffix: suffix.text }),
        ...(inputmode === undefined ? {} : { inputmode }),
        ...(autocomplete === undefined ? {} : { autocomplete }),
        ...(spellcheck === undefined ? {} : { spellcheck }),
      })
    },
    fixtures: [
      ...['default', 'with hint text', 'with error message', 'with error and hint', 'value', 'inputmode'],
      ...WIDTHS.map((width) => `with width-${width} class`),
      ...['with autocomplete attribute', 'with spellcheck disabled', 'with suffix'],
    ],
  },
  textarea: {
    draw: (data) => TextArea({ ...question(data), value: data.value ?? '', rows: Number(data.rows ?? 5) }),
    fixtures: [
      ...['default', 'with hint', 'with error message', 'with hint and error message'],
      ...['with default value', 'with custom rows'],
    ],
  },
  select: {
    draw: (data) => SelectField({ ...question(data), value: chosen(data), choices: choicesOf(data) }),
    fixtures: ['default', 'hint', 'error', 'with hint text and error message', 'with selected value'],
  },
  radios: {
    draw(data) {
      const { classes = '' } = data
      const [small, inline] = [classes.includes('--small'), classes.includes('--inline')]
      return Radios({ ...question(data), value: chosen(data), choices: choicesOf(data), small, inline })
    },
    fixtures: ['default', 'with hint', 'with fieldset and error message', 'inline', 'small inline'],
  },
  checkboxes: {
    draw(data) {
      const small = data.classes?.includes('--small') ?? false
      return Checkboxes({ ...question(data), values: [], choices: choicesOf(data), small })
    },
    fixtures: ['default', 'with hint', 'with error message', 'small', 'small with hint'],
  },
  'date-input': {
    draw(data) {
      const values = (data.values ?? {}) as Readonly<Record<string, number>>
      const smalls = ['Day', 'Month', 'Year'].map((label) => {
        const part = label.toLowerCase()
        const wrong = data.errorMessage !== undefined && (data.day === undefined || part === 'day')
        const name = `${nameOf(data)}-${part}`
        return SmallField({
          name,
          label,
          value: String(values[part] ?? ''),
          width: part === 'year' ? 4 : 2,
          wrong,
        })
      })
      const children = jsx('div', { class: 'govuk-date-input' }, ...smalls)
      return Group({ ...question(data), role: 'group', children })
    },
    fixtures: ['default', 'with values', 'with error message and hint', 'with error on day input'],
  },
  button: {
    draw({ text = '', href, classes = '', name, value }) {
      const second = classes.includes('secondary')
      if (href !== undefined)
        return ButtonLink({ to: href, children: text, kind: second ? 'second' : 'first' })
      const kind = second ? 'second' : classes.includes('warning') ? 'warning' : 'first'
      const rest = { ...(name === undefined ? {} : { name }), ...(value === undefined ? {} : { value }) }
      return Button({ children: text, kind, ...rest })
    },
    fixtures: ['default', 'secondary', 'warning', 'link', 'name', 'value'],
  },
  'summary-list': {
    draw({ rows }) {
      const drawn = (rows as readonly RowData[]).map(({ key, value, actions }): Row => {
        const [action] = actions?.items ?? []
        return action === undefined
          ? [key.text, value.text]
          : [key.text, value.text, { to: action.href, text: action.text }]
      })
      return Rows({ rows: drawn })
    },
    fixtures: ['attributes', 'actions href', 'single action with anchor'],
  },
}

/** Where ours differs from theirs, after theirs was changed in what we do otherwise on purpose. */
function faultsOf(component: string, theirs: string, ours: string): string[] {
  const meant = linesOf(theirs).flatMap((line) =>
    MARKUP_ON_PURPOSE.reduce((text, change) => {
      if (!change.of.includes(component)) return text
      const changed = text.replace(change.theirs, change.ours)
      if (changed !== text) seen.add(change)
      return changed
    }, line).split('\n'),
  )
  return differences(meant, linesOf(ours))
}
const seen = new Set<unknown>()

function fixture(component: string, name: string): { options: Data; html: string } {
  const file = JSON.parse(readFileSync(join(COMPONENTS, component, 'fixtures.json'), 'utf8'))
  const found = file.fixtures.find((one: { name: string }) => one.name === name)
  expect(found, `${component} has a fixture ${name}`).toBeDefined()
  return found
}

describe('our parts', () => {
  const cases = Object.entries(DRAWN).flatMap(([component, { fixtures }]) =>
    fixtures.map((name) => ({ component, name })),
  )
  test.each(cases)('[A11Y-11] draw $component $name as the library does', ({ component, name }) => {
    const { options, html } = fixture(component, name)
    const named = html.replaceAll(`name="${options.name}"`, `name="${nameOf(options)}"`)
    expect(faultsOf(component, named, String(DRAWN[component]?.draw(options)))).toEqual([])
  })

  test('draw every part that a form can have', () => {
    const drawn = Object.values(DRAWN).map(({ draw }) => String(draw))
    const parts = Object.keys({ ...formParts, Rows })
    const undrawn = parts.filter(
      (part) => !drawn.some((source) => new RegExp(`\\b${part}\\)?\\(`).test(source)),
    )
    expect(undrawn).toEqual([])
  })
})

describe('pieces that stand in the pages themselves', () => {
  let town: Town
  beforeAll(async () => {
    town = await openTown()
  })
  afterAll(() => closeBanks({ town }))

  test.each([
    ['skip-link', '/', /<a href="#main" class="govuk-skip-link.*?<\/a>/s],
    ['back-link', '/sign-in/desk', /<a href="\/" class="govuk-back-link.*?<\/a>/s],
    ['inset-text', '/desk/people/?new', /<div class="govuk-inset-text.*?<\/div>/s],
  ])('[A11Y-11] %s is as the library has it', async (component, path, piece) => {
    const caller = await callerOf(town, path.startsWith('/desk') ? 'coordinator' : 'nobody')
    const page = await caller.look(path.replace('?', `${town.ada.number}?`))
    const ours = piece.exec(page.text)?.[0] ?? ''
    const withoutWords = (html: string): string =>
      html.replace(/>[^<]+</g, '><').replace(/href="[^"]*"/g, 'href=""')
    const { html } = fixture(component, 'default')
    expect(faultsOf(component, withoutWords(html), withoutWords(ours))).toEqual([])
  })

  test('nothing is called on purpose that is no longer so', () => {
    expect(MARKUP_ON_PURPOSE.filter((one) => !seen.has(one)).map(({ why }) => why)).toEqual([])
  })
})
