/**
 * What happens in the demo? Three banks are made from files, find each other, exchange hours, lose a bank in the
 * middle of it, lose the bank they had met through, and are audited by somebody who trusts none of them.
 */

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { auditPaths } from '../../audit/audit.ts'
import type { AuditReport } from '../../audit/report.ts'
import { signingKey } from '../../core/ed25519.ts'
import { Fault, must } from '../../core/fault.ts'
import { fromHex } from '../../core/ids.ts'
import { DemoBank, pause } from './bank.ts'
import {
  carryOut,
  type DemoMember,
  type DemoPayment,
  type Ending,
  findMembers,
  followed,
  helpInside,
  onceOnly,
  planCrossings,
  send,
} from './exchanges.ts'
import { plantFraud } from './fraud.ts'

const FILES = fileURLToPath(new URL('../../../docs/demo', import.meta.url))
const LINE_MINUTES = 6_000
const CROSSINGS = { harbourMillbrook: 170, millbrookNorthgate: 80, afterwards: 20 }
const INSIDE_EACH = 60
const BURST = 24
const KILL_TRIES = 8

export interface DemoResult {
  readonly report: AuditReport
  /** Payments of Harbour that were committed and had no receipt when Millbrook was killed. */
  readonly inFlightAtKill: number
  readonly banks: readonly DemoBank[]
  /** Folders of the exported logs, and of the copy with the planted fraud. */
  readonly exports: string
  readonly fraud: string
}

/** Runs the whole demo in `folder`; `say` gets a line for each step. */
export async function tellStory(
  folder: string,
  seed: number,
  say: (line: string) => void,
): Promise<DemoResult> {
  const harbour = new DemoBank({ folder, name: 'Harbour', coordinator: 'Priya' })
  const millbrook = new DemoBank({ folder, name: 'Millbrook', coordinator: 'Owen' })
  const northgate = new DemoBank({ folder, name: 'Northgate', coordinator: 'Sam' })
  const banks = [harbour, millbrook, northgate]
  try {
    await openBanks(banks, say)
    await becomeNeighbours(harbour, millbrook, say)
    await becomeNeighbours(millbrook, northgate, say)
    const members = new Map<DemoBank, DemoMember[]>()
    for (const bank of banks) members.set(bank, await findMembers(bank))
    const of = (bank: DemoBank): DemoMember[] => members.get(bank) as DemoMember[]
    say('People help each other, inside their banks and across them ...')
    await Promise.all(banks.map((bank, i) => helpInside(of(bank), INSIDE_EACH, seed * 10 + i)))
    const plan = [
      ...planCrossings(of(harbour), of(millbrook), CROSSINGS.harbourMillbrook, seed),
      ...planCrossings(of(millbrook), of(northgate), CROSSINGS.millbrookNorthgate, seed + 1),
    ]
    await carryOut(shuffled(plan), (done) => {
      if (done % 50 === 0) say(`  ${done} of ${plan.length} exchanges between banks`)
    })
    const inFlightAtKill = await killInFlight(
      harbour,
      millbrook,
      { from: of(harbour), to: of(millbrook), seed },
      say,
    )
    await loseBootstrap(banks, say)
    await carryOut(planCrossings(of(harbour), of(millbrook), CROSSINGS.afterwards, seed + 2), () => undefined)
    const { report, exports, fraud } = await audited(folder, banks, seed, say)
    return { report, inFlightAtKill, banks, exports, fraud }
  } catch (thrown) {
    for (const bank of banks) await bank.kill()
    throw thrown
  }
}

/** Every other payment goes to the second line, so that both are busy at once. */
function shuffled(plan: readonly DemoPayment[]): DemoPayment[] {
  return plan
    .map((payment, i) => ({ payment, place: (i * 7_919) % plan.length }))
    .sort((a, b) => a.place - b.place)
    .map(({ payment }) => payment)
}

/** Northgate is there first; the other two know its address and nothing else. */
async function openBanks(banks: readonly DemoBank[], say: (line: string) => void): Promise<void> {
  const [harbour, millbrook, northgate] = banks as [DemoBank, DemoBank, DemoBank]
  say('Northgate opens, from its list of members ...')
  await northgate.init([])
  await northgate.start()
  const { addresses } = await northgate.api.get<{ addresses: string[] }>('/status')
  say('Harbour and Millbrook open; they know one address, that of Northgate ...')
  await Promise.all([harbour, millbrook].map((bank) => bank.init(addresses)))
  await Promise.all([harbour.start(), millbrook.start()])
  for (const bank of banks) await bringMembers(bank)
}

async function bringMembers(bank: DemoBank): Promise<void> {
  const form = new FormData()
  for (const file of ['members', 'exchanges']) {
    form.set(
      file,
      new Blob([await readFile(join(FILES, bank.name.toLowerCase(), `${file}.csv`))]),
      `${file}.csv`,
    )
  }
  form.set('name', bank.name)
  await bank.api.postForm('/import/apply', form)
}

/** One looks for the other by its bank id alone, proposes a line, and the other's coordinator accepts. */
async function becomeNeighbours(a: DemoBank, b: DemoBank, say: (line: string) => void): Promise<void> {
  const { bank_id } = await b.api.get<{ bank_id: string }>('/status')
  const { bank_id: own } = await a.api.get<{ bank_id: string }>('/status')
  await found(a, bank_id)
  const limits = { we_may_owe_minutes: LINE_MINUTES, they_may_owe_minutes: LINE_MINUTES }
  await a.api.post('/neighbours', { bank_id, ...limits })
  await until(`${b.name} hears of the proposal`, async () => {
    const { proposals } = await b.api.get<{ proposals: { bank_id: string }[] }>('/neighbours')
    return proposals.some((proposal) => proposal.bank_id === own)
  })
  await b.api.post(`/neighbours/${own}/accept`, {})
  await until(
    `the line ${a.name}-${b.name} opens`,
    async () => (await lineTo(a, bank_id))?.line_state === 'open',
  )
  say(
    `${a.name} found ${b.name} by its bank id, and the two opened a line of ${LINE_MINUTES / 60} hours each way.`,
  )
}

interface NeighbourAnswer {
  readonly bank_id: string
  readonly line_state: string
  readonly connected: boolean
}

async function lineTo(bank: DemoBank, other: string): Promise<NeighbourAnswer | undefined> {
  const { neighbours } = await bank.api.get<{ neighbours: NeighbourAnswer[] }>('/neighbours')
  return neighbours.find((neighbour) => neighbour.bank_id === other)
}

/** Asks the DHT until the bank is found: a newcomer needs a moment to be heard of. */
function found(bank: DemoBank, other: string): Promise<void> {
  return until(`${bank.name} finds ${other}`, () =>
    bank.api.post('/neighbours/find', { bank_id: other }).then(
      () => true,
      (thrown) => {
        if ((thrown as { code?: string }).code === 'bank_unknown') return false
        throw thrown
      },
    ),
  )
}

interface Sides {
  readonly from: readonly DemoMember[]
  readonly to: readonly DemoMember[]
  readonly seed: number
}

/**
 * Payments leave Harbour in a burst, and Millbrook is killed in the middle of it. What Harbour has committed and holds
 * no receipt for is then in flight: it is counted, Millbrook comes back, and every one of them ends.
 */
async function killInFlight(
  harbour: DemoBank,
  millbrook: DemoBank,
  sides: Sides,
  say: (line: string) => void,
): Promise<number> {
  const once = await onceOnly(sides.to[0] as DemoMember)
  for (let round = 1; round <= KILL_TRIES; round++) {
    const ids = await burstAndKill(harbour, millbrook, sides, round)
    const inFlight = (await states(harbour, ids)).filter((state) => state === 'sent').length
    if (inFlight === 0) {
      await millbrook.start()
      await Promise.all(ids.map((id) => followed(harbour, id)))
      continue
    }
    say(
      `Millbrook is killed (SIGKILL) while Harbour holds ${inFlight} payments it has sent and has no receipt for ...`,
    )
    ids.push(...(await payTheDead(harbour, { ...sides, to: [once] })))
    await millbrook.start()
    const endings = await Promise.all(ids.map((id) => followed(harbour, id)))
    const count = (ending: Ending): number => endings.filter((one) => one === ending).length
    say(
      `Millbrook is back: ${count('paid')} of them are done, ${count('returned')} came back, ${count('never')} never happened.`,
    )
    return inFlight
  }
  throw new Fault('timed_out', `In ${KILL_TRIES} bursts Millbrook was always quicker than the kill.`)
}

/** Every third goes by post, and is committed as soon as Harbour has answered; then Millbrook dies. */
async function burstAndKill(
  harbour: DemoBank,
  millbrook: DemoBank,
  sides: Sides,
  round: number,
): Promise<string[]> {
  const plan = planCrossings(sides.from, sides.to, BURST * 2, sides.seed * 100 + round)
  const burst = plan.filter(({ payer }) => payer.bank === harbour)
  const sending = burst.map((payment, i) =>
    send({ ...payment, minutes: 15, postal: i % 3 === 0 }).catch(() => null),
  )
  await Promise.race(sending.filter((_, i) => i % 3 === 0))
  await millbrook.kill()
  return (await Promise.all(sending)).filter((id) => id !== null)
}

/**
 * While Millbrook is away: payments that wait two seconds for it never happen, and of two by post to a code that
 * works once the second comes back.
 */
function payTheDead(harbour: DemoBank, sides: Sides): Promise<string[]> {
  const plan = planCrossings(sides.from, sides.to, BURST, sides.seed * 100)
  const [a, b, c, d] = plan.filter(({ payer }) => payer.bank === harbour) as [
    DemoPayment,
    DemoPayment,
    DemoPayment,
    DemoPayment,
  ]
  const brief = { minutes: 15, postal: false, within: 2 }
  const byPost = { minutes: 15, postal: true }
  return Promise.all([
    send({ ...a, ...brief }),
    send({ ...b, ...brief }),
    send({ ...c, ...byPost }),
    send({ ...d, ...byPost }),
  ])
}

function states(bank: DemoBank, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await bank.api.get<{ state: string }>(`/payments/${id}`)).state))
}

/** Northgate, through which all had met, goes away; Harbour starts anew and finds Millbrook all the same. */
async function loseBootstrap(banks: readonly DemoBank[], say: (line: string) => void): Promise<void> {
  const [harbour, millbrook, northgate] = banks as [DemoBank, DemoBank, DemoBank]
  const { bank_id } = await millbrook.api.get<{ bank_id: string }>('/status')
  await northgate.stop()
  await harbour.stop()
  await harbour.start()
  await found(harbour, bank_id)
  await until('Harbour and Millbrook meet', async () => (await lineTo(harbour, bank_id))?.connected === true)
  say(
    'Northgate, the bank all had met through, was taken away; Harbour started anew and found Millbrook again.',
  )
  await northgate.start()
  const other = (await northgate.api.get<{ bank_id: string }>('/status')).bank_id
  await until('Northgate is back', async () => (await lineTo(millbrook, other))?.connected === true)
}

async function audited(
  folder: string,
  banks: readonly DemoBank[],
  seed: number,
  say: (line: string) => void,
): Promise<{ report: AuditReport; exports: string; fraud: string }> {
  await until('nothing is under way', async () => {
    const open = await Promise.all(banks.map((bank) => bank.api.get<{ payments_open: number }>('/status')))
    return open.every(({ payments_open }) => payments_open === 0)
  })
  const exports = join(folder, 'exports')
  const fraud = join(folder, 'fraud')
  await rm(exports, { recursive: true, force: true })
  await rm(fraud, { recursive: true, force: true })
  await mkdir(exports, { recursive: true })
  for (const bank of banks) await writeExport(bank, join(exports, bank.name.toLowerCase()))
  say('The three logs are exported and audited by a program that trusts none of the banks ...')
  const report = await auditPaths(
    banks.map((bank) => join(exports, bank.name.toLowerCase())),
    { independent: 'no' },
  )
  await cp(exports, fraud, { recursive: true })
  await plantInMillbrook(banks[1] as DemoBank, join(fraud, 'millbrook'), seed)
  return { report, exports, fraud }
}

/** The log alone, without the register of people, as a bank hands it to an auditor. */
async function writeExport(bank: DemoBank, out: string): Promise<void> {
  const zip = new Uint8Array(await new Response(await bank.api.stream('/export?people=no')).arrayBuffer())
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    if (path.endsWith('/')) continue
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), bytes)
  }
}

/** Whoever holds the key can sign anything; that is why the neighbours' logs count. */
async function plantInMillbrook(millbrook: DemoBank, copy: string, seed: number): Promise<void> {
  const { bank_id } = await millbrook.api.get<{ bank_id: string }>('/status')
  const hex = (await readFile(join(millbrook.folder, 'keys', 'log.key'), 'utf8')).trim()
  const key = fromHex(hex, 32)
  must(key !== null, 'the log key of the demo bank can be read')
  await plantFraud(join(copy, 'tlog', bank_id, '0'), signingKey(key), seed)
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const over = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > over)
      throw new Fault('timed_out', `Within a minute it did not happen that ${what}.`)
    await pause(50)
  }
}
