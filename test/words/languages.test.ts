/** Are the sentences of the pages whole, plain and all in use, in every language? */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CATEGORIES } from '../../src/core/categories.ts'
import { REFUSALS } from '../../src/core/refusal.ts'
import { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { EN, type MessageId } from '../../src/words/languages/en.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { readSources } from '../tidy/source.ts'
import { KIND, PSEUDO, partsOf } from '../web/pseudo-language.ts'
import { WORDS_NEVER_SAID, WORDS_SAID_ON_PURPOSE } from './word-list.ts'

const ids = Object.keys(EN) as MessageId[]
const spoken = [...LANGUAGES, PSEUDO].flatMap((language) =>
  Object.entries(language.messages).map(([id, text]) => ({ language, tag: language.tag, id, text })),
)

type Part = ReturnType<typeof partsOf>[number]

/** Names of the facts of a message, each with how it is used; those inside choices too. */
function factsOf(parts: readonly Part[]): Set<string> {
  return new Set(
    parts.flatMap((part) => {
      if (part.type === KIND.words || part.type === KIND.pound) return []
      if (part.type === KIND.select || part.type === KIND.plural) {
        const inside = Object.values(part.options).flatMap(({ value }) => [...factsOf(value)])
        return [`${part.value} ${part.type === KIND.select ? 'select' : 'plural'}`, ...inside]
      }
      return 'value' in part ? [String(part.value)] : []
    }),
  )
}

/** Everything a message can read as, with its facts as one word; each choice is followed. */
function readings(parts: readonly Part[]): string[] {
  let all = ['']
  for (const part of parts) {
    const next =
      part.type === KIND.words
        ? [part.value]
        : part.type === KIND.select || part.type === KIND.plural
          ? Object.values(part.options).flatMap(({ value }) => readings(value))
          : ['7']
    all = all.flatMap((before) => next.map((after) => before + after))
  }
  return all
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.?!:])\s+/).filter((one) => one !== '')
}

describe('[A11Y-7] messages', () => {
  test('of each language are ICU, know the English ids, and use the same facts', () => {
    for (const { id, tag, text } of spoken) {
      expect([tag, id, ids.includes(id as MessageId)]).toEqual([tag, id, true])
      const facts = factsOf(partsOf(text))
      expect([tag, id, [...facts].sort()]).toEqual([
        tag,
        id,
        [...factsOf(partsOf(EN[id as MessageId]))].sort(),
      ])
    }
  })

  test('count in every way the language counts in', () => {
    for (const { language, tag, id, text } of spoken) {
      if (language === PSEUDO) continue
      const ways = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
      for (const part of partsOf(text)) {
        if (part.type !== KIND.plural) continue
        expect([tag, id, ways.filter((way) => !(way in part.options))]).toEqual([tag, id, []])
      }
    }
  })

  test('none is missing in a language that is shipped', () => {
    const missing = LANGUAGES.map(({ tag, messages }) => [
      tag,
      ids.filter((id) => messages[id] === undefined),
    ])
    expect(missing).toEqual(LANGUAGES.map(({ tag }) => [tag, []]))
  })

  test('no two begin or end with a blank, hold a tag or a straight quotation mark', () => {
    const wrong = ids.filter((id) => /^\s|\s$|<|>|["']/.test(EN[id]))
    expect(wrong).toEqual([])
  })

  test('speak of each kind of help and of nothing else', () => {
    const kinds = ids.filter((id) => id.startsWith('category.')).map((id) => id.slice('category.'.length))
    expect(kinds.sort()).toEqual(Object.values(CATEGORIES).sort())
  })

  test('have each a name of its own, in whichever file they stand', () => {
    const folder = new URL('../../src/words/languages/', import.meta.url)
    const files = readdirSync(folder).filter((name) => name.endsWith('.en.ts'))
    const named = files.flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/^ {2}'([^']+)':/gm)].map(([, id]) => id),
    )
    expect(named.filter((id, i) => named.indexOf(id) !== i)).toEqual([])
    expect([...named].sort()).toEqual([...ids].sort())
  })

  test('are of refusals that exist', () => {
    const codes = ids.filter((id) => id.startsWith('refusal.') && id !== 'refusal.other')
    expect(codes.filter((id) => !REFUSALS.some((code) => id === `refusal.${code}`))).toEqual([])
  })
})

describe('every message is said', () => {
  const sources = readSources(fileURLToPath(new URL('../..', import.meta.url)), ['src'])
    .filter(({ path }) => path.startsWith('src/web/') || path === 'src/words/language.ts')
    .map(({ text }) => text)
    .join('\n')
  const whole = new Set([...sources.matchAll(/'([a-zA-Z_]+(?:\.[a-zA-Z_0-9]+)+)'/g)].map(([, id]) => id))
  /** Names that are put together, as `privacy.thing.${thing}`. */
  const made = [...sources.matchAll(/`([a-zA-Z_]+\.(?:\$\{[^}]*\}|[^`$\s])+)`/g)].map(
    ([, name = '']) => new RegExp(`^${name.replaceAll('.', '\\.').replace(/\$\{.*?\}/g, '[a-zA-Z_0-9]+')}$`),
  )

  test('somewhere in the pages', () => {
    expect(ids.filter((id) => !whole.has(id) && !made.some((name) => name.test(id)))).toEqual([])
  })
})

describe('[A11Y-6] sentences', () => {
  const MOST_WORDS = 20

  test('have fewer than 20 words', () => {
    const long = ids.flatMap((id) =>
      readings(partsOf(EN[id]))
        .flatMap(sentences)
        .filter((one) => one.split(/\s+/).length >= MOST_WORDS)
        .map((one) => `${id}: ${one}`),
    )
    expect(long).toEqual([])
  })

  test('use no word of the list', () => {
    const said = LANGUAGES.flatMap(({ tag, messages }) => {
      const never = WORDS_NEVER_SAID[tag]
      expect(never, `test/words/word-list.ts has the words that ${tag} never says`).toBeDefined()
      return Object.entries(messages).flatMap(([id, text]) =>
        (never ?? [])
          .filter((word) => word.test(text) && !WORDS_SAID_ON_PURPOSE.includes(id))
          .map((word) => `${tag} ${id}: ${word}`),
      )
    })
    expect(said).toEqual([])
  })

  test('nothing is said on purpose that is not said', () => {
    const never = WORDS_NEVER_SAID.en ?? []
    const needless = WORDS_SAID_ON_PURPOSE.filter(
      (id) => !never.some((word) => word.test(EN[id as MessageId] ?? '')),
    )
    expect(needless).toEqual([])
  })

  test('say lengths in words, and no number with a point', () => {
    const speech = new Speech(LANGUAGES[0] as (typeof LANGUAGES)[number], EN)
    expect([0, 1, 60, 90, 121, 1_440].map(speech.hours)).toEqual([
      ...['0 minutes', '1 minute', '1 hour', '1 hour 30 minutes', '2 hours 1 minute', '24 hours'],
    ])
  })
})

describe('[EX-19] phrases of receipts', () => {
  const phrases = Array.from({ length: 256 }, (_, i) => receiptPhrase(new Uint8Array([i, i, i, i])))
  const words = (at: number): Set<string> => new Set(phrases.map((phrase) => phrase.split('-')[at] ?? ''))

  test('are of 32 colours and 64 things, each once', () => {
    expect([words(0).size, words(1).size]).toEqual([32, 64])
    const both = [...words(0)].filter((word) => words(1).has(word))
    expect(both).toEqual([])
    // Every colour comes as often as every other: 256 is a multiple of both lists.
    const count = new Map<string, number>()
    for (const phrase of phrases) {
      for (const word of phrase.split('-').slice(0, 2)) count.set(word, (count.get(word) ?? 0) + 1)
    }
    expect(new Set([...words(0)].map((word) => count.get(word)))).toEqual(new Set([8]))
    expect(new Set([...words(1)].map((word) => count.get(word)))).toEqual(new Set([4]))
  })

  test('are of plain letters and a number of two digits', () => {
    for (const phrase of phrases) expect(phrase).toMatch(/^[A-Z]{3,}-[A-Z]{3,}-[1-9]\d$/)
  })
})
