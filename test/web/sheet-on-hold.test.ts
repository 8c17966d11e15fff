/** Who sees the words of a recovery sheet that waits, and what is shut until it is on paper? By page, and by the API. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dropSheet, heldSheet, holdSheet } from '../../src/keys/sheet-on-hold.ts'
import { placesAsked, wordsFit } from '../../src/register/sheet-on-hold.ts'
import { init, recover } from '../../src/serve.ts'
import { end, openLine, type TestBank, testBank, until } from '../http/served.ts'
import type { Caller } from './caller.ts'
import { callerOf, openWebBank, PASSWORD, type WebBank } from './town.ts'

let bank: WebBank
let near: TestBank
let desk: Caller
beforeAll(async () => {
  bank = await openWebBank('Harbour', {}, { sheet: 'waits' })
  near = await testBank('Millbrook')
  desk = await callerOf(bank, 'coordinator')
})
afterAll(() => end(bank, near))

const PATH = '/run/sheet'
const shows = ({ text }: { text: string }): boolean =>
  bank.words.filter((word) => text.includes(`<li>${word}</li>`)).length > 20

describe('[KEY-7] while the sheet waits', () => {
  test('the words are shown for the own password alone, and wrong ones are counted', async () => {
    expect(shows(await desk.look(PATH))).toBe(false)
    const without: readonly Record<string, string>[] = [
      { own: '' },
      { own: 'not the password' },
      { act: 'ask' },
      { act: 'check', places: '0,1' },
    ]
    for (const form of without) expect(shows(await desk.post(PATH, form)), JSON.stringify(form)).toBe(false)
    expect(shows(await desk.post(PATH, { own: PASSWORD }))).toBe(true)
    expect((await desk.look('/desk/acts')).text).toContain('Was shown the recovery sheet')
  })

  test.each([
    ['/invitations', undefined],
    ['/neighbours', { bank_id: 'a'.repeat(32) }],
    [`/neighbours/${'a'.repeat(32)}/accept`, {}],
  ])('no neighbour comes about by %s', async (path, body) => {
    const answer = await bank.call('POST', path, body)
    expect([answer.status, answer.json.code]).toEqual([409, 'sheet_waits'])
  })

  test('whoever asks for a line waits, and an agreement by page is refused', async () => {
    const { addresses } = (await bank.call('GET', '/status')).json
    const asked = await near.call('POST', '/neighbours', { bank_id: bank.id, addresses })
    expect(asked.status).toBe(201)
    await until(() => bank.node.proposals().length > 0)
    const agreed = await desk.post(`/run/neighbours/${near.id}`, { act: 'agree' })
    expect([agreed.status, agreed.text.includes('First print the recovery sheet')]).toEqual([422, true])
    expect(bank.node.proposals()).toHaveLength(1)
    for (const path of ['/run/neighbours/invite', '/run/neighbours/add']) {
      expect((await desk.look(path)).status).toBe(409)
      expect((await desk.post(path, { link: 'x' })).status).toBe(409)
    }
  })

  test.each([
    ['other words', (places: readonly number[]) => places.map(() => 'hour')],
    [
      'the words in the wrong order',
      (places: readonly number[]) => places.map((place) => bank.words[place + 1] ?? ''),
    ],
  ])('%s end nothing', async (_, typed) => {
    const places = [3, 17]
    const form = { act: 'check', places: places.join(','), ...fields(places, typed(places)) }
    expect((await desk.post(PATH, form)).status).toBe(422)
    expect(await heldSheet(bank.folder)).toEqual(bank.words)
  })

  test('one word at the same place twice is not two words', async () => {
    const form = { act: 'check', places: '3,3', 'word-4': bank.words[3] ?? '' }
    expect((await desk.post(PATH, form)).status).toBe(422)
    expect(await heldSheet(bank.folder)).toEqual(bank.words)
  })
})

describe('[KEY-7] once two words were typed from paper', () => {
  test('the machine has forgotten them, an act says who, and lines may be agreed', async () => {
    const form = {
      act: 'check',
      places: '0,23',
      ...fields([0, 23], [bank.words[0] ?? '', bank.words[23] ?? '']),
    }
    expect((await desk.post(PATH, form)).to).toBe(PATH)
    expect(await heldSheet(bank.folder)).toBeNull()
    expect((await desk.look('/desk/acts')).text).toContain('Put the recovery sheet on paper')
    expect(shows(await desk.post(PATH, { own: PASSWORD }))).toBe(false)
    const agreed = await desk.post(`/run/neighbours/${near.id}`, { act: 'agree' })
    expect(agreed.status).toBe(303)
    const other = await testBank('Northgate')
    await openLine(bank, other)
    await end(other)
  })
})

function fields(places: readonly number[], words: readonly string[]): Record<string, string> {
  return Object.fromEntries(places.map((place, i) => [`word-${place + 1}`, words[i] ?? '']))
}

describe('[KEY-7] the file', () => {
  test('a recovery by the words removes a sheet that waited', async () => {
    const lost = await testBank('Quayside', {}, { sheet: 'waits' })
    await lost.close()
    const { folder, words } = lost
    const show = async (): Promise<void> => undefined
    const outcome = await recover({ folder, words: words.join(' '), cause: 'lost', show })
    expect([outcome.ok, await heldSheet(folder)]).toEqual([true, null])
    await rm(folder, { recursive: true, force: true })
  })

  test('a set-up that was cut short leaves none behind for a bank whose words were shown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'commonhour-sheet-'))
    try {
      await holdSheet(folder, new Uint8Array(32).fill(7))
      const { words } = await init({ folder, name: 'Harbour', coordinator: 'Priya' })
      expect([words.length, await heldSheet(folder)]).toEqual([24, null])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('holds the words, is forgotten, and is refused when it is damaged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'commonhour-sheet-'))
    try {
      expect(await heldSheet(folder)).toBeNull()
      await holdSheet(folder, new Uint8Array(32).fill(7))
      const path = join(folder, 'keys', 'recovery-sheet')
      const words = (await readFile(path, 'utf8')).trim().split(' ')
      expect(await heldSheet(folder)).toEqual(words)
      await writeFile(path, words.slice(1).join(' '))
      await expect(heldSheet(folder)).rejects.toMatchObject({ code: 'key_invalid' })
      await dropSheet(folder)
      expect(await heldSheet(folder)).toBeNull()
      await dropSheet(folder)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe('two words are asked back', () => {
  const words = Array.from({ length: 24 }, (_, i) => `word${i}`)

  test('at two different places, whatever chance says, and every place may come', () => {
    const seen = new Set<number>()
    for (let a = 0; a < 256; a += 5) {
      for (let b = 0; b < 256; b += 7) {
        const [first = -1, second = -1, ...more] = placesAsked(words, Uint8Array.of(a, b))
        expect(first >= 0 && second > first && second < words.length && more.length === 0).toBe(true)
        seen.add(first).add(second)
      }
    }
    expect(seen.size).toBe(words.length)
  })

  test.each([
    [[2, 5], ['word2', ' WORD5 '], true],
    [[2, 5], ['word2', 'word4'], false],
    [[2], ['word2'], false],
    [[2, 30], ['word2', ''], false],
    [[2, 5, 7], ['word2', 'word5', 'word7'], false],
  ])('%j with %j', (places, typed, fits) => {
    expect(
      wordsFit(
        words,
        places.map((place, i) => ({ place, word: typed[i] ?? '' })),
      ),
    ).toBe(fits)
  })
})
