/**
 * Who lives in the demo towns, and what did they do for one another? Invented people and their hours, shaped like
 * real time banks: most members nearly dormant, a few in most exchanges, 2.6 hours an exchange on average. The same
 * bank, seed and size give the same files, byte for byte, in the format that every bank exports.
 */

import { stringify } from 'csv-stringify/sync'
import { Chance } from './chance.ts'
import { FAMILY, GIVEN } from './names.ts'

export type TownName = 'Harbour' | 'Millbrook' | 'Northgate'

/** Seed of the files in docs/demo, and people in each town. */
export const DEMO_SEED = 1
export const DEMO_SIZES: Readonly<Record<TownName, number>> = { Harbour: 60, Millbrook: 160, Northgate: 25 }

export interface Town {
  readonly membersCsv: string
  readonly exchangesCsv: string
}

interface Member {
  readonly number: string
  readonly name: string
  readonly kind: 'member' | 'organisation' | 'fund'
  /** Days since 1970-01-01. */
  readonly joined: number
  readonly phone: string
  readonly email: string
  readonly area: string
  readonly language: string
  readonly channel: string
  /** How often this person is in an exchange, against others. */
  readonly weight: number
  balance: number
}

interface Exchange {
  readonly day: number
  readonly provider: string
  readonly recipient: string
  readonly minutes: number
  readonly category: number
  readonly description: string
  readonly kind: 'help' | 'gift' | 'starter'
}

interface Character {
  readonly letter: string
  readonly areas: readonly string[]
  /** First of the members list; the coordinator follows. */
  readonly first: Pick<Member, 'name' | 'phone' | 'email' | 'channel'>
  readonly coordinator: Pick<Member, 'name' | 'phone' | 'email' | 'channel'>
  readonly organisation: string
  /** Last three digits of the first mobile number after these. */
  readonly phonesFrom: number
}

/** Phone numbers are from ranges that are kept free for stories; addresses end in `.example`, where no mail goes. */
const TOWNS: Record<TownName, Character> = {
  Harbour: {
    letter: 'H',
    areas: ['Quayside', 'Old Town', 'Lantern Hill', 'Rope Walk'],
    first: { name: 'Ada Thorne', phone: '07700 900101', email: 'ada@harbour.example', channel: 'phone' },
    coordinator: {
      name: 'Priya Nair',
      phone: '07700 900102',
      email: 'priya@harbour.example',
      channel: 'email',
    },
    organisation: 'Quayside Library',
    phonesFrom: 400,
  },
  Millbrook: {
    letter: 'M',
    areas: ['Weir Lane', 'Upper Mill', 'Station Road', 'The Meadows', 'Tannery Court'],
    first: { name: 'Bo Lindqvist', phone: '07700 900201', email: '', channel: 'text' },
    coordinator: {
      name: 'Owen Rees',
      phone: '07700 900202',
      email: 'owen@millbrook.example',
      channel: 'email',
    },
    organisation: 'Millbrook Repair Shed',
    phonesFrom: 500,
  },
  Northgate: {
    letter: 'N',
    areas: ['North End', 'Chapel Row', 'Gatehouse'],
    first: { name: 'Edna Pike', phone: '01632 960301', email: '', channel: 'call' },
    coordinator: {
      name: 'Sam Whitlock',
      phone: '07700 900302',
      email: 'sam@northgate.example',
      channel: 'phone',
    },
    organisation: 'Chapel Row Lunch Club',
    phonesFrom: 700,
  },
}

/** Category codes with what people said they did. */
const HELP: readonly (readonly [category: number, words: readonly string[]])[] = [
  [1, ['Gardening', 'Mowed the lawn', 'Pruned the apple tree']],
  [2, ['Lift to the hospital', 'Lift to the shops', 'Collected a parcel']],
  [3, ['Shopping', 'Cooked a meal', 'Ironing']],
  [4, ['Put up shelves', 'Mended a tap', 'Fixed a bicycle']],
  [5, ['Helped with a phone', 'Set up a printer', 'Wrote a letter']],
  [6, ['A chat and a cup of tea', 'Went for a walk', 'Read aloud']],
  [7, ['English lesson', 'Guitar lesson', 'Maths homework']],
  [8, ['Walked the dog', 'Fed the cats']],
  [0, ['']],
]

const LANGUAGES = ['en', 'en', 'en', 'en', 'en', 'en', 'cy', 'pl', 'ur', 'es', 'ca', 'ar'] as const

/** 2026-11-14: nothing in the towns happened later. */
const LAST_DAY = 20_771
/** 2021-03-01: the towns' banks began. */
const FIRST_DAY = 18_687
const LEAST_BALANCE = -1_500
const STARTER_MINUTES = 120

/** The files of one town; `size` people, the pot beside them. */
export function makeTown(bank: TownName, seed: number, size: number): Town {
  const character = TOWNS[bank]
  const chance = new Chance(seed * 31 + character.letter.charCodeAt(0))
  const members = peopleOf(character, chance, size)
  const pot = potOf()
  const exchanges = historyOf(members, pot, chance)
  return {
    membersCsv: membersCsv([...members, pot]),
    exchangesCsv: exchangesCsv(character.letter, exchanges),
  }
}

function peopleOf(character: Character, chance: Chance, size: number): Member[] {
  const names = new Set<string>()
  const members: Member[] = []
  for (let i = 0; i < size; i++) {
    const known = [character.first, character.coordinator][i]
    const organisation = i === 2
    const name = known?.name ?? (organisation ? character.organisation : freshName(names, chance))
    names.add(name)
    const email = `${name.toLowerCase().replace(' ', '.')}@${character.areas[0]?.toLowerCase().replace(' ', '')}.example`
    const hasPhone = chance.part() < 0.6
    const hasEmail = chance.part() < 0.5
    const mobile = `07700 900${character.phonesFrom + (i % 200)}`
    members.push({
      number: `${character.letter}-${String(i + 1).padStart(4, '0')}`,
      name,
      kind: organisation ? 'organisation' : 'member',
      joined: i < 3 ? FIRST_DAY + i : FIRST_DAY + chance.below(LAST_DAY - FIRST_DAY - 60),
      phone: known?.phone ?? (hasPhone ? mobile : ''),
      email: known?.email ?? (hasEmail ? email : ''),
      area: chance.of(character.areas),
      language: i < 3 ? 'en' : chance.of(LANGUAGES),
      channel: known?.channel ?? (hasPhone ? 'phone' : hasEmail ? 'email' : 'post'),
      weight: i < 2 ? 4 : weightOf(chance),
      balance: 0,
    })
  }
  return members
}

/** Half of a bank hardly ever meets; among the others a few do most: a Pareto tail, cut where one would be everybody. */
function weightOf(chance: Chance): number {
  const dormant = chance.part() < 0.5
  return dormant ? 0.05 : Math.min(25, (1 - chance.part()) ** -1.1)
}

function freshName(taken: ReadonlySet<string>, chance: Chance): string {
  for (;;) {
    const name = `${chance.of(GIVEN)} ${chance.of(FAMILY)}`
    if (!taken.has(name)) return name
  }
}

function potOf(): Member {
  return {
    number: 'POT',
    name: 'Community pot',
    kind: 'fund',
    joined: FIRST_DAY,
    phone: '',
    email: '',
    area: '',
    language: '',
    channel: '',
    weight: 0,
    balance: 0,
  }
}

/** What happened, in order of days. Balances follow, and so sum to zero with the pot. */
function historyOf(members: readonly Member[], pot: Member, chance: Chance): Exchange[] {
  const count = Math.round(members.length ** 1.5 / 2)
  const days = Array.from(
    { length: count },
    () => FIRST_DAY + 30 + chance.below(LAST_DAY - FIRST_DAY - 30),
  ).sort((a, b) => a - b)
  const exchanges: Exchange[] = []
  for (const day of days) {
    const there = members.filter((member) => member.joined <= day)
    const roll = chance.part()
    if (roll < 0.03) exchanges.push(gift(there, pot, day, chance))
    else if (roll < 0.05)
      exchanges.push(
        moved(chance.of(there), pot, STARTER_MINUTES, { day, category: 0, description: '', kind: 'starter' }),
      )
    else exchanges.push(help(there, day, chance))
  }
  return exchanges
}

/** Two people meet, each as often as the own weight says; whoever has been helped more tends to help now. */
function help(there: readonly Member[], day: number, chance: Chance): Exchange {
  const weights = there.map((member) => member.weight)
  const one = chance.weighted(weights)
  const other = chance.weighted(weights.map((weight, i) => (i === one ? 0 : weight)))
  const [low, high] = [one, other].map((i) => there[i] as Member).sort((a, b) => a.balance - b.balance) as [
    Member,
    Member,
  ]
  const [category, descriptions] = chance.of(HELP)
  const said = { day, category, description: chance.of(descriptions), kind: 'help' as const }
  const minutes = lengthOf(chance)
  const usual = high.balance - minutes >= LEAST_BALANCE && chance.part() < 0.65
  return usual || low.balance - minutes < LEAST_BALANCE
    ? moved(low, high, minutes, said)
    : moved(high, low, minutes, said)
}

/** Quarter hours, 2.6 hours on average and mostly shorter. */
function lengthOf(chance: Chance): number {
  const minutes = 130 * Math.exp(0.6 * chance.bell())
  return Math.min(600, Math.max(15, Math.round(minutes / 15) * 15))
}

/** Somebody with hours to spare gives one to the pot. */
function gift(there: readonly Member[], pot: Member, day: number, chance: Chance): Exchange {
  const richest = there.reduce((best, member) => (member.balance > best.balance ? member : best))
  const minutes = 60 * (1 + chance.below(3))
  return moved(pot, richest, minutes, { day, category: 0, description: 'A gift to the pot', kind: 'gift' })
}

function moved(
  provider: Member,
  recipient: Member,
  minutes: number,
  said: Pick<Exchange, 'day' | 'category' | 'description' | 'kind'>,
): Exchange {
  provider.balance += minutes
  recipient.balance -= minutes
  return { ...said, provider: provider.number, recipient: recipient.number, minutes }
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

function membersCsv(members: readonly Member[]): string {
  const rows = members.map((member) => ({
    member_number: member.number,
    name: member.name,
    kind: member.kind,
    joined_on: dateOf(member.joined),
    status: 'active',
    phone: member.phone,
    phone_2: '',
    email: member.email,
    area: member.area,
    language: member.language,
    channel: member.channel,
    balance_minutes: member.balance,
    note: '',
  }))
  return stringify(rows, { header: true })
}

function exchangesCsv(letter: string, exchanges: readonly Exchange[]): string {
  const rows = exchanges.map((one, i) => ({
    source_id: `${letter}${i + 1}`,
    happened_on: dateOf(one.day),
    provider_number: one.provider,
    recipient_number: one.recipient,
    minutes: one.minutes,
    category: one.category,
    description: one.description,
    kind: one.kind,
    corrects: '',
  }))
  return stringify(rows, { header: true })
}
