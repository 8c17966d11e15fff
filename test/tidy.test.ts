/** Does the house stand as its style says? The firm rules on every source, and proof that each rule bites. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { REFUSALS } from '../src/core/refusal.ts'
import {
  ADAPTERS,
  BEYOND_THE_ROOMS,
  EMPTY_WORDS_ALLOWED,
  FORGERS,
  LONG_FILES,
  LONG_FUNCTIONS,
  MACHINE_USERS,
  PACKAGES,
  ROOMS,
  TOP_LEVEL,
  UNGIVEN_REFUSALS,
  UNSEEN_PACKAGES,
} from './tidy/rooms.ts'
import * as rules from './tidy/rules.ts'
import {
  bare,
  filesBelow,
  functionsOf,
  importsOf,
  readSources,
  type Source,
  sourceOf,
  topLevelNames,
} from './tidy/source.ts'

const PROJECT = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8')

const src = readSources(PROJECT, ['src'])
const code = readSources(PROJECT, ['src', 'bin', 'test'])
/** Everything that is written by hand, documents included. */
const written: Source[] = [
  ...code,
  ...filesBelow(PROJECT, ['docs', '.ci'])
    .concat(TOP_LEVEL.filter((name) => /\.|LICENSE/.test(name) && !/^\.(git|ci)$/.test(name)))
    .filter((path) => existsSync(join(PROJECT, path)) && !path.endsWith('.png'))
    .map((path) => ({ path, text: read(path), code: '' })),
]

describe('the firm five', () => {
  test('imports go down only, along the table of rooms, types included', () => {
    expect(rules.layerDirection(src)).toEqual([])
  })

  test('there is no import cycle, types included', () => {
    expect(rules.noCycles(src)).toEqual([])
  })

  test('[CRASH-3] one commit point: only node/commit.ts appends to the log or signs a checkpoint', () => {
    expect(rules.oneCommitPoint(src)).toEqual([])
    expect(read('src/node/commit.ts')).toMatch(/signCheckpoint\(/)
    expect(read('src/node/commit.ts')).toMatch(/store\.append\(/)
  })

  test('one composition root: adapters are picked in serve.ts alone', () => {
    expect(rules.oneCompositionRoot(src)).toEqual([])
  })

  test('core and log are pure', () => {
    expect(rules.pureRules(src)).toEqual([])
  })

  test('refusals come from the closed list, and every one of the list is used', () => {
    expect(rules.refusalsFromTheList(src)).toEqual([])
    const elsewhere = src.filter(({ path }) => path !== 'src/core/refusal.ts').map(({ text }) => text)
    const unused = REFUSALS.filter((code) => !elsewhere.some((text) => text.includes(`'${code}'`)))
    expect(unused).toEqual(Object.keys(UNGIVEN_REFUSALS))
    expect(new Set(REFUSALS).size).toBe(REFUSALS.length)
  })
})

describe('the house rules', () => {
  test('[ENC-9] packages and Node modules are imported where they are at home; cbor-x in one file', () => {
    expect(rules.packagesAtHome(src)).toEqual([])
  })

  test.each([
    ['imports name files, and nothing is handed on', rules.plainImports],
    ['clock, chance, process and console are handed in', rules.machineHandedIn],
    ['types are honest', rules.honestTypes],
    ['names say something', rules.namesSaySomething],
    ['files and functions fit, or stand on the list', rules.fitsAScreen],
  ])('%s', (_, rule) => {
    expect(rule(src)).toEqual([])
  })

  test.each([
    ['every file of src and bin begins with its question', rules.asksAQuestion],
    ['no test is left out', rules.noTestLeftOut],
  ])('%s', (_, rule) => {
    expect(rule(code)).toEqual([])
  })

  test.each([
    ['nothing is hidden behind surroundings or left for later', rules.nothingHidden],
    ['no file names a package registry', rules.noRegistry],
  ])('%s', (_, rule) => {
    expect(rule(written)).toEqual([])
  })

  test('the lists of exceptions name only what is there', () => {
    const paths = new Set(src.map(({ path }) => path))
    const named = [
      ...Object.keys(MACHINE_USERS).map((path) => `src/${path}`),
      ...ADAPTERS.map((path) => `src/${path}`),
      ...Object.keys(LONG_FILES),
      ...FORGERS,
      ...Object.keys(LONG_FUNCTIONS).map((key) => key.split(' ')[0] as string),
      ...Object.keys(EMPTY_WORDS_ALLOWED).map((key) => key.split(' ')[0] as string),
    ]
    expect(named.filter((path) => !paths.has(path))).toEqual([])
    const functions = src.flatMap((source) =>
      functionsOf(source).map(({ name, lines }) => ({ key: `${source.path} ${name}`, lines })),
    )
    const idle = Object.keys(LONG_FUNCTIONS).filter(
      (key) => !functions.some((one) => one.key === key && one.lines > 70),
    )
    expect(idle).toEqual([])
    const edges = src.flatMap((source) =>
      importsOf(source).map(({ specifier }) => `${source.path} ${specifier}`),
    )
    const unneeded = BEYOND_THE_ROOMS.filter(
      ({ from, to }) => !edges.some((edge) => edge.startsWith(`src/${from} `) && edge.endsWith(`/${to}`)),
    )
    expect(unneeded).toEqual([])
    const names = src.flatMap((source) => topLevelNames(source).map(({ name }) => `${source.path} ${name}`))
    expect(Object.keys(EMPTY_WORDS_ALLOWED).filter((key) => !names.includes(key))).toEqual([])
  })
})

describe('the project as a whole', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean }>
  }

  test('nothing lies at the top that does not belong there', () => {
    const ignored = read('.gitignore')
      .split('\n')
      .map((line) => line.replace(/\/$/, ''))
    const found = readdirSync(PROJECT).filter(
      (name) => !ignored.includes(name) && !name.endsWith('.tsbuildinfo'),
    )
    expect(found.filter((name) => !TOP_LEVEL.includes(name))).toEqual([])
  })

  test('every dependency is pinned to one version, and the lock has the same', () => {
    for (const group of ['dependencies', 'devDependencies', 'overrides']) {
      for (const [name, version] of Object.entries(manifest[group] ?? {})) {
        expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
        expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
      }
    }
  })

  test('the lock names contents and no addresses', () => {
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (path === '') continue
      expect(entry.resolved, path).toBeUndefined()
      expect(entry.integrity, path).toMatch(/^sha512-/)
    }
  })

  test('every dependency has a room and a user, and every room is there', () => {
    const used = new Set(
      src.flatMap((source) => importsOf(source).map(({ specifier }) => rules.packageOf(specifier))),
    )
    const wanted = Object.keys(manifest.dependencies ?? {})
    expect(wanted.filter((name) => PACKAGES[name] === undefined)).toEqual([])
    expect(wanted.filter((name) => !used.has(name))).toEqual(Object.keys(UNSEEN_PACKAGES))
    expect(
      Object.keys(PACKAGES).filter((name) => !name.startsWith('node:') && !wanted.includes(name)),
    ).toEqual([])
    expect(Object.keys(ROOMS).filter((room) => !existsSync(join(PROJECT, 'src', room)))).toEqual([])
  })
})

describe('each rule bites', () => {
  const source = (path: string, text: string): Source => sourceOf(path, text)
  const empty = (path: string): Source => source(path, '')

  test.each<[string, rules.Rule, Source[], RegExp]>([
    [
      'core imports log',
      rules.layerDirection,
      [source('src/core/a.ts', "import { b } from '../log/b.ts'\n"), empty('src/log/b.ts')],
      /L0.*L1/,
    ],
    [
      'a type goes up too',
      rules.layerDirection,
      [source('src/log/a.ts', "import type { B } from '../node/b.ts'\n")],
      /L1.*L3/,
    ],
    [
      'a type in passing',
      rules.layerDirection,
      [source('src/store/a.ts', "let b: import('../peer/ports.ts').B\n")],
      /store.*peer/,
    ],
    [
      'store and peer are apart',
      rules.layerDirection,
      [source('src/peer/a.ts', "import { s } from '../store/store.ts'\n")],
      /peer.*store/,
    ],
    [
      'node knows ports, not adapters',
      rules.layerDirection,
      [source('src/node/a.ts', "import { l } from '../store/level-store.ts'\n")],
      /level-store/,
    ],
    [
      'the audit leans on the ledger',
      rules.layerDirection,
      [source('src/audit/a.ts', "import { apply } from '../core/ledger/apply.ts'\n")],
      /ledger/,
    ],
    [
      'the judge uses the rules it judges',
      rules.layerDirection,
      [source('src/core/audit/a.ts', "import { roomToSend } from '../line.ts'\n")],
      /second opinion/,
    ],
    [
      'the ledger leans on the judge',
      rules.layerDirection,
      [source('src/core/ledger/a.ts', "import { b } from '../audit/book.ts'\n")],
      /judge/,
    ],
    ['a room nobody planned', rules.layerDirection, [empty('src/tools/a.ts')], /no room/],
    [
      'out of src',
      rules.layerDirection,
      [source('src/core/a.ts', "import { t } from '../../test/t.ts'\n")],
      /leaves src/,
    ],
    [
      'the cli opens a database',
      rules.layerDirection,
      [source('src/cli/a.ts', "import { o } from '../store/level-store.ts'\n")],
      /level-store/,
    ],
    [
      'a cycle of two, one way by a type',
      rules.noCycles,
      [
        source('src/core/a.ts', "import { b } from './b.ts'\n"),
        source('src/core/b.ts', "import type { A } from './a.ts'\n"),
      ],
      /a\.ts -> src\/core\/b\.ts -> src\/core\/a\.ts|b\.ts -> src\/core\/a\.ts -> src\/core\/b\.ts/,
    ],
    [
      'a file that imports itself',
      rules.noCycles,
      [source('src/core/a.ts', "import { x } from './a.ts'\n")],
      /cycle/,
    ],
    [
      'an import without its ending',
      rules.plainImports,
      [source('src/core/a.ts', "import { b } from './b'\n"), empty('src/core/b.ts')],
      /no file/,
    ],
    [
      'a barrel',
      rules.plainImports,
      [source('src/core/all.ts', "export { b } from './b.ts'\n"), empty('src/core/b.ts')],
      /hands on/,
    ],
    [
      'a barrel of types over lines',
      rules.plainImports,
      [source('src/core/all.ts', "export type {\n  B,\n} from './b.ts'\n"), empty('src/core/b.ts')],
      /hands on/,
    ],
    [
      'everything of a file',
      rules.plainImports,
      [source('src/index.ts', "export * from './core/b.ts'\n"), empty('src/core/b.ts')],
      /everything/,
    ],
    [
      'cbor-x a second time',
      rules.packagesAtHome,
      [source('src/core/b.ts', "import { encode } from 'cbor-x'\n")],
      /elsewhere/,
    ],
    [
      'a package nobody chose',
      rules.packagesAtHome,
      [source('src/core/b.ts', "import left from 'left-pad'\n")],
      /does not know/,
    ],
    [
      'the disk in core',
      rules.packagesAtHome,
      [source('src/core/b.ts', "import { readFileSync } from 'node:fs'\n")],
      /elsewhere/,
    ],
    [
      'libp2p in node',
      rules.packagesAtHome,
      [source('src/node/b.ts', "import type { Stream } from '@libp2p/interface'\n")],
      /elsewhere/,
    ],
    [
      'hono in register',
      rules.packagesAtHome,
      [source('src/register/b.ts', "import { Hono } from 'hono'\n")],
      /elsewhere/,
    ],
    [
      'a second signer',
      rules.oneCommitPoint,
      [source('src/node/pay.ts', "import { signCheckpoint } from '../log/checkpoint.ts'\n")],
      /signs/,
    ],
    [
      'a second writer',
      rules.oneCommitPoint,
      [source('src/register/a.ts', 'await parts.store.append([row])\n')],
      /appends/,
    ],
    [
      'a private store field',
      rules.oneCommitPoint,
      [source('src/node/a.ts', 'await this.#store.append(rows)\n')],
      /appends/,
    ],
    [
      'a log row among private rows',
      rules.oneCommitPoint,
      [source('src/node/a.ts', 'rows.push({ put: entryKey(0, 1), value })\n')],
      /row of the log/,
    ],
    [
      'an adapter in http',
      rules.oneCompositionRoot,
      [source('src/http/a.ts', "import { x } from '../peer/libp2p-host.ts'\n")],
      /picks/,
    ],
    [
      'waiting in core',
      rules.pureRules,
      [source('src/core/a.ts', 'export async function a() {}\n')],
      /waits/,
    ],
    [
      'a promise in log',
      rules.pureRules,
      [source('src/log/a.ts', 'export const a = (): Promise<void> => b()\n')],
      /waits/,
    ],
    [
      'a clock in core',
      rules.pureRules,
      [source('src/core/a.ts', 'export const now = new Date()\n')],
      /clock/,
    ],
    [
      'chance in core',
      rules.pureRules,
      [source('src/core/a.ts', 'export const dice = Math.random()\n')],
      /chance/,
    ],
    ['a print in log', rules.pureRules, [source('src/log/a.ts', 'console.log(1)\n')], /machine/],
    ['a counter in core', rules.pureRules, [source('src/core/a.ts', 'let count = 0\n')], /changes/],
    [
      'a clock in node',
      rules.machineHandedIn,
      [source('src/node/a.ts', 'const now = Date.now()\n')],
      /Date\.now/,
    ],
    [
      'a timer in register',
      rules.machineHandedIn,
      [source('src/register/a.ts', 'setTimeout(run, 5)\n')],
      /setTimeout/,
    ],
    [
      'a deadline by the machine in audit',
      rules.machineHandedIn,
      [source('src/audit/a.ts', 'AbortSignal.timeout(5)\n')],
      /timeout/,
    ],
    ['process in http', rules.machineHandedIn, [source('src/http/a.ts', 'process.exit(1)\n')], /process/],
    [
      'an exception that is not needed',
      rules.machineHandedIn,
      [empty('src/store/durable.ts')],
      /does not use it/,
    ],
    [
      'surroundings',
      rules.nothingHidden,
      [source('src/cli/a.ts', `if (process.env.NODE${'_'}ENV === 'test') x()\n`)],
      /ENV/,
    ],
    ['left for later', rules.nothingHidden, [source('docs/a.md', `TO${'DO'} explain\n`)], /says/],
    [
      'a cast through unknown',
      rules.honestTypes,
      [source('src/core/a.ts', 'const b = a as unknown as B\n')],
      /unknown/,
    ],
    ['any', rules.honestTypes, [source('src/core/a.ts', 'function a(b: any) {}\n')], /any/],
    ['an enum', rules.honestTypes, [source('src/core/a.ts', 'export enum Colour { Red }\n')], /erase/],
    [
      'a refusal by hand',
      rules.refusalsFromTheList,
      [source('src/node/a.ts', "return { ok: false, refusal: { code: 'odd', facts: {} } }\n")],
      /by hand/,
    ],
    ['a file called helpers', rules.namesSaySomething, [empty('src/core/test-helpers.ts')], /helpers/],
    ['a folder called shared', rules.namesSaySomething, [empty('src/shared/a.ts')], /shared/],
    [
      'a manager',
      rules.namesSaySomething,
      [source('src/node/a.ts', 'export class AccountManager {}\n')],
      /manager/,
    ],
    ['a service', rules.namesSaySomething, [source('src/node/a.ts', 'type PAYService = 1\n')], /service/],
    [
      'a file without a question',
      rules.asksAQuestion,
      [source('src/core/a.ts', '/** Rules of lines. What else? */\n')],
      /question/,
    ],
    [
      'a file without a comment',
      rules.asksAQuestion,
      [source('src/core/a.ts', "import { b } from './b.ts'\n")],
      /question/,
    ],
    ['a long file', rules.fitsAScreen, [source('src/core/a.ts', 'x\n'.repeat(301))], /301 lines/],
    [
      'a long function',
      rules.fitsAScreen,
      [source('src/core/a.ts', `function long(): void {\n${'  x()\n'.repeat(70)}}\n`)],
      /long has 72/,
    ],
    [
      'a long method',
      rules.fitsAScreen,
      [source('src/core/a.ts', `class A {\n  b(c: D): E | null {\n${'    x()\n'.repeat(70)}  }\n}\n`)],
      /b has 72/,
    ],
    [
      'a long arrow',
      rules.fitsAScreen,
      [source('src/core/a.ts', `export const c = (d: E): F => {\n${'  x()\n'.repeat(70)}}\n`)],
      /c has 72/,
    ],
    [
      'a skipped test',
      rules.noTestLeftOut,
      [source('test/a.test.ts', `test.${'skip'}('x', () => {})\n`)],
      /left|leaves/,
    ],
    [
      'an only',
      rules.noTestLeftOut,
      [source('test/a.test.ts', `describe.${'only'}('x', () => {})\n`)],
      /leaves/,
    ],
    [
      'a registry',
      rules.noRegistry,
      [source('docs/a.md', `from https://registry.${'example'}.org/x\n`)],
      /registry/,
    ],
  ])('%s', (_, rule, sources, problem) => {
    expect(rule(sources).join('\n')).toMatch(problem)
  })

  test.each<[string, rules.Rule, Source]>([
    [
      'what a comment or a string says does not count',
      rules.pureRules,
      source('src/core/a.ts', "// await Date.now()\nconst a = 'process.exit' + `new Date()` /* async */\n"),
    ],
    [
      'a regular expression is no code',
      rules.pureRules,
      source('src/core/a.ts', 'const a = /await "[/]console./.test(b)\n'),
    ],
    [
      'a long class of short methods',
      rules.fitsAScreen,
      source('src/core/a.ts', `class A {\n${'  b(): void {\n    c()\n  }\n'.repeat(40)}}\n`),
    ],
    [
      'a long table',
      rules.fitsAScreen,
      source('src/core/a.ts', `export const T = {\n${'  a: b,\n'.repeat(90)}}\n`),
    ],
    [
      'a question with dots inside',
      rules.asksAQuestion,
      source('src/core/a.ts', '/**\n * What is in package.json of\n * 1.0.0? Much.\n */\n'),
    ],
    [
      'commonhour is a name',
      rules.namesSaySomething,
      source('src/cli/commonhour.ts', 'const commonhour = 1\n'),
    ],
  ])('and spares: %s', (_, rule, one) => {
    expect(rule([one])).toEqual([])
  })

  test('the reader of sources keeps every character in its place', () => {
    const opening = '$'.concat('{')
    const text = `const a = \`x ${opening}b({ c: '}' })} y\` // z\nconst d = e / f / g\nreturn /'/.test(h)\n`
    const blanked = bare(text)
    expect(blanked).toHaveLength(text.length)
    expect(blanked).toContain(`${opening}b({ c: `)
    expect(blanked).toContain('const d = e / f / g')
    expect(blanked).not.toContain('z')
    expect(blanked.trimEnd().endsWith('.test(h)')).toBe(true)
  })
})
