/**
 * How do hours go to a member of another bank? `commonhour pay`: sends them, waits for the outcome, and says it in
 * the words people read.
 */

import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { Fault } from '../../core/fault.ts'
import { BANK_ID_BYTES, type Bytes, fromBase32, HANDLE_BYTES, toBase32, toHex } from '../../core/ids.ts'
import { LIMITS } from '../../core/limits.ts'
import { type MemoSalts, type MemoTexts, memoCommitment } from '../../core/memo.ts'
import { orderPreimage } from '../../core/sign.ts'
import { encodeOrder } from '../../core/transfer/order.ts'
import type { Client, NeighboursView, PaymentJson, SentPaymentView, StatusView } from '../../http/client.ts'
import { dayAt, dayOf } from '../../register/calendar.ts'
import { hoursAndMinutes } from '../../words/amounts.ts'
import type { Act, Context } from '../context.ts'
import { readDeviceFile } from '../device-file.ts'
import { EXIT } from '../exit-codes.ts'
import { channelOption, dayOption, readNumber, reasonOption } from '../read-arguments.ts'
import { UsageError } from '../usage.ts'

interface PayFlags {
  readonly from?: string
  readonly to: string
  readonly minutes: number
  readonly key?: string
  readonly reason?: string
  readonly channel: string
  readonly post?: true
  readonly within?: number
  readonly day?: string
  readonly category?: number
  readonly note?: string
}

/** Seconds that a payment by post is watched; it may take days, and nobody has to look on. */
const POSTAL_LOOK = 3
/** Seconds beyond the deadline until the answer of the deciding bank is here. */
const GRACE = 30
const STEP = 5

export function addPay(program: Command, act: Act): void {
  program
    .command('pay')
    .summary('send hours to a member of another bank')
    .description(
      'Sends hours of a member who was helped to a member of a neighbouring bank, and waits for the outcome.\n' +
        'Exit code 0: done, or by post on its way. 1: it came back or never happened.\n\n' +
        'Example: commonhour pay --from HB-4827-K --to millbrook/CODE --minutes 90 --reason telephoned --channel call',
    )
    .option('--from <number>', 'member who was helped; with --key the key says it')
    .requiredOption('--to <bank/code>', 'bank (name or id), slash, and the code of whoever helped')
    .requiredOption('--minutes <count>', 'how long', readNumber)
    .option('--key <file>', "agree with the member's own device key")
    .addOption(reasonOption())
    .addOption(channelOption())
    .option('--post', 'send at once, although the other bank may be away')
    .option('--within <seconds>', 'how long the banks have to decide', readNumber)
    .addOption(dayOption())
    .option('--category <number>', 'kind of help; 0 is not said', readNumber)
    .option('--note <text>', 'words for the two, kept private')
    .action(act(run))
}

async function run(context: Context, flags: PayFlags): Promise<number> {
  const to = readTo(flags.to)
  const client = await context.client()
  const sent =
    flags.key === undefined
      ? await byCoordinator(client, flags, to)
      : await byDevice(client, flags, to, flags.key)
  const look = flags.post === true ? POSTAL_LOOK : (flags.within ?? LIMITS.decideInteractiveSeconds) + GRACE
  const { payment, stopped } = await watch(context, client, sent, look)
  context.print({ ...payment, record: sent.record }, () => {
    const known = sent.record === 'known' ? ' It had been recorded before and counts once.' : ''
    return `${payment.word}. ${payment.sentence}${known}\nPayment ${payment.id}`
  })
  if (stopped) return EXIT.interrupted
  return exitOf(context, payment, flags)
}

function exitOf(context: Context, payment: PaymentJson, flags: PayFlags): number {
  if (payment.state === 'paid') return EXIT.fine
  if (payment.state === 'sent' && flags.post === true) {
    context.say('It arrives when the other bank is back. See it with: commonhour status')
    return EXIT.fine
  }
  if (payment.ended) return EXIT.problems
  context.say('The other bank has not answered yet. See it with: commonhour status')
  return EXIT.couldNotFinish
}

/** Waits until nobody is waited for any more, telling each change; a stop signal ends the looking, not the payment. */
async function watch(
  context: Context,
  client: Client,
  sent: SentPaymentView,
  seconds: number,
): Promise<{ payment: PaymentJson; stopped: boolean }> {
  let payment: PaymentJson = sent
  const stop = new AbortController()
  const leave = context.io.onStop(() => stop.abort())
  const over = performance.now() + seconds * 1000
  let told = ''
  try {
    while (!payment.ended && performance.now() < over) {
      if (payment.word !== told) context.say(`${payment.word}: ${payment.sentence}`)
      told = payment.word
      const left = Math.max(0, (over - performance.now()) / 1000)
      const path = `/payments/${payment.id}?wait=${Math.min(STEP, left).toFixed(1)}`
      payment = await client.get<PaymentJson>(path, stop.signal)
    }
    return { payment, stopped: false }
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown
    context.say('Nobody looks on any more; the payment itself goes on. See it with: commonhour status')
    return { payment, stopped: true }
  } finally {
    leave()
  }
}

interface Payee {
  readonly bank: string
  readonly handle: string
}

/** `bank/code`; a bank's name may hold a slash, a code does not. */
function readTo(text: string): Payee {
  const slash = text.lastIndexOf('/')
  const payee = { bank: text.slice(0, slash), handle: text.slice(slash + 1).toLowerCase() }
  if (slash > 0 && fromBase32(payee.handle, HANDLE_BYTES) !== null) return payee
  throw new UsageError(
    '--to should be a bank, a slash and a code of 26 letters and digits, as "commonhour member handle" prints it at the other bank.',
  )
}

function byCoordinator(client: Client, flags: PayFlags, to: Payee): Promise<SentPaymentView> {
  if (flags.from === undefined) throw new UsageError('Say who was helped, with --from NUMBER or --key FILE.')
  return client.post<SentPaymentView>('/payments', {
    by: 'coordinator',
    payer: flags.from,
    ...to,
    minutes: flags.minutes,
    day: flags.day ?? null,
    category: flags.category ?? null,
    note: flags.note ?? null,
    postal: flags.post === true,
    decide_within_seconds: flags.within ?? null,
    nonce: toHex(random(16)),
    channel: flags.channel,
    reason: flags.reason ?? null,
  })
}

/** The order is made and signed here; the bank sees the key's word and never the key. */
async function byDevice(client: Client, flags: PayFlags, to: Payee, file: string): Promise<SentPaymentView> {
  const device = await readDeviceFile(file)
  const status = await client.get<StatusView>('/status')
  if (toBase32(device.bank) !== status.bank_id) {
    throw new Fault(
      'key_invalid',
      `The key ${file} is for another bank than ${status.name}. Name the folder of its own bank with --dir.`,
    )
  }
  // Amounts that no order can hold are refused by the bank, by name, before anything is signed.
  if (!Number.isInteger(flags.minutes) || flags.minutes < 1 || flags.minutes > LIMITS.crossingMinutes) {
    throw new UsageError(
      `--minutes should be a whole number from 1 to ${LIMITS.crossingMinutes} (${hoursAndMinutes(LIMITS.crossingMinutes)}).`,
    )
  }
  const memo = newMemo(flags.note ?? '')
  const usual = flags.post === true ? LIMITS.decidePostalSeconds : LIMITS.decideInteractiveSeconds
  const order = encodeOrder({
    version: 1,
    payerBank: device.bank,
    payer: device.account,
    payeeBank: await bankOf(client, to.bank),
    handle: fromBase32(to.handle, HANDLE_BYTES) as Bytes,
    minutes: flags.minutes,
    category: flags.category ?? 0,
    day: readDay(flags.day, status.time),
    commitment: memoCommitment(memo.texts, memo.salts),
    decideBy: status.time + (flags.within ?? usual),
    postal: flags.post === true,
    invoice: null,
    refs: [],
    nonce: random(16),
  })
  return client.post<SentPaymentView>('/payments', {
    by: 'device',
    order: toHex(order),
    device: toHex(device.device),
    signature: toHex(device.key.sign(orderPreimage(order))),
    channel: 'web',
    memo: { texts: memo.texts, salts: memo.salts.map(toHex) },
  })
}

async function bankOf(client: Client, named: string): Promise<Bytes> {
  const id = fromBase32(named, BANK_ID_BYTES)
  if (id !== null) return id
  const { neighbours } = await client.get<NeighboursView>('/neighbours')
  const same = neighbours.filter(({ name }) => name.toLowerCase() === named.toLowerCase())
  const [first] = same
  if (first !== undefined && same.length === 1) return fromBase32(first.bank_id, BANK_ID_BYTES) as Bytes
  const banks = (same.length === 0 ? neighbours : same).map((one) => `${one.name} ${one.bank_id}`).join(', ')
  throw new UsageError(
    same.length === 0
      ? `There is no neighbouring bank ${named}. There are: ${banks || 'none'}.`
      : `Several neighbouring banks are called ${named}. Name the one you mean by its id: ${banks}.`,
  )
}

function readDay(date: string | undefined, time: number): number {
  const day = date === undefined ? dayAt(time) : dayOf(date)
  if (day === null) throw new UsageError('--day should be a date such as 2026-11-21.')
  return day
}

function newMemo(note: string): { texts: MemoTexts; salts: MemoSalts } {
  return { texts: ['', '', note], salts: [random(32), random(32), random(32)] }
}

function random(length: number): Bytes {
  return new Uint8Array(randomBytes(length))
}
