/**
 * How does a bank run? `commonhour serve`: until it is told to stop, or can no longer record ([OPS-12]).
 */

import type { Command } from 'commander'
import encodeQR from 'qr'
import { Fault, reasonOf } from '../../core/fault.ts'
import { parsePeerAddress } from '../../peer/peer-address.ts'
import type { Whereabouts } from '../../peer/ports.ts'
import type { OperatorLog, ServedBank, ServeOptions } from '../../serve.ts'
import { readConfig, type Settings } from '../config.ts'
import type { Act, Context } from '../context.ts'
import { EXIT, FAULT_EXIT } from '../exit-codes.ts'
import { addSettingOptions, flagsOf } from '../setting-options.ts'
import type { Io } from '../terminal.ts'

const PROGRESS_STEP = 50_000

export function addServe(program: Command, act: Act): void {
  const command = program
    .command('serve')
    .summary('run the bank of a folder')
    .description(
      'Runs the bank until it is stopped (Ctrl-C). Its log goes to stderr, one JSON object a line.',
    )
  addSettingOptions(command).action(act(run))
}

async function run(context: Context, flags: object): Promise<number> {
  const { io, folder } = context
  const { settings } = await readConfig(folder, io.env, flagsOf({ ...flags }))
  // Loaded here: the other commands need none of a running bank's parts, and start sooner without them.
  const { serve, operatorLog } = await import('../../serve.ts')
  const log = operatorLog(settings['log-level'], io.err)
  const ending = endOf(io)
  let bank: ServedBank
  try {
    bank = await serve({
      ...optionsOf(folder, settings),
      log,
      onFatal: ending.fail,
      progress: progressTo(log),
    })
  } catch (thrown) {
    ending.leave()
    throw thrown
  }
  if (bank.setupUrl !== null) io.out(setupText(bank.setupUrl))
  const code = await ending.over
  log.info({}, code === EXIT.fine ? 'stopping' : 'stopping_after_fault')
  await bank.close()
  ending.leave()
  log.info({}, 'stopped')
  return code
}

/** The link and the same as a picture, for a telephone in the same house; not part of the log ([SIGN-9]). */
function setupText(url: string): string {
  return `\n${encodeQR(url, 'ascii', { border: 1 })}\nOpen this on this machine to begin. It works once, for half an hour:\n\n  ${url}\n\n`
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
