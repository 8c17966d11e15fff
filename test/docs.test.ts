/** Do the documents say what is so? Links, tables that repeat the source, ids that tests prove, and shell blocks that run. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { RULES } from '../src/audit/rules.ts'
import { SETTINGS } from '../src/cli/config.ts'
import { EXIT } from '../src/cli/exit-codes.ts'
import { KINDS } from '../src/core/entry.ts'
import { LIMITS } from '../src/core/limits.ts'
import { REFUSALS } from '../src/core/refusal.ts'
import { FAULT_STATUS, REFUSAL_STATUS } from '../src/http/problem.ts'
import { ROUTES } from '../src/http/routes.ts'
import { told } from './cli/told.ts'
import { kindsIn, messagesIn } from './docs/layouts.ts'
import {
  allPages,
  anchorsOf,
  idsIn,
  linksOf,
  PROJECT,
  prose,
  quoted,
  readPage,
  tableUnder,
} from './docs/pages.ts'
import { firstMissing, stepsOf, walk } from './docs/terminal.ts'
import { bare, filesBelow } from './tidy/source.ts'

const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8')
const pages = allPages()
const spec = pages.filter(({ path }) => path.startsWith('docs/spec/'))

describe('pages', () => {
  test.each(pages)('$path names its reader first, and its links lead somewhere', (page) => {
    const [title, reader] = page.text.split('\n').filter((line) => line.trim() !== '')
    expect(title).toMatch(/^# \S/)
    expect(reader).toMatch(/^For .+[:.]/)
    const broken = linksOf(page).filter((link) => !leadsSomewhere(page.path, link))
    expect(broken).toEqual([])
  })

  test('every decision has its five parts and its number', () => {
    const decisions = pages.filter(({ path }) => path.startsWith('docs/decisions/'))
    decisions.forEach(({ path, text }, i) => {
      const number = String(i + 1).padStart(4, '0')
      expect(path).toMatch(new RegExp(`/${number}-[a-z0-9-]+\\.md$`))
      expect(text).toMatch(new RegExp(`^# ${number}: \\S`))
      for (const part of ['State', 'Question', 'Decision', 'What was refused', 'Consequences']) {
        expect(text, path).toContain(`**${part}**`)
      }
    })
    expect(decisions.length).toBeGreaterThan(0)
  })

  test('the architecture fits on one sheet', () => {
    expect(read('docs/architecture.md').split('\n').length).toBeLessThanOrEqual(150)
  })
})

describe('tables that repeat the source', () => {
  test('limits.md = core/limits.ts, names, figures and reasons', () => {
    const reasons = [...read('src/core/limits.ts').matchAll(/\/\*\*\s*([^*]*?)\s*\*\/\s*\n\s*(\w+):/g)]
    expect(reasons.map((match) => match[2])).toEqual(Object.keys(LIMITS))
    const wanted = reasons.map(([, reason, name]) => [
      `\`${name}\``,
      LIMITS[name as keyof typeof LIMITS].toLocaleString('en-US'),
      reason,
    ])
    expect(tableUnder(readPage('docs/spec/limits.md'), 'Name')).toEqual(wanted)
  })

  test('codes.md names every refusal, in order of precedence, with its status, and every fault', () => {
    const page = readPage('docs/spec/codes.md')
    const [refusals, faults] = page.text.split('## Faults') as [string, string]
    const rows = tableUnder({ ...page, text: refusals }, 'Code').map(([code = '', status]) => [
      quoted(code)[0],
      status,
    ])
    expect(rows).toEqual(REFUSALS.map((code) => [code, String(REFUSAL_STATUS[code])]))
    const codes = tableUnder({ ...page, text: faults }, 'Code').map(([code = '']) => quoted(code)[0])
    expect(codes).toEqual(Object.keys(FAULT_STATUS))
    expect(new Set(Object.values(FAULT_STATUS))).toEqual(new Set([503]))
  })

  test('http.md lists every address of the API', () => {
    const rows = tableUnder(readPage('docs/spec/http.md'), 'Method')
    expect(rows).toEqual(
      ROUTES.map(({ method, path, summary }) => [method.toUpperCase(), `\`${path}\``, summary]),
    )
  })

  test('[AUD-12] audit.md lists every rule with its severity and words', () => {
    const rows = tableUnder(readPage('docs/spec/audit.md'), 'Rule')
    expect(rows).toEqual(
      Object.entries(RULES).map(([id, { severity, what }]) => [`\`${id}\``, severity, what]),
    )
  })

  test('log.md lays out every kind of entry as core/entry.ts does', () => {
    const kinds = kindsIn(read('src/core/entry.ts'))
    expect(kinds.map(({ name, no }) => [name, no])).toEqual(
      Object.entries(KINDS).map(([name, { no }]) => [name, no]),
    )
    const rows = tableUnder(readPage('docs/spec/log.md'), 'No')
    const written = rows.map(([no, kind = '', body = '']) => ({
      no: Number(no),
      name: quoted(kind)[0],
      fields: quoted(body),
    }))
    expect(written).toEqual([...kinds].sort((a, b) => a.no - b.no))
  })

  test('peer.md lays out every message as peer/messages.ts does', () => {
    const messages = messagesIn(read('src/peer/messages.ts'))
    const rows = tableUnder(readPage('docs/spec/peer.md'), 'No')
    const written = rows.map(([no, name = '', fields = '']) => ({
      no: Number(no),
      name: quoted(name)[0],
      fields: quoted(fields),
    }))
    expect(written).toEqual([...messages].sort((a, b) => a.no - b.no))
    expect(messages.length).toBeGreaterThan(10)
  })

  test('cli.md lists every command, exit code and setting', async () => {
    const page = readPage('docs/spec/cli.md')
    const first = (heading: string): string[] =>
      tableUnder(page, heading).map(([cell = '']) => quoted(cell)[0] ?? cell)
    expect(first('Command')).toEqual(await commands())
    expect(first('Code').map(Number)).toEqual(Object.values(EXIT).sort((a, b) => a - b))
    const settings = Object.entries(SETTINGS).map(([name, { usual, help }]) => [
      `\`${name}\``,
      typeof usual === 'object' ? 'none' : String(usual),
      help,
    ])
    expect(tableUnder(page, 'Setting')).toEqual(settings)
  })

  test('the decision on dependencies lists what package.json does, at the same versions', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    const page = readPage('docs/decisions/0003-dependencies.md')
    const rows = [...page.text.matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)].map((match) => [match[1], match[2]])
    expect(rows).toEqual(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
  })
})

describe.skipIf(process.platform === 'win32')('commands on pages run as they stand', () => {
  test.each([
    ['README.md', ['README.md']],
    ['the tutorials', ['docs/tutorials/two-banks.md', 'docs/tutorials/audit-a-bank.md']],
  ])('%s', async (_, paths) => {
    const walked = paths.map(readPage)
    for (const page of walked) expect(stepsOf(page).length).toBeGreaterThan(2)
    expect(await walk(...walked)).toBeNull()
  })

  test.each([
    ['a command that fails', '```sh run\ntrue\nfalse\ntrue\n```\n', /:1 ended with 1/],
    ['a line that is not printed', '```sh run\necho one\n```\n```text\ntwo\n```\n', /did not print "two"/],
    ['lines in another order', '```sh run\necho b; echo a\n```\n```text\na\nb\n```\n', /did not print "b"/],
    ['a command that nobody has', '```sh run\ncommonhour-nowhere\n```\n', /ended with 127/],
    [
      'a terminal that says nothing',
      '```sh run terminal\nexit 3\n```\n```text\n...serving...\n```\n',
      /serving/,
    ],
  ])('and this is noticed: %s', async (_, text, problem) => {
    expect(await walk({ path: 'page.md', text })).toMatch(problem)
  })

  test('what a page shows may leave things out, and variables last from block to block', async () => {
    const text =
      '```sh run\nname=Ada\n```\nThen:\n```sh run\necho "$name   was  here today"\n```\n```text\nAda was ... today\n```\n'
    expect(await walk({ path: 'page.md', text })).toBeNull()
    expect(firstMissing('a.c\n', ['abc'])).toBe('abc')
  })
})

describe('requirement ids', () => {
  test('every id of the specification stands in the title of a test', () => {
    const proven = new Set(titles().flatMap(idsIn))
    const wanted = [...new Set(spec.flatMap((page) => idsIn(prose(page))))].sort()
    expect(wanted.length).toBeGreaterThan(50)
    expect(wanted.filter((id) => !proven.has(id))).toEqual([])
  })

  test('an id begins one sentence of the specification only', () => {
    const defined = spec.flatMap((page) =>
      [...prose(page).matchAll(/^- (\[[A-Z0-9-]+\])/gm)].map((match) => match[1] as string),
    )
    const twice = defined.filter((id, i) => defined.indexOf(id) !== i)
    expect(twice.filter((id) => !['[SIG-4]'].includes(id))).toEqual([])
  })
})

/** Every command of the program as its help shows them, a noun's verbs in its place. */
async function commands(): Promise<string[]> {
  const found: string[] = []
  for (const name of await namesIn(['--help'])) {
    const verbs = await namesIn([name, '--help'])
    if (verbs.length === 0) found.push(name)
    for (const verb of verbs) found.push(`${name} ${verb}`)
  }
  return found
}

async function namesIn(argv: readonly string[]): Promise<string[]> {
  const { out: printed } = await told(argv)
  const listed = printed.split('\nCommands:\n')[1]?.split('\n\nExamples:')[0] ?? ''
  return [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map((match) => match[1] as string)
    .filter((name) => name !== 'help')
}

/** Strings of the tests outside comments: titles, and rows of tables whose first cell is the title. */
function titles(): string[] {
  const found: string[] = []
  for (const path of filesBelow(PROJECT, ['test']).filter(
    (one) => one.endsWith('.ts') && !one.startsWith('test/docs'),
  )) {
    const text = read(path)
    const code = bare(text)
    for (const match of code.matchAll(/(['"`])(\s*)\1/g)) {
      found.push(text.slice(match.index + 1, match.index + 1 + (match[2] as string).length))
    }
    // A title with a figure in it is a template, whose code stays visible.
    for (const match of text.matchAll(/\b(?:test|describe)(?:\.\w+)*\(\s*`([^`]*)`/g))
      found.push(match[1] as string)
  }
  return found
}

function leadsSomewhere(from: string, link: string): boolean {
  if (/^https?:\/\//.test(link)) return true
  const [file = '', anchor] = link.split('#')
  const path = file === '' ? from : normalize(join(dirname(from), file))
  if (!existsSync(join(PROJECT, path)) || path.startsWith('..')) return false
  if (anchor === undefined) return true
  return statSync(join(PROJECT, path)).isFile() && anchorsOf(readPage(path)).has(anchor)
}
