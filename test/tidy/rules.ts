/**
 * What may a line of this project not do? Each rule looks at the sources and gives sentences about what it finds;
 * none reads a file itself, so that a test can hand it a source that breaks it.
 */
import {
  ADAPTERS,
  APART,
  BEYOND_THE_ROOMS,
  COMPOSITION_ROOT,
  EMPTY_NAMES,
  EMPTY_WORDS,
  EMPTY_WORDS_ALLOWED,
  FORGERS,
  LONG_FILES,
  LONG_FUNCTIONS,
  MACHINE_USERS,
  PACKAGES,
  ROOMS,
} from './rooms.ts'
import { functionsOf, importsOf, lineAt, type Source, topLevelNames } from './source.ts'

export type Rule = (sources: readonly Source[]) => string[]

const FILE_LINES = 300
const FUNCTION_LINES = 70

/** Path below `src`, or null outside it. */
function inSrc(path: string): string | null {
  return path.startsWith('src/') ? path.slice('src/'.length) : null
}

function roomOf(path: string): string {
  const below = inSrc(path) ?? path
  return below.split('/')[0] as string
}

/** Where a relative import leads, as a path of the project. */
function target(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith('/') ? path.startsWith(pattern) : path === pattern
}

function own(sources: readonly Source[]): Source[] {
  return sources.filter(({ path }) => inSrc(path) !== null)
}

/** Every relative import as (from, to), with the sentence-start that names the place. */
function* edges(sources: readonly Source[]): Generator<{ from: string; to: string; where: string }> {
  for (const source of own(sources)) {
    for (const { specifier, line } of importsOf(source)) {
      if (!specifier.startsWith('.')) continue
      yield { from: source.path, to: target(source.path, specifier), where: `${source.path}:${line}` }
    }
  }
}

/** Imports go down only, along the table of rooms; type imports count. */
export const layerDirection: Rule = (sources) => {
  const problems: string[] = []
  for (const { path } of own(sources)) {
    if (ROOMS[roomOf(path)] === undefined)
      problems.push(`${path}: src/${roomOf(path)} is no room of the house`)
  }
  for (const { from, to, where } of edges(sources)) {
    const [here, there] = [roomOf(from), roomOf(to)]
    if (inSrc(to) === null) problems.push(`${where} leaves src for ${to}`)
    for (const { who, never, why } of APART) {
      if (who.test(from) && never.test(to)) problems.push(`${where} imports ${to}: ${why}`)
    }
    if (here === there || isAllowed(from, to)) continue
    const room = ROOMS[here]
    const path = inSrc(to) ?? to
    const forbidden = room?.never?.some((pattern) => covers(pattern, path)) ?? false
    if (forbidden || !room?.may.some((pattern) => covers(pattern, path))) {
      problems.push(`${where} (${room?.level}) must not import ${to} (${ROOMS[there]?.level})`)
    }
  }
  return problems
}

function isAllowed(from: string, to: string): boolean {
  return BEYOND_THE_ROOMS.some((one) => `src/${one.from}` === from && `src/${one.to}` === to)
}

/** No file reaches itself, not even through types. */
export const noCycles: Rule = (sources) => {
  const next = new Map<string, string[]>()
  for (const { from, to } of edges(sources)) next.set(from, [...(next.get(from) ?? []), to])
  const problems: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) problems.push(`cycle: ${[...trail.slice(at), path].join(' -> ')}`)
    if (at >= 0 || done.has(path)) return
    for (const to of next.get(path) ?? []) walk(to, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) walk(path, [])
  return problems
}

/** An import names an existing file with its ending; nothing is handed on by a barrel. */
export const plainImports: Rule = (sources) => {
  const paths = new Set(sources.map(({ path }) => path))
  const problems: string[] = []
  for (const { to, where } of edges(sources)) {
    if (!paths.has(to)) problems.push(`${where} imports ${to}, which is no file`)
    if (to === 'src/index.ts') problems.push(`${where} imports the front door`)
  }
  for (const source of own(sources)) {
    for (const { line, handsOn } of importsOf(source)) {
      if (handsOn && source.path !== 'src/index.ts')
        problems.push(`${source.path}:${line} hands on another file's names`)
    }
    for (const match of source.code.matchAll(/\bexport\s+\*/g)) {
      problems.push(`${source.path}:${lineAt(source, match.index)} exports everything of a file`)
    }
  }
  return problems
}

/** Packages and Node modules are imported where the table says, and nowhere else. */
export const packagesAtHome: Rule = (sources) => {
  const problems: string[] = []
  for (const source of own(sources)) {
    for (const { specifier, line } of importsOf(source)) {
      if (specifier.startsWith('.')) continue
      const homes = PACKAGES[packageOf(specifier)]
      const path = inSrc(source.path) as string
      if (homes?.some((home) => covers(home, path))) continue
      problems.push(
        `${source.path}:${line} imports ${specifier}, ${homes === undefined ? 'which the table does not know' : 'which is at home elsewhere'}`,
      )
    }
  }
  return problems
}

/** The package of a specifier; Node's modules whole. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Only node/commit.ts appends to the log and signs this bank's checkpoints. */
export const oneCommitPoint: Rule = (sources) =>
  hits(
    own(sources).filter(({ path }) => path !== 'src/node/commit.ts' && !FORGERS.includes(path)),
    [
      { found: /\bsignCheckpoint\b/g, except: ['src/log/checkpoint.ts'], says: 'signs a checkpoint' },
      { found: /\b(store|tree)\.append\s*\(/gi, except: [], says: 'appends' },
      {
        found: /\bput:\s*(entryKey|edgeKey|tileKey|headKey|checkpointKey)\b/g,
        except: [],
        says: 'writes a row of the log',
      },
    ],
  )

/** Adapters are chosen in one place. */
export const oneCompositionRoot: Rule = (sources) => {
  const problems: string[] = []
  for (const { from, to, where } of edges(sources)) {
    if (!ADAPTERS.includes(inSrc(to) ?? to)) continue
    const chooser = COMPOSITION_ROOT.some((root) => covers(root, inSrc(from) ?? from))
    if (!chooser && roomOf(from) !== roomOf(to)) problems.push(`${where} picks the adapter ${to}`)
  }
  return problems
}

/** Same input, same output: nothing in core and log waits, reads a clock, draws chance or keeps a changing thing. */
export const pureRules: Rule = (sources) =>
  hits(
    own(sources).filter(({ path }) => /^src\/(core|log)\//.test(path)),
    [
      { found: /\b(async|await|Promise)\b/g, except: [], says: 'waits' },
      { found: /\b(Date|performance|Temporal)\b/g, except: [], says: 'reads a clock' },
      {
        found: /\b(randomBytes|randomUUID|randomInt|getRandomValues|Math\s*\.\s*random)\b/g,
        except: [],
        says: 'draws chance',
      },
      {
        found: /\b(set(Timeout|Interval|Immediate)|queueMicrotask|fetch|globalThis)\b/g,
        except: [],
        says: 'reaches for the machine',
      },
      { found: /\b(process|console)\s*\./g, except: [], says: 'reaches for the machine' },
      { found: /^(?:export\s+)?(?:let|var)\s/gm, except: [], says: 'keeps something that changes' },
    ],
  )

const MACHINE = [
  /\bDate\.now\b/g,
  /\bnew Date\(\s*\)/g,
  /\bMath\.random\b/g,
  /\bset(?:Timeout|Interval|Immediate)\b/g,
  /\bAbortSignal\.timeout\b/g,
  /\bprocess\./g,
  /\bconsole\./g,
  /\bperformance\./g,
]

/** Clock, chance, process and console are handed in; a few adapters are the exception, one by one. */
export const machineHandedIn: Rule = (sources) => {
  const problems: string[] = []
  for (const source of own(sources)) {
    const path = inSrc(source.path) as string
    if (['machine.ts', 'serve.ts', 'cli'].includes(roomOf(source.path))) continue
    const allowed = MACHINE_USERS[path]?.words ?? []
    const used = new Set<string>()
    for (const word of MACHINE) {
      for (const match of source.code.matchAll(word)) {
        used.add(match[0])
        if (!allowed.includes(match[0]))
          problems.push(`${source.path}:${lineAt(source, match.index)} uses ${match[0]}`)
      }
    }
    for (const word of allowed)
      if (!used.has(word)) problems.push(`${source.path} is allowed ${word} and does not use it`)
  }
  return problems
}

/** Nothing asks in which surroundings it runs, and nothing is left for later. */
export const nothingHidden: Rule = (sources) => {
  const problems: string[] = []
  const words = [`NODE${'_'}ENV`, `TO${'DO'}`, `FIX${'ME'}`, `XX${'X'}`]
  for (const { path, text } of sources) {
    for (const word of words) {
      for (const match of text.matchAll(new RegExp(`\\b${word}\\b`, 'g'))) {
        problems.push(`${path}:${text.slice(0, match.index).split('\n').length} says ${word}`)
      }
    }
  }
  return problems
}

/** Types are not talked out of what they know. */
export const honestTypes: Rule = (sources) =>
  hits(own(sources), [
    { found: /\bas\s+unknown\s+as\b/g, except: [], says: 'casts through unknown' },
    { found: /(:|<|\bas)\s*any\b/g, except: [], says: 'says any' },
    { found: /\b(enum|namespace)\s+[A-Z]/g, except: [], says: 'declares what types alone cannot erase' },
  ])

/** A refusal is made by `refuse` from the closed list. */
export const refusalsFromTheList: Rule = (sources) =>
  hits(own(sources), [
    { found: /\brefusal:\s*\{\s*code\b/g, except: ['src/core/refusal.ts'], says: 'makes a refusal by hand' },
  ])

/** Names say something. */
export const namesSaySomething: Rule = (sources) => {
  const problems: string[] = []
  for (const source of own(sources)) {
    for (const part of source.path.split('/')) {
      const word = emptyIn(part.replace(/\.\w+$/, ''))
      if (word !== undefined) problems.push(`${source.path}: "${word}" names nothing`)
    }
    for (const { name, line } of topLevelNames(source)) {
      const word = emptyIn(name)
      if (word === undefined || EMPTY_WORDS_ALLOWED[`${source.path} ${name}`] !== undefined) continue
      problems.push(`${source.path}:${line} ${name}: "${word}" names nothing`)
    }
  }
  return problems
}

function emptyIn(name: string): string | undefined {
  if (EMPTY_NAMES.includes(name.toLowerCase())) return name
  return wordsOf(name).find((word) => EMPTY_WORDS.includes(word))
}

function wordsOf(name: string): string[] {
  return name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .map((word) => word.toLowerCase())
}

/** A file answers one question and says which in its first sentence. */
export const asksAQuestion: Rule = (sources) => {
  const problems: string[] = []
  for (const { path, text } of sources.filter((source) => /^(src|bin)\//.test(source.path))) {
    const comment = /^(?:#!.*\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1]
    const words =
      comment
        ?.replaceAll(/^\s*\*/gm, '')
        .replaceAll(/\s+/g, ' ')
        .trim() ?? ''
    // A full stop ends a sentence only before a blank: `package.json` and `1.0.0` do not.
    const sentence = /^.*?[.?!](?=\s|$)/.exec(words)?.[0] ?? words
    if (!sentence.endsWith('?')) problems.push(`${path} does not begin with its question`)
  }
  return problems
}

/** A file fits a sitting and a function fits a screen; longer ones are on a list with a reason and a bound. */
export const fitsAScreen: Rule = (sources) => {
  const problems: string[] = []
  for (const source of own(sources)) {
    const lines = source.text.trimEnd().split('\n').length
    const most = LONG_FILES[source.path]?.most ?? FILE_LINES
    if (lines > most) problems.push(`${source.path} has ${lines} lines, more than ${most}`)
    if (LONG_FILES[source.path] !== undefined && lines <= FILE_LINES) {
      problems.push(`${source.path} stands on the list of long files and has ${lines} lines`)
    }
    for (const block of functionsOf(source)) {
      const key = `${source.path} ${block.name}`
      if (block.lines > (LONG_FUNCTIONS[key]?.most ?? FUNCTION_LINES)) {
        problems.push(`${source.path}:${block.line} ${block.name} has ${block.lines} lines`)
      }
    }
  }
  return problems
}

/** Every test runs. */
export const noTestLeftOut: Rule = (sources) =>
  hits(
    sources.filter(({ path }) => path.endsWith('.test.ts')),
    [{ found: /\b(test|it|describe)\.(only|skip|todo)\b/g, except: [], says: 'leaves a test out' }],
  )

/** No file names the address of a package registry: whoever installs says where from. */
export const noRegistry: Rule = (sources) => {
  const hosts = new RegExp(
    [
      'registry\\.[a-z0-9-]+\\.[a-z]{2,}',
      `npm${'mirror'}\\.`,
      `npm\\.pkg\\.${'github'}`,
      `py${'pi'}\\.org`,
      `proxy\\.${'golang'}`,
    ].join('|'),
    'i',
  )
  const problems: string[] = []
  for (const { path, text } of sources) {
    for (const [i, line] of text.split('\n').entries())
      if (hosts.test(line)) problems.push(`${path}:${i + 1} names a registry`)
  }
  return problems
}

function hits(
  sources: readonly Source[],
  rules: readonly { readonly found: RegExp; readonly except: readonly string[]; readonly says: string }[],
): string[] {
  const problems: string[] = []
  for (const source of sources) {
    for (const { found, except, says } of rules) {
      if (except.includes(source.path)) continue
      for (const match of source.code.matchAll(found)) {
        problems.push(`${source.path}:${lineAt(source, match.index)} ${says} (${match[0].trim()})`)
      }
    }
  }
  return problems
}
