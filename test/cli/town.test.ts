import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { Chance } from '../../src/cli/demo/chance.ts'
import { DEMO_SEED, DEMO_SIZES, makeTown, type TownName } from '../../src/cli/demo/town.ts'
import { applyImport } from '../../src/register/import/apply.ts'
import { checkImport } from '../../src/register/import/check.ts'
import { ok } from '../node/town.ts'
import { bytesOf } from '../register/import/files.ts'
import { balances, openLoneBank } from '../register/lone-bank.ts'

const TOWNS = Object.entries(DEMO_SIZES) as [TownName, number][]

interface Made {
  members: Record<string, string>[]
  exchanges: Record<string, string>[]
}

function made(town: TownName, seed: number, size: number): Made {
  const { membersCsv, exchangesCsv } = makeTown(town, seed, size)
  return { members: parse(membersCsv, { columns: true }), exchanges: parse(exchangesCsv, { columns: true }) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

describe('the demo towns', () => {
  test.each(TOWNS)(
    '[CLI-8] the files of %s in docs/demo are what the generator makes',
    async (town, size) => {
      const { membersCsv, exchangesCsv } = makeTown(town, DEMO_SEED, size)
      const kept = (file: string) =>
        readFile(new URL(`../../docs/demo/${town.toLowerCase()}/${file}`, import.meta.url), 'utf8')
      expect(membersCsv).toBe(await kept('members.csv'))
      expect(exchangesCsv).toBe(await kept('exchanges.csv'))
    },
  )

  test('the same seed makes the same town, another seed another', () => {
    expect(makeTown('Harbour', 7, 40)).toEqual(makeTown('Harbour', 7, 40))
    expect(makeTown('Harbour', 8, 40).membersCsv).not.toBe(makeTown('Harbour', 7, 40).membersCsv)
  })

  test('Ada, Bo and Edna come first, their coordinators second; Edna has a landline and no e-mail', () => {
    const first = TOWNS.map(([town, size]) =>
      made(town, DEMO_SEED, size)
        .members.slice(0, 2)
        .map((row) => `${row.member_number} ${row.name?.split(' ')[0]}`),
    )
    expect(first).toEqual([
      ['H-0001 Ada', 'H-0002 Priya'],
      ['M-0001 Bo', 'M-0002 Owen'],
      ['N-0001 Edna', 'N-0002 Sam'],
    ])
    expect(made('Northgate', DEMO_SEED, 25).members[0]).toMatchObject({
      phone: '01632 960301',
      email: '',
      channel: 'call',
    })
  })

  test('phone numbers are from ranges kept free for stories, addresses from a domain without mail', () => {
    for (const [town, size] of TOWNS) {
      for (const { phone, email } of made(town, DEMO_SEED, size).members) {
        expect(phone).toMatch(/^$|^07700 900\d{3}$|^01632 960\d{3}$/)
        expect(email).toMatch(/^$|^[a-z.]+@[a-z]+\.example$/)
      }
    }
  })

  test.each([1, 2, 3, 4, 5])('seed %i has the shape of real time banks', (seed) => {
    const { members, exchanges } = made('Millbrook', seed, 160)
    const minutes = exchanges.map((row) => Number(row.minutes))
    expect(sum(minutes) / minutes.length / 60).toBeGreaterThan(2.2)
    expect(sum(minutes) / minutes.length / 60).toBeLessThan(3)
    const counts = members
      .map(
        ({ member_number: number }) =>
          exchanges.filter((row) => row.provider_number === number || row.recipient_number === number).length,
      )
      .sort((a, b) => b - a)
    expect(counts.filter((count) => count <= 3).length).toBeGreaterThan(members.length * 0.4)
    expect(sum(counts.slice(0, 16))).toBeGreaterThan(sum(counts) * 0.4)
    expect(sum(members.map((row) => Number(row.balance_minutes)))).toBe(0)
    expect(new Set(members.map((row) => row.name)).size).toBe(members.length)
  })

  test.each(TOWNS)(
    '[IMP-2] %s goes into a bank with nothing left out and no difference',
    async (town, size) => {
      const { membersCsv, exchangesCsv } = makeTown(town, DEMO_SEED, size)
      const files = { members: bytesOf(membersCsv), exchanges: bytesOf(exchangesCsv) }
      const bank = await openLoneBank(town)
      const plan = await checkImport(files, bank.node, bank.people)
      expect(plan).toMatchObject({
        refusals: [],
        skipped: [],
        notFound: [],
        dummyEmails: [],
        totals: { newMembers: size, differing: 0, fileSumMinutes: 0 },
      })
      ok(await applyImport(files, bank.node, bank.people, { coordinator: bank.coordinator }, town))
      expect((await balances(bank)).BEFORE).toBe(0)
      await bank.close()
    },
  )
})

describe('the dice', () => {
  test('are even enough, and the same on every machine', () => {
    const chance = new Chance(1)
    const faces = Array.from({ length: 6 }, () => 0)
    for (let i = 0; i < 6000; i++) faces[chance.below(6)]! += 1
    for (const count of faces) expect(Math.abs(count - 1000)).toBeLessThan(150)
    expect(
      Array.from(
        { length: 4 },
        (
          (dice) => () =>
            dice.word()
        )(new Chance(1)),
      ),
    ).toMatchInlineSnapshot(`
      [
        393288148,
        2174103013,
        3814759091,
        2092745082,
      ]
    `)
  })
})
