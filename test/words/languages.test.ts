/** Are the sentences of the pages whole, plain and all in use, in every language? */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CATEGORIES } from '../../src/core/categories.ts'
import { REFUSALS } from '../../src/core/refusal.ts'
import { Speech } from '../../src/words/language.ts'
import { LANGUAGES } from '../../src/words/languages/all.ts'
import { EN, type MessageId } from '../../src/words/languages/en.ts'
import { receiptPhrase } from '../../src/words/phrase.ts'
import { readPage, tableUnder } from '../docs/pages.ts'
import { readSources } from '../tidy/source.ts'
import { KIND, PSEUDO, partsOf } from '../web/pseudo-language.ts'
import { WORDS_NEVER_SAID, WORDS_SAID_ON_PURPOSE } from './word-list.ts'

const ids = Object.keys(EN) as MessageId[]
const spoken = [...LANGUAGES, PSEUDO].flatMap((language) =>
  Object.entries(language.messages).map(([id, text]) => ({ language, tag: language.tag, id, text })),
)
/** Those that people read. */
const shipped = spoken.filter(({ language }) => language !== PSEUDO)

const FOLDER = new URL('../../src/words/languages/', import.meta.url)

/** Names of the messages that stand in this file of the folder. */
function namesIn(file: string): string[] {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  return [...text.matchAll(/^ {2}'([^']+)':/gm)].map(([, id = '']) => id)
}

/** Files of English messages. */
const englishFiles = readdirSync(FOLDER).filter((name) => name.endsWith('.en.ts'))

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

/** What each choice of a message is between, where the program names it; counting is each language's own. */
function choicesOf(parts: readonly Part[]): string[] {
  const all = parts.flatMap((part) => {
    if (part.type !== KIND.select && part.type !== KIND.plural) return []
    const own = part.type === KIND.select ? [`${part.value}: ${Object.keys(part.options).sort()}`] : []
    return [...own, ...Object.values(part.options).flatMap(({ value }) => choicesOf(value))]
  })
  return [...new Set(all)].sort()
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
      expect([tag, id, choicesOf(partsOf(text))]).toEqual([tag, id, choicesOf(partsOf(EN[id as MessageId]))])
    }
  })

  test('count in every way the language counts in', () => {
    for (const { tag, id, text } of shipped) {
      const ways = new Intl.PluralRules(tag).resolvedOptions().pluralCategories
      for (const part of partsOf(text)) {
        if (part.type !== KIND.plural) continue
        expect([tag, id, ways.filter((way) => !(way in part.options))]).toEqual([tag, id, []])
      }
    }
  })

  test('[A11Y-7] none is missing in a file that a language has; of what it has no file, the messages are counted', () => {
    for (const { tag, messages } of LANGUAGES) {
      const missingOf = (file: string): string[] =>
        namesIn(file).filter((id) => messages[id as MessageId] === undefined)
      const own = (file: string): string => file.replace(/\.en\.ts$/, `.${tag}.ts`)
      const translated = englishFiles.filter((file) => existsSync(new URL(own(file), FOLDER)))
      const toCome = englishFiles.filter((file) => !translated.includes(file))
      const count = toCome.flatMap(missingOf).length
      if (count > 0) console.warn(`${tag}: ${count} messages are said in English: ${toCome.join(', ')}`)
      expect(translated.flatMap(missingOf).map((id) => `${tag} ${id}`)).toEqual([])
      // Whoever looks for a sentence finds it in the file of the same name.
      for (const file of translated)
        expect([own(file), namesIn(own(file)).sort()]).toEqual([own(file), namesIn(file).sort()])
    }
  })

  test('what a language lacks is said in English, with the numbers of English', () => {
    const speech = new Speech({ tag: 'es', name: 'Español', direction: 'ltr', messages: {} }, EN)
    expect([speech.say('frame.back'), speech.say('record.people', { count: 1_000_000 })]).toEqual([
      'Back',
      '1,000,000 people',
    ])
  })

  test('none begins or ends with a blank, holds a tag or a straight quotation mark', () => {
    const wrong = shipped.filter(({ text }) => /^\s|\s$|<|>|\x22|\x27/.test(text))
    expect(wrong.map(({ tag, id }) => `${tag} ${id}`)).toEqual([])
  })

  test('in Spanish open what they close', () => {
    const count = (text: string, sign: string): number => text.split(sign).length
    const wrong = shipped.filter(
      ({ tag, text }) =>
        tag === 'es' &&
        ['¿?', '¡!', '«»'].some(([open = '', close = '']) => count(text, open) !== count(text, close)),
    )
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  test('each language says who signed it off, or that nobody has', () => {
    const rows = tableUnder(readPage('docs/guides/add-a-language.md'), 'Language')
    expect(rows.map(([name, tag]) => [name, tag])).toEqual(
      LANGUAGES.map(({ name, tag }) => [name, `\`${tag}\``]),
    )
    for (const [name, , by] of rows) expect([name, by]).toEqual([name, expect.stringMatching(/\w{2}/)])
  })

  test('speak of each kind of help and of nothing else', () => {
    const kinds = ids.filter((id) => id.startsWith('category.')).map((id) => id.slice('category.'.length))
    expect(kinds.sort()).toEqual(Object.values(CATEGORIES).sort())
  })

  test('have each a name of its own, in whichever file they stand', () => {
    const named = englishFiles.flatMap(namesIn)
    expect(named.filter((id, i) => named.indexOf(id) !== i)).toEqual([])
    expect([...named].sort()).toEqual([...ids].sort())
  })

  test('are of refusals that exist', () => {
    const codes = ids.filter((id) => id.startsWith('refusal.') && id !== 'refusal.other')
    expect(codes.filter((id) => !REFUSALS.some((code) => id === `refusal.${code}`))).toEqual([])
  })
})

/** What the bank finds of its own health is said by name below the pages, for they and the command line say the same. */
const SAYING = ['src/web/', 'src/words/language.ts', 'src/register/health/']

describe('every message is said', () => {
  const sources = readSources(fileURLToPath(new URL('../..', import.meta.url)), ['src'])
    .filter(({ path }) => SAYING.some((place) => path.startsWith(place)))
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

describe('sentences', () => {
  const MOST_WORDS = 20

  test('[A11Y-6] have fewer than 20 words in every language', () => {
    const long = shipped.flatMap(({ tag, id, text }) =>
      readings(partsOf(text))
        .flatMap(sentences)
        .filter((one) => one.split(/\s+/).length >= MOST_WORDS)
        .map((one) => `${tag} ${id}: ${one}`),
    )
    expect(long).toEqual([])
  })

  test('[A11Y-6] use no word of the list of their language', () => {
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

  test.each([
    ['Usted debe una hora.', 'Pagó dos horas.', 'Ana dio sus horas a Luis.', 'Haga CLIC aquí.', 'Elige tú.'],
  ])('the list in Spanish knows its words by their accents and forms', (...wrong) => {
    const caught = (text: string): boolean => (WORDS_NEVER_SAID.es ?? []).some((word) => word.test(text))
    expect(wrong.filter((text) => !caught(text))).toEqual([])
    expect(['Una página en tinta.', 'Dígale su sí.', 'Firmo aquí, y todas firmaron.'].filter(caught)).toEqual(
      [],
    )
  })

  test('nothing is said on purpose that is not said', () => {
    const never = WORDS_NEVER_SAID.en ?? []
    const needless = WORDS_SAID_ON_PURPOSE.filter(
      (id) => !never.some((word) => word.test(EN[id as MessageId] ?? '')),
    )
    expect(needless).toEqual([])
  })

  test('say lengths in words, and no number with a point', () => {
    const lengths = LANGUAGES.map((language) =>
      [0, 1, 60, 90, 121, 1_440].map(new Speech(language, EN).hours),
    )
    expect(lengths).toEqual([
      ['0 minutes', '1 minute', '1 hour', '1 hour 30 minutes', '2 hours 1 minute', '24 hours'],
      ['0 minutos', '1 minuto', '1 hora', '1 hora y 30 minutos', '2 horas y 1 minuto', '24 horas'],
    ])
  })

  test('[A11Y-7] say days, times and lists as the language does', () => {
    const day = Date.UTC(2026, 10, 21) / 86_400_000
    const said = LANGUAGES.map((language) => {
      const { day: dayOf, date, month, moment, list } = new Speech(language, EN)
      return [dayOf(day, day), date(day), month(day), moment(day * 86_400, 'UTC'), list(['Ada', 'Irene'])]
    })
    expect(said).toEqual([
      [
        'Saturday 21 November',
        '21 November 2026',
        'November 2026',
        '21 November 2026 at 00:00',
        'Ada and Irene',
      ],
      [
        ...['sábado, 21 de noviembre', '21 de noviembre de 2026', 'noviembre de 2026'],
        ...['21 de noviembre de 2026 a las 0:00', 'Ada e Irene'],
      ],
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
