/**
 * How does a bank run? `commonhour serve`: until it is told to stop, or can no longer record ([OPS-12]).
 */

import { networkInterfaces } from 'node:os'
import type { Command } from 'commander'
import encodeQR from 'qr'
import { Fault, reasonOf } from '../../core/fault.ts'
import type { OperatorLog } from '../../machine.ts'
import { parsePeerAddress } from '../../peer/peer-address.ts'
import type { Whereabouts } from '../../peer/ports.ts'
import type { ServedBank, ServeOptions } from '../../serve.ts'
import { readConfig, type Settings } from '../config.ts'
import type { Act, Context } from '../context.ts'
import { EXIT, FAULT_EXIT } from '../exit-codes.ts'
import { beginHere, isUnused } from '../first-run.ts'
import { addressesOf } from '../house-address.ts'
import { addSettingOptions, flagsOf } from '../setting-options.ts'
import type { Io } from '../terminal.ts'

const PROGRESS_STEP = 50_000

export function addServe(program: Command, act: Act): void {
  const command = program
    .command('serve')
    .summary('run the bank of a folder')
    .description(
      'Runs the bank until it is stopped (Ctrl-C). Its log goes to stderr, one JSON object a line. In an empty folder it makes a new bank, in the browser.',
    )
    .option('--no-open', 'print the link of the set-up, and leave the browser alone')
  addSettingOptions(command).action(act(run))
}

async function run(context: Context, flags: { readonly open: boolean }): Promise<number> {
  const { io, folder } = context
  const { settings } = await readConfig(folder, io.env, flagsOf({ ...flags }))
  // Loaded here: the other commands need none of a running bank's parts, and start sooner without them.
  const [{ serve }, { operatorLog }] = await Promise.all([
    import('../../serve.ts'),
    import('../../machine.ts'),
  ])
  const log = operatorLog(settings['log-level'], io.err)
  const ending = endOf(io)
  const options: ServeOptions = {
    ...optionsOf(folder, settings),
    log,
    onFatal: ending.fail,
    progress: progressTo(log),
  }
  const show = (url: string, what: 'begin' | 'come in' = 'begin'): void => {
    const { here, house } = addressesOf(url, networkInterfaces())
    io.out(setupText(house, what))
    if (flags.open) io.openPage(here)
  }
  let running: Pick<ServedBank, 'close'>
  try {
    const bank = await served(folder, () => serve(options))
    if (bank?.setupUrl) show(bank.setupUrl, 'come in')
    running = bank ?? (await beginHere(options, flagsOf({ ...flags }), show))
  } catch (thrown) {
    ending.leave()
    throw thrown
  }
  const code = await ending.over
  log.info({}, code === EXIT.fine ? 'stopping' : 'stopping_after_fault')
  await running.close()
  ending.leave()
  log.info({}, 'stopped')
  return code
}

/** The bank of the folder; null where none was made yet, and one may be. */
async function served(folder: string, open: () => Promise<ServedBank>): Promise<ServedBank | null> {
  try {
    return await open()
  } catch (thrown) {
    const isMissing = thrown instanceof Fault && thrown.code === 'folder_not_set_up'
    if (isMissing && (await isUnused(folder))) return null
    throw thrown
  }
}

/** The link and the same as a picture, for a telephone in the same house; not part of the log ([SIGN-9]). */
function setupText(url: string, what: 'begin' | 'come in'): string {
  const good = what === 'begin' ? '' : '. It works once, for half an hour'
  return `\n${encodeQR(url, 'ascii', { border: 1 })}\nOpen this in a browser on this machine to begin${good}:\n\n  ${url}\n\n`
}

function optionsOf(folder: string, settings: Settings): Omit<ServeOptions, 'log' | 'onFatal'> {
  return {
    folder,
    http: {
      host: settings['http-host'],
      port: settings['http-port'],
      proxies: settings['http-proxy'],
      names: settings['http-name'],
    },
    p2p: {
      listen: [listenAddress(settings['p2p-host'], settings['p2p-port'])],
      announce: settings['p2p-announce'],
      network: settings.network,
    },
    bootstrap: settings.bootstrap.map((text) => parsePeerAddress(text) as Whereabouts),
    publicHead: settings['public-head-seconds'],
    metrics: settings.metrics,
    node: { start: settings.start, startWaitSeconds: settings['start-wait-seconds'] },
  }
}

function listenAddress(host: string, port: number): string {
  return `/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/tcp/${port}`
}

/** What ends a running bank: a stop signal, or a fault after which it cannot record. A second signal ends it now. */
function endOf(io: Io) {
  let settle: (code: number) => void = () => undefined
  const over = new Promise<number>((resolve) => {
    settle = resolve
  })
  let signals = 0
  const leave = io.onStop(() => {
    signals += 1
    if (signals > 1) io.exitNow(EXIT.interrupted)
    settle(EXIT.fine)
  })
  const fail = (fault: unknown): void => {
    io.err(`commonhour: ${reasonOf(fault)}\n`)
    settle(fault instanceof Fault ? FAULT_EXIT[fault.code] : EXIT.couldNotFinish)
  }
  return { over, leave, fail }
}

function progressTo(log: OperatorLog): (entries: number) => void {
  let told = 0
  return (entries) => {
    if (entries - told < PROGRESS_STEP) return
    told = entries
    log.info({ entries }, 'reading_the_log')
  }
}
