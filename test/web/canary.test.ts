/**
 * Where do people's names go? Two banks do everything that members and desks do with people who bear names that chance made;
 * then every place outside the own register is searched for them: the log, the public pages and tiles, the operator's log, and
 * all files and memory of the neighbour that can be reached.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LevelDatastore } from 'datastore-level'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBankPreimage } from '../../src/core/sign.ts'
import type { Whereabouts } from '../../src/peer/ports.ts'
import { decodeRecordAnswer, encodeRecordQuestion } from '../../src/peer/record-messages.ts'
import { recordHelp } from '../../src/register/exchanges.ts'
import { payRequest } from '../../src/register/paying-requests.ts'
import { payAcross } from '../../src/register/payments.ts'
import { addMember } from '../../src/register/people.ts'
import type { Person } from '../../src/register/person.ts'
import { makeRequest } from '../../src/register/requests.ts'
import { allPrivate } from '../../src/store/keyspace.ts'
import { openLine } from '../http/served.ts'
import { seedOf, startedNode } from '../peer/nodes.ts'
import { newNonce } from './caller.ts'
import { callerOf, closeBanks, done, openWebBank, type WebBank } from './town.ts'

/** Letters by chance, as long as a name and found nowhere else. */
const canary = (): string => `Q${randomBytes(9).toString('hex')}`

interface Canaries {
  readonly first: string
  readonly last: string
  readonly phone: string
  readonly email: string
  readonly area: string
  readonly note: string
  readonly deskWords: string
  readonly joiner: string
}

const c: Canaries = {
  first: canary(),
  last: canary(),
  phone: `0999 ${randomBytes(4).readUInt32BE()}`,
  email: `${canary()}@example.org`,
  area: canary(),
  note: canary(),
  deskWords: canary(),
  joiner: canary(),
}
/** What another bank may know of somebody who is helped or helps there: the first name and a letter. */
const TOLD = [c.first]
const SECRET = Object.values(c).filter((one) => !TOLD.includes(one))

let harbour: WebBank
let millbrook: WebBank
let ada: Person

beforeAll(async () => {
  ;[harbour, millbrook] = await Promise.all([openWebBank('Harbour'), openWebBank('Millbrook')])
  await openLine(harbour, millbrook)
  const person = { name: `${c.first} ${c.last}`, phone: c.phone, email: c.email, area: c.area, note: c.note }
  ada = done(await addMember(harbour.node, harbour.people, { ...person, kind: 'member' }))
  const cleo = done(await addMember(harbour.node, harbour.people, { name: 'Cleo Ray', kind: 'member' }))
  const bo = done(await addMember(millbrook.node, millbrook.people, { name: 'Bo Lind', kind: 'member' }))
  const help = { provider: ada.number, recipient: cleo.number, minutes: 30, note: c.deskWords }
  const act = { coordinator: harbour.coordinator, channel: 'call', reason: 'telephoned' } as const
  done(await recordHelp(harbour.node, harbour.people, help, act))
  const asks = { number: ada.number, minutes: 45, what: 'shelves' }
  const { code } = done(await makeRequest(harbour.node, harbour.people, asks))
  const paying = { payer: bo.number, bank: harbour.node.bank, code }
  const boActs = { member: bo, method: 'pin', channel: 'web' } as const
  done(await payRequest(millbrook.node, millbrook.people, paying, boActs))
  const adaActs = { member: ada, method: 'pin', channel: 'web' } as const
  const to = { bank: millbrook.node.bank, handle: { number: bo.number }, minutes: 20, postal: false }
  const sent = done(
    await payAcross(harbour.node, harbour.people, { ...to, payer: ada.number, note: 'a lamp' }, adaActs),
  )
  await harbour.node.settled(sent.id, 20)
  const member = await callerOf(harbour, 'member', ada.name)
  for (const path of ['/me', '/hours', '/board', '/codes', '/record/neighbour']) await member.look(path)
  const nobody = await callerOf(harbour, 'nobody')
  await nobody.post('/sign-in', { number: ada.number, pin: c.last })
  await nobody.post('/join', {
    name: c.joiner,
    phone: c.phone,
    reach: '',
    can: '',
    agreed: '1',
    nonce: newNonce(),
  })
  const desk = await callerOf(harbour, 'coordinator')
  await desk.look(`/desk/people/${ada.number}`)
  await desk.post(`/desk/people/${ada.number}/code`, { said: 'yes' })
})
afterAll(() => closeBanks({ town: harbour, near: millbrook }))

const holds = (bytes: Uint8Array, texts: readonly string[]): readonly string[] =>
  texts.filter((text) => Buffer.from(bytes).includes(text))

describe('[PRIV-21] a name that chance made', () => {
  test('is in the register, where it belongs', async () => {
    let found = 0
    for await (const page of harbour.node.store.pages(allPrivate, 100))
      for (const [, value] of page) found += holds(value, [c.last]).length
    expect(found).toBeGreaterThan(0)
  })

  test('is in no leaf, tile, head or anything else that is handed to an auditor', async () => {
    const zip = (await harbour.call('GET', '/export?people=no')).bytes
    const files = Object.entries(unzipSync(zip))
    expect(files.length).toBeGreaterThan(3)
    for (const [path, bytes] of files) expect([path, holds(bytes, Object.values(c))]).toEqual([path, []])
  })

  test('is on no page, checkpoint or address that a stranger reads', async () => {
    const nobody = await callerOf(harbour, 'nobody')
    const paths = [
      '/',
      '/about',
      '/activity',
      '/privacy',
      '/join',
      '/verify',
      '/checkpoint',
      '/livez',
      '/readyz',
      // Nothing is measured for strangers; should that change, it is looked at here.
      '/metrics',
      '/api/v1/metrics',
    ]
    for (const path of [...paths, '/api/v1/openapi.json', `/tlog/${harbour.id}/0/checkpoint`]) {
      const { text } = await nobody.look(path)
      expect([path, holds(Buffer.from(text), Object.values(c))]).toEqual([path, []])
    }
  })

  test('is in no line of either operator’s log', () => {
    for (const bank of [harbour, millbrook])
      expect([bank.name, holds(Buffer.from(bank.said.join('\n')), Object.values(c))]).toEqual([bank.name, []])
  })

  test('is in nothing that a peer of the network is told or keeps: the bank record and the DHT', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'commonhour-passer-by-'))
    const datastore = new LevelDatastore(folder)
    await datastore.open()
    const passerBy = await startedNode(seedOf(77), { datastore })
    try {
      const target = { peerId: harbour.node.transport.peerId, addresses: harbour.node.transport.addresses() }
      const stop = AbortSignal.timeout(60_000)
      await passerBy.directory.join([target], stop)
      const candidates: Whereabouts[] = []
      await expect
        .poll(
          async () => {
            for await (const one of passerBy.directory.find(findBankPreimage(harbour.node.bank), stop))
              candidates.push(one)
            return candidates.map(({ peerId }) => peerId)
          },
          { timeout: 60_000 },
        )
        .toContain(target.peerId)
      const question = encodeRecordQuestion({ request: 1, bank: null })
      const answer = await passerBy.transport.ask(target, question, stop)
      expect(decodeRecordAnswer(answer, 1)?.records).toHaveLength(1)
      expect(holds(answer, Object.values(c))).toEqual([])
      expect(holds(Buffer.from(JSON.stringify(candidates)), Object.values(c))).toEqual([])
      let kept = 0
      for await (const { key, value } of datastore.query({})) {
        kept += 1
        const row = Buffer.concat([Buffer.from(key.toString()), value])
        expect([key.toString(), holds(row, Object.values(c))]).toEqual([key.toString(), []])
      }
      expect(kept).toBeGreaterThan(0)
    } finally {
      await passerBy.transport.close()
      await datastore.close()
      await rm(folder, { recursive: true, force: true })
    }
  })

  test('is in no file of the neighbour beyond a first name and a letter', async () => {
    const { folder } = millbrook
    let files = 0
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      files += 1
      const path = join(entry.parentPath, entry.name)
      expect([entry.name, holds(await readFile(path), SECRET)]).toEqual([entry.name, []])
    }
    expect(files).toBeGreaterThan(5)
  })
})
