/**
 * Which parts make a running bank? The one place that picks LevelDB, libp2p, the real clock and the log of the
 * process. `init` makes a bank in an empty folder, `serve` opens and serves it until it is closed.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { verifyingKey } from './core/ed25519.ts'
import { Fault, must, reasonOf } from './core/fault.ts'
import { type Bytes, KEY_BYTES } from './core/ids.ts'
import { type Outcome, refuse } from './core/refusal.ts'
import { recoveryHashOf } from './core/sign.ts'
import { makeApp } from './http/app.ts'
import { commitDurations, type MetricsFor } from './http/metrics.ts'
import type { PublicHeadPace } from './http/public-head.ts'
import { announceRunning, retractRunning } from './http/running-bank.ts'
import { type HttpServer, listenHttp } from './http/server.ts'
import { makeApiToken, readApiToken } from './keys/api-token.ts'
import { readSheet, recoveryKey, sheetWords } from './keys/recovery-sheet.ts'
import {
  makeNextLogKey,
  makeRoleKeys,
  type RoleKeys,
  readRoleKeys,
  takeNextLogKey,
} from './keys/role-keys.ts'
import { dropSheet, heldSheet, holdSheet } from './keys/sheet-on-hold.ts'
import { type OperatorLog, random, realClock, reportTo } from './machine.ts'
import { foundBank, refuseFounded } from './node/found.ts'
import { keyChange, type LogKeyFiles, settleNextKey } from './node/key-change.ts'
import { type Node, type NodeSettings, openNode, USUAL_SETTINGS } from './node/node.ts'
import type { Clock } from './node/ports.ts'
import { type Recovered, recoverBank } from './node/recover.ts'
import { openAddressBook } from './peer/address-book.ts'
import { libp2pDirectory } from './peer/libp2p-directory.ts'
import type { Network } from './peer/libp2p-gate.ts'
import { createHost } from './peer/libp2p-host.ts'
import { libp2pTransport } from './peer/libp2p-transport.ts'
import { openPeerFolder } from './peer/peer-folder.ts'
import { peerIdBytesOf } from './peer/peer-id.ts'
import type { Whereabouts } from './peer/ports.ts'
import { isPrivateAddress } from './peer/private-address.ts'
import { coordinatorRow } from './register/coordinators.ts'
import { reapplyErasures, resumeErasures } from './register/erasure.ts'
import type { Surroundings } from './register/health/look.ts'
import { Elsewhere } from './register/notices-elsewhere.ts'
import { actingCoordinator } from './register/office.ts'
import { ensureFund, People } from './register/people.ts'
import { receptionOf } from './register/reception.ts'
import type { SheetOnHold } from './register/sheet-on-hold.ts'
import { guardIn } from './store/guard-of-log.ts'
import { openLevelStore } from './store/level-store.ts'
import { VERSION } from './version.ts'
import type { Pages, PagesParts } from './web/pages.ts'
import type { Language } from './words/language.ts'
import { LANGUAGES } from './words/languages/all.ts'

export interface InitOptions {
  readonly folder: string
  readonly name: string
  /** Name of the first coordinator. */
  readonly coordinator: string
  readonly publicUrl?: string | null
  /** `waits`: the words of the sheet stay on the machine until somebody has them on paper ([KEY-7]). */
  readonly sheet?: 'shown' | 'waits'
}

export interface ServeOptions {
  readonly folder: string
  /** Port 0 takes a free one. */
  readonly http: {
    readonly host: string
    readonly port: number
    readonly proxies?: readonly string[]
    readonly names?: readonly string[]
  }
  readonly p2p: {
    /** Multiaddr texts to listen on. */
    readonly listen: readonly string[]
    /** Multiaddr texts under which others reach us; none leaves it to the machine. */
    readonly announce: readonly string[]
    readonly network: Network
  }
  /** Any peers of the network to begin with. */
  readonly bootstrap: readonly Whereabouts[]
  readonly publicHead: PublicHeadPace
  /** Who may read the figures for programs; nobody unless it is said. */
  readonly metrics?: MetricsFor
  readonly node?: Partial<NodeSettings>
  readonly log: OperatorLog
  /** Of the pages; the first is spoken to whoever asks for none of them. */
  readonly languages?: readonly Language[]
  /** IANA name of the zone of the bank's days; the machine's unless it is said. */
  readonly zone?: string
  readonly clock?: Clock
  /** Told when the bank can no longer record; it should be closed, and started again. */
  readonly onFatal: (fault: unknown) => void
  /** Entries read so far at the start. */
  readonly progress?: (entries: number) => void
  /** One that listens already; it is closed with the bank. */
  readonly server?: HttpServer
}

export interface ServedBank {
  /** Of pages and API. */
  readonly url: string
  readonly token: string
  /** Where the first coordinator chooses a password, once; null when somebody can sign in already. */
  readonly setupUrl: string | null
  readonly node: Node
  readonly people: People
  /** Finishes what is under way and lets go of folder and ports. A second call waits for the first. */
  close(): Promise<void>
}

/**
 * Makes a bank: folder, keys, token and first entries. Gives the 24 words of the recovery sheet, which are kept
 * nowhere unless they are to wait. Throws Fault `folder_set_up` when there is a bank already, and what opening the folder
 * throws.
 */
export async function init(options: InitOptions): Promise<{ bank: Bytes; words: readonly string[] }> {
  const { folder, name, publicUrl } = options
  const store = await openLevelStore({ folder })
  try {
    refuseFounded(store)
    const keys = await makeRoleKeys(folder, random.bytes)
    const logKey = verifyingKey(keys.log.publicKey)
    must(logKey !== null, 'a key made from random bytes may be used')
    const guard = guardIn(folder, [logKey])
    const entropy = random.bytes(KEY_BYTES)
    await makeApiToken(folder, random.bytes)
    // Before the founding names its hash: a crash in between leaves a sheet that the next try replaces, or forgets.
    if (options.sheet === 'waits') await holdSheet(folder, entropy)
    else await dropSheet(folder)
    const { bank } = await foundBank({
      store,
      guard,
      clock: realClock,
      random,
      report: () => undefined,
      logKey: keys.log,
      witnessKey: keys.witness.publicKey,
      peerId: peerIdBytesOf(keys.peer.publicKey),
      recoveryHash: recoveryHashOf(recoveryKey(entropy).publicKey),
      name,
      publicUrl: publicUrl ?? null,
      rows: (actor) => [coordinatorRow({ actor, name: options.coordinator })],
    })
    await guard.close()
    return { bank, words: sheetWords(entropy) }
  } finally {
    await store.close()
  }
}

export interface RecoverOptions {
  readonly folder: string
  /** The 24 words of the present sheet, as they were typed. */
  readonly words: string
  readonly cause: 'lost' | 'stolen'
  /** Shows the new sheet, and resolves once it is written down; only then does it take the place of the old one. */
  readonly show: (words: readonly string[]) => Promise<void>
}

/**
 * Begins the next epoch of the bank in this folder. Refuses `sheet_wrong` and `log_behind_guard`. Throws Fault
 * `folder_not_set_up`, `folder_in_use` while the bank runs, and whatever keeps the log from being read.
 */
export async function recover(options: RecoverOptions): Promise<Outcome<Recovered>> {
  const { folder, words, cause, show } = options
  refuseEmptyFolder(folder, 'db')
  const sheet = readSheet(words)
  if (sheet === null) return refuse('sheet_wrong')
  const store = await openLevelStore({ folder })
  try {
    const entropy = random.bytes(KEY_BYTES)
    const outcome = await recoverBank({
      store,
      guard: (known) => guardIn(folder, known),
      clock: realClock,
      report: () => undefined,
      sheet: recoveryKey(sheet),
      cause,
      async prepare() {
        const logKey = await makeNextLogKey(folder, random.bytes)
        await show(sheetWords(entropy))
        return { logKey, recoveryHash: recoveryHashOf(recoveryKey(entropy).publicKey) }
      },
    })
    if (outcome.ok) {
      await takeNextLogKey(folder)
      // One that waited to be printed is used up.
      await dropSheet(folder)
    }
    return outcome
  } finally {
    await store.close()
  }
}

/**
 * Opens the bank of a folder and serves it. Throws Fault `folder_not_set_up`, `folder_in_use`, `port_in_use` and
 * whatever keeps the log from being read; then nothing stays open.
 */
export async function serve(options: ServeOptions): Promise<ServedBank> {
  const closers: (() => Promise<void>)[] = []
  let closing: Promise<void> | null = null
  const close = (): Promise<void> => {
    closing ??= closeAll(closers, options.log)
    return closing
  }
  try {
    return { ...(await open(options, closers)), close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function open(
  options: ServeOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<ServedBank, 'close'>> {
  const { folder, log } = options
  refuseEmptyFolder(folder, 'keys')
  const token = await readApiToken(folder)
  const commits = commitDurations()
  const store = await openLevelStore({ folder, took: (seconds) => commits.took(seconds) })
  closers.push(() => store.close())
  if (store.crashCopy !== null) log.warn({ copy: store.crashCopy }, 'the last run did not end in order')
  const keys = await readRoleKeys(folder)
  const sheet = await sheetOf(folder)
  const server = options.server ?? (await listenHttp({ ...options.http, clock: options.clock ?? realClock }))
  closers.push(() => server.close())
  const network = await openNetwork(options, keys, closers)
  const people = await People.open(store)
  const node = await openNode({
    store,
    reception: receptionOf(people, store),
    guard: (known) => {
      const guard = guardIn(folder, known)
      closers.push(() => guard.close())
      return guard
    },
    logKey: keys.log,
    nextLogKey: keys.nextLog,
    peerKey: keys.peer,
    ...network,
    bootstrap: options.bootstrap,
    clock: options.clock ?? realClock,
    random,
    report: reportTo(log),
    settings: { ...USUAL_SETTINGS, ...options.node },
    onFatal: options.onFatal,
    ...(options.progress === undefined ? {} : { progress: options.progress }),
  })
  closers.push(() => node.close())
  const keyFiles = logKeyFiles(folder)
  await settleNextKey(keyFiles, node)
  await reapplyErasures(node, people)
  // Only when it is needed: a bank that still asks its neighbours writes nothing, and must answer reads meanwhile.
  const hasFund = await node.read(({ book }) => book.fund === null || people.byAccount(book.fund.id) !== null)
  if (!hasFund) await ensureFund(node, people)
  // Not waited for: a bank that still asks its neighbours answers reads meanwhile.
  const later = (what: string) => (thrown: unknown) => log.warn({ problem: reasonOf(thrown) }, what)
  void node.jobs.watch('old_acts', people.acts.prune(node)).catch(later('acts not pruned'))
  void node.jobs
    .watch('erasures', resumeErasures(node, people))
    .catch(later('an erasure goes on at the next start'))
  const coordinator = await actingCoordinator(node, people)
  if (coordinator === null)
    throw new Fault('store_failed', 'The coordinators of this bank cannot be read.', { fatal: true })
  const report = (problem: string, facts: object): void => log.error({ ...facts, problem }, 'request_failed')
  const surroundings = surroundingsOf(options)
  const pages = await openAllPages({ node, people, sheet, surroundings, report }, options, closers)
  const stopping = new AbortController()
  // Requests end before the node does: whoever waits for a payment is answered with what is known.
  closers.push(async () => {
    stopping.abort()
    await server.close()
  })
  server.open(
    makeApp({
      node,
      people,
      coordinator,
      surroundings,
      version: VERSION,
      stopping: stopping.signal,
      token,
      publicHead: options.publicHead,
      metrics: { for: options.metrics ?? 'off', commits, residentBytes: () => process.memoryUsage.rss() },
      report,
      changeKey: keyChange(keyFiles, node),
      letIn: pages.letIn,
      sheet,
      pages,
    }),
  )
  await announceRunning(folder, server.url)
  closers.push(() => retractRunning(folder))
  log.info({ url: server.url }, 'serving')
  const setupPath = await pages.setupPath(coordinator.actor)
  return {
    url: server.url,
    token,
    setupUrl: setupPath === null ? null : server.url + setupPath,
    node,
    people,
  }
}

/** The pages, and what they show of neighbours. Loaded here: whoever makes or recovers a bank needs none. */
async function openAllPages(
  parts: Pick<PagesParts, 'node' | 'people' | 'sheet' | 'surroundings' | 'report'>,
  { languages, zone }: Pick<ServeOptions, 'languages' | 'zone'>,
  closers: (() => Promise<void>)[],
): Promise<Pages> {
  const elsewhere = new Elsewhere(parts.node, parts.people)
  elsewhere.start()
  closers.push(async () => elsewhere.close())
  const { openPages } = await import('./web/pages.ts')
  const pages = await openPages({
    ...parts,
    elsewhere,
    languages: languages ?? LANGUAGES,
    zone: zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    version: VERSION,
  })
  closers.push(async () => pages.close())
  return pages
}

/** The recovery sheet that waits in this folder, if one does. */
async function sheetOf(folder: string): Promise<SheetOnHold> {
  let waits = (await heldSheet(folder)) !== null
  return {
    waits: () => waits,
    words: () => heldSheet(folder),
    async putAway() {
      await dropSheet(folder)
      waits = false
    },
  }
}

function surroundingsOf({ p2p: { network }, http: { proxies = [] } }: ServeOptions): Surroundings {
  return { network, isPrivate: isPrivateAddress, proxies: proxies.length }
}

/** The files of the log keys in this folder. */
function logKeyFiles(folder: string): LogKeyFiles {
  return {
    next: async () => (await readRoleKeys(folder)).nextLog,
    makeNext: () => makeNextLogKey(folder, random.bytes),
    takeNext: () => takeNextLogKey(folder),
  }
}

/** Asked before anything is made: opening a store makes its folder. */
function refuseEmptyFolder(folder: string, part: 'keys' | 'db'): void {
  if (existsSync(join(folder, part))) return
  throw new Fault(
    'folder_not_set_up',
    `There is no bank in ${folder} yet. Make one with: commonhour init --dir ${folder}`,
  )
}

/** One libp2p host for both ports, and a folder in which it and the address book remember whom the bank has met. */
async function openNetwork(
  { folder, p2p, log }: ServeOptions,
  keys: RoleKeys,
  closers: (() => Promise<void>)[],
) {
  const report = (problem: string): void => log.warn({ problem }, 'network')
  const peers = await openPeerFolder(join(folder, 'peers'), report)
  closers.push(() => peers.close())
  const { network, listen, announce } = p2p
  const host = await createHost({
    seed: keys.peerSeed,
    network,
    listen,
    announce,
    report,
    datastore: peers.datastore,
  })
  closers.push(() => host.stop())
  const addressBook = await openAddressBook(peers.rows, report)
  return { transport: libp2pTransport(host, report), directory: libp2pDirectory(host), addressBook }
}

/** The last opened is closed first; one that fails does not keep the others open. */
async function closeAll(closers: (() => Promise<void>)[], log: OperatorLog): Promise<void> {
  for (const close of closers.toReversed()) {
    try {
      await close()
    } catch (thrown) {
      log.warn({ problem: reasonOf(thrown) }, 'closing')
    }
  }
}
