import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { decodeEntry, KINDS } from '../../src/core/entry.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { decodeFrame } from '../../src/peer/messages.ts'
import { importsOf, readSources, type Source } from '../tidy/source.ts'
import { READ_ELSEWHERE, READERS_ELSEWHERE } from './elsewhere.ts'
import { entries, frames } from './material.ts'
import { TARGETS } from './targets.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))
const sources = readSources(PROJECT, ['src'])
const covered = new Set(TARGETS.flatMap(({ covers }) => covers))

/** Exported functions and classes whose names say that they read what somebody else wrote. */
const READER =
  /^export (?:async )?(?:function\*? |const |class )((?:decode|parse|open|read|peek|scan|from|verify|signatureShape|isPrivate|find)\w*|\w*Cutter)\b/gm

/** What turns bytes or text into values; a file that uses one of them reads something. */
const MACHINES =
  /(?<![.\w])decode\(|JSON\.parse\(|new TextDecoder\(|unzipSync\(|\.formData\(|(?<![.\w])multiaddr\(|(?<![.\w])parse<|(?<![.\w])parse\(text/

const pathOf = (source: Source): string => source.path.slice('src/'.length)
const readers = sources.flatMap((source) =>
  [...source.code.matchAll(READER)].map(([, name]) => `${pathOf(source)} ${name}`),
)

describe('[ADMIT-7] every decoder that can be reached from outside is tried', () => {
  test('each reader of bytes or text has a target, or a reason for none', () => {
    expect(readers.length).toBeGreaterThan(80)
    const untried = readers.filter((one) => !covered.has(one) && READERS_ELSEWHERE[one] === undefined)
    expect(untried).toEqual([])
  })

  test('each file that turns bytes into values is tried, or has a reason', () => {
    const files = sources.filter(({ code }) => MACHINES.test(code)).map(pathOf)
    expect(files.length).toBeGreaterThan(20)
    const tried = new Set([...covered].map((one) => one.split(' ')[0]))
    expect(files.filter((file) => !tried.has(file) && READ_ELSEWHERE[file] === undefined)).toEqual([])
  })

  test('targets and reasons name only what is there', () => {
    const known = new Set(readers)
    for (const one of [...covered, ...Object.keys(READERS_ELSEWHERE)]) {
      const [file = '', name = ''] = one.split(' ')
      const source = sources.find(({ path }) => path === `src/${file}`)
      expect(source, one).toBeDefined()
      expect(new RegExp(`\\b${name.split('.')[0]}\\b`).test(source?.code ?? ''), one).toBe(true)
    }
    expect(Object.keys(READERS_ELSEWHERE).filter((one) => !known.has(one) || covered.has(one))).toEqual([])
    expect(Object.keys(READ_ELSEWHERE).filter((file) => !existsSync(`${PROJECT}/src/${file}`))).toEqual([])
  })

  test('a reader that nobody tries is noticed', () => {
    const code = 'export function decodeNews(bytes: Uint8Array): News | null {'
    expect([...code.matchAll(READER)].map(([, name]) => name)).toEqual(['decodeNews'])
    expect(MACHINES.test('const news = decode(bytes)')).toBe(true)
  })

  test('names of targets are short and their own', () => {
    expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length)
    for (const { name } of TARGETS) expect(name).toMatch(/^[a-z][a-z-]+$/)
  })

  test('the corpus holds every kind of entry and every message, and every route is asked', () => {
    const kinds = entries().map((raw) => {
      const read = decodeEntry(raw)
      return read.ok ? read.entry.kind : 'none'
    })
    expect(new Set(kinds)).toEqual(new Set(Object.keys(KINDS)))
    const names = frames().flatMap((raw) => {
      const read = decodeFrame(raw)
      return read.ok ? read.frame.messages.map(({ name }) => name) : []
    })
    expect(new Set(names).size).toBe(23)
    expect(ROUTES.length).toBeGreaterThan(20)
    const fuzz = sources
      .concat(readSources(PROJECT, ['test/fuzz']))
      .find(({ path }) => path === 'test/fuzz/targets/http.ts')
    expect(fuzz === undefined ? [] : importsOf(fuzz).map(({ specifier }) => specifier)).toContain(
      '../../../src/http/routes.ts',
    )
  })
})
