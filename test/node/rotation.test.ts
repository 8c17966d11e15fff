import { afterEach, describe, expect, test } from 'vitest'
import { auditSources } from '../../src/audit/audit.ts'
import { signingKey } from '../../src/core/ed25519.ts'
import { toHex } from '../../src/core/ids.ts'
import { bookSum, lineWith } from '../../src/core/ledger/book.ts'
import { recoveryHashOf } from '../../src/core/sign.ts'
import { presentOf } from '../../src/log/lineage.ts'
import { decideSeat } from '../../src/node/board-acts.ts'
import { recoverBank } from '../../src/node/recover.ts'
import { readRecord } from '../../src/peer/bank-record.ts'
import { decodeFrame } from '../../src/peer/messages.ts'
import { memoryGuard } from '../../src/store/head-guard.ts'
import { MemoryDisk, openMemoryStore } from '../../src/store/memory-store.ts'
import { exported } from '../sim/exported-log.ts'
import { brokenRules, logOf } from './judge.ts'
import { adaPays, boPays, isAtRest, type Pair, stopAll, twoBanks } from './pair.ts'
import { addAccount, balance, ok, random, refusalOf, type TestBank, until } from './town.ts'

let pair: Pair | null = null
afterEach(async () => {
  await stopAll(pair)
  pair = null
})

async function start(): Promise<Pair> {
  pair = await twoBanks()
  return pair
}

const cut = ({ network, harbour, millbrook }: Pair): void =>
  network.cut(harbour.node.transport.peerId, millbrook.node.transport.peerId)
const mend = ({ network, harbour, millbrook }: Pair): void => {
  network.mend(harbour.node.transport.peerId, millbrook.node.transport.peerId)
  // Everybody looks again at once, however long the waits have grown.
  for (const bank of [harbour, millbrook]) bank.clock.offset += 605
}

/** Changes the log key as the folder of a bank would: the new key is kept before, and takes its place after. */
async function changeKey(bank: TestBank): Promise<{ epoch: number; aborted: number }> {
  const keys = bank.keys!
  keys.next = signingKey(random.bytes(32))
  const changed = ok(await bank.node.changeKey(keys.next))
  keys.log = keys.next
  keys.next = null
  return changed
}

/** The stopped bank begins an epoch with the words of its sheet. */
async function recover(bank: TestBank, cause: 'lost' | 'stolen', sheet = bank.keys!.sheet) {
  const keys = bank.keys!
  const [logKey, next] = [signingKey(random.bytes(32)), signingKey(random.bytes(32))]
  const store = openMemoryStore(bank.disk)
  const outcome = await recoverBank({
    store,
    guard: () => bank.guard,
    clock: bank.clock,
    report: () => undefined,
    sheet,
    cause,
    prepare: async () => ({ logKey, recoveryHash: recoveryHashOf(next.publicKey) }),
  })
  await store.close()
  if (outcome.ok) [keys.log, keys.sheet] = [logKey, next]
  return outcome
}

const knownEpoch = (bank: TestBank, peer: TestBank): number | undefined => {
  const { lineage, held } = bank.node.contacts.link(peer.bank)!.neighbour
  const { epoch, origin } = presentOf(lineage)
  return held?.origin === origin ? epoch : undefined
}
const stateOf = async (bank: TestBank, id: Uint8Array): Promise<string> =>
  ok(await bank.node.payment(id)).state
const shares = (bank: TestBank): Promise<number> => bank.node.read(({ book }) => bookSum(book))
const kindsOf = (bank: TestBank): string[] => logOf(bank.node).placed.map(({ entry }) => entry.kind)

/** Both judges, on the files alone, find nothing; the second with decoder and verifier of its own. */
async function expectClean({ harbour, millbrook }: Pair): Promise<void> {
  expect(brokenRules([logOf(harbour.node), logOf(millbrook.node)])).toEqual([])
  const banks = [harbour, millbrook].map(({ bank, disk, node }) => {
    return { bank, disk, logKey: node.own.keyOf(0) }
  })
  for (const independent of ['no', 'yes'] as const) {
    const report = await auditSources(exported(banks), { independent })
    const found = report.findings.filter(({ severity }) => severity === 'fail')
    expect(found).toEqual([])
    expect(report.banks.map(({ proven }) => proven)).toEqual([true, true])
    expect(report.lines.map(({ equal }) => equal)).toEqual([true])
  }
}

/** What a disk holds at this moment. */
function copyOf(disk: MemoryDisk): MemoryDisk {
  const copy = new MemoryDisk()
  const everything = { from: Uint8Array.of(0), to: Uint8Array.of(255) }
  copy.commit(disk.rowsOf(everything).map(([put, value]) => ({ put: put.slice(), value: value.slice() })))
  return copy
}

describe('a planned change', () => {
  test('[KEY-3] [KEY-6] hours go on passing both ways under the new key, and both judges find nothing', async () => {
    const all = await start()
    const { harbour, millbrook, ada, bo } = all
    for (const id of [await adaPays(all, 60)]) await harbour.node.settled(id, 20)
    expect(await changeKey(harbour)).toEqual({ epoch: 1, aborted: 0 })
    expect(kindsOf(harbour).slice(-2)).toEqual(['rotate.out', 'rotate.in'])
    // A restore of yesterday's folder is noticed by what lies beside it.
    expect(await harbour.guard.read()).toEqual(harbour.node.own.headOf(1).note)
    await until(() => knownEpoch(millbrook, harbour) === 1)
    expect((await harbour.node.settled(await adaPays(all, 30), 20)).ok).toBe(true)
    expect(ok(await millbrook.node.settled(await boPays(all, 15), 20)).state).toBe('paid')
    await until(() => isAtRest(all))
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(-75)
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(75)
    await expectClean(all)
    // A key that has signed before signs no other epoch.
    expect(refusalOf(await harbour.node.changeKey(harbour.keys!.log))).toBe('key_weak')
    // The other one, and once more: what is known of the old keys is not forgotten.
    await changeKey(millbrook)
    await changeKey(harbour)
    await until(() => knownEpoch(millbrook, harbour) === 2 && knownEpoch(harbour, millbrook) === 1)
    expect(ok(await harbour.node.settled(await adaPays(all, 45), 20)).state).toBe('paid')
    await until(() => isAtRest(all))
    await expectClean(all)
  })

  test('[KEY-6] balances, lines, sequences, devices, roles and used ids are the same after it, and after a start', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const paid = await adaPays(all, 60)
    await harbour.node.settled(paid, 20)
    const shown = () =>
      harbour.node.read(({ book }) => ({
        accounts: book.accounts.map(({ id, balance: minutes, given, received }) => [
          toHex(id),
          minutes,
          given,
          received,
        ]),
        line: { ...lineWith(book, millbrook.bank)!, heard: 0, seen: null, peerEpochs: [] },
        devices: [...book.devices.keys()],
        roles: [...book.roles.keys()],
        state: book.asPayer.stateOf(paid),
        recoveryHash: toHex(book.recoveryHash),
      }))
    const before = await shown()
    await changeKey(harbour)
    expect(await shown()).toEqual(before)
    await harbour.stop()
    await harbour.start()
    expect(await shown()).toEqual(before)
    expect(harbour.node.own.epoch).toBe(1)
    await until(() => harbour.node.gate.state() === null)
    expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
  })

  test('[PAY-15] what is held ends with the old key; what is sent stays good and arrives under it', async () => {
    const all = await start()
    const { harbour, millbrook, ada, bo } = all
    cut(all)
    const [held, sent] = [await adaPays(all, 60), await adaPays(all, 45, { postal: true })]
    const comes = await boPays(all, 20, { postal: true })
    const back = await boPays(all, 15)
    expect(await changeKey(harbour)).toEqual({ epoch: 1, aborted: 1 })
    expect([await stateOf(harbour, held), await stateOf(harbour, sent)]).toEqual(['dead', 'sent'])
    expect(ok(await harbour.node.payment(held)).reason).toBe('key_rotation')
    mend(all)
    await until(async () => (await stateOf(harbour, sent)) === 'paid')
    await until(async () => (await stateOf(millbrook, comes)) === 'paid')
    await until(async () => ['paid', 'dead'].includes(await stateOf(millbrook, back)))
    await until(() => isAtRest(all))
    expect(await stateOf(millbrook, sent)).toBe('credited')
    const owed = (await stateOf(millbrook, back)) === 'paid' ? 35 : 20
    expect(await harbour.node.read(({ book }) => balance(book, ada))).toBe(owed - 45)
    expect(await millbrook.node.read(({ book }) => balance(book, bo))).toBe(45 - owed)
    expect([await shares(harbour), await shares(millbrook)]).toEqual([0, 0])
    await expectClean(all)
  })

  test('[PAY-15] a promise of ours outlives our key; the promise that waits for an aborted offer is released', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    // Harbour has promised, and its promise is lost on the way.
    let promised = false
    harbour.spy = (frame) => {
      const read = decodeFrame(frame)
      if (promised || !read.ok || !read.frame.messages.some(({ name }) => name === 'promise')) return
      promised = true
      cut(all)
    }
    const comes = await boPays(all, 30, { seconds: 3_600 })
    await until(() => promised)
    harbour.spy = () => {}
    await changeKey(harbour)
    mend(all)
    await until(async () => (await stateOf(millbrook, comes)) === 'paid')
    await until(() => isAtRest(all))
    expect(kindsOf(millbrook).includes('pay.done')).toBe(true)
    // Now Millbrook promises, and Harbour changes its key before it hears of it.
    promised = false
    millbrook.spy = (frame) => {
      const read = decodeFrame(frame)
      if (promised || !read.ok || !read.frame.messages.some(({ name }) => name === 'promise')) return
      promised = true
      cut(all)
    }
    const goes = await adaPays(all, 30, { seconds: 3_600 })
    await until(() => promised)
    millbrook.spy = () => {}
    expect((await changeKey(harbour)).aborted).toBe(1)
    expect(await stateOf(millbrook, goes)).toBe('promised')
    mend(all)
    await until(async () => (await stateOf(millbrook, goes)) === 'released')
    await until(() => isAtRest(all))
    await expectClean(all)
  })

  test('[KEY-6] a neighbour that was away for two changes learns both from their artefacts', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    await millbrook.stop()
    await changeKey(harbour)
    await addAccount(harbour)
    await changeKey(harbour)
    await millbrook.start()
    await until(() => knownEpoch(millbrook, harbour) === 2)
    await until(() => millbrook.node.gate.state() === null)
    expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
    expect(ok(await millbrook.node.settled(await boPays(all, 10), 20)).state).toBe('paid')
    // What it has learned, it knows at its next start.
    await harbour.stop()
    await millbrook.stop()
    await millbrook.start()
    expect(knownEpoch(millbrook, harbour)).toBe(2)
    await harbour.start()
    await until(() => harbour.node.gate.state() === null && millbrook.node.gate.state() === null)
    expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
    await until(() => isAtRest(all))
    await expectClean(all)
    expect(millbrook.notices.some(({ notice }) => notice === 'breach')).toBe(false)
  })

  test.each([
    ['is not on the disk', false],
    ['is on the disk all the same', true],
  ])(
    '[KEY-3] a crash between the two entries, the second of which %s: the start begins the epoch, and only it can',
    async (_, persists) => {
      const all = await start()
      const { harbour, millbrook } = all
      cut(all)
      const held = await adaPays(all, 60)
      harbour.diskFaults.failAt = harbour.diskFaults.appends + 2
      harbour.diskFaults.persists = persists
      harbour.keys!.next = signingKey(random.bytes(32))
      await expect(harbour.node.changeKey(harbour.keys!.next)).rejects.toThrow('The disk answered')
      harbour.diskFaults.failAt = Number.POSITIVE_INFINITY
      await harbour.stop()
      const next = harbour.keys!.next
      const { log } = harbour.keys!
      harbour.keys!.next = null
      await expect(harbour.start()).rejects.toThrow(/log key/)
      harbour.keys!.next = next
      await harbour.start()
      mend(all)
      await until(() => harbour.node.gate.state() === null && harbour.node.own.epoch === 1)
      expect(kindsOf(harbour).slice(-2)).toEqual(['rotate.out', 'rotate.in'])
      expect(await stateOf(harbour, held)).toBe('dead')
      await until(() => knownEpoch(millbrook, harbour) === 1)
      expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
      await until(() => isAtRest(all))
      await expectClean(all)
      // The old key opens nothing any more.
      await harbour.stop()
      harbour.keys!.next = null
      harbour.keys!.log = log
      await expect(harbour.start()).rejects.toThrow('is not the one this bank signs with')
      harbour.keys!.log = next
      await harbour.start()
    },
  )

  test('[CRASH-7] [R8] a copy of the folder from before the change is told of it, and signs nothing', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const [disk, log] = [copyOf(harbour.disk), harbour.keys!.log]
    const note = await harbour.guard.read()
    await changeKey(harbour)
    await until(() => knownEpoch(millbrook, harbour) === 1)
    await harbour.stop()
    const [later, key] = [harbour.disk, harbour.keys!.log]
    harbour.disk = disk
    harbour.keys!.log = log
    await harbour.guard.write(note!)
    await harbour.start()
    const isTold = () => {
      const state = harbour.node.gate.state()
      return state !== null && state !== 'wait' && state.code === 'log_behind_neighbour'
    }
    await until(isTold)
    await harbour.stop()
    // The guard of the newer epoch says nothing to a folder without its key; with it, nobody need tell.
    harbour.disk = later
    harbour.keys!.log = key
    await harbour.start()
    const newest = harbour.node.head.note
    await harbour.stop()
    await harbour.guard.write(newest)
    harbour.disk = disk
    harbour.keys!.log = log
    await harbour.start()
    await until(isTold)
    await harbour.stop()
    harbour.keys!.next = key
    await harbour.start()
    expect(refusalOf(await harbour.node.changeKey(signingKey(random.bytes(32))))).toBe('log_behind_guard')
  })

  test('[R8] [CRASH-7] such a copy without its guard signs nothing that is asked of it before it has heard', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const [disk, log] = [copyOf(harbour.disk), harbour.keys!.log]
    await changeKey(harbour)
    await until(() => knownEpoch(millbrook, harbour) === 1)
    await harbour.stop()
    harbour.disk = disk
    harbour.keys!.log = log
    Object.assign(harbour.guard, memoryGuard())
    await harbour.start()
    const { size } = harbour.node.head
    await expect(addAccount(harbour)).rejects.toThrow('log_behind_neighbour')
    expect(harbour.node.head.size).toBe(size)
    expect(harbour.notices.some(({ notice }) => notice === 'breach')).toBe(false)
  })

  test('[REC-1] [KEY-6] the record of the bank shows how its key changed, to strangers as well', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const record = async () => {
      const found = ok(
        await millbrook.node.contacts.find(
          harbour.bank,
          [{ peerId: harbour.node.transport.peerId, addresses: harbour.node.transport.addresses() }],
          new AbortController().signal,
        ),
      )
      const read = readRecord(found.record, { now: millbrook.clock.now() })
      return read.ok ? read.record : read.problem
    }
    const before = await record()
    await changeKey(harbour)
    const after = await record()
    if (typeof before === 'string' || typeof after === 'string') throw new Error('both records hold')
    expect([before.origin.at(-1), after.origin.at(-1)]).toEqual(['0', '1'])
    expect(after.lineage.epochs.map(({ epoch }) => epoch)).toEqual([0, 1])
    expect(after.logKey.raw).toEqual(harbour.keys!.log.publicKey)
    expect(after.card).toEqual(before.card)
  })
})

describe('a recovery', () => {
  test.each(['lost', 'stolen'] as const)(
    '[KEY-4] the sheet begins the next epoch when the key is %s, once',
    async (cause) => {
      const all = await start()
      const { harbour, millbrook } = all
      cut(all)
      const [held, sent] = [await adaPays(all, 60), await adaPays(all, 45, { postal: true })]
      await harbour.stop()
      const old = harbour.keys!.sheet
      expect(refusalOf(await recover(harbour, cause, signingKey(random.bytes(32))))).toBe('sheet_wrong')
      expect(ok(await recover(harbour, cause))).toMatchObject({ epoch: 1, aborted: 1 })
      expect(refusalOf(await recover(harbour, cause, old))).toBe('sheet_wrong')
      mend(all)
      await harbour.start()
      expect(kindsOf(harbour).includes('rotate.out')).toBe(false)
      await until(() => knownEpoch(millbrook, harbour) === 1)
      await until(() => harbour.node.gate.state() === null)
      expect(await stateOf(harbour, held)).toBe('dead')
      await until(async () => (await stateOf(harbour, sent)) === 'paid')
      expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
      await until(() => isAtRest(all))
      await expectClean(all)
    },
  )

  test('[KEY-4] it outranks a key that a thief had the old one name', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    const honest = copyOf(harbour.disk)
    const guard = await harbour.guard.read()
    // The thief has the folder, and the neighbour believes it at first.
    await changeKey(harbour)
    await until(() => knownEpoch(millbrook, harbour) === 1)
    const thief = toHex(harbour.node.own.keyOf(1))
    await harbour.stop()
    harbour.disk = honest
    await harbour.guard.write(guard!)
    ok(await recover(harbour, 'stolen'))
    await harbour.start()
    const learned = () => {
      const { lineage } = millbrook.node.contacts.link(harbour.bank)!.neighbour
      return toHex(presentOf(lineage).key.raw)
    }
    expect(learned()).toBe(thief)
    await until(() => learned() === toHex(harbour.keys!.log.publicKey))
    // What the thief signed is beyond what was carried over: the board has the word.
    await until(() => millbrook.notices.some(({ notice }) => notice === 'recovery_refused'))
    const line = await millbrook.node.read(({ book }) => lineWith(book, harbour.bank)!)
    expect([line.frozen, line.refused !== null]).toEqual([true, true])
  })

  test('[KEY-5] one that leaves out a head the neighbour holds is refused until its board accepts it', async () => {
    const all = await start()
    const { harbour, millbrook } = all
    await harbour.node.settled(await adaPays(all, 60), 20)
    await until(() => isAtRest(all))
    const early = copyOf(harbour.disk)
    for (let i = 0; i < 3; i++) await addAccount(harbour)
    const { size } = harbour.node.head
    await until(() => millbrook.node.contacts.link(harbour.bank)!.neighbour.held?.size === size)
    await harbour.stop()
    // The machine is gone, and an old copy is all there is; its guard is gone with it.
    harbour.disk = early
    Object.assign(harbour.guard, memoryGuard())
    ok(await recover(harbour, 'lost'))
    await harbour.start()
    await until(() => harbour.node.gate.state() === null)
    await until(() => millbrook.notices.some(({ notice }) => notice === 'recovery_refused'))
    const stopped = () => millbrook.node.read(({ book }) => lineWith(book, harbour.bank)!.frozen)
    expect(await stopped()).toBe(true)
    await until(async () => harbour.node.contacts.link(millbrook.bank)!.neighbour.pausedThere)
    await expect(adaPays(all, 30)).rejects.toThrow('line_paused_there')
    await expect(boPays(all, 30)).rejects.toThrow('line_paused')
    expect(refusalOf(await millbrook.node.pauseNeighbour(harbour.bank, 'resume'))).toBe(
      'recovery_not_accepted',
    )
    const board = [random.bytes(16), random.bytes(16)]
    for (const actor of board)
      ok(await millbrook.node.commit(decideSeat({ actor, ownAccount: null, nonce: random.bytes(16) }, [])))
    const accept = millbrook.node.acceptRecovery(harbour.bank)
    expect(refusalOf(await millbrook.node.commit(accept([board[0]!])))).toBe('board_too_few')
    ok(await millbrook.node.commit(accept(board)))
    expect(refusalOf(await millbrook.node.commit(accept(board)))).toBe('no_recovery_refused')
    expect(await stopped()).toBe(false)
    await until(async () => !harbour.node.contacts.link(millbrook.bank)!.neighbour.pausedThere)
    expect(ok(await harbour.node.settled(await adaPays(all, 30), 20)).state).toBe('paid')
    expect(ok(await millbrook.node.settled(await boPays(all, 15), 20)).state).toBe('paid')
    await until(() => isAtRest(all))
    // The auditor says what was left behind, and holds it against nobody.
    const banks = [harbour, millbrook].map(({ bank, disk, node }) => ({
      bank,
      disk,
      logKey: node.own.keyOf(0),
    }))
    const report = await auditSources(exported(banks), { independent: 'no' })
    const found = report.findings.filter(({ severity }) => severity !== 'info')
    expect(found.map(({ rule, epoch }) => [rule, epoch])).toEqual([['AUD-1.tail_abandoned', 0]])
  })
})
